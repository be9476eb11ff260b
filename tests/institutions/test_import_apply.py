"""Applying an import: all of it or nothing, with validation, audit and a way back."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import audit, daylight, import_books
from governance.audit import Verb
from governance.models import AuditEvent, Division, ImportBatch, ImportRow, Share
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from institutions import services
from institutions.imports import acts
from institutions.imports.acts import RegisterMoved
from institutions.imports.undo import Edited
from institutions.models import Institution, InstitutionPeriod, Licence, Site, SitePeriod
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import CODE, bring_in, look, previewed, results, row, sheet

NAME = "晨光艺术培训学校"
FULL_HEADS = (
    "机构名称", "乡镇", "地址", "统一社会信用代码", "证照情况", "办学许可证号", "发证机关",
    "有效期起", "有效期止", "审批机关", "登记机关", "类别", "学段", "培训形式", "成立日期",
    "面积(平方米)", "学生数", "负责人", "联系电话", "备注",
)  # fmt: skip
FULL = (
    NAME, "硒城街道", "人民路1号", CODE, "有证有照", "教民1520121000001", "开阳县教育局",
    "2024-01-01", "2027-12-31", "教育局", "市场监管局", "文化艺术类", "小学、初中", "线下",
    "2020年9月1日", "320.5㎡", 85, "张三", "13800000000", "好",
)  # fmt: skip


# --- what is entered --------------------------------------------------------------------------


def test_every_fact_of_a_row_finds_its_place(world):
    bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    found = Institution.objects.get()
    period, site = found.period(), SitePeriod.objects.get()
    assert (found.credit_code, found.note, found.division_id) == (CODE, "好", "520121001")
    assert (found.principal, found.contact_phone) == ("张三", "13800000000")
    assert found.lead == world.department("edu")
    assert (period.name, period.categories, period.stages) == (
        NAME,
        ["ARTS"],
        ["PRIMARY", "JUNIOR"],
    )
    assert (period.mode, period.learners, period.township_id) == ("OFFLINE", 85, "520121001")
    assert (period.licensor, period.registrar) == (
        world.department("edu"),
        world.department("samr"),
    )
    assert (period.initials, period.name_key.split()[0]) == ("cgyspxxx", "chen")
    assert period.during.lower == found.founded_on
    assert (site.address, str(site.area), site.township_id) == ("人民路1号", "320.50", "520121001")
    assert {period.source, site.source} == {"import"}


def test_certificates_come_with_number_issuer_and_dates(world):
    bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    school = Licence.objects.get(kind="school_licence")
    assert (school.number, school.issuer_name) == ("教民1520121000001", "开阳县教育局")
    assert (str(school.valid_from), str(school.valid_to)) == ("2024-01-01", "2027-12-31")
    assert Licence.objects.get(kind="nonprofit_cert").number == CODE


def test_who_licensed_or_registered_keeps_the_record_too(world):
    bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    assert Share.objects.get().department == world.department("samr")
    assert Institution.objects.editable_by(world.ma).exists()


def test_a_phone_is_found_by_its_hash_and_not_readable(world):
    bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone, contact_phone_hash FROM institutions_institution")
        stored, hashed = cursor.fetchone()
    assert "138" not in stored
    assert hashed == Institution.objects.get().contact_phone_hash != ""


def test_numbers_follow_those_of_the_register(world):
    make_institution(world, "先来培训学校", licences=())
    bring_in(sheet(row("甲学校"), row("乙学校", "二号")), by=world.lin)
    numbers = Institution.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["520121-000001", "520121-000002", "520121-000003"]
    assert make_institution(world, "后来学校", licences=()).number == "520121-000004"


def test_facts_hold_from_the_day_of_the_ledger(world):
    bring_in(sheet(row(NAME)), by=world.lin, as_of="2025-06-30")
    assert str(InstitutionPeriod.objects.get().during.lower) == "2025-06-30"


def test_sites_are_numbered_in_the_order_of_the_rows(world):
    lines = [["1", None, NAME, "一号"], [None, None, None, "二号"], [None, None, None, "三号"]]
    bring_in(sheet(*lines, merges=["C2:C4", "A2:A4"]), by=world.lin)
    found = SitePeriod.objects.order_by("site__serial").values_list("site__serial", "address")
    assert list(found) == [(1, "一号"), (2, "二号"), (3, "三号")]


def test_errors_and_undecided_duplicates_stay_out(world):
    make_institution(world, NAME, address="一号")
    file = sheet(row(NAME, "九号"), row("好学校"), row("坏学校", "三号", 统一社会信用代码="1"))
    batch = bring_in(file, by=world.lin)
    assert batch.counts["new"] == 1
    assert Institution.objects.count() == 2


def test_changes_pass_through_the_acts_of_the_registry(world):
    known = make_institution(world, NAME, credit_code=CODE, licences=())
    heads = ("机构名称", "地址", "统一社会信用代码", "类别", "证照情况", "面积(平方米)", "备注")
    cells = ("晨光美术学校", "人民路1号", CODE, "体育类", "有证有照", 200, "新")
    bring_in(sheet(cells, heads=heads), by=world.lin)
    known.refresh_from_db()
    assert (known.period().name, known.period().categories) == ("晨光美术学校", ["SPORT"])
    assert known.note == "新"
    assert known.licences.count() == 2
    assert str(known.sites.get().periods.last().area) == "200.00"


def test_a_licence_known_by_word_only_gets_its_number(world):
    bring_in(sheet(row(NAME, 证照情况="有证有照")), by=world.lin)
    heads = ("机构名称", "地址", "办学许可证号")
    batch = bring_in(sheet([NAME, "人民路1号", "教民1520121000001"], heads=heads), by=world.lin)
    school = Licence.objects.get(kind="school_licence")
    assert school.number == "教民1520121000001"
    acts.undo(batch, by=world.lin)
    school.refresh_from_db()
    assert school.number == ""


def test_a_further_site_of_a_known_institution_is_added(world):
    known = make_institution(world, NAME, address="一号")
    batch = bring_in(sheet(row(NAME, "二号")), by=world.lin, duplicates="site")
    assert batch.counts["site"] == 1
    assert known.sites.count() == 2


# --- trace ------------------------------------------------------------------------------------


def test_each_institution_has_one_event_that_names_file_and_row(world):
    batch = bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    (event,) = audit.history(Institution.objects.get()).filter(verb=Verb.INSTITUTION_IMPORTED)
    assert event.facts == {"batch": batch.pk, "file": "台账.xlsx", "row": 2}
    assert (event.by, event.subject_label, event.division_id) == (world.lin, NAME, "520121001")


def test_no_audit_event_holds_a_person(world):
    bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    said = str(list(AuditEvent.objects.values_list("facts", flat=True)))
    assert "张三" not in said
    assert "138" not in said


def test_the_rows_are_kept_and_persons_in_them_encrypted(world):
    batch = bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    kept = ImportRow.objects.get(batch=batch)
    assert kept.cells["0"] == NAME
    assert "17" not in kept.cells
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM governance_importrow r")
        assert "张三" not in cursor.fetchone()[0]


def test_an_import_costs_the_same_statements_for_3_rows_and_60(world):
    def cost(first, count):
        rows = [row(f"第{n}学校", f"{n}号") for n in range(first, first + count)]
        with CaptureQueriesContext(connection) as queries:
            bring_in(sheet(*rows), by=world.lin)
        return sum("governance_installation" not in query["sql"] for query in queries)

    assert cost(0, 3) == cost(100, 60)


# --- refusals ---------------------------------------------------------------------------------


def test_a_preview_that_is_no_longer_true_is_refused(world):
    batch = previewed(world, sheet(row(NAME)))
    make_institution(world, NAME, licences=())
    with pytest.raises(RegisterMoved):
        acts.apply(batch, by=world.lin)
    assert Institution.objects.count() == 1


def test_applying_twice_is_refused(world):
    batch = bring_in(sheet(row(NAME)), by=world.lin)
    with pytest.raises(Refused):
        acts.apply(batch, by=world.lin)
    assert Institution.objects.count() == 1


def test_applying_a_dropped_preview_is_refused(world):
    batch = previewed(world, sheet())
    import_books.drop(batch, by=world.lin)
    with pytest.raises(TransitionRefused):
        acts.apply(batch, by=world.lin)


def test_a_stale_answer_loses(world):
    batch = previewed(world, sheet(row(NAME)))
    acts.answer(ImportBatch.objects.get(pk=batch.pk), {"year": 2022}, by=world.lin)
    with pytest.raises(StaleVersion):
        acts.answer(batch, {"year": 2023}, by=world.lin, version=batch.version)


@pytest.mark.parametrize("name", ["shi", "shen", "xi"])
def test_only_those_who_keep_the_register_import(world, name):
    with pytest.raises(DutyMissing):
        acts.preview(sheet(row(NAME)), Division.objects.get(pk="520121"), by=getattr(world, name))


def test_an_answer_plans_anew(world):
    heads = ("机构名称", "地址", "查处日期")
    batch = previewed(world, sheet([NAME, "一号", "1月5日"], heads=heads))
    assert batch.counts["error"] == 1
    acts.answer(batch, {"years": {"查处日期": 2025}}, by=world.lin)
    assert (batch.counts["error"], batch.counts["new"]) == (0, 1)


def test_a_preview_that_nobody_confirms_is_gone_after_a_month(world):
    old = previewed(world, sheet(row(NAME)))
    applied = bring_in(sheet(row("乙学校", "二号")), by=world.lin)
    daylight.set_day(daylight.today() + dt.timedelta(days=31))
    young = previewed(world, sheet(row("丙学校", "三号")))
    assert import_books.drop_old_previews(by=world.system) == 1
    assert set(ImportRow.objects.values_list("batch", flat=True)) == {applied.pk, young.pk}
    old.refresh_from_db()
    assert old.status == ImportBatch.Status.DROPPED


# --- undo -------------------------------------------------------------------------------------


def test_undo_takes_out_what_was_new(world):
    batch = bring_in(sheet(row(NAME), row("乙学校", "二号")), by=world.lin)
    acts.undo(batch, by=world.lin)
    assert not Institution.objects.visible_to(world.lin).exists()
    assert batch.status == ImportBatch.Status.UNDONE
    assert results(look(sheet(row(NAME)), by=world.lin)) == ["new"]


def snapshot(institution):
    fields = ("name", "categories", "operating_status", "township_id", "during", "source")
    return (
        Institution.objects.filter(pk=institution.pk).values("note", "credit_code", "principal")[0],
        list(InstitutionPeriod.objects.filter(institution=institution).values(*fields)),
        list(
            SitePeriod.objects.filter(site__institution=institution, site__voided_at=None).values(
                "address", "area", "during"
            )
        ),
        Licence.objects.in_force().filter(institution=institution).count(),
    )


def test_undo_restores_what_was_changed(world):
    known = make_institution(world, NAME, credit_code=CODE, principal="张三", licences=())
    before = snapshot(known)
    heads = (
        "机构名称",
        "地址",
        "统一社会信用代码",
        "类别",
        "证照情况",
        "面积(平方米)",
        "负责人",
        "乡镇",
    )
    cells = ("晨光美术学校", "九号", CODE, "体育类", "有证有照", 200, "李四", "双流镇")
    batch = bring_in(sheet(cells, heads=heads), by=world.lin)
    assert snapshot(known) != before
    acts.undo(batch, by=world.lin)
    assert snapshot(known) == before
    known.refresh_from_db()
    assert known.division_id == "520121001"


def test_undo_takes_out_a_further_site(world):
    known = make_institution(world, NAME, address="一号")
    batch = bring_in(sheet(row(NAME, "二号")), by=world.lin, duplicates="site")
    acts.undo(batch, by=world.lin)
    assert Site.objects.filter(institution=known, voided_at=None).count() == 1


@pytest.mark.parametrize("what", ["identity", "period", "site", "licence"])
def test_undo_is_refused_once_somebody_worked_with_a_row(world, what):
    batch = bring_in(sheet(FULL, heads=FULL_HEADS), by=world.lin)
    found = Institution.objects.get()
    today = daylight.today()
    if what == "identity":
        services.change_identity(found, by=world.lin, note="改")
    elif what == "period":
        services.record_period(found, by=world.lin, start=today, mode="ONLINE")
    elif what == "site":
        services.record_site_period(found.sites.get(), by=world.lin, start=today, area=1)
    else:
        services.correct_licence(found.licences.first(), by=world.lin, issuer_name="别处")
    with pytest.raises(Edited):
        acts.undo(batch, by=world.lin)
    assert Institution.objects.visible_to(world.lin).exists()


def test_undoing_twice_is_refused(world):
    batch = bring_in(sheet(row(NAME)), by=world.lin)
    acts.undo(batch, by=world.lin)
    with pytest.raises(TransitionRefused):
        acts.undo(batch, by=world.lin)
