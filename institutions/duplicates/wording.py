"""Names and addresses taken apart, so that two ways of writing the same meet."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from institutions import names

_BRACKETS = re.compile(r"\(([^()]*)\)")
_SIGNS = re.compile(r"[\W_]+")
_LEGAL_FORM = re.compile(r"股份有限公司|有限责任公司|有限公司|个体工商户|\(个体\)")
_BRANCH = re.compile(
    r"(?:第?[一二三四五六七八九十\d]+)?(?:总?校区|总校|分校|分部|教学点|分?店|校)$"
)
_TRADE = re.compile(
    "民办|校外|课外|职业技能|职业|少年儿童|青少年|少儿|儿童|中小学生?|"
    "教育|文化|艺术|美术|音乐|舞蹈|书法|体育|科技|科创|机器人|英语|数学|语文|作文|作业|编程|"
    "钢琴|篮球|足球|跆拳道|口才|研学|实践|素质|"
    "咨询|培训|托管|午托|辅导|补习|训练|学习|服务|传播|发展|"
    "学校|学堂|学苑|书院|画室|棋院|中心|机构|工作室|俱乐部|基地|之家|公司|部|班|店|馆|校$"
)
_COUNTY_WORDS = re.compile(r"[省市县区]$")
_TOWN_WORDS = re.compile(r"(?:街道|镇|乡|地区)(?:办事处)?$")

_NUMBER = re.compile(r"(\d+)(?:号|#)?(?:-\d+)?")
_ROOM = re.compile(
    r"\d+(?:室|层|楼|单元|铺|座|栋|幢)|\d+-\d+|[a-z]\d+|[一二三四五六七八九十]+[层楼]"
)
_DIGITS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")}
_FLOOR = re.compile(r"([一二三四五六七八九])(?=[层楼])")


def folded(text: str) -> str:
    """Full width levelled, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text or "").casefold().split())


@dataclass(frozen=True)
class Regions:
    """The words of a county for places: those of the whole, and those of its townships."""

    wide: frozenset[str] = frozenset()  # province, city, county
    towns: frozenset[str] = frozenset()

    @classmethod
    def of(cls, wide: Iterable[str], towns: Iterable[str]) -> "Regions":
        return cls(
            frozenset(word for name in wide for word in _spellings(name, _COUNTY_WORDS)),
            frozenset(word for name in towns for word in _spellings(name, _TOWN_WORDS)),
        )


def _spellings(name: str, ending: re.Pattern[str]) -> list[str]:
    """明川县 is also written 明川; one character alone is no word for a place."""
    plain = folded(name)
    return [word for word in {plain, ending.sub("", plain)} if len(word) >= 2]


@dataclass(frozen=True)
class Name:
    """A name in its parts."""

    plain: str = ""  # without places, brackets and legal form: 晨光教育培训学校
    brand: str = ""  # without words of the trade as well: 晨光
    sound: str = ""  # the brand in pinyin
    places: frozenset[str] = frozenset()  # what tells branches apart: 城关
    bracketed: bool = False


@lru_cache(maxsize=50_000)
def name(text: str, regions: Regions) -> Name:
    """明川县晨光教育(城关校区) → plain 晨光教育, brand 晨光, places {城关}."""
    whole = _LEGAL_FORM.sub("", folded(text))
    said = [_SIGNS.sub("", inside) for inside in _BRACKETS.findall(whole)]
    outside = _SIGNS.sub("", _BRACKETS.sub("", whole))
    rest, places = _without_places(outside, regions)
    rest = rest or outside  # some are called after their town and nothing else
    for inside in said:
        left, found = _without_places(_BRANCH.sub("", inside), regions)
        places |= found | ({left} if left else set())
    brand = _TRADE.sub("", rest)
    brand = brand if len(brand) >= 2 else rest
    sound = names.name_key(brand).replace(" ", "")
    return Name(rest, brand, sound, frozenset(places), bool(said))


def _without_places(text: str, regions: Regions) -> tuple[str, set[str]]:
    """Words of places taken off the beginning, never the whole name; towns are remembered."""
    found: set[str] = set()
    while True:
        known = [w for w in regions.wide | regions.towns if text.startswith(w)]
        word = max(known, key=len, default="")
        if not word:
            return text, found
        town = word in regions.towns and word not in regions.wide
        if town:
            found.add(_TOWN_WORDS.sub("", word) or word)
        if len(text) - len(word) == 1:
            return text, found
        text = text[len(word) :]


@dataclass(frozen=True)
class Address:
    """An address in its parts."""

    whole: str = ""  # without places: 人民路18号2层
    building: str = ""  # up to the house number: 人民路18
    road: str = ""
    exact: bool = False  # names a floor, a room or a unit


@lru_cache(maxsize=50_000)
def address(text: str, regions: Regions) -> Address:
    """明川县城关街道人民路18号二楼 → 人民路18号2层, building 人民路18."""
    plain = _BRACKETS.sub("", folded(text))
    plain, _places = _without_places(plain, regions)
    plain = _FLOOR.sub(lambda sign: _DIGITS[sign[1]], plain).replace("楼层", "层")
    plain = re.sub(r"(?<=\d)楼", "层", plain)
    whole = re.sub(r"[^\w-]+", "", plain)
    number = _NUMBER.search(whole)
    if number is None or number.start() < 2:
        return Address(whole, "", "", False)
    road, rest = whole[: number.start()], whole[number.end() :]
    return Address(whole, road + number[1], road, bool(_ROOM.search(rest)))


def likeness(one: str, other: str) -> float:
    """The share of pairs of neighbouring characters that two words have in common (0 … 1)."""
    if one == other:
        return 1.0 if one else 0.0
    left, right = _grams(one), _grams(other)
    return len(left & right) / len(left | right) if left and right else 0.0


@lru_cache(maxsize=50_000)
def _grams(word: str) -> frozenset[str]:
    """As pg_trgm pads its words, so that short ones and beginnings count."""
    padded = f" {word} "
    return frozenset(padded[at : at + 2] for at in range(len(padded) - 1)) if word else frozenset()
