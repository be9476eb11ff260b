"""Names as people type and sort them: pinyin keys and initials, and names that look alike."""

import unicodedata

from pypinyin import Style, lazy_pinyin

KEY_LENGTH, INITIALS_LENGTH = 240, 120


def tidy(name: str) -> str:
    """Full width levelled, runs of blanks made one, none at the ends."""
    return " ".join(unicodedata.normalize("NFKC", name or "").split())


def name_key(name: str) -> str:
    """Pinyin without tones, syllables divided by blanks: to sort by and to find Latin letters."""
    return " ".join(lazy_pinyin(name)).lower()[:KEY_LENGTH]


def initials(name: str) -> str:
    """First letters of the syllables, Latin letters and digits whole: 晨光艺术 → `cgys`."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return "".join(sign for sign in letters if sign.isalnum())[:INITIALS_LENGTH]


def columns(name: str) -> dict[str, str]:
    """Name, key and initials of a period, for a row that bears the name."""
    name = tidy(name)
    return {"name": name, "name_key": name_key(name), "initials": initials(name)}
