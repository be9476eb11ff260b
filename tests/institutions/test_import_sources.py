"""Other sources than township ledgers: a dump of business registrations, the licence table."""

from decimal import Decimal

import pytest

from governance.workbooks.cells import CellError
from institutions.imports.money import Funds, funds
from institutions.models import Institution, Licence, Site
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import CODE, bring_in, look, results, sheet

DUMP = (
    "企业名称", "统一社会信用代码", "注册日期", "企业类型", "法人代表", "注册资金", "经营范围",
    "所在省份", "地区", "注册地址",
)  # fmt: skip
LICENCES = (
    "证件ID", "办学许可证号", "学校名称", "持证主体代码", "学校地址", "校长", "身份证号",
    "发证日期", "有效期限起", "有效期限止", "证照状态",
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "yuan", "currency"),
    [
        ("1030万人民币", "10300000", ""), ("10(万元人民币)", "100000", ""),
        ("100（万元）", "1000000", ""), ("1,111.0579(万元人民币)", "11110579", ""),
        ("0万元", "0", ""), ("280(万元美元)", None, "美元"), ("50万港元", None, "港元"),
        ("300000", "300000", ""), ("30万元整", "300000", ""),
    ],
)  # fmt: skip
def test_capital_in_the_forms_that_registers_write(words, yuan, currency):
    found = funds(words)
    assert found.amount == (None if yuan is None else Decimal(yuan))
    assert found.currency == currency


@pytest.mark.parametrize("words", ["很多", "十万", "1-2万", "99999999亿"])
def test_capital_that_is_none_is_refused(words):
    with pytest.raises(CellError):
        funds(words)


def test_the_unit_in_the_head_counts_for_cells_without_one():
    assert funds("30").under("注册资本(万元)").amount == 300_000
    assert funds("30万").under("注册资本(万元)").amount == 300_000
    assert funds("30").under("注册资本").amount == 30
    assert funds("280万美元").under("注册资本(万元)") == Funds(None, "美元")


def dumped(capital, day="2020-5-9", code=None):
    return [
        "某某培训有限公司",
        code,
        day,
        "有限责任公司",
        "张三",
        capital,
        "培训",
        "贵州",
        "",
        "一号",
    ]


def test_a_dump_of_business_registrations_comes_in(world):
    bring_in(sheet(dumped("1,111.0579(万元人民币)", code=CODE), heads=DUMP), by=world.lin)
    [one] = Institution.objects.all()
    assert (one.startup_funds, one.credit_code) == (Decimal("11110579"), CODE)
    assert one.sources["startup_funds"][0] == "import"
    assert Site.objects.get().periods.get().address == "一号"


def test_foreign_money_is_named_and_not_converted(world):
    [step] = look(sheet(dumped("280(万元美元)"), heads=DUMP), by=world.lin)
    assert "currency:美元" in step.row.notes
    assert "startup_funds" not in step.identity


def test_nothing_known_of_the_capital_is_no_error(world):
    assert results(look(sheet(dumped("N/A"), heads=DUMP), by=world.lin)) == ["new"]


@pytest.mark.parametrize("day", ["2021-5-9", "2021-5-19", "2021-05-9"])
def test_the_licence_table_with_unpadded_dates_and_a_name_for_a_code(world, day):
    make_institution(world, "晨光艺术培训学校", address="一号", credit_code=CODE, licences=())
    line = ["1", "教民152012100001", "晨光艺术培训学校", "晨光教育咨询有限公司", "一号", "李四",
            "520121199001011234", day, day, "2027-1-2", "有效"]  # fmt: skip
    bring_in(sheet(line, heads=LICENCES), by=world.lin)
    licence = Licence.objects.get()
    assert (licence.institution.credit_code, licence.number) == (CODE, "教民152012100001")
    assert licence.issued_on.isoformat() == f"2021-05-{int(day.split('-')[2]):02d}"
