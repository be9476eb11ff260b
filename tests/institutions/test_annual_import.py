"""Results of the annual review from a published list: every row of it is accounted for."""

import pytest

from governance.models import Division, ImportBatch
from governance.workflow import Refused
from institutions import services
from institutions.imports import annual
from institutions.models import AnnualResult
from tests.governance.files import ledger
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import CODE, sheet

HEADS = ("序号", "学校名称", "统一社会信用代码", "年检结论", "未参加原因")
LANZHOU_FAILED = (
    "兰州市城关区瑞博艺艺术培训学校",
    "兰州市城关区布奇英语学校",
    "兰州市城关区芝麻街培训学校有限公司",
)
LANZHOU_ENDING = (
    "兰州市城关区珍妮培训学校", "兰州市城关区朝刚艺术培训学校", "兰州戏墨泉美术书法学校",
    "兰州新锐美术学校", "兰州市城关区海伦培训学校", "兰州市城关区艾星艺术培训学校有限公司",
    "兰州市城关区美迪英语学校", "兰州市城关区科教文培训学校", "兰州市城关区启程教育培训学校",
    "兰州市城关区延和培训学校", "兰州市城关区盛博辅导学校",
)  # fmt: skip


def preview(world, file, **paper):
    place = Division.objects.get(pk="520121")
    paper = annual.Paper(**({"year": 2025} | paper))
    return annual.preview(file, place, paper, by=world.lin, name="年检.xlsx")


def rows(*records):
    lines = [
        (at, name, code, said, reason) for at, (name, code, said, reason) in enumerate(records, 1)
    ]
    return sheet(*lines, heads=HEADS)


def results(batch):
    return list(batch.rows.order_by("number").values_list("result", flat=True))


def errors(batch):
    return [row.errors[0]["sentence"] for row in batch.rows.filter(result="error")]


def test_every_row_of_the_lanzhou_list_is_accounted_for(world):
    for name in (*LANZHOU_FAILED, *LANZHOU_ENDING[:-1]):
        make_institution(world, name, licences=())
    with ledger("lanzhou_annual_review").open("rb") as file:
        batch = preview(world, file, year=2020, document_number="城教发〔2021〕20号")
    assert (batch.counts["rows"], batch.counts["new"], batch.counts["error"]) == (14, 13, 1)
    assert "盛博辅导" in str(batch.rows.get(result="error").cells)
    annual.apply(batch, by=world.lin)
    found = AnnualResult.objects.standing()
    assert found.filter(result="FAIL").count() == 3
    ending = found.filter(result="NOT_TAKEN", reason="CLOSING")
    assert [row.reason_text for row in ending] == ["注销"] * 10
    assert {row.document_number for row in found} == {"城教发〔2021〕20号"}
    assert {row.source for row in found} == {"import"}


@pytest.mark.parametrize(
    ("words", "result", "reason"),
    [
        ("合格", "PASS", ""), ("基本合格", "BASIC_PASS", ""), ("不 合 格", "FAIL", ""),
        ("未参加（未满1年）", "NOT_TAKEN", "NEW"), ("未参检，未复课", "NOT_TAKEN", "NOT_RESUMED"),
        ("注销", "NOT_TAKEN", "CLOSING"), ("未参加", "NOT_TAKEN", "OTHER"),
    ],
)  # fmt: skip
def test_words_of_lists_are_understood(world, words, result, reason):
    make_institution(world, "晨光")
    batch = preview(world, rows(("晨光", "", words, "")))
    annual.apply(batch, by=world.lin)
    row = AnnualResult.objects.get()
    assert (row.result, row.reason) == (result, reason)


def test_what_cannot_be_taken_says_why(world):
    make_institution(world, "晨光")
    make_institution(world, "同名")
    make_institution(world, "同名", address="另一处")
    batch = preview(
        world,
        rows(("晨光", "", "良好", ""), ("没有", "", "合格", ""), ("同名", "", "合格", "")),
    )
    assert batch.counts["error"] == 3
    for sentence, words in zip(errors(batch), ("结论", "不在台账", "信用代码"), strict=True):
        assert words in sentence


def test_the_credit_code_decides_among_names(world):
    school = make_institution(world, "晨光", credit_code=CODE)
    batch = preview(world, rows(("晨光（旧名）", CODE, "合格", "")))
    assert batch.rows.get().target_id == school.pk


def test_one_institution_twice_is_an_error(world):
    make_institution(world, "晨光")
    batch = preview(world, rows(("晨光", "", "合格", ""), ("晨光", "", "不合格", "")))
    assert results(batch) == ["new", "error"]


def test_the_same_list_again_changes_nothing(world):
    make_institution(world, "晨光")
    annual.apply(preview(world, rows(("晨光", "", "合格", ""))), by=world.lin)
    again = preview(world, rows(("晨光", "", "合格", "")))
    assert results(again) == ["unchanged"]
    changed = preview(world, rows(("晨光", "", "不合格", "")))
    assert results(changed) == ["changed"]
    annual.apply(changed, by=world.lin)
    assert AnnualResult.objects.standing().get().result == "FAIL"


def test_a_preview_that_is_no_longer_true_is_refused(world):
    school = make_institution(world, "晨光")
    batch = preview(world, rows(("晨光", "", "合格", "")))
    services.record_annual_result(school, by=world.luo, year=2025, result="FAIL")
    with pytest.raises(Refused):
        annual.apply(batch, by=world.lin)


def test_a_list_is_taken_back_unless_somebody_worked_with_it(world):
    for name in "甲乙":
        make_institution(world, f"机构{name}")
    batch = preview(world, rows(("机构甲", "", "合格", ""), ("机构乙", "", "合格", "")))
    annual.apply(batch, by=world.lin)
    row = AnnualResult.objects.first()
    services.correct_annual_result(row, by=world.luo, result="FAIL")
    with pytest.raises(Refused):
        annual.undo(batch, by=world.lin)
    other = preview(world, rows(("机构甲", "", "合格", "")), year=2024)
    annual.apply(other, by=world.lin)
    assert annual.undo(ImportBatch.objects.get(pk=other.pk), by=world.lin) == 1
    assert not AnnualResult.objects.standing().filter(year=2024).exists()


def test_a_list_goes_in_on_pages(world, sign_in):
    make_institution(world, "晨光")
    client = sign_in(world.lin)
    file = rows(("晨光", "", "合格", ""), ("没有", "", "合格", ""))
    file.name = "年检.xlsx"
    page = client.post(
        "/institutions/results/lists/new/", {"file": file, "year": "2025", "round": "1"},
        follow=True,
    )  # fmt: skip
    batch = ImportBatch.objects.get()
    assert (batch.counts["new"], batch.counts["error"]) == (1, 1)
    assert "没有" in page.content.decode()
    url = f"/institutions/results/lists/{batch.pk}/apply/"
    client.post(url, {"version": batch.version})
    assert AnnualResult.objects.standing().count() == 1
    batch.refresh_from_db()
    client.post(url, {"version": batch.version, "act": "undo"})
    assert not AnnualResult.objects.standing().exists()
    assert client.post(url, {}).status_code == 409
