"""Names as people type and sort them: pinyin keys and initials, and names that look alike."""

import re
import unicodedata
from functools import cache, lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

KEY_LENGTH, INITIALS_LENGTH = 240, 120
NAMELESS = "~"  # the key of a place without a name: sorts behind all letters
Word = tuple[str, str]  # syllables divided by blanks, and their first letters

_PLACE = re.compile(r"^(?:[^\s]{2,3}?[县区市])?(?:[^\s]{2,3}?(?:街道|镇|乡))?")
_GENERIC = re.compile(
    "有限责任公司|有限公司|分公司|(?:民办|校外|课外|职业技能|少年儿童|青少年|少儿|儿童|中小学生?)|"
    "(?:教育|文化|艺术|美术|音乐|舞蹈|书法|体育|科技|英语|数学|语文|作文|作业|编程|钢琴|篮球|足球)|"
    "(?:咨询|培训|托管|辅导|补习|训练|学习|服务|传播|发展)|"
    "(?:学校|学堂|学苑|书院|画室|中心|机构|工作室|俱乐部|基地|部|班|店|馆)"
)


def tidy(name: str) -> str:
    """Full width levelled, runs of blanks made one, none at the ends."""
    return " ".join(unicodedata.normalize("NFKC", name or "").split())


def name_key(name: str) -> str:
    """Pinyin without tones, syllables divided by blanks: to sort by and to find Latin letters."""
    return " ".join(syllables for syllables, _letters in words(name)).lower()[:KEY_LENGTH]


def initials(name: str) -> str:
    """First letters of the syllables, Latin letters and digits whole: 晨光艺术 → `cgys`."""
    letters = "".join(letters for _syllables, letters in words(name)).lower()
    return "".join(sign for sign in letters if sign.isalnum())[:INITIALS_LENGTH]


def columns(name: str) -> dict[str, str]:
    """Name, key and initials of a period, for a row that bears the name."""
    name = tidy(name)
    return {"name": name, "name_key": name_key(name), "initials": initials(name)}


@lru_cache(maxsize=4_096)
def words(name: str) -> tuple[Word, ...]:
    """The name cut into the longest known words and single signs (长乐 is `chang le`, not `zhang`).

    The same as `lazy_pinyin(name)`, which a test holds it to; thirty times as fast, because words
    repeat from name to name. An import of 50,000 names needs that.
    """
    found, other, at = [], "", 0
    lengths = _lengths()
    while at < len(name):
        if ord(name[at]) not in PINYIN_DICT:
            other, at = other + name[at], at + 1
            continue
        if other:
            found.append((other, other))
        length = 1
        for longer in lengths.get(name[at : at + 2], ()):
            if name[at : at + longer] in PHRASES_DICT:
                length = longer
                break
        found.append(_word(name[at : at + length]))
        other, at = "", at + length
    return (*found, (other, other)) if other else tuple(found)


@cache
def _lengths() -> dict[str, list[int]]:
    """How long the known words are that begin with these two signs, longest first."""
    found: dict[str, set[int]] = {}
    for phrase in PHRASES_DICT:
        found.setdefault(phrase[:2], set()).add(len(phrase))
    return {start: sorted(lengths, reverse=True) for start, lengths in found.items()}


@lru_cache(maxsize=100_000)
def _word(word: str) -> Word:
    return " ".join(lazy_pinyin(word)), "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))


def core(name: str) -> str:
    """What tells a name from others: 开阳县晨光艺术培训学校有限公司 → 晨光; else the whole name."""
    plain = "".join(tidy(name).split())
    rest = _GENERIC.sub("", _PLACE.sub("", plain))
    return rest if len(rest) >= 2 else plain
