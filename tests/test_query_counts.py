"""A list costs the same for two rows and for ten; so does a record with two children or ten."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance import notifications
from publiclists import services as listing
from tests.conftest import make_institution_member
from tests.inspections.builders import MAJOR, make_signed, make_task, no
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 10

# name of the page, who reads it, most queries it may ever take
PAGES = [
    ("institutions", "lin", 20),
    ("stats", "luo", 30),
    ("inspections", "lin", 25),
    ("findings", "lin", 25),
    ("rectification", "lin", 25),
    ("lists", "lin", 25),
    ("messages", "lin", 20),
    ("field", "shi", 30),
    ("leader", "luo", 30),
    ("done", "lin", 15),
    ("my", "chen", 30),
    ("public-lists", "public", 15),
]


class Grower:
    """Adds institutions, each with a signed inspection, a task, a message and a list proposal."""

    def __init__(self, world) -> None:
        self.world, self.made = world, 0
        self.home = make_institution(world, "第一培训学校")
        world.members["chen"] = make_institution_member(self.home.pk)

    def grow_to(self, number: int) -> None:
        for serial in range(self.made, number):
            self._one(serial)
        self.made = number

    def _one(self, serial: int) -> None:
        world = self.world
        place = make_institution(world, f"甲{serial}培训学校")
        clean = make_institution(world, f"乙{serial}培训学校")
        make_task(place, world.du, MAJOR)
        make_task(self.home, world.du, MAJOR)
        make_signed(clean, world.shi, no("A10"))
        listed = make_institution(world, f"丙{serial}培训学校")
        listing.propose(listed, "WHITE", ["white.certified"], reason="事实", by=world.lin)
        notifications.notify(world.lin, key=f"x{serial}", kind="system", text="text")


def cost(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.fixture
def grower(world) -> Grower:
    return Grower(world)


def test_every_list_costs_the_same_for_two_rows_and_ten(world, grower, sign_in):
    clients = {who: sign_in(world.members[who]) for _name, who, _most in PAGES}
    grower.grow_to(FEW)
    for name, who, _most in PAGES:
        cost(clients[who], reverse(name))  # what is kept for the process is read once
    few = {name: cost(clients[who], reverse(name)) for name, who, _most in PAGES}
    grower.grow_to(MANY)
    many = {name: cost(clients[who], reverse(name)) for name, who, _most in PAGES}
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    assert {name: many[name] for name, _who, most in PAGES if many[name] > most} == {}


def test_a_dossier_costs_the_same_for_two_inspections_and_ten(world, grower, sign_in):
    client, url = sign_in(world.lin), reverse("institution", args=[grower.home.pk])
    grower.grow_to(FEW)
    cost(client, url)
    few = cost(client, url)
    grower.grow_to(MANY)
    assert cost(client, url) == few
