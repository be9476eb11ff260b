"""The main job by clicks alone: every step on its page, by the person whose step it is.

The browser twin of `tests/test_lifeline.py`. The days are real ones: the notice is served on
Thursday 5 February 2026, so its fifteen days end in the Spring Festival and roll to Tuesday the
24th; the Saturdays 14 and 28 February are workdays. Periodic jobs run as beat runs them.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from playwright.sync_api import Locator, Page, expect

from governance import tasks as kernel_jobs
from publiclists import tasks as list_jobs
from tests.browser.conftest import PHONE, Visitor
from tests.browser.test_inspections import sign_on
from tests.governance.files import ledger
from tests.inspections.builders import picture

pytestmark = pytest.mark.django_db
PLACE = "乐学堂(河南星空教育)"
UNDISCLOSED = "学科类课程、课表和班次是否备案并公示？"  # D01: major, 15 days
UNPOSTED = "大厅是否公示证照、收费标准和监督电话？"  # A10: minor
PASSWORD = "a-long-enough-password-9"
Visit = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    settings.MINGSHU_KEYS_DIR = tmp_path / "keys"
    settings.MINGSHU_PUBLIC_DIR = tmp_path / "public"


# --- how people work a page ------------------------------------------------------------------


def press(page: Page, name: str | re.Pattern[str]) -> None:
    exact = isinstance(name, str)
    page.locator("main").get_by_role("button", name=name, exact=exact).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    exact = isinstance(name, str)
    page.locator("main").get_by_role("link", name=name, exact=exact).first.click()


def fill(page: Page, values: dict[str, str]) -> None:
    for label, value in values.items():
        box = page.locator("main").get_by_label(re.compile(f"^{re.escape(label)}( （选填）)?$"))
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=value)
        else:
            box.fill(value)


def sees(page: Page, *words: str) -> None:
    for text in words:
        expect(page.locator("main")).to_contain_text(text)


def take_up(visitor: Visitor, act: str, subject: str) -> Page:
    """From the desk: the row of this subject, by the act that the desk offers."""
    page = visitor.go("/desk/")
    follow(page, re.compile(rf"^{act}\s*：?.*{re.escape(subject)}"))
    return page


def photo(seed: int) -> dict[str, Any]:
    content = picture(seed, size=(800, 600))
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": content}


def live_on(xi: Visitor, day: str) -> None:
    """The administrator moves the day on; beat and worker do what is due then."""
    page = xi.go("/manage/day/")
    fill(page, {"今天是": day})
    press(page, "设为当前日期")
    sees(page, f"现在所有人的当前日期是 {day}")
    list_jobs.check_lists()
    kernel_jobs.sweep_reminders()
    kernel_jobs.deliver_messages()


def open_dossier(visitor: Visitor) -> Page:
    page = visitor.go("/institutions/")
    page.get_by_placeholder("名称、拼音首字母、代码或编号").fill("lxt")
    press(page, "查询")
    sees(page, "共 1 条")
    page.locator("#ledger").get_by_role("link", name=PLACE).click()
    return page


# --- the acts, in order ----------------------------------------------------------------------


def import_the_ledger(lin: Visitor) -> None:
    """A date without its year is asked for, the likely duplicate is decided on, all goes in."""
    page = lin.go("/institutions/")
    follow(page, "导入")
    page.set_input_files("#id_file", ledger("zhengzhou"))
    press(page, "读取并预览")
    fill(page, {"“查处日期”列日期的年份": "2022"})
    press(page, "按所填年份重新读取")
    decision = page.get_by_label(re.compile("第 ?16 ?行"))
    decision.select_option(label="同一机构：这是另一处校区")
    press(page, "保存处理方式")
    press(page, "确认导入 15 条")
    sees(page, "已写入 15 行", "撤销本次导入")


def place_in_its_township(lin: Visitor) -> None:
    page = open_dossier(lin)
    sees(page, "有照无证")
    follow(page, "变更信息")
    page.get_by_label("整段记录有误，予以更正").check()
    fill(page, {"乡镇（街道）": "硒城街道", "依据、文号或来源": "核实所在街道"})
    press(page, "记录")
    sees(page, "已保存", "硒城街道")


def assign_an_inspection(lin: Visitor) -> None:
    page = open_dossier(lin)
    follow(page, "安排检查")
    fill(page, {"计划日期": "2026-02-05"})
    for choice in ("A 证照资质", "D 课程材料", "硒城街道办事处 · 石"):
        page.get_by_label(choice).check()
    press(page, "安排检查")
    sees(page, "已安排检查", "已派员")


def answer_no(page: Page, item: str, found: str, seed: int) -> None:
    question = page.locator(f"#item-{item}")
    question.get_by_text("否", exact=True).click()
    question.get_by_label("发现的情况").fill(found)
    question.locator("input[type=file]").set_input_files([photo(seed)])
    expect(question.locator("[data-photos] img")).to_have_count(1)


def log_on_the_phone(shi: Visitor) -> None:
    """Two NOs with photos, both sign, and the notice is left to the bureau."""
    page = shi.go("/field/")
    follow(page, PLACE)
    follow(page, "逐项检查")
    answer_no(page, "A10", "公示栏无收费标准", 3)
    page.locator("[data-fill=YES]").click()
    press(page, "保存并继续")
    page.wait_for_url("**/D/")
    answer_no(page, "D01", "教材未备案", 4)
    page.locator("[data-fill=NOT_SEEN]").click()
    press(page, "保存并继续")
    fill(page, {"未定位或距离较远的原因": "楼内无信号"})
    press(page, "保存并继续")
    sees(page, "25 / 25 项", "公示栏无收费标准", "教材未备案")
    page.get_by_label("签字人姓名").fill("陈某")
    sign_on(page, "party_signature")
    sign_on(page, "officer_signature")
    page.get_by_label("当场送达整改通知").uncheck()
    press(page, "提交检查")
    sees(page, "及全部照片已送达", "待整改")


def issue_and_serve(lin: Visitor) -> None:
    """Two terms, two notices; both are handed over today."""
    page = take_up(lin, "下达整改通知", UNPOSTED)
    follow(page, "下达整改通知")
    press(page, "下达整改通知")
    sees(page, "已下达 2 份整改通知")
    for problem, due in ((UNPOSTED, "2026-03-09"), (UNDISCLOSED, "2026-02-24")):
        page = take_up(lin, "送达", problem)
        fill(page, {"送达方式": "直接送达", "签收人、见证人或邮寄单号": "陈某签收"})
        press(page, "送达整改通知")
        sees(page, "送达已记录", f"截止 {due}", "开阳县改字〔2026〕第")


def bind_the_institution(lin: Visitor, visit: Visit) -> Visitor:
    """Staff hand a link over; Chen sets a password and is in."""
    page = open_dossier(lin)
    page.locator("summary", has_text="其他").click()
    follow(page, "机构账号")
    fill(page, {"姓名": "陈某", "账号": "chen.lexue"})
    press(page, "开通账号")
    link = page.get_by_test_id("access-link").get_by_role("link").get_attribute("href")
    chen = visit(width=PHONE)
    page = chen.go(str(link))
    fill(page, {"新密码": PASSWORD, "新密码确认": PASSWORD})
    press(page, "设置密码并进入")
    sees(page, PLACE, UNDISCLOSED, UNPOSTED, "剩 8 个工作日")
    return chen


def press_from_above(luo: Visitor) -> None:
    page = luo.go("/desk/messages/")
    sees(page, "逾期上报", PLACE)
    page = take_up(luo, "督办", UNDISCLOSED)
    sees(page, "逾期 1 天")
    fill(page, {"督办意见": "请本周内整改到位"})
    press(page, "督办")
    sees(page, "已督办，并通知相关人员")


def give_proof(chen: Visitor, problem: str, seed: int) -> None:
    page = chen.go("/my/")
    follow(page, problem)
    assurances = {"责任人": "陈某", "整改措施": "补办备案并公示", "资金": "无需资金"}
    fill(page, assurances | {"应急预案": "停用该教室", "整改情况": "已整改完毕"})
    page.get_by_label("整改后照片").set_input_files([photo(seed)])
    press(page, "提交")
    sees(page, "整改材料已提交，等待部门复查", "待复查")


def recheck(du: Visitor, problem: str) -> None:
    page = take_up(du, "复查", problem)
    page.get_by_label("复查合格").check()
    fill(page, {"复查情况": "已公示，已备案", "同行复查人员": "戴 · 执法（检查）人员 · 持执法证"})
    press(page, "复查")
    sees(page, "复查已记录，等待销号")


def close_out(ning: Visitor, problem: str) -> None:
    page = take_up(ning, "销号", problem)
    press(page, "销号")
    sees(page, "已销号")


def certify(lin: Visitor) -> None:
    page = open_dossier(lin)
    follow(page, re.compile(r"^证照"))
    follow(page, "登记证照")
    fill(page, {"证照": "办学许可证", "证照编号": "教民152012170000018号"})
    fill(page, {"发证机关": "开阳县教育局", "有效期起": "2026-02-25", "有效期止": "2029-01-01"})
    press(page, "记录")
    sees(page, "已保存", "有证有照")


def propose_for_the_white_list(lin: Visitor) -> None:
    page = open_dossier(lin)
    follow(page, re.compile(r"^名单"))
    follow(page, "提出列入")
    page.get_by_label("办学许可与法人登记均在有效期内，且无未办结问题").check()
    fill(page, {"事实情况": "证照齐全，问题已整改到位"})
    press(page, "提出")
    follow(page, "送达告知")
    page.get_by_label("书面送达（签收）").check()
    press(page, "送达告知")
    sees(page, "当事人可在 2026-03-03 前（含当日）提出异议")


def decide(luo: Visitor) -> None:
    page = take_up(luo, "作出决定", PLACE)
    sees(page, "异议期已满")
    follow(page, "作出决定")
    fill(page, {"决定": "同意列入白名单", "决定文书文号": "开阳教字〔2026〕3号"})
    press(page, "作出决定")
    sees(page, "W-2026-000001", "须由第三人公布")


def publish(ning: Visitor) -> None:
    page = take_up(ning, "发布", "W-2026-000001")
    follow(page, "发布")
    sees(page, "本期新列入", PLACE)
    press(page, "签名并公布")
    sees(page, "正在签名")
    list_jobs.build_waiting()
    follow(page, "刷新")
    sees(page, "已公示", "已签名公布")


def find_and_download(stranger: Visitor, folder: Path) -> Path:
    page = stranger.go("/")
    page.locator("main").get_by_role("searchbox").fill("乐学堂")
    press(page, "查询")
    sees(page, PLACE, "证照齐全（白名单）")
    page = stranger.go("/")
    follow(page, re.compile("^白名单"))
    sees(page, PLACE, "W-2026-000001")
    with page.expect_download() as download:
        follow(page, re.compile("第 ?1 ?期，含签名"))
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    follow(page, "核验文件是否被改动")
    return path


def flipped(path: Path) -> Path:
    """The same file with one byte changed: a digit of the first salt."""
    data = bytearray(path.read_bytes())
    place = data.index(b'"salt"') + len('"salt":"')
    data[place] = ord("1") if data[place] == ord("0") else ord("0")
    other = path.with_name("flipped.json")
    other.write_bytes(data)
    return other


def verify(stranger: Visitor, path: Path) -> Locator:
    page = stranger.page
    page.get_by_label("您手中的名单文件").set_input_files(path)
    press(page, "核验")
    return page.locator(".verdict")


def test_the_main_job_by_clicks_from_a_workbook_to_a_verified_list(
    world: Any, visit: Visit, tmp_path: Path
) -> None:
    xi, lin, ning, luo = map(visit, (world.xi, world.lin, world.ning, world.luo))
    live_on(xi, "2026-02-02")
    import_the_ledger(lin)
    place_in_its_township(lin)
    assign_an_inspection(lin)

    live_on(xi, "2026-02-05")
    log_on_the_phone(visit(world.shi, width=PHONE, has_touch=True))
    issue_and_serve(lin)
    chen = bind_the_institution(lin, visit)

    # The term of the major problem runs over the make-up Saturday and ends after the holidays.
    live_on(xi, "2026-02-23")
    sees(lin.go("/desk/messages/"), "到期提醒", PLACE, "剩 1 个工作日")
    live_on(xi, "2026-02-25")
    press_from_above(luo)
    kernel_jobs.deliver_messages()
    sees(chen.go("/my/messages/"), "罗 督办", "请本周内整改到位")

    # Three hands: proof, re-check, close-out.
    du = visit(world.du)
    for seed, problem in enumerate((UNDISCLOSED, UNPOSTED)):
        give_proof(chen, problem, 20 + seed)
        recheck(du, problem)
        close_out(ning, problem)
    sees(ning.go("/desk/"), "今日已清零")

    # Three hands again: proposal, decision, publication.
    certify(lin)
    propose_for_the_white_list(lin)
    live_on(xi, "2026-03-04")
    decide(luo)
    publish(ning)

    stranger = visit()
    path = find_and_download(stranger, tmp_path)
    expect(verify(stranger, path)).to_contain_text("属实，未被改动")
    expect(verify(stranger, flipped(path))).to_contain_text("核验不通过")
    assert str(conf.MINGSHU_PUBLIC_DIR).startswith(str(tmp_path))
    for visitor in (xi, lin, ning, luo, chen, du, stranger):
        visitor.assert_clean()
