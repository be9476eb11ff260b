"""Planning, sending, calling off."""

import datetime as dt

import pytest

from governance import audit, notifications
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from inspections import services
from inspections.crew import CrewTooSmall
from inspections.models import Inspection
from tests.conftest import TODAY
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
Status = Inspection.Status


def plan(world, school, **more) -> Inspection:
    facts = {"by": world.lin, "kind": "PATROL", "planned_for": TODAY} | more
    return services.plan(school, **facts)


def test_a_planned_inspection_has_number_lead_place_and_checklist(world, school):
    row = plan(world, school, purpose="开学检查", sections=["A", "B"])
    assert (row.status, row.lead, row.division_id) == ("planned", world.lin.department, "520121001")
    assert row.number == f"J-2026-{row.pk:06d}"
    assert row.checklist.items.count() == 93
    assert audit.history(row).first().verb == "inspection.planned"


def test_sending_people_tells_them_and_lets_their_department_write(world, school):
    row = plan(world, school, officers=[world.shi])
    assert row.status == Status.ASSIGNED
    assert Inspection.objects.editable_by(world.shi).get() == row
    assert Inspection.objects.visible_to(world.shi).assigned_to(world.shi).to_do().get() == row
    assert notifications.unread_count(world.shi) == 1


def test_who_was_sent_can_be_changed(world, school):
    row = plan(world, school, officers=[world.shi])
    services.assign(row, officers=[world.du, world.shi], by=world.lin)
    people = row.officers.values_list("membership__user__username", "is_leader", "card_number")
    assert list(people) == [("du", True, "52012101"), ("shi", False, "")]


def test_a_visit_that_may_end_in_a_penalty_needs_two_cards(world, school):
    row = plan(world, school, kind="SPECIAL")
    with pytest.raises(CrewTooSmall):
        services.assign(row, officers=[world.du, world.shi], by=world.lin)
    services.assign(row, officers=[world.du, world.dai], by=world.lin)
    assert row.status == Status.ASSIGNED


def test_an_expired_card_does_not_count(world, school):
    world.dai.card_valid_to = TODAY - dt.timedelta(days=1)
    world.dai.save()
    row = plan(world, school, kind="JOINT")
    with pytest.raises(CrewTooSmall):
        services.assign(row, officers=[world.du, world.dai], by=world.lin)


def test_people_of_another_township_are_not_sent(world, school):
    row = plan(world, school)
    with pytest.raises(Refused, match="何"):
        services.assign(row, officers=[world.he], by=world.lin)


def test_the_past_cannot_be_planned(world, school):
    with pytest.raises(Refused):
        plan(world, school, planned_for=TODAY - dt.timedelta(days=1))


def test_calling_off_needs_a_reason_and_happens_once(world, school):
    row = plan(world, school)
    with pytest.raises(Refused):
        services.cancel(row, by=world.lin, reason=" ")
    services.cancel(row, by=world.lin, reason="机构已停业")
    with pytest.raises(TransitionRefused):
        services.cancel(row, by=world.lin, reason="again")


def test_a_stale_copy_does_not_call_off(world, school):
    row = plan(world, school)
    stale = Inspection.objects.get()
    services.assign(row, officers=[world.shi], by=world.lin)
    with pytest.raises((StaleVersion, TransitionRefused)):
        services.cancel(stale, by=world.lin, reason="x", version=stale.version)


def test_auditors_plan_nothing(world, school):
    with pytest.raises(DutyMissing):
        plan(world, school, by=world.shen)


def test_others_do_not_see_the_plan(world, school, chen):
    plan(world, school, officers=[world.shi])
    assert not Inspection.objects.visible_to(world.he)
    assert not Inspection.objects.visible_to(world.ying)
    assert not Inspection.objects.visible_to(world.ma)
    assert not Inspection.objects.visible_to(chen)
    assert Inspection.objects.visible_to(world.zhou).count() == 1


def test_the_bureau_reads_what_a_township_plans(world, school):
    row = plan(world, school, by=world.shi)
    assert Inspection.objects.visible_to(world.lin).get() == row
    assert not Inspection.objects.editable_by(world.lin)


def test_a_site_of_another_institution_is_refused(world, school):
    other = make_institution(world, "启明书法班", licences=())
    with pytest.raises(Refused):
        plan(world, school, site=other.sites.get())
