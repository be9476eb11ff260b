"""Pages of the kernel that few links lead to: they open, fit a phone, and axe finds nothing."""

import pytest

from governance import notices, papers
from governance.models import Division
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.conftest import COUNTY
from tests.governance.test_papers import FACTS
from tests.institutions.builders import make_institution

WIDTHS = pytest.mark.parametrize("width", [DESKTOP, PHONE])


@pytest.fixture
def school(world):
    return make_institution(world, contact_phone="13812345678")


@pytest.fixture
def paper(world, school):
    return papers.issue("RECTIFY_NOTICE", school, FACTS, by=world.luo)


@pytest.fixture
def draft(world):
    return notices.draft(
        kind="public_notice",
        division=Division.objects.get(pk=COUNTY),
        by=world.lin,
        title_zh="关于公布2026年第一批校外培训机构白名单的通告",
        body_zh="现将名单予以公布。\n\n监督电话见页脚。" * 3,
        title_en="First white list of 2026",
    )


def look(visitor, path, name, status=200):
    page = visitor.go(path, status)
    screenshot(page, f"kernel/{name}")
    assert_accessible(page)
    visitor.assert_clean()
    return page


@WIDTHS
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_paper_in_force_withdrawn_and_forged(world, visit, paper, width, language):
    visitor = visit(width=width, language=language)
    path = f"/v/{paper.token}/"
    look(visitor, path, f"verify-{width}-{language}")
    papers.withdraw(paper, by=world.luo, reason="有误")
    look(visitor, path, f"withdrawn-{width}-{language}")
    look(visitor, "/v/forged/", f"forged-{width}-{language}", status=404)


def test_the_verify_page_needs_no_script_and_loads_nothing_else(visit, paper):
    visitor = visit(javascript=False)
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.go(f"/v/{paper.token}/")
    assert len([url for url in asked if "favicon" not in url]) == 1


@WIDTHS
def test_settings(world, visit, width):
    look(visit(world.xi, width=width), "/manage/settings/", f"settings-{width}")
    look(visit(world.xi, width=width), "/manage/", f"manage-{width}")


@WIDTHS
def test_a_notice_as_draft_and_in_public(world, visit, draft, width):
    leader = visit(world.luo, width=width)
    look(leader, f"/notices/{draft.pk}/", f"notice-draft-{width}")
    leader.page.click("text=发布公告")
    look(leader, f"/notices/{draft.pk}/", f"notice-public-{width}")
    look(leader, "/notices/", f"notices-{width}")
    look(visit(world.lin, width=width), "/notices/new/", f"notice-new-{width}")
    public = look(visit(width=width), "/public/notices/", f"public-notices-{width}")
    assert "白名单的通告" in public.inner_text("main")


@WIDTHS
def test_a_private_value_is_shown_after_a_reason(world, visit, school, width):
    visitor = visit(world.lin, width=width)
    path = f"/reveal/institutions/institution/{school.pk}/contact_phone/"
    page = look(visitor, path, f"reveal-{width}")
    page.fill("#id_reason", "通知检查时间")
    page.click("main button[type=submit]")
    page.wait_for_selector("dd.code")
    assert "13812345678" in page.inner_text("main")
    screenshot(page, f"kernel/revealed-{width}")
    assert_accessible(page)
