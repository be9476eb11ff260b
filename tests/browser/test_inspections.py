"""Inspections in Chromium: every page at two widths, a visit with losses, the board."""

import datetime as dt
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from inspections.models import Inspection
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.conftest import make_institution_member
from tests.inspections.builders import (
    CRITICAL,
    FIRE,
    MAJOR,
    MINOR,
    make_finding,
    make_record,
    make_signed,
    make_task,
    no,
    on_day,
    pass_recheck,
    prove,
)
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize(
    ("width", "language"),
    [(DESKTOP, "zh-hans"), (PHONE, "zh-hans"), (DESKTOP, "en"), (PHONE, "en")],
)


@pytest.fixture
def school(world):
    return make_institution(world)


@pytest.fixture
def chen(school):
    return make_institution_member(school.pk)


@pytest.fixture
def work(world, school, chen):
    """A little of everything, seen on 25 March."""
    clean = make_signed(school, world.shi, {"item": "A01", "value": "YES"})
    row = make_signed(school, world.shi, no(FIRE, "楼道堆放课桌"), no(MINOR, "收费标准未公示"))
    overdue = make_task(school, world.shi, MAJOR)
    proved = make_task(school, world.shi, MINOR)
    prove(proved, chen)
    checked = make_task(make_institution(world, "启明书法培训班"), world.shi, CRITICAL)
    prove(checked, world.shi)
    pass_recheck(checked, world.du, world.dai)
    waiting = make_finding(school, world.shi)
    on_day(dt.date(2026, 3, 25))
    draft = make_record(school, world.shi, no(FIRE, "通道上锁"), {"item": "B04", "value": "YES"})
    return {
        "clean": clean, "row": row, "overdue": overdue, "proved": proved, "checked": checked,
        "waiting": waiting, "draft": draft,
    }  # fmt: skip


def look(visitor, path, name):
    page = visitor.go(path)
    screenshot(page, f"inspections/{name}")
    assert_accessible(page)
    visitor.assert_clean()
    return page


@LANGUAGES
def test_staff_pages(world, visit, work, width, language):
    lin = visit(world.lin, width=width, language=language)
    paths = {
        "list": "/inspections/",
        "choose": "/inspections/plan/?q=晨光",
        "plan": f"/inspections/plan/?institution={work['row'].institution_id}",
        "record": f"/inspections/{work['row'].pk}/",
        "notices": f"/inspections/{work['row'].pk}/notices/",
        "board": "/rectification/",
        "board-grouped": "/rectification/?group=township",
        "table": "/rectification/?view=table&group=problem",
        "empty": "/rectification/?q=没有这一家",
        "findings": "/rectification/findings/",
        "finding": f"/rectification/findings/{work['waiting'].pk}/",
        "task-overdue": f"/rectification/{work['overdue'].pk}/",
        "task-proved": f"/rectification/{work['proved'].pk}/",
    }
    for name, path in paths.items():
        look(lin, path, f"{name}-{width}-{language}")
    luo = visit(world.luo, width=width, language=language)
    look(luo, f"/rectification/{work['checked'].pk}/", f"task-checked-{width}-{language}")


@LANGUAGES
def test_institution_pages(world, visit, work, chen, width, language):
    my = visit(chen, width=width, language=language)
    paths = {
        "my": "/my/",
        "my-task": f"/my/tasks/{work['overdue'].pk}/",
        "my-proved": f"/my/tasks/{work['proved'].pk}/",
        "my-papers": "/my/papers/",
        "my-history": "/my/history/",
    }
    for name, path in paths.items():
        look(my, path, f"{name}-{width}-{language}")


@LANGUAGES
def test_phone_pages(world, visit, work, width, language):
    shi = visit(world.shi, width=width, language=language)
    check = f"/field/check/{work['draft'].uuid}/"
    paths = {
        "field": "/field/",
        "field-find": "/field/find/?q=晨光",
        "field-none": "/field/find/?q=没有",
        "field-new": f"/field/inspections/new/{work['draft'].institution_id}/",
        "field-check": check,
        "field-section": f"{check}B/",
        "field-people": f"{check}people/",
        "field-sign": f"{check}sign/",
        "field-done": f"/field/check/{work['row'].uuid}/done/",
    }
    for name, path in paths.items():
        look(shi, path, f"{name}-{width}-{language}")


