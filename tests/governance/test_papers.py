"""A paper says what the facts say, in the official form, under one number, for good."""

import datetime as dt
import io
import re

import docx
import pypdf
import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import audit, filestore, paper_rendering, papers
from governance.audit import Verb
from governance.models import Number, Paper, PaperTemplate
from governance.paper_rendering import NoGlyph
from governance.papers import MissingFacts
from governance.workflow import Refused, StaleVersion, TransitionRefused
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
REFUSED = (InternalError, ProgrammingError)
MM = 72 / 25.4
FACTS = {
    "party_name": "开阳县晨光艺术培训学校有限公司",
    "party_code": "91520121MA6DXXXX1H",
    "party_address": "开阳县硒城街道人民路1号",
    "principal": "王小明",
    "found_on": dt.date(2026, 3, 3),
    "place": "硒城街道人民路1号二楼",
    "problems": [
        {"text": "安全出口被占用；", "basis": "《中华人民共和国消防法》第二十八条"},
        {"text": "未公示收费项目和标准"},
    ],
    "legal_basis": ["《中华人民共和国行政处罚法》第二十八条第一款"],
    "deadline": "自本通知书送达之日的次日起15个工作日内",
    "due_on": dt.date(2026, 3, 25),
    "counting": ["送达当日不计，自次日起算"],
    "requirements": ["立即清理疏散通道", "在显著位置公示收费项目和标准"],
    "contact_person": "罗某",
    "contact_phone": "0851-80000000",
    "contact_address": "开阳县城关大道1号",
}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "originals": settings.STORAGES["originals"] | {"OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def school(world):
    return make_institution(world)


@pytest.fixture
def paper(world, school) -> Paper:
    return papers.issue("RECTIFY_NOTICE", school, FACTS, by=world.luo)


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def pdf_text(content: bytes) -> str:
    """The text without its line breaks."""
    return re.sub(r"\s", "", "".join(pages(content)))


def docx_text(content: bytes) -> str:
    return "\n".join(part.text for part in docx.Document(io.BytesIO(content)).paragraphs)


# --- what stands on it -----------------------------------------------------------------------


@pytest.mark.parametrize("read", [("pdf", pdf_text), ("docx", docx_text)], ids=["pdf", "docx"])
def test_the_order_names_party_problems_basis_deadline_and_remedies(paper, read):
    form, text_of = read
    text = text_of(papers.read(paper, form))
    for part in (
        "责令限期改正通知书",
        paper.number_text,
        "开阳县晨光艺术培训学校有限公司：",
        "统一社会信用代码：91520121MA6DXXXX1H",
        "2026年3月3日，本机关在硒城街道人民路1号二楼检查时",
        "1．安全出口被占用（《中华人民共和国消防法》第二十八条）。",
        "2．未公示收费项目和标准。",
        "自本通知书送达之日的次日起15个工作日内完成改正，即于2026年3月25日前（含当日）完成。",
        "送达当日不计，自次日起算。",
        "申请行政复议",
        "0851-80000000",
        "开阳县教育局",
        "2026年3月4日",
        "受送达人（签名或者盖章）",
        papers.verify_url(paper.token),
    ):
        assert part in text, part


def test_what_is_not_known_leaves_no_empty_line(world, school):
    facts = {name: value for name, value in FACTS.items() if name not in ("due_on", "party_code")}
    made = papers.issue("RECTIFY_NOTICE", school, facts, by=world.luo)
    text = pdf_text(papers.read(made, "pdf"))
    assert "统一社会信用代码" not in text
    assert "15个工作日内完成改正。" in text


def test_the_page_has_the_measures_of_the_standard(paper):
    page = pypdf.PdfReader(io.BytesIO(papers.read(paper, "pdf"))).pages[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        (210 * MM, 297 * MM), abs=0.5
    )


def full_page() -> bytes:
    """A paper whose first problem is very long."""
    facts = FACTS | {"problems": [{"text": "明" * 28 * 30}], "found_on": "2026-03-03"}
    fields = PaperTemplate.objects.get(code="RECTIFY_NOTICE").fields
    data = paper_rendering.shown(fields, facts | {"remedies": "有"}) | {
        "title": "责令限期改正通知书",
        "number": "明川教改字〔2026〕第1号",
        "department": "开阳县教育局",
        "date": "2026年3月4日",
        "draft": False,
    }
    return paper_rendering.pdf("rectify_notice_1", data)


def test_a_page_holds_22_lines_of_28_characters():
    lines = pages(full_page())[1].splitlines()
    body = [line for line in lines if not re.fullmatch(r"\s*— \d+ —\s*", line)]
    assert len(body) == 22
    assert {len(line) for line in body if set(line) == {"明"}} >= {28}


def test_the_text_stands_within_156_by_225_millimetres():
    places = []

    def note(text, page, line, _font, _size):
        if "明" in text:
            places.append((page[0] * line[4] + page[4], page[3] * line[5] + page[5]))

    pypdf.PdfReader(io.BytesIO(full_page())).pages[1].extract_text(visitor_text=note)
    assert min(x for x, _y in places) >= 28 * MM - 1
    assert max(y for _x, y in places) <= (297 - 37) * MM


def test_the_word_file_names_the_official_fonts_and_measures(paper):
    document = docx.Document(io.BytesIO(papers.read(paper, "docx")))
    section = document.sections[0]
    measures = (section.page_width, section.top_margin, section.left_margin, section.right_margin)
    assert [round(value.mm) for value in measures] == [210, 37, 28, 26]
    fonts = {run.font.name for part in document.paragraphs for run in part.runs}
    assert {"仿宋_GB2312", "方正小标宋简体"} <= fonts


def test_the_qr_code_is_large_enough_to_scan(paper):
    picture = docx.Document(io.BytesIO(papers.read(paper, "docx"))).inline_shapes[0]
    assert picture.width.mm >= 25


NASTY = '#import "@preview/x" *a* $b$ <b>&amp; {{ 7*7 }} {% raw %} \\ 《》“”'


def test_what_users_type_is_never_markup(world, school):
    made = papers.issue("RECTIFY_NOTICE", school, FACTS | {"place": NASTY}, by=world.luo)
    assert re.sub(r"\s", "", NASTY) in pdf_text(papers.read(made, "pdf"))
    assert NASTY in docx_text(papers.read(made, "docx"))


PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z", "M")), min_size=1, max_size=30)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=PRINTABLE)
def test_any_text_is_set_or_the_character_without_font_is_named(world, text):
    printed, named = False, ""
    try:
        papers.preview("RECTIFY_NOTICE", {"place": text}, department=world.department("edu"))
        printed = True
    except NoGlyph as refusal:
        named = str(refusal)
    assert printed or any(char in named for char in text)


def test_rare_characters_of_names_are_printed(world):
    facts = FACTS | {"party_name": "䶮㛃·古丽培训中心"}
    content = papers.preview("RECTIFY_NOTICE", facts, department=world.department("edu"))
    assert "䶮㛃·古丽培训中心" in pdf_text(content)


def test_a_name_that_no_font_can_print_is_refused_and_costs_no_number(world, school):
    with pytest.raises(NoGlyph, match="𠮷"):
        papers.issue("RECTIFY_NOTICE", school, FACTS | {"principal": "𠮷田"}, by=world.luo)
    assert not Number.objects.exists()


# --- issuing ---------------------------------------------------------------------------------


def test_issuing_gives_the_next_number_and_leaves_a_trace(world, school):
    first, second = (papers.issue("RECTIFY_NOTICE", school, FACTS, by=world.luo) for _ in range(2))
    prefix = world.department("edu").paper_prefix
    assert first.number_text == f"{prefix}改字〔2026〕第1号"
    assert (first.number.value, second.number.value) == (1, 2)
    assert first.number.state == Number.State.USED
    assert first.number.subject == first
    event = audit.history(school).filter(verb=Verb.PAPER_ISSUED).last()
    assert event.facts["number"] == first.number_text


def test_a_preview_is_a_draft_without_number(world):
    content = papers.preview("RECTIFY_NOTICE", {}, department=world.department("edu"))
    assert "草稿" in pdf_text(content)
    assert "编号待签发" in pdf_text(content)
    assert not Number.objects.exists()


def test_missing_facts_are_listed_by_name_and_cost_no_number(world, school):
    facts = FACTS | {"problems": [], "deadline": "", "place": None}
    with override("zh-hans"), pytest.raises(MissingFacts) as refusal:
        papers.issue("RECTIFY_NOTICE", school, facts, by=world.luo)
    assert refusal.value.names == ["place", "problems", "deadline"]
    for label in ("检查地点", "存在的问题", "改正期限"):
        assert label in str(refusal.value)
    assert not Number.objects.exists()


def test_a_fact_that_the_paper_does_not_show_is_not_taken(world, school):
    with pytest.raises(ValueError, match="child_id"):
        papers.issue("RECTIFY_NOTICE", school, FACTS | {"child_id": "1"}, by=world.luo)


def test_an_unknown_paper_is_refused(world, school):
    with pytest.raises(Refused):
        papers.issue("NO_SUCH_PAPER", school, {}, by=world.luo)


def test_a_failure_after_the_number_gives_it_back(world, school, monkeypatch):
    def broken(*_args, **_facts):
        raise RuntimeError("no fonts")

    monkeypatch.setattr(paper_rendering, "docx", broken)
    with pytest.raises(RuntimeError):
        papers.issue("RECTIFY_NOTICE", school, FACTS, by=world.luo)
    monkeypatch.undo()
    assert papers.issue("RECTIFY_NOTICE", school, FACTS, by=world.luo).number.value == 1


def test_the_version_of_the_day_is_used(world, school):
    old = PaperTemplate.objects.get(code="RECTIFY_NOTICE")
    PaperTemplate.objects.create(
        code=old.code, version=2, name_zh="责令改正通知书", name_en="x", folder=old.folder,
        number_word="责", fields=old.fields, valid_from=dt.date(2026, 4, 1),
    )  # fmt: skip
    assert papers.template("RECTIFY_NOTICE", dt.date(2026, 3, 31)).version == 1
    assert papers.template("RECTIFY_NOTICE", dt.date(2026, 4, 1)).version == 2


# --- for good --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"facts": {}}, {"number_text": "x"}, {"pdf_sha256": "0" * 64}, {"title": "x"}]
)
def test_an_issued_paper_cannot_be_rewritten(paper, fields):
    with pytest.raises(REFUSED), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(**fields)


