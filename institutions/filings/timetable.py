"""A timetable as people write it, one line per lesson, and as the slots of a course.

周一、周三 18:00-19:30 20人          Mon, Wed 18:00-19:30 20
2026-07-06、2026-07-08 9:00-10:30 15   the days themselves
周六 9:00-10:30 12 节假日照常          Sat 9:00-10:30 12 also on holidays
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from institutions.models import Course

MOST_LINES = 60
_NAMES = {
    **dict(zip("一二三四五六日", range(1, 8), strict=True)), "天": 7,
    **{str(number): number for number in range(1, 8)},
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), range(1, 8), strict=True)),
}  # fmt: skip
_ONE = (
    r"(?:(?:周|星期|礼拜)?[一二三四五六日天]|(?:周|星期|礼拜)[1-7]"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
)
_WEEKDAYS = re.compile(rf"(?P<first>{_ONE})(?:(?:至|到|-|~)(?P<last>{_ONE}))?", re.I)
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})(?:-|–|—|~|至|到|to)(\d{1,2}):(\d{2})")
_HEADS = re.compile(r"(\d{1,4})(?:人|名|heads|learners|people)?")
_HOLIDAYS = re.compile(r"节假日|寒暑假|holiday", re.I)

Slot = dict[str, Any]  # weekday, starts_at "HH:MM", ends_at, heads, on_rest_days, dates [iso]


def parse(text: str) -> list[Slot]:
    """The slots of all lines; `ValidationError` names the line that cannot be read."""
    lines = [line for line in re.split(r"[\n;；]", text) if line.strip()]
    if len(lines) > MOST_LINES:
        raise forms.ValidationError(_("Not more than %(n)d lines.") % {"n": MOST_LINES})
    return ordered(slot for number, line in enumerate(lines, 1) for slot in _line(number, line))


def ordered(slots: Iterable[Slot]) -> list[Slot]:
    """The one order of a timetable, so that the same one compares equal: weekdays, then days."""
    return sorted(
        slots,
        key=lambda slot: (slot["weekday"] or 8, slot["dates"], slot["starts_at"], slot["ends_at"]),
    )


def _line(number: int, line: str) -> list[Slot]:
    words = re.sub(r"\s*([-–—~:])\s*", r"\1", unicodedata.normalize("NFKC", line))
    times = _TIMES.search(words)
    if times is None:
        raise _unread(number, line)
    starts, ends = _clock(times[1], times[2]), _clock(times[3], times[4])
    if not starts or not ends or ends <= starts:
        raise _unread(number, line)
    before, after = words[: times.start()], words[times.end() :]
    heads = _HEADS.search(_HOLIDAYS.sub("", after))
    common = {
        "starts_at": starts,
        "ends_at": ends,
        "heads": int(heads[1]) if heads else None,
        "on_rest_days": bool(_HOLIDAYS.search(after)),
    }
    dates = _dates(before)
    if dates:
        return [{"weekday": None, **common, "dates": dates}]
    weekdays = _weekdays(before)
    if not weekdays:
        raise _unread(number, line)
    return [{"weekday": day, **common, "dates": []} for day in weekdays]


def _unread(number: int, line: str) -> forms.ValidationError:
    sentence = _("Line %(n)d cannot be read: %(line)s. Write it as: Sat 09:00-10:30 20")
    return forms.ValidationError(sentence % {"n": number, "line": line.strip()})


def _clock(hours: str, minutes: str) -> str:
    fine = int(hours) < 24 and int(minutes) < 60
    return f"{int(hours):02d}:{minutes}" if fine else ""


def _dates(words: str) -> list[str]:
    found = []
    for match in _DATE.findall(words):
        year, month, day = (int(part) for part in re.findall(r"\d+", match))
        try:
            found.append(dt.date(year, month, day).isoformat())
        except ValueError as error:
            sentence = _("There is no such day in the calendar: %(day)s") % {"day": match}
            raise forms.ValidationError(sentence) from error
    return sorted(set(found))


def _weekdays(words: str) -> list[int]:
    found: set[int] = set()
    for match in _WEEKDAYS.finditer(words):
        first = _weekday(match["first"])
        last = _weekday(match["last"]) if match["last"] else first
        found.update(range(first, last + 1) if first <= last else [])
    return sorted(found)


def _weekday(word: str) -> int:
    short = re.sub("周|星期|礼拜", "", word.lower())
    return _NAMES.get(short) or _NAMES[short[:3]]


def line(slot: Mapping[str, Any]) -> str:
    """A slot as a line that `parse` reads again, in the reader's language."""
    day = str(WEEKDAYS[slot["weekday"] - 1]) if slot["weekday"] else ", ".join(slot["dates"])
    parts = [day, f"{slot['starts_at']}-{slot['ends_at']}"]
    if slot["heads"] is not None:
        parts.append(_("%(n)d learners") % {"n": slot["heads"]})
    if slot["on_rest_days"]:
        parts.append(_("also on holidays"))
    return " ".join(parts)


def text(slots: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(line(slot) for slot in slots)


def of_course(course: Course) -> list[Slot]:
    """The slots of a course, from the prefetched ones when they are at hand."""
    return ordered(
        {
            "weekday": slot.weekday,
            "starts_at": f"{slot.starts_at:%H:%M}",
            "ends_at": f"{slot.ends_at:%H:%M}",
            "heads": slot.heads,
            "on_rest_days": slot.on_rest_days,
            "dates": [day.isoformat() for day in slot.dates],
        }
        for slot in course.slots.all()
    )


class TimetableWidget(forms.Textarea):
    def format_value(self, value: Any) -> str | None:
        return text(value) if isinstance(value, list) else value


class TimetableField(forms.CharField):
    """Cleans to a list of slots; takes lines or such a list."""

    widget = TimetableWidget

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return parse(super().to_python(value) or "")
