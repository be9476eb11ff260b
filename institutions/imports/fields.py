"""The columns of township ledgers (`domain.md` 8.3, annexes 1 to 4) and what their cells mean."""

import csv
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.imports import Field, Importer
from governance.workbooks import Value, cells, text
from governance.workbooks.cells import CellError
from institutions.imports import money, words

# Personal data for which the register has no field: such columns are never stored.
PERSONAL = re.compile(
    r"身份证|证件号|姓名|电话|手机|联系人|联系方式|签名|签字|签收|责任人|检查人|执法人|办案人|家长"
    r"|微信|qq|邮箱|银行|账号|帐号|户籍|户口|年龄|性别|民族|学历|教师名单|学生名单|住址"
)
LONGEST_COUNT = 1_000_000
_HOLDER = re.compile("[\u4e00-\u9fff()·]{5,}")
_TWO_DATES = re.compile(r"(?P<first>.*\d[日号]?)(?:至|到|~|—+|–|--)(?P<last>\d.*|长期)")


def bounded(longest: int, read: Callable[[Value], str] = cells.tidy) -> Callable[..., str]:
    def parse(value: Value, year: int | None = None) -> str:
        words_ = read(value)
        if len(words_) > longest:
            raise CellError("too_long")
        return words_

    return parse


def identifier(value: Value, year: int | None = None) -> str:
    found = cells.identifier(value)
    if len(found) > 60:
        raise CellError("too_long")
    return "" if found in cells.NONE_AT_ALL or found in cells.IN_PROCESS else found


def phone(value: Value, year: int | None = None) -> str:
    found = cells.identifier(value)
    return found[:40]


def credit_code(value: Value, year: int | None = None) -> cells.CreditCode | None:
    """None for a name where the code should be: some offices write the holder there."""
    if _HOLDER.fullmatch(cells.folded(value)):
        return None
    return cells.credit_code(value)


def funds(value: Value, year: int | None = None) -> money.Funds:
    return money.funds(value)


def day(value: Value, year: int | None = None) -> dt.date:
    return cells.day(value, year=year)


def valid_until(value: Value, year: int | None = None) -> tuple[dt.date | None, dt.date | None]:
    """(from, to) of a 有效期 cell that holds one date or both; 长期 has no end."""
    said = cells.folded(value)
    if said == "长期":
        return None, None
    both = _TWO_DATES.fullmatch(said)
    if both and not isinstance(value, dt.date):
        last = None if both["last"] == "长期" else cells.day(both["last"], year=year)
        return cells.day(both["first"], year=year), last
    return None, cells.day(value, year=year)


def count(value: Value, year: int | None = None) -> cells.Count:
    found = cells.count(value)
    if found.amount > LONGEST_COUNT or found.amount != int(found.amount):
        raise CellError("not_a_number")
    return found


def area(value: Value, year: int | None = None) -> cells.Count:
    found = cells.count(value)
    if found.amount >= Decimal(10) ** 6:
        raise CellError("not_a_number")
    return cells.Count(found.amount.quantize(Decimal("0.01")), found.exact)


def certs(value: Value, year: int | None = None) -> words.Certs:
    return words.certs(text(value))


def known(read: Callable[[str], Any]) -> Callable[..., Any]:
    """A word that is not known becomes None: the row goes in, the cell is kept, a note says so."""

    remembered = lru_cache(maxsize=4_096)(read)  # a few words fill such a column

    def parse(value: Value, year: int | None = None) -> Any:
        return remembered(text(value))

    return parse


def words_of_columns() -> dict[str, tuple[str, ...]]:
    """The heads under which ledgers have each field: `institutions/data/ledger_columns.csv`."""
    path = Path(__file__).parent.parent / "data" / "ledger_columns.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["field"]: tuple(row["words"].split(";")) for row in csv.DictReader(file)}


_HEADS = words_of_columns()


def column(code: str, label: Any, parse: Callable[..., Any], **more: bool) -> Field:
    return Field(code, label, _HEADS[code], parse, **more)


FIELDS = (
    column("ordinal", _("Running number"), bounded(400)),
    column("name", _("Name"), bounded(120, cells.name)),
    column("township", _("Township"), bounded(60, cells.name)),
    column("address", _("Address"), bounded(200)),
    column("registered_address", _("Registered address"), bounded(200)),
    column("site_name", _("Site"), bounded(80, cells.name)),
    column("credit_code", _("Unified credit code"), credit_code),
    column("licence_number", _("School licence number"), identifier),
    column("issuer", _("Issuing office"), bounded(80)),
    column("issued_on", _("Issued on"), day, dated=True),
    column("valid_from", _("Valid from"), day, dated=True),
    column("valid_until", _("Valid until"), valid_until, dated=True),
    column("licence_conditions", _("Conditions of the licence"), bounded(300)),
    column("licence_categories", _("Categories of the licence"), known(words.categories)),
    column("licence_stages", _("School stages of the licence"), known(words.stages)),
    column("licence_mode", _("Form by the licence"), known(words.mode)),
    column("cert_status", _("Certificates"), certs),
    column("kind", _("Kind"), known(words.kind)),
    column("sub_kinds", _("Sub-kinds"), known(words.sub_kinds)),
    column("mode", _("Form"), known(words.mode)),
    column("stages", _("School stages"), known(words.stages)),
    column("profit_nature", _("Profit or not"), known(words.profit_nature)),
    column("operating_status", _("Operating status"), known(words.operating_status)),
    column("registrar", _("Registered with"), known(words.department_kind)),
    column("licensor", _("Licensed by"), known(words.department_kind)),
    column("founded_on", _("Founded on"), day, dated=True),
    column("area", _("Area (m²)"), area),
    column("floors", _("Floors"), bounded(40)),
    column("rooms", _("Classrooms"), count),
    column("capacity", _("Capacity"), count),
    column("teaching_area", _("Teaching area (m²)"), area),
    column("building_use", _("Use of the building"), known(words.building_use)),
    column("startup_funds", _("Funds"), funds),
    column("learners", _("Learners"), count),
    column("can_qualify", _("Can qualify for a licence"), known(words.yes_or_no)),
    column("principal", _("Principal"), bounded(60, cells.name), private=True),
    column(
        "legal_representative", _("Legal representative"), bounded(60, cells.name), private=True
    ),
    column("sponsor", _("Sponsor"), bounded(80, cells.name), private=True),
    column("controller", _("Actual controller"), bounded(80, cells.name), private=True),
    column("contact_phone", _("Telephone"), phone, private=True),
    column("found_on", _("Found on"), day, dated=True),
    column("problem", _("Problem"), bounded(32_767)),
    column("result", _("Result"), bounded(32_767)),
    column("review", _("Annual review"), bounded(80)),
    column("note", _("Note"), bounded(2_000)),
)


class Ledger(Importer):
    """The township ledger of institutions."""

    kind = "ledger"
    fields = FIELDS
    personal = PERSONAL
