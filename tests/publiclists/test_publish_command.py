"""`manage publish_lists`."""

import io

import pytest
from django.core.management import CommandError, call_command

from publiclists import services
from publiclists.models import Publication
from tests.publiclists.builders import COUNTY, make_decided


def run(*arguments, **options):
    out = io.StringIO()
    call_command("publish_lists", *arguments, stdout=out, **options)
    return out.getvalue()


def test_what_was_ordered_is_built(world):
    make_decided(world)
    services.order(COUNTY, "WHITE", by=world.ning)
    assert "published 520121 WHITE no. 1" in run()
    assert Publication.objects.get().status == "published"


def test_a_person_orders_and_the_list_is_out(world):
    make_decided(world)
    run(order="white", username="ning")
    assert Publication.objects.get().header["entry_count"] == 1


def test_the_separate_hands_hold_here_too(world):
    make_decided(world)
    with pytest.raises(CommandError):
        run(order="white", username="lin")
    assert not Publication.objects.exists()


def test_who_may_not_publish_is_refused(world):
    with pytest.raises(CommandError, match="no membership"):
        run(order="white", username="shi")


def test_an_order_names_its_person(world):
    with pytest.raises(CommandError, match="belong together"):
        run(order="white")
