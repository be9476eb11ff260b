"""The pages: what each shows, what a form answers, and that nothing typed is lost."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns import services, tasks
from campaigns.models import Collection, CollectionTemplate, Return
from campaigns.services.filling import Edit
from desk import worklist
from governance.models import AuditEvent
from tests.campaigns.builders import (
    ACTION,
    make_accepted,
    make_collection,
    make_drafted,
    make_submitted,
    return_of,
)
from tests.governance.files import xlsx

pytestmark = pytest.mark.django_db
HEAD = ["执法日期", "参加部门", "检查机构数"]


def page(client, name, *arguments, **query):
    return client.get(reverse(name, args=arguments), query).content.decode()


def issue_form(world, **more):
    template = CollectionTemplate.objects.get(code="annex8")
    return {
        "template": template.pk,
        "title": "联合执法情况",
        "period_from": "2026-03-01",
        "period_to": "2026-03-31",
        "due_rule": "campaign.monthly",
        "towns": [world.department("xicheng").pk],
    } | more


# --- issuing ---------------------------------------------------------------------------------


def test_a_clerk_issues_a_monthly_collection(world, sign_in):
    answer = sign_in(world.lin).post(
        reverse("collection-new"), issue_form(world, repeats_until="2026-12-31")
    )
    made = Collection.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert made.repeats_until == dt.date(2026, 12, 31)
    assert made.returns.get().lead == world.department("xicheng")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"towns": []}, "towns"),
        ({"period_to": "2026-02-01"}, "period_to"),
        ({"period_from": "2026-03-02"}, "period_from"),
        ({"due_rule": "collection.due"}, "due_day"),
        ({"due_rule": "collection.due", "due_day": "2026-03-20", "repeats_until": "2026-12-31"},
         "repeats_until"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_issued_says_where(world, sign_in, wrong, field):
    answer = sign_in(world.lin).post(reverse("collection-new"), issue_form(world, **wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_the_form_offers_the_units_of_the_county_alone(world, sign_in):
    text = page(sign_in(world.lin), "collection-new")
    assert "硒城街道办事处" in text
    assert "颍东区教育局" not in text
    assert text.count("checked") >= 2  # every township at first


# --- the unit --------------------------------------------------------------------------------


def test_the_desk_of_the_unit_shows_what_it_owes_and_the_clerk_what_is_late(
    world, sign_in, set_day
):
    collection = make_collection(world)
    owed = return_of(collection, world.shi)
    assert "待报送" in page(sign_in(world.shi), "desk")
    set_day("2026-03-23")
    codes = {queue.code: queue.rows.count() for queue in worklist.queues(world.lin)}
    assert (codes["return.late"], codes["return.check"]) == (2, 0)
    make_submitted(world, collection)
    assert owed.lead.name in page(sign_in(world.lin), "returns", queue="check")
    assert worklist.queues(world.shi)[0].rows is not None


def test_a_unit_fills_in_by_form_and_hands_in(world, sign_in):
    owed = return_of(make_collection(world), world.shi)
    client = sign_in(world.shi)
    typed = {"c-n0-DAY": "2026年3月3日", "c-n0-DEPARTMENTS": "教育", "c-n0-CHECKED": "5家"}
    client.post(owed.get_absolute_url(), typed | {"version": owed.version, "act": "submit"})
    owed.refresh_from_db()
    assert owed.status == "submitted"
    assert owed.rows.get().cells == {"DAY": "2026-03-03", "DEPARTMENTS": "教育", "CHECKED": "5"}


def test_a_wrong_cell_keeps_everything_that_was_typed(world, sign_in):
    owed = make_drafted(world)
    row = owed.rows.get()
    typed = {f"c-{row.pk}-CHECKED": "若干", f"c-{row.pk}-DEPARTMENTS": "教育、公安"}
    answer = sign_in(world.shi).post(owed.get_absolute_url(), typed | {"version": owed.version})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="若干"' in text
    assert 'value="教育、公安"' in text
    assert "这不是数字" in text or "不是数字" in text
    assert owed.rows.get().cells["CHECKED"] == "5"


def test_what_is_missing_is_named_after_the_draft_is_kept(world, sign_in):
    owed = return_of(make_collection(world), world.shi)
    typed = {"c-n0-DAY": "2026-03-03", "version": owed.version, "act": "submit"}
    answer = sign_in(world.shi).post(owed.get_absolute_url(), typed)
    assert answer.status_code == 422
    assert "第1行“参加部门”：未填写" in answer.content.decode()
    assert owed.rows.get().cells == {"DAY": "2026-03-03"}


def test_a_stale_page_shows_both_versions_and_saves_nothing(world, sign_in):
    owed = make_drafted(world)
    row, read = owed.rows.get(), owed.version
    services.save(owed, Edit(rows={row.pk: ACTION | {"CHECKED": "8"}}), by=world.shi)
    typed = {f"c-{row.pk}-CHECKED": "9", "version": read}
    answer = sign_in(world.shi).post(owed.get_absolute_url(), typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert '<td class="was">8</td><td class="now">9</td>' in text
    assert owed.rows.get().cells["CHECKED"] == "8"


def test_a_long_return_is_filled_in_page_by_page(world, sign_in):
    owed = return_of(make_collection(world), world.shi)
    services.save(owed, Edit(added=[ACTION | {"NOTE": str(n)} for n in range(60)]), by=world.shi)
    client = sign_in(world.shi)
    assert "第1页，共3页" in page(client, "return", owed.pk)
    last = owed.rows.last()
    typed = {f"c-{last.pk}-NOTE": "改", "version": owed.version, "page": "3", "goto": "2"}
    answer = client.post(owed.get_absolute_url(), typed)
    assert answer.headers["Location"].endswith("?page=2#rows")
    assert (owed.rows.count(), owed.rows.last().cells["NOTE"]) == (60, "改")


def test_one_press_reports_nothing(world, sign_in):
    owed = return_of(make_collection(world), world.he)
    client = sign_in(world.he)
    client.post(reverse("return-zero", args=[owed.pk]), {"version": owed.version})
    assert "零报告" in page(client, "return", owed.pk)
    assert Return.objects.get(pk=owed.pk).is_zero


def test_the_reason_stands_on_top_of_what_was_handed_back(world, sign_in):
    owed = make_submitted(world)
    services.give_back(owed, reason="检查数与台账不符", by=world.lin)
    assert "检查数与台账不符" in page(sign_in(world.shi), "return", owed.pk)


def upload(client, owed, rows):
    file = SimpleUploadedFile("附件8.xlsx", xlsx(rows).read())
    return client.post(
        reverse("return-upload", args=[owed.pk]), {"version": owed.version, "file": file}
    )


def test_a_filled_workbook_becomes_the_rows(world, sign_in):
    owed = return_of(make_collection(world), world.shi)
    answer = upload(sign_in(world.shi), owed, [HEAD, ["3月2日前", "教育", 1]])
    assert answer.status_code == 422
    assert "表格第2行“执法日期”" in answer.content.decode()
    assert not owed.rows.exists()
    upload(sign_in(world.shi), owed, [HEAD, ["2026-3-2", "教育", 4]])
    assert owed.rows.get().cells["CHECKED"] == "4"


def test_a_file_that_is_no_workbook_is_refused_in_place(world, sign_in):
    owed = return_of(make_collection(world), world.shi)
    file = SimpleUploadedFile("a.xlsx", b"%PDF-1.4")
    answer = sign_in(world.shi).post(
        reverse("return-upload", args=[owed.pk]), {"version": owed.version, "file": file}
    )
    assert answer.status_code == 422
    assert answer.context["upload"].errors["file"]
    assert not owed.rows.exists()


# --- the issuer ------------------------------------------------------------------------------


def test_the_matrix_says_the_state_in_words(world, sign_in, set_day):
    collection = make_collection(world)
    make_submitted(world, collection)
    set_day("2026-03-23")
    text = page(sign_in(world.lin), "collection-matrix")
    assert "待审核" in text
    assert "未填报 · 逾期3天" in text
    assert "0/2" in text


def test_the_clerk_presses_hands_back_and_accepts_on_the_pages(world, sign_in, set_day):
    collection = make_collection(world)
    client = sign_in(world.lin)
    owed = make_submitted(world, collection)
    give_back = reverse("return-act", args=[owed.pk, "give-back"])
    client.post(give_back, {"version": owed.version, "reason": "补报", "days": "2"})
    owed.refresh_from_db()
    assert owed.status == "returned"
    set_day("2026-03-23")
    client.post(reverse("collection-press", args=[collection.pk]))
    assert AuditEvent.objects.filter(verb="return.pressed").count() == 2
    services.submit(return_of(collection, world.shi), by=world.shi)
    owed = return_of(collection, world.shi)
    client.post(reverse("return-act", args=[owed.pk, "accept"]), {"version": owed.version})
    assert "已审核" in page(client, "collection", collection.pk)


def test_the_page_of_a_closed_collection_shows_the_seal_and_the_corrections(world, sign_in):
    collection = make_collection(world)
    owed = make_accepted(world, collection)
    services.close(collection, reason="缓报", by=world.lin)
    services.give_back(owed, reason="更正", by=world.lin)
    text = page(sign_in(world.lin), "collection", collection.pk)
    assert "数据已固定" in text
    assert "数据固定后的更正" in text


def test_an_export_is_recorded(world, sign_in):
    collection = make_collection(world)
    answer = sign_in(world.lin).get(reverse("collection-merged", args=[collection.pk]))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="export.made").exists()


# --- templates -------------------------------------------------------------------------------


def columns_form(*columns, **more):
    data = {
        "name_zh": "校园周边摸排表",
        "columns-TOTAL_FORMS": len(columns),
        "columns-INITIAL_FORMS": 0,
    }
    for at, column in enumerate(columns):
        data |= {f"columns-{at}-{name}": value for name, value in column.items()}
    return data | more


def test_a_department_makes_its_own_form_and_a_used_version_stays(world, sign_in):
    client = sign_in(world.lin)
    client.post(
        reverse("collection-template-new"),
        columns_form(
            {"name_zh": "学校", "kind": "text", "required": "on", "ORDER": 2},
            {"name_zh": "数量", "kind": "number", "summed": "on", "ORDER": 1},
            {"name_zh": ""},
        ),
    )
    made = CollectionTemplate.objects.get(owner=world.department("edu"))
    assert [column.name_zh for column in made.newest.columns.all()] == ["数量", "学校"]
    collection = make_collection(world, made.code)
    columns = [
        {"key": column.key, "name_zh": column.name_zh, "kind": column.kind}
        for column in made.newest.columns.all()
    ]
    client.post(
        reverse("collection-template-edit", args=[made.pk]),
        columns_form(*columns, {"name_zh": "备注", "kind": "text"}, was=1),
    )
    assert [version.number for version in made.versions.order_by("number")] == [1, 2]
    assert collection.template.columns.count() == 2
    assert made.newest.columns.count() == 3


@pytest.mark.parametrize(
    "columns",
    [
        [{"name_zh": "类别", "kind": "choice"}],
        [{"name_zh": "名称", "kind": "text", "summed": "on"}],
        [{"name_zh": "甲"}, {"name_zh": "甲"}],
        [{"name_zh": ""}],
    ],
)
def test_columns_that_make_no_sense_are_refused(world, sign_in, columns):
    answer = sign_in(world.lin).post(reverse("collection-template-new"), columns_form(*columns))
    assert answer.status_code == 422
    assert not CollectionTemplate.objects.filter(owner=world.department("edu")).exists()


def test_a_copy_begins_with_the_columns_of_the_annex(world, sign_in):
    annex = CollectionTemplate.objects.get(code="annex3")
    text = page(sign_in(world.lin), "collection-template-new", copy=annex.pk)
    assert "是否具备办证条件" in text


def test_a_retired_form_is_not_offered(world, sign_in):
    made = services.make_template(
        name_zh="旧表", columns=[{"key": "A", "name_zh": "内容"}], by=world.lin
    )
    sign_in(world.lin).post(reverse("collection-template-retire", args=[made.pk]))
    assert "旧表" not in page(sign_in(world.lin), "collection-new")


def test_a_task_of_the_beat_issues_the_next_month_once(world, set_day):
    make_collection(world, repeats_until=dt.date(2026, 6, 30))
    set_day("2026-05-06")
    tasks.issue_monthly()
    tasks.issue_monthly()
    assert [f"{one.period_from:%m}" for one in Collection.objects.order_by("pk")] == [
        "03", "04", "05",
    ]  # fmt: skip
