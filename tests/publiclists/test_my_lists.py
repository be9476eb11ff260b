"""What an institution sees of the lists, and its objection."""

import pytest
from django.urls import reverse

from governance.models import Notification
from publiclists import services
from publiclists.models import ListEntry, Objection
from tests.conftest import make_institution_member
from tests.publiclists.builders import after_window, make_noticed, make_proposal


@pytest.fixture
def noticed(world, sign_in):
    """A noticed entry, and a client that acts as Chen of that institution."""
    entry = make_noticed(world)
    return entry, sign_in(make_institution_member(entry.institution_id))


def test_before_the_notice_the_institution_knows_nothing(world, sign_in):
    entry = make_proposal(world)
    chen = make_institution_member(entry.institution_id)
    assert not ListEntry.objects.visible_to(chen).exists()
    assert sign_in(chen).get(entry.get_party_url()).status_code == 404


def test_the_notice_shows_grounds_and_the_last_day(noticed):
    entry, client = noticed
    page = client.get(entry.get_party_url()).content.decode()
    assert entry.grounds.get().statement in page
    assert "2026-03-11" in page
    assert entry.reason not in page
    assert entry.get_party_url() in client.get(reverse("my_lists")).content.decode()


def test_the_institution_objects_on_its_page(noticed):
    entry, client = noticed
    assert client.post(entry.get_party_url(), {"text": "情况不实"}).status_code == 302
    assert Objection.objects.get().text == "情况不实"


def test_an_empty_objection_is_asked_again(noticed):
    entry, client = noticed
    assert client.post(entry.get_party_url(), {"text": " "}).status_code == 422


def test_after_the_window_there_is_no_form(world, noticed):
    entry, client = noticed
    after_window()
    assert "<textarea" not in client.get(entry.get_party_url()).content.decode()
    assert client.post(entry.get_party_url(), {"text": "晚了"}).status_code == 409


def test_the_message_leads_to_the_page(world, sign_in):
    entry = make_proposal(world)
    chen = make_institution_member(entry.institution_id)
    services.serve_notice(entry, way="online", by=world.lin)
    assert Notification.objects.filter(recipient=chen).first().url == entry.get_party_url()


def test_another_institution_does_not_see_it(world, noticed, sign_in):
    entry, _client = noticed
    other = make_institution_member(entry.institution_id + 1, username="other")
    assert sign_in(other).get(entry.get_party_url()).status_code == 404


def test_staff_have_their_own_pages(world, noticed, sign_in):
    entry, _client = noticed
    assert sign_in(world.lin).get(entry.get_party_url()).status_code == 403
