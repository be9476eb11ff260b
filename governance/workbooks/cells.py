"""The words of one cell as a value: width, padding, counts, dates. Nothing is ever guessed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from operator import mul
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from governance.workbooks.sheets import Value, Yearless, text

SENTENCES = {
    "no_year": _(
        "The date has no year. State the year for this column, or write it into the cell."
    ),
    "no_day": _("The date has no day. Write the full date."),
    "short_year": _("The year has two digits. Write all four."),
    "date_range": _("The cell holds a span of days. Write one date."),
    "no_such_day": _("There is no such day in the calendar."),
    "not_a_date": _("This is not a date. Write it as 2026-01-05."),
    "not_a_number": _("This is not a number."),
    "code_length": _("A unified credit code has 18 characters."),
    "code_characters": _(
        "The unified credit code holds characters that never occur in one (I, O, S, V, "
        "Z)."
    ),
    "code_check": _(
        "The check digit of the unified credit code is wrong: at least one character is "
        "mistyped."
    ),
    "digits_lost": _(
        "The program that saved the file cut this number to 15 digits. Format the column "
        "as text and enter it again."
    ),
    "too_long": _("The text is too long."),
    "required": _("This cell must not be empty."),
    "unknown_word": _("This word is not known here. Choose one of the list."),
}  # fmt: skip


class CellError(ValueError):
    """A cell that cannot be taken as it stands; `code` is stable, `str()` a translated sentence."""

    def __init__(self, code: str, sentence: str = "") -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence

    def __str__(self) -> str:
        return self.sentence or str(SENTENCES[self.code])


# --- width and padding ------------------------------------------------------------------------

_FULL_WIDTH = {
    wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()
}
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]"
)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}]) +(?=[{_HAN}])")
_WIDE_OR_BLANKS = re.compile("[\uff01-\uff5e]|  ")
_SIGNS = re.compile(r"[\W_]+")
CACHED = 1 << 16  # cells whose spelling is remembered: each is looked at several times
_BLANK = re.compile(r"[\s\u3000\u00a0]+")
NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "//", "\\", "无数据", "暂无", "未填", "n/a", "none", "null"}
)


def tidy(value: Value) -> str:
    """The cell for reading: half-width letters and digits, no padding, no invisible signs."""
    words = text(value)
    if words.isprintable() and not _WIDE_OR_BLANKS.search(words):
        return words.strip()
    plain = _INVISIBLE.sub("", words).translate(_FULL_WIDTH)
    return _BLANK.sub(" ", plain).strip()


def name(value: Value) -> str:
    """`tidy`, and the spaces that pad Chinese characters apart removed (学 校 名 称)."""
    return _BETWEEN_HAN.sub("", tidy(value))


def folded(value: Value) -> str:
    """The cell for parsing: no blank, one width, punctuation included."""
    return _folded(text(value))


@lru_cache(maxsize=CACHED)
def _folded(words: str) -> str:
    if words.isprintable():  # no invisible sign and no blank but the common one
        return unicodedata.normalize("NFKC", words).replace(" ", "")
    return _BLANK.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", words)))


def key(value: Value) -> str:
    """What two spellings of one thing share: letters and digits only, one width, one case."""
    return _key(text(value))


@lru_cache(maxsize=CACHED)
def _key(words: str) -> str:
    return _SIGNS.sub("", _folded(words).casefold())


def blank(value: Value) -> bool:
    return value is None or folded(value).lower() in NOTHING


# --- numbers ----------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?P<about>约|近|大约)?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<more>余|多|\+|左右)?(?P<unit>[^\d,.]*|m[23])"
)


class Count(NamedTuple):
    amount: Decimal
    exact: bool  # 20余名 and 约300 are not


def count(value: Value) -> Count:
    """A number with its unit dropped; `CellError` when the cell holds none or several."""
    if isinstance(value, bool):
        raise CellError("not_a_number")
    found = _NUMBER.fullmatch(folded(value))
    if not found:
        raise CellError("not_a_number")
    exact = not (found["about"] or found["more"] or found["unit"].endswith(("左右", "余", "以上")))
    return Count(Decimal(found["digits"].replace(",", "")), exact)


# --- dates ------------------------------------------------------------------------------------

_EPOCH = date(1899, 12, 30)
_SERIALS = range(14_611, 73_051)  # 1940 to 2099
_PREFIX = re.compile(r"^(?:截至|截止到|截止至|截止|自|于)")
_CLOCK = re.compile(r"[T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONTH = re.compile(r"\d{4}(?:年|[-/.]\d{1,2}|年\d{1,2}月?)?")
_NO_YEAR = re.compile(r"年?(\d{1,2})(?:月(\d{1,2})[日号]?|[-/](\d{1,2}))")
_SHORT = re.compile(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?")
_RANGE = re.compile(r".*\d.*(?:至|到|~|—|–|--).*\d.*")
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


@dataclass(frozen=True)
class MonthDay:
    month: int
    day: int

    def of(self, year: int) -> date:
        try:
            return date(year, self.month, self.day)
        except ValueError as error:
            raise CellError("no_such_day") from error


def day(value: Value, *, year: int | None = None) -> date:
    """The date of a cell. A date without year takes `year`, or is refused with `no_year`."""
    found = moment(value)
    if isinstance(found, date):
        return found
    if year is None:
        found.of(2000)  # 2月30日 is wrong in every year; say so rather than ask for one
        raise CellError("no_year")
    return found.of(year)


def moment(value: Value) -> date | MonthDay:
    if isinstance(value, Yearless):
        return MonthDay(value.stored.month, value.stored.day)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and isfinite(value) and int(value) in _SERIALS:
        return _EPOCH + timedelta(int(value))
    return written(folded(value))


def written(words: str) -> date | MonthDay:
    words = arabic(_PREFIX.sub("", words))
    plain = _CLOCK.sub("", words) if ":" in words else words
    if found := _FULL.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return MonthDay(int(found[2]), int(found[3])).of(int(found[1]))
    if found := _NO_YEAR.fullmatch(plain):
        return MonthDay(int(found[1]), int(found[2] or found[3]))
    if len(plain) == 5 and plain.isdecimal() and int(plain) in _SERIALS:
        return _EPOCH + timedelta(int(plain))
    raise CellError(what_is_wrong(plain))


def what_is_wrong(words: str) -> str:
    for code, pattern in (("no_day", _MONTH), ("short_year", _SHORT), ("date_range", _RANGE)):
        if pattern.fullmatch(words):
            return code
    return "not_a_date"


def arabic(words: str) -> str:
    """二〇二一年五月十九日 → 2021年5月19日; other text unchanged."""
    if not re.fullmatch("[〇零○一二三四五六七八九十年月日号]+", words):
        return words
    words = re.sub("(?<![一二三四五六七八九])十(?=[一二三四五六七八九])", "一", words)
    words = re.sub("(?<![一二三四五六七八九])十", "一〇", words)
    words = re.sub("(?<=[一二三四五六七八九])十(?=[一二三四五六七八九])", "", words)
    return words.replace("十", "〇").translate(_HAN_DIGITS)


# --- codes ------------------------------------------------------------------------------------

IN_PROCESS = frozenset(
    {"办理中", "正在办理", "正在办理中", "是", "审批中", "申请中", "申办中", "待办理", "补办中"}
)
NONE_AT_ALL = frozenset({"无", "没有", "未办理", "未办", "未取得", "否"})
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2,3}")


def identifier(value: Value) -> str:
    """A code or number as text: one width, no blanks, upper case; refuses what lost its digits."""
    if isinstance(value, float) or (
        isinstance(value, str) and _SCIENTIFIC.fullmatch(folded(value))
    ):
        raise CellError("digits_lost")
    return folded(value).upper()


_CODE_SIGNS = {sign: value for value, sign in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def _checked(code: str) -> bool:
    """Whether a code is right beyond doubt; of all others `stdnum` says what is wrong."""
    if not _CODE.fullmatch(code):
        return False
    values = [_CODE_SIGNS[sign] for sign in code]
    return (sum(map(mul, values, _CODE_WEIGHTS)) + values[17]) % 31 == 0


class CreditCode(NamedTuple):
    code: str
    in_process: bool = False


def credit_code(value: Value) -> CreditCode:
    """A unified credit code (GB 32100-2015). 办理中 and 是 mean applied for; 无 means none."""
    words = folded(value)
    if words in IN_PROCESS:
        return CreditCode("", in_process=True)
    if blank(value) or words in NONE_AT_ALL:
        return CreditCode("")
    code = identifier(value).replace("-", "")
    if len(code) != 18:
        raise CellError("code_length")
    if _checked(code):
        return CreditCode(code)
    try:
        return CreditCode(uscc.validate(code))
    except InvalidChecksum as error:
        raise CellError("code_check") from error
    except ValidationError as error:
        raise CellError("code_characters") from error