def test_an_issued_paper_cannot_be_deleted(paper):
    with pytest.raises(REFUSED), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).delete()


def test_a_withdrawal_keeps_everything_and_says_why(world, paper):
    with pytest.raises(Refused):
        papers.withdraw(paper, by=world.luo, reason=" ")
    papers.withdraw(paper, by=world.luo, reason="当事人名称有误")
    fresh = Paper.objects.get(pk=paper.pk)
    assert (fresh.status, fresh.withdrawal_reason) == ("withdrawn", "当事人名称有误")
    assert papers.verify(fresh) == []
    assert audit.history(paper).get().verb == Verb.PAPER_WITHDRAWN


def test_a_paper_is_withdrawn_once_and_not_from_a_stale_page(world, paper):
    with pytest.raises(StaleVersion):
        papers.withdraw(paper, by=world.luo, reason="有误", version=7)
    papers.withdraw(paper, by=world.luo, reason="有误", version=1)
    with pytest.raises(TransitionRefused):
        papers.withdraw(paper, by=world.luo, reason="有误")


def test_a_withdrawn_paper_does_not_come_back(world, paper):
    papers.withdraw(paper, by=world.luo, reason="有误")
    with pytest.raises(REFUSED), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(status="issued")


def test_verification_finds_touched_files(paper, store):
    assert papers.verify(paper) == []
    (store / filestore.name_of(paper.pdf_sha256)).write_bytes(b"%PDF forged")
    (store / filestore.name_of(paper.docx_sha256)).unlink()
    assert papers.verify(paper) == ["changed pdf", "missing docx"]


