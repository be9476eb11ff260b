"""The pages of staff and institutions: who sees what, what is answered, what it costs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections import queues
from inspections.models import Inspection, RectificationTask
from tests.conftest import TODAY
from tests.inspections.builders import (
    ASSURANCES,
    CRITICAL,
    FIRE,
    MAJOR,
    MINOR,
    make_finding,
    make_signed,
    make_task,
    no,
    on_day,
    pass_recheck,
    prove,
    upload,
)
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(world, sign_in):
    return sign_in(world.lin)


def page(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, url, status=302, **data):
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


# --- inspections -----------------------------------------------------------------------------


def test_planning_through_the_pages(world, school, lin):
    assert "晨光艺术" in page(lin, "/inspections/plan/?q=晨光")
    url = f"/inspections/plan/?institution={school.pk}"
    page(lin, url)
    post(lin, url, 422, kind="PATROL")
    answer = post(
        lin, url, kind="PATROL", planned_for="2026-03-05", purpose="开学检查",
        officers=[world.shi.pk],
    )  # fmt: skip
    row = Inspection.objects.get()
    assert answer.url == f"/inspections/{row.pk}/"
    assert row.status == "assigned"
    assert "开学检查" in page(lin, answer.url)


def test_the_list_filters_by_address(world, school, lin):
    make_signed(school, world.shi, no(MAJOR))
    assert "J-2026" in page(lin, "/inspections/?status=signed&kind=PATROL&q=晨光")
    assert "J-2026" not in page(lin, "/inspections/?status=planned")
    assert "J-2026" in page(lin, "/inspections/?queue=notices")
    page(lin, "/inspections/?status=nonsense&since=yesterday&page=99&size=7")


def test_an_inspection_shows_answers_findings_and_story(world, school, lin):
    row = make_signed(school, world.shi, no(FIRE, "楼道堆放课桌"), {"item": "A01", "value": "YES"})
    text = page(lin, f"/inspections/{row.pk}/")
    assert "楼道堆放课桌" in text
    assert "消防救援大队" in text


def test_others_get_404(world, school, sign_in):
    row = make_signed(school, world.shi, no(MAJOR))
    for member in (world.he, world.ying):
        page(sign_in(member), f"/inspections/{row.pk}/", 404)
    page(sign_in(world.xi), "/inspections/", 200)  # an empty list: administrators see no content


def test_assign_and_call_off_through_the_pages(world, school, lin):
    url = f"/inspections/plan/?institution={school.pk}"
    post(lin, url, kind="PATROL", planned_for="2026-03-05")
    row = Inspection.objects.get()
    page(lin, f"/inspections/{row.pk}/assign/")
    post(lin, f"/inspections/{row.pk}/assign/", 422)
    post(lin, f"/inspections/{row.pk}/assign/", officers=[world.shi.pk], leader=world.shi.pk)
    post(lin, f"/inspections/{row.pk}/cancel/", 422, reason="")
    post(lin, f"/inspections/{row.pk}/cancel/", reason="停业")
    post(lin, f"/inspections/{row.pk}/cancel/", 409, reason="停业")


def test_notices_are_issued_from_the_inspection(world, school, lin):
    row = make_signed(school, world.shi, no(MAJOR), no(FIRE))
    url = f"/inspections/{row.pk}/notices/"
    finding = row.findings.get(item__code=MAJOR)
    page(lin, url)
    post(lin, url, 422, mode="RECTIFY_BY_DATE")
    post(lin, url, mode="RECTIFY_BY_DATE", **{f"take_{finding.pk}": "on"})
    assert RectificationTask.objects.get().requirement
    assert lin.get(url).status_code == 302  # nothing of this department is left


def test_lists_cost_the_same_for_one_row_and_many(world, school, lin, sign_in):
    urls = ["/inspections/", "/rectification/", "/rectification/?view=table",
            "/rectification/findings/"]  # fmt: skip
    make_task(school, world.shi)
    for url in urls:  # warm what is kept in the process
        page(lin, url)
    one = [cost(lin, url) for url in urls]
    for number in range(6):
        make_task(make_institution(world, f"第{number}培训班", licences=()), world.shi, MINOR)
    assert [cost(lin, url) for url in urls] == one


def cost(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(client, url)
    # the day is read anew each second, by chance within a page
    return sum("governance_installation" not in query["sql"] for query in queries)


# --- findings --------------------------------------------------------------------------------


def test_a_finding_is_dismissed_by_two(world, school, lin, sign_in):
    finding = make_finding(school, world.shi)
    url = f"/rectification/findings/{finding.pk}/"
    page(lin, url)
    post(lin, f"{url}dismiss/", 422, reason="")
    post(lin, f"{url}dismiss/", reason="证件齐全")
    post(lin, f"{url}decide/", 409, decision="dismiss")
    post(sign_in(world.ning), f"{url}decide/", decision="dismiss")
    finding.refresh_from_db()
    assert finding.status == "dismissed"
    assert "证件齐全" in page(lin, url)


# --- the board -------------------------------------------------------------------------------


def test_board_counts_agree_with_the_table(world, school, lin, chen):
    served = make_task(school, world.shi)
    proved = make_task(school, world.shi, MINOR)
    prove(proved, chen)
    board = lin.get("/rectification/").context
    counts = {column["status"]: column["count"] for column in board["columns"]}
    assert counts == {"issued": 0, "served": 1, "submitted": 1, "rechecked": 0, "closed": 0}
    for status, count in counts.items():
        rows = lin.get(f"/rectification/?status={status}&view=table").context["page"]
        assert rows.paginator.count == count
    on_day(dt.date(2026, 3, 25))
    assert "is overdue" in (text := page(lin, "/rectification/")) or "逾期" in text
    rows = lin.get("/rectification/?state=overdue").context["page"]
    assert [row.pk for row in rows] == [served.pk]


@pytest.mark.parametrize("group", ["township", "problem", "department", "moon"])
def test_the_board_groups(world, school, lin, group):
    make_task(school, world.shi)
    page(lin, f"/rectification/?group={group}")
    page(lin, f"/rectification/?group={group}&view=table")


def test_queues_and_their_lists_agree(world, school, sign_in, chen):
    make_task(school, world.shi, served=False)
    make_finding(school, world.shi)
    prove(make_task(school, world.shi, MINOR), chen)
    for member in (world.lin, world.luo, world.shi, world.du):
        client = sign_in(member)
        for queue in queues.queues(member):
            shown = client.get(queue.url).context["page"].paginator.count
            assert (queue.code, shown) == (queue.code, queue.rows.count())


def test_lists_are_exported_as_shown(world, school, lin):
    make_task(school, world.shi)
    for url in (
        "/inspections/export/",
        "/rectification/export/",
        "/rectification/findings/export/",
    ):
        answer = lin.get(url + "?as=csv")
        assert "晨光艺术培训学校" in b"".join(answer.streaming_content).decode("utf-8-sig")


# --- a task from notice to close-out, through the pages --------------------------------------


def test_the_life_of_a_task_through_the_pages(world, school, sign_in, lin, chen):
    task = make_task(school, world.shi, served=False)
    url = f"/rectification/{task.pk}/"
    assert "act-serve" in page(lin, url)
    post(lin, f"{url}serve/", 422, on="", way="direct")
    post(lin, f"{url}serve/", on=TODAY.isoformat(), way="direct", note="校长签收")
    my = sign_in(chen)
    assert "晨光艺术" in page(my, "/my/")
    page(my, f"/my/tasks/{task.pk}/")
    post(my, f"/my/tasks/{task.pk}/extend/", 422, days="")
    post(my, f"/my/tasks/{task.pk}/extend/", days="5", reason="等待备案回执")
    luo = sign_in(world.luo)
    assert "act-decide" in page(luo, url)
    post(luo, f"{url}decide/", 422, decision="refuse")
    post(luo, f"{url}decide/", decision="grant", note="同意")
    post(luo, f"{url}press/", text="抓紧")
    post(my, f"/my/tasks/{task.pk}/prove/", 422, statement="已改")
    facts = ASSURANCES | {"statement": "已备案并公示", "photos": upload(1)}
    post(my, f"/my/tasks/{task.pk}/prove/", **facts)
    assert "act-recheck" in page(lin, url)
    post(lin, f"{url}recheck/", 422)
    post(lin, f"{url}recheck/", result="passed", note="课表已公示", photos=upload(2))
    text = page(lin, url)
    assert "act-close" not in text  # the re-checker does not close out
    post(lin, f"{url}close/", 409)
    post(sign_in(world.ning), f"{url}close/", note="资料齐全")
    task.refresh_from_db()
    assert task.status == "closed"
    page(lin, url)
    page(my, f"/my/tasks/{task.pk}/")
    page(my, "/my/history/")
    assert "开阳县改字" in page(my, "/my/papers/")


def test_the_township_proves_from_the_task_page(world, school, sign_in):
    task = make_task(school, world.shi)
    shi = sign_in(world.shi)
    assert "act-prove" in page(shi, f"/rectification/{task.pk}/")
    facts = ASSURANCES | {"statement": "已改", "photos": upload(1)}
    post(shi, f"/rectification/{task.pk}/prove/", **facts)


def test_a_stale_form_is_409(world, school, lin, chen):
    task = make_task(school, world.shi)
    prove(task, chen)
    data = {"result": "passed", "note": "可", "version": task.version - 1}
    post(lin, f"/rectification/{task.pk}/recheck/", 409, **data)


def test_an_executable_as_photo_is_415(world, school, sign_in, chen):
    task = make_task(school, world.shi)
    bad = upload(1)
    bad.file.seek(0)
    bad.file.write(b"MZ" + b"\0" * 900)
    bad.file.seek(0)
    facts = ASSURANCES | {"statement": "已改", "photos": bad}
    post(sign_in(chen), f"/my/tasks/{task.pk}/prove/", 415, **facts)
    task.refresh_from_db()
    assert task.status == "served"


def test_ending_and_handing_over(world, school, lin, sign_in):
    task, other = make_task(school, world.shi), make_task(school, world.shi, MINOR)
    post(lin, f"/rectification/{task.pk}/end/", why="case_filed", reason="已立案")
    samr = world.department("samr").pk
    post(lin, f"/rectification/{other.pk}/transfer/", to=samr, reason="价格问题")
    assert "已立案" in page(lin, f"/rectification/{task.pk}/")


def test_acts_of_others_are_403(world, school, sign_in):
    task = make_task(school, world.shi, CRITICAL)
    shen = sign_in(world.shen)
    page(shen, f"/rectification/{task.pk}/")
    post(shen, f"/rectification/{task.pk}/press/", 403, text="x")
    post(sign_in(world.shi), f"/rectification/{task.pk}/close/", 403)


def test_suspension_waits_for_the_leader_on_the_page(world, school, lin, sign_in):
    row = make_signed(school, world.shi, no(MAJOR))
    finding = row.findings.get()
    post(lin, f"/inspections/{row.pk}/notices/", mode="RECTIFY_SUSPENDED",
         **{f"take_{finding.pk}": "on"})  # fmt: skip
    task = RectificationTask.objects.get()
    luo = sign_in(world.luo)
    assert "act-approve" in page(luo, f"/rectification/{task.pk}/")
    post(luo, f"/rectification/{task.pk}/approve/")
    task.refresh_from_db()
    assert task.paper.number_text


def test_a_task_page_costs_the_same_for_many_rounds(world, school, lin, chen):
    task = make_task(school, world.shi)
    pass_recheck_after(task, world, chen)
    page(lin, f"/rectification/{task.pk}/")
    assert cost(lin, f"/rectification/{task.pk}/") < 60


def pass_recheck_after(task, world, chen):
    prove(task, chen)
    pass_recheck(task, world.du)


# --- institutions ----------------------------------------------------------------------------


def test_institutions_see_their_own_only(world, school, sign_in, chen):
    other = make_institution(world, "启明书法")
    foreign = make_task(other, world.shi)
    my = sign_in(chen)
    page(my, f"/my/tasks/{foreign.pk}/", 404)
    page(my, f"/rectification/{foreign.pk}/", 403)
    page(my, "/inspections/", 403)
    assert "启明" not in page(my, "/my/")


def test_staff_have_no_page_of_institutions(lin):
    page(lin, "/my/", 403)


# --- phones without script -------------------------------------------------------------------


def test_a_visit_without_script(world, school, sign_in):
    shi = sign_in(world.shi)
    page(shi, "/field/")
    assert "晨光艺术" in page(shi, "/field/find/?q=晨光")
    start = f"/field/inspections/new/{school.pk}/"
    uuid = shi.get(start).context["form"]["uuid"].value()
    answer = post(shi, start, kind="PATROL", sections=["B", "D"], uuid=uuid)
    post(shi, start, kind="PATROL", sections=["B", "D"], uuid=uuid)  # pressed twice
    row = Inspection.objects.get()
    check = f"/field/check/{row.uuid}/"
    assert answer.url == check
    page(shi, check)
    page(shi, f"{check}B/")
    answer = post(
        shi, f"{check}B/",
        **{"value_B05": "NO", "note_B05": "楼道上锁", "photos_B05": upload(1), "value_B04": "YES"},
    )  # fmt: skip
    assert answer.url == f"{check}D/"
    post(shi, f"{check}D/", value_D01="YES")
    page(shi, f"{check}people/")
    post(shi, f"{check}people/", 422, position_source="none")
    post(shi, f"{check}people/", position_source="none", reason="室内无信号", summary="总体尚可")
    text = page(shi, f"{check}sign/")
    assert "楼道上锁" in text
    post(shi, f"{check}sign/", 422, party="signed")
    post(
        shi, f"{check}sign/", party="signed", signer_name="陈", party_file=upload(3, "签.jpg"),
        officer_file=upload(4, "签2.jpg"), serve_now="on",
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.status, row.position_reason) == ("pending_closure", "室内无信号")
    assert row.findings.get().tasks.get().status == "served"
    page(shi, f"{check}done/")
    assert shi.get(check).status_code == 302
    assert shi.get(f"{check}B/").status_code == 302


def test_the_record_of_another_officer_is_404(world, school, sign_in):
    row = make_signed(school, world.shi)
    page(sign_in(world.du), f"/field/check/{row.uuid}/", 404)


def test_field_pages_are_for_officers(world, sign_in, chen):
    page(sign_in(chen), "/field/", 403)
    page(sign_in(world.shen), "/field/", 403)
