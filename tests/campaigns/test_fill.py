"""Filling in: from the register, by hand, from a workbook; handing in, and taking back."""

import pytest

from campaigns import services
from campaigns.models import CollectionTemplate, Return
from campaigns.services.filling import Edit, Incomplete
from governance import daylight
from governance.models import AuditEvent, Clock
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from inspections.models import RectificationTask
from institutions.models import LicenceKind
from tests.campaigns.builders import (
    ACTION,
    make_accepted,
    make_collection,
    make_drafted,
    make_submitted,
    make_zero,
    return_of,
)
from tests.inspections.builders import MAJOR, make_task
from tests.institutions.builders import SHUANGLIU, make_institution

pytestmark = pytest.mark.django_db


def begun(world, code, member):
    owed = return_of(make_collection(world, code), member)
    services.begin(owed, by=member)
    return [row.cells for row in owed.rows.all()]


def test_a_return_begins_with_the_institutions_of_the_unit_alone(world):
    make_institution(world, "晨光艺术培训学校", learners=40, contact_phone="13812345678")
    make_institution(world, "双流书画社", township=SHUANGLIU)
    [cells] = begun(world, "annex1", world.shi)
    assert cells["NAME"] == "晨光艺术培训学校"
    assert cells["TOWNSHIP"] == "硒城街道"
    assert (cells["LEARNERS"], cells["KIND"], cells["CERT_STATUS"]) == (
        "40", "文化艺术类", "有证有照",
    )  # fmt: skip
    assert cells["PHONE"] == "138****5678"


@pytest.mark.parametrize(
    ("code", "name"), [("annex2", "甲学校"), ("annex3", "乙学校"), ("annex4", "丙学校")]
)
def test_each_annex_takes_the_institutions_of_its_certificates(world, code, name):
    make_institution(world, "甲学校")
    make_institution(world, "乙学校", licences=[LicenceKind.BUSINESS_LICENCE])
    make_institution(world, "丙学校", licences=[])
    assert [cells["NAME"] for cells in begun(world, code, world.shi)] == [name]


def test_annex_5_takes_the_problems_that_the_unit_sees(world):
    make_task(make_institution(world, "甲学校"), world.du, MAJOR)
    [cells] = begun(world, "annex5", world.shi)
    task = RectificationTask.objects.get()
    assert cells["NAME"] == "甲学校"
    assert (cells["NUMBER"], cells["STARTED"]) == (task.number, task.served_on.isoformat())
    assert cells["SEVERITY"] == "较重"


def test_the_monthly_report_is_counted_and_adds_up(world):
    make_institution(world, "甲学校")
    make_institution(world, "乙学校", licences=[LicenceKind.BUSINESS_LICENCE])
    make_institution(world, "丁学校", township=SHUANGLIU)
    [cells] = begun(world, "monthly", world.shi)
    assert (cells["SWEPT"], cells["STATUS_FULL"], cells["STATUS_REG_ONLY"]) == ("2", "1", "1")
    assert (cells["KIND_ARTS"], cells["WITH_PROBLEM"]) == ("2", "0")
    assert "GUIDED" not in cells


def test_what_the_register_does_not_know_is_carried_over_from_last_month(world, set_day):
    make_institution(world, "甲学校", licences=[LicenceKind.BUSINESS_LICENCE])
    first = make_collection(world, "annex3", repeats_until=daylight.today().replace(month=12))
    owed = return_of(first, world.shi)
    services.begin(owed, by=world.shi)
    [row] = owed.rows.all()
    told = row.cells | {"GUIDED": "已指导两次", "CAN_QUALIFY": "是"}
    services.save(owed, Edit(rows={row.pk: told}), by=world.shi)
    services.submit(owed, by=world.shi)
    services.accept(owed, by=world.lin)
    set_day("2026-04-02")
    again = return_of(services.issue_next(first, by=world.system), world.shi)
    services.begin(again, by=world.shi)
    assert again.rows.get().cells["GUIDED"] == "已指导两次"


def test_saving_keeps_the_rows_of_the_other_pages(world):
    owed = make_drafted(world)
    services.save(owed, Edit(added=[ACTION | {"CHECKED": "7"}]), by=world.shi)
    first, second = owed.rows.all()
    services.save(owed, Edit(rows={second.pk: ACTION | {"CHECKED": "8"}}), by=world.shi)
    assert [row.cells["CHECKED"] for row in owed.rows.all()] == ["5", "8"]
    services.save(owed, Edit(dropped=frozenset({first.pk})), by=world.shi)
    assert [row.cells["CHECKED"] for row in owed.rows.all()] == ["8"]


