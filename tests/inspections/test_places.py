"""Distance from the registered place: said, never refused."""

import pytest

from inspections import places, services
from tests.conftest import TODAY
from tests.inspections.builders import make_record

pytestmark = pytest.mark.django_db
HERE = {"source": "gps", "latitude": 27.05, "longitude": 106.96, "accuracy": 10}


def put_on_map(school, latitude, longitude):
    school.sites.get().periods.update(latitude=latitude, longitude=longitude)


def test_a_thousandth_of_a_degree_is_111_metres():
    assert round(places.metres_between((27.05, 106.96), (27.051, 106.96))) == 111


def test_unknown_where_nothing_is_known(world, school):
    assert places.distance(make_record(school, world.shi)) is None
    assert places.distance(make_record(school, world.shi, position=HERE)) is None


def test_far_away_is_said_on_the_record(world, school, sign_in):
    put_on_map(school, 27.06, 106.96)
    row = make_record(school, world.shi, position=HERE)
    assert places.distance(row) == 1112
    shi = sign_in(world.shi)
    assert "1112" in shi.get(f"/inspections/{row.pk}/").content.decode()
    assert "1112" in shi.get(f"/field/check/{row.uuid}/sign/").content.decode()


def test_it_does_not_block(world, school):
    put_on_map(school, 28, 107)
    row = make_record(school, world.shi, position=HERE)
    services.sign(row, by=world.shi, party="absent", witness_name="王")
    assert row.inspected_on == TODAY
