"""The accounts of joined records: they act for the one that stays and see what both were asked."""

import pytest

from campaigns import services as collecting
from governance import reminders
from governance.models import Membership
from inspections.models import RectificationTask
from inspections.services import notices
from institutions import services
from institutions.filings import acts as filing
from institutions.leads import acts, checking
from institutions.models import Filing, Institution, Lead, LicenceKind
from tests.campaigns.builders import make_collection, return_of
from tests.conftest import make_institution_member
from tests.inspections.builders import MAJOR, make_task
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_filing

pytestmark = pytest.mark.django_db
LICENCES = (LicenceKind.SCHOOL_LICENCE, LicenceKind.BUSINESS_LICENCE)


@pytest.fixture
def two(world):
    """Two records of one body, each with an account."""
    kept = make_institution(world, "晨光艺术培训学校", licences=LICENCES)
    goes = make_institution(world, "晨光学校", licences=(), address="育才街9号")
    world.members["chen"] = make_institution_member(kept.pk, "chen")
    world.members["wu"] = make_institution_member(goes.pk, "wu")
    return kept, goes


def merge(world, two):
    kept, goes = two
    return services.merge(goes, kept, by=world.lin, reason="同一家")


def again(member: Membership) -> Membership:
    return Membership.objects.get(pk=member.pk)


def seen(model, member):
    return set(model.objects.visible_to(again(member)).values_list("pk", flat=True))


def test_an_account_of_the_record_that_went_sees_the_one_that_stays_with_its_tasks(
    world, two, sign_in
):
    kept, goes = two
    ours, theirs = make_task(kept, world.du, MAJOR), make_task(goes, world.du, MAJOR)
    merge(world, two)
    for member in (world.chen, world.wu):
        page = sign_in(member).get("/my/").content.decode()
        assert page.count(ours.get_party_url()) >= 1
        assert page.count(theirs.get_party_url()) >= 1
        assert "晨光艺术培训学校" in page


def test_after_undoing_each_sees_its_own_again(world, two, sign_in):
    kept, goes = two
    ours, theirs = make_task(kept, world.du, MAJOR), make_task(goes, world.du, MAJOR)
    services.undo_merge(merge(world, two), by=world.lin, reason="看错了")
    assert seen(RectificationTask, world.chen) == {ours.pk}
    assert seen(RectificationTask, world.wu) == {theirs.pk}
    assert seen(Institution, world.wu) == {goes.pk}
    assert sign_in(world.wu).get(ours.get_party_url()).status_code == 404
    assert sign_in(world.wu).get("/my/filings/").status_code == 200


def test_what_it_files_is_filed_for_the_record_that_stays(world, two, sign_in):
    kept, _goes = two
    merge(world, two)
    client = sign_in(world.wu)
    assert client.get("/my/filings/new/course/").status_code == 200
    made = make_filing(kept, again(world.wu))
    assert seen(Filing, world.chen) == {made.pk}


def test_a_question_reaches_the_accounts_of_both_and_either_answers(world, two):
    kept, _goes = two
    merge(world, two)
    checking.check([kept.pk])
    lead = Lead.objects.get(code="R47")
    assert set(acts.accounts_of(lead)) == {world.chen, world.wu}
    acts.ask(lead, by=world.lin, question="请说明")
    acts.answer(lead, by=again(world.wu), text="平台审核中")


def test_whoever_is_told_of_a_task_is_told_of_it_on_both_records(world, two):
    task = make_task(two[0], world.du, MAJOR)
    merge(world, two)
    assert set(notices.party_members(task)) == {world.chen, world.wu}
    assert reminders.sweep() is not None


def test_an_account_that_comes_later_acts_for_both(world, two):
    kept, goes = two
    merge(world, two)
    link = services.bind_member(kept, by=world.lin, name="郑", username="zheng")
    assert set(again(link.membership).institutions) == {kept.pk, goes.pk}


def test_a_stranger_still_sees_nothing(world, two):
    other = make_institution(world, "星河学校", address="星河路3号")
    world.members["qian"] = make_institution_member(other.pk, "qian")
    make_task(two[0], world.du, MAJOR)
    merge(world, two)
    assert seen(RectificationTask, world.qian) == set()
    assert seen(Institution, world.qian) == {other.pk}


def test_everything_that_hangs_on_the_records_survives_joining_and_parting(world, two):
    """Filings, leads, tasks with their clocks and the rows of a collection."""
    kept, goes = two
    filed = make_filing(goes, world.wu)
    task = make_task(goes, world.du, MAJOR)
    checking.check([kept.pk, goes.pk])
    owed = return_of(make_collection(world, "annex2"), world.shi)
    collecting.begin(owed, by=world.shi)
    rows = list(owed.rows.values_list("origin", "cells"))
    assert kept.pk in {origin for origin, _cells in rows}
    before = _hanging(goes)
    done = merge(world, two)
    assert _hanging(goes) == before
    filing.withdraw(filed, by=again(world.chen))
    services.undo_merge(done, by=world.lin, reason="看错了")
    assert _hanging(goes) == before
    assert RectificationTask.objects.get(pk=task.pk).clock.is_open
    assert list(owed.rows.values_list("origin", "cells")) == rows
    checking.check([kept.pk, goes.pk])
    assert Institution.objects.get(pk=goes.pk).merged_into_id is None


def _hanging(institution):
    return {
        model.__name__: sorted(model.objects.filter(institution=institution).values_list("pk"))
        for model in (Filing, RectificationTask)
    }