def test_rows_of_another_return_are_out_of_reach(world):
    collection = make_collection(world)
    mine = make_drafted(world, collection)
    [row] = mine.rows.all()
    other = return_of(collection, world.he)
    edit = Edit(rows={row.pk: {"CHECKED": "99"}}, dropped=frozenset({row.pk}))
    services.save(other, edit, by=world.he)
    assert mine.rows.get().cells["CHECKED"] == "5"


def test_filling_says_who_and_when(world):
    owed = make_drafted(world)
    owed.refresh_from_db()
    assert (owed.status, owed.filled_by, owed.filled_at.date()) == (
        "drafted", world.shi, daylight.now().date(),
    )  # fmt: skip


def test_handing_in_ends_the_clock_in_time(world):
    owed = make_submitted(world)
    owed.refresh_from_db()
    assert (owed.status, owed.submitted_by, owed.round) == ("submitted", world.shi, 1)
    assert Clock.objects.of(owed).get().status == "met"


def test_a_cell_that_is_asked_for_stops_handing_in(world):
    owed = make_drafted(world, DEPARTMENTS="")
    with pytest.raises(Incomplete) as caught:
        services.submit(owed, by=world.shi)
    [gap] = caught.value.gaps
    assert (gap.row, gap.column) == (1, "参加部门")


def test_figures_that_do_not_add_up_stop_handing_in(world):
    make_institution(world, "甲学校")
    owed = return_of(make_collection(world, "monthly"), world.shi)
    services.begin(owed, by=world.shi)
    [row] = owed.rows.all()
    columns = owed.collection.template.columns.all()
    whole = {column.key: "0" for column in columns} | row.cells
    services.save(owed, Edit(rows={row.pk: whole | {"STATUS_FULL": "5"}}), by=world.shi)
    with pytest.raises(Incomplete, match="摸排机构总数"):
        services.submit(owed, by=world.shi)
    services.save(owed, Edit(rows={row.pk: whole}), by=world.shi)
    services.submit(owed, by=world.shi)


def test_a_zero_report_is_one_act_and_drops_the_rows(world):
    collection = make_collection(world)
    owed = make_zero(collection, world.he)
    owed.refresh_from_db()
    assert (owed.status, owed.is_zero, owed.rows.count()) == ("submitted", True, 0)
    drafted = make_drafted(world, collection)
    services.zero(drafted, by=world.shi)
    assert not drafted.rows.exists()


def test_without_any_row_only_a_zero_report_is_handed_in(world):
    owed = return_of(make_collection(world), world.shi)
    with pytest.raises(Refused):
        services.submit(owed, by=world.shi)


def test_what_was_handed_in_is_taken_back_and_the_clock_runs_on(world):
    owed = make_zero(make_collection(world), world.shi)
    services.withdraw(owed, by=world.shi)
    owed.refresh_from_db()
    assert (owed.status, owed.is_zero) == ("drafted", False)
    running = Clock.objects.of(owed).running().get()
    assert running.due_on.isoformat() == "2026-03-20"


def test_what_was_accepted_is_neither_changed_nor_taken_back(world):
    owed = make_accepted(world)
    for attempt in (
        lambda: services.save(owed, Edit(added=[ACTION]), by=world.shi),
        lambda: services.withdraw(owed, by=world.shi),
        lambda: services.zero(owed, by=world.shi),
        lambda: services.begin(owed, by=world.shi),
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_stale_form_loses(world):
    owed = make_drafted(world)
    read = owed.version
    services.save(owed, Edit(added=[ACTION]), by=world.shi, version=read)
    stale = Return.objects.with_names().get(pk=owed.pk)
    for attempt in (services.begin, services.zero, services.submit):
        with pytest.raises(StaleVersion):
            attempt(stale, by=world.shi, version=read)
    with pytest.raises(StaleVersion):
        services.save(stale, Edit(added=[ACTION]), by=world.shi, version=read)


def test_handing_in_twice_is_refused(world):
    owed = make_drafted(world)
    copy = Return.objects.with_names().get(pk=owed.pk)
    services.submit(owed, by=world.shi)
    with pytest.raises(TransitionRefused):
        services.submit(copy, by=world.shi)


def test_only_the_unit_fills_it_in(world):
    owed = return_of(make_collection(world), world.shi)
    for member in (world.lin, world.he, world.shen):
        with pytest.raises(DutyMissing):
            services.zero(owed, by=member)


def test_each_act_leaves_its_trace(world):
    owed = make_zero(make_collection(world), world.shi)
    services.withdraw(owed, by=world.shi)
    verbs = AuditEvent.objects.filter(object_id=owed.pk, verb__startswith="return.")
    assert [event.verb for event in verbs.order_by("id")] == [
        "return.submitted", "return.withdrawn",
    ]  # fmt: skip


def test_shipped_templates_load_twice_without_a_further_version(db):
    before = {t.code: t.newest.number for t in CollectionTemplate.objects.all()}
    assert len(before) == 9
    assert set(before.values()) == {1}