def big_photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def sign_on(page, role):
    canvas = page.locator(f"[data-sign={role}] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 20, steps=5)
    page.mouse.move(box["x"] + 220, box["y"] + 70, steps=5)
    page.mouse.up()


def test_a_visit_on_the_phone_saves_by_itself(world, visit, school):
    """Answers save by PUT, a failed request is tried again, photos are made small, both sign."""
    shi = visit(
        world.shi, width=PHONE, has_touch=True, permissions=["geolocation"],
        geolocation={"latitude": 27.05, "longitude": 106.96, "accuracy": 18},
    )  # fmt: skip
    page = shi.go(f"/field/inspections/new/{school.pk}/")
    page.get_by_label("B 场地消防").check()
    page.get_by_label("D 课程材料").check()
    page.get_by_role("button", name="开始").click()
    page.get_by_role("link", name="逐项检查").click()
    question = page.locator("#item-B05")
    question.get_by_text("否", exact=True).click()
    question.get_by_label("发现的情况").fill("楼道堆放课桌")
    expect(page.locator("#save-state")).to_have_text("已保存")
    row = Inspection.objects.get()
    assert row.answers.get().note == "楼道堆放课桌"

    failures = []

    def fail_once(route):
        if failures:
            route.continue_()
        else:
            failures.append(1)
            route.abort()

    page.route("**/photos/*", fail_once)
    question.locator("input[type=file]").set_input_files(
        [{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": big_photo()}]
    )
    question.get_by_role("button", name="重试").click()
    question.locator("[data-photos] img").wait_for()
    expect(page.locator("#save-state")).to_have_text("已保存")
    photo = row.photos.get()
    assert photo.item.code == "B05"
    assert photo.attachment.size < 1_500_000
    assert max(photo.attachment.width, photo.attachment.height) == 1600

    page.locator("[data-fill=YES]").click()
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/D/")
    page.locator("[data-fill=NOT_SEEN]").click()
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/people/")
    page.locator("#locate").click()
    expect(page.locator("#located")).to_contain_text("18")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/sign/")
    screenshot(page, "inspections/visit-sign")
    page.get_by_label("签字人姓名").fill("陈校长")
    sign_on(page, "party_signature")
    sign_on(page, "officer_signature")
    page.get_by_role("button", name="提交检查").click()
    page.wait_for_url("**/done/")
    screenshot(page, "inspections/visit-done")
    row.refresh_from_db()
    assert (row.status, row.latitude, row.accuracy) == ("pending_closure", 27.05, 18.0)
    assert row.answers.count() == len([item for item in row.checklist.items.all()
                                       if item.section in "BD"])  # fmt: skip
    assert row.findings.get().tasks.get().service_way == "on_spot"
    assert not [fault for fault in shi.faults if "ERR_FAILED" not in fault]


def test_nothing_is_lost_when_the_server_does_not_answer(world, visit, school):
    row = make_record(school, world.shi, {"item": "A01", "value": "YES"})
    shi = visit(world.shi, width=PHONE)
    page = shi.go(f"/field/check/{row.uuid}/A/")
    page.route(f"**/field/inspections/{row.uuid}", lambda route: route.abort())
    page.locator("#item-A02").get_by_text("不适用", exact=True).click()
    expect(page.locator("#save-state")).to_contain_text("网络")
    page.unroute(f"**/field/inspections/{row.uuid}")
    page.reload()
    expect(page.locator("#save-state")).to_have_text("已保存")
    assert set(row.answers.values_list("item__code", "value")) == {("A01", "YES"), ("A02", "NA")}


def test_a_leader_presses_in_two_clicks(world, visit, work):
    luo = visit(world.luo)
    page = luo.go("/rectification/")
    card = page.locator(f"#card-{work['overdue'].pk}")
    card.locator("summary").click()
    card.get_by_label("督办意见").fill("三日内完成")
    card.get_by_role("button", name="确认督办").click()
    page.wait_for_url(f"**/rectification/{work['overdue'].pk}/")
    town = visit(world.shi, width=PHONE)
    page = town.go("/field/")
    assert "督办" in page.locator("[data-testid=overdue]").first.inner_text()