# --- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_those_who_see_the_subject_download_the_paper_on_record(
    world, sign_in, school, paper, form
):
    answer = sign_in(world.lin).get(getattr(paper, f"{form}_url"))
    assert answer.getvalue() == papers.read(paper, form)
    assert answer["Content-Type"] == papers.FORMATS[form]
    assert answer["Content-Disposition"].startswith("attachment")
    event = audit.history(school).filter(verb=Verb.PAPER_DOWNLOADED).get()
    assert (event.by, event.facts["form"]) == (world.lin, form)


def test_strangers_do_not_find_the_paper(world, sign_in, paper):
    assert sign_in(world.ying).get(paper.pdf_url).status_code == 404
    assert sign_in(world.xi).get(paper.pdf_url).status_code == 404
    assert Client().get(paper.pdf_url).status_code == 302


def test_anybody_verifies_number_day_department_and_hash_and_reads_no_content(paper):
    answer = Client().get(f"/v/{paper.token}/")
    page = answer.content.decode()
    for part in (paper.number_text, "2026-03-04", "开阳县教育局", paper.pdf_sha256):
        assert part in page
    for part in ("晨光", "王小明", "91520121MA6DXXXX1H", "安全出口", "人民路", "罗某"):
        assert part not in page
    assert answer["Cache-Control"] == "no-store"
    assert len(answer.content) < 8_000


def test_a_withdrawn_paper_verifies_as_withdrawn(world, paper):
    papers.withdraw(paper, by=world.luo, reason="有误")
    with override("en"):
        page = Client().get(f"/v/{paper.token}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Withdrawn, no longer in force" in page
    assert "有误" not in page


def test_a_forged_code_says_that_it_is_not_ours(paper, caplog):
    answer = Client().get("/v/AAAAAAAAAAAAAAAAAAAAAA/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 404
    assert "Not issued by us" in answer.content.decode()
    assert paper.number_text not in answer.content.decode()
    assert "verification of an unknown code" in caplog.text
