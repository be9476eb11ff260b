"""Moves along the edges, one winner, one trace."""

import pytest

from governance import audit, workflow
from governance.audit import Verb
from institutions.models import Institution, Licence

pytestmark = pytest.mark.django_db
State = Licence.State


@pytest.fixture
def licence(world):
    institution = Institution.objects.create(
        number="520121-000001",
        division_id="520121001",
        lead=world.department("edu"),
        created_by=world.lin,
    )
    return Licence.objects.create(
        institution=institution, kind="school_licence", recorded_by=world.lin
    )


def test_a_move_changes_status_version_and_leaves_a_trace(world, licence):
    workflow.move(licence, State.SUSPENDED, verb=Verb.SHARED, by=world.luo, why="x")
    fresh = Licence.objects.get()
    assert (
        (fresh.status, fresh.version) == (State.SUSPENDED, 2) == (licence.status, licence.version)
    )
    assert audit.history(licence).get().facts == {
        "was": "valid",
        "now": "suspended_enrolment",
        "why": "x",
    }


def test_a_move_off_the_table_is_refused(world, licence):
    workflow.move(licence, State.REVOKED, verb=Verb.SHARED, by=world.luo)
    with pytest.raises(workflow.TransitionRefused):
        workflow.move(licence, State.VALID, verb=Verb.SHARED, by=world.luo)


def test_of_two_copies_one_wins(world, licence):
    other = Licence.objects.get()
    workflow.move(licence, State.REVOKED, verb=Verb.SHARED, by=world.luo)
    with pytest.raises(workflow.TransitionRefused):
        workflow.move(other, State.SUSPENDED, verb=Verb.SHARED, by=world.lin)
    assert Licence.objects.get().status == State.REVOKED


def test_a_stale_version_loses_and_nothing_is_changed(world, licence):
    workflow.change(licence, verb=Verb.SHARED, by=world.lin, version=1, number="A")
    with pytest.raises(workflow.StaleVersion) as caught:
        workflow.change(licence, verb=Verb.SHARED, by=world.lin, version=1, number="B")
    assert caught.value.row.number == "A"
    assert Licence.objects.get().number == "A"


def test_a_change_records_old_and_new_of_what_changed(world, licence):
    workflow.change(licence, verb=Verb.SHARED, by=world.lin, number="A", scope="")
    assert audit.history(licence).get().facts == {"changes": {"number": ["", "A"]}}


def test_a_change_of_nothing_leaves_no_trace(world, licence):
    assert workflow.change(licence, verb=Verb.SHARED, by=world.lin, number="") == {}
    assert not audit.history(licence).exists()
