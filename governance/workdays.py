"""Working days: State Council notices with their make-up workdays (调休), and arithmetic on them.

`Calendar` is a plain value and does all arithmetic; the functions below ask the one in force. A
year without a notice counts weekends and statutory holidays (the `holidays` library) and its dates
are provisional (暂定). A year that neither source covers is refused.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from time import monotonic

import holidays
from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from governance.models.calendar import CalendarDay, CalendarNotice
from governance.workflow import Refused

FIRST_YEAR, LAST_YEAR = 1950, 2100  # what the library knows of China
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5
# Seconds after which a process looks whether a notice has come; tests tell it themselves.
_KEPT_FOR = 3600.0 if settings.MINGSHU_MODE == "test" else 30.0


class NoCalendar(Refused):
    """A deadline reaches into a year for which there is neither a notice nor statutory days."""

    code = "no_calendar"


@dataclass(frozen=True)
class Statutory:
    """Rest days and known make-up workdays of a year by law, without its notice."""

    off: dict[dt.date, str]
    worked: frozenset[dt.date]


@cache
def statutory(year: int) -> Statutory:
    """The statutory days of a year; `NoCalendar` outside 1950-2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoCalendar(_("There is no calendar for the year %(year)s.") % {"year": year})
    known = holidays.country_holidays("CN", years=year, language="zh_CN")
    worked = frozenset(day for day in known.weekend_workdays if day.year == year)
    return Statutory({day: name for day, name in known.items() if day.year == year}, worked)


@dataclass(frozen=True)
class Calendar:
    """Rest days and make-up workdays of the noticed years. Immutable; its arithmetic is pure."""

    off: dict[dt.date, str]  # rest day -> holiday
    worked: dict[dt.date, str]  # weekend day that is worked -> holiday it makes up for
    noticed: frozenset[int]
    _years: dict[int, list[int]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, noticed: Iterable[int], days: Iterable[tuple[dt.date, str, bool]]) -> "Calendar":
        """From the years with a notice and (day, name, is_off) of all of them."""
        listed = list(days)
        return cls(
            off={day: name for day, name, is_off in listed if is_off},
            worked={day: name for day, name, is_off in listed if not is_off},
            noticed=frozenset(noticed),
        )

    def is_workday(self, day: dt.date) -> bool:
        """Whether offices work on this day."""
        if day in self.off:
            return False
        if day in self.worked:
            return True
        if day.year in self.noticed:
            return day.weekday() < SATURDAY
        known = statutory(day.year)
        return day in known.worked or (day.weekday() < SATURDAY and day not in known.off)

    def add(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day`, before it when negative; `day` itself for 0."""
        if count == 0:
            return day
        return self._ahead(day, count) if count > 0 else self._back(day, -count)

    def next_workday(self, day: dt.date) -> dt.date:
        """`day` if it is a working day, else the first one after it."""
        return self.add(day - ONE_DAY, 1)

    def previous_workday(self, day: dt.date) -> dt.date:
        """`day` if it is a working day, else the last one before it."""
        return self.add(day + ONE_DAY, -1)

    def count_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` comes first."""
        if end < start:
            return -self.count_between(end, start)
        if start.year == end.year:
            return self._place(end) - self._place(start)
        whole = sum(len(self._workdays(year)) for year in range(start.year + 1, end.year))
        return len(self._workdays(start.year)) - self._place(start) + whole + self._place(end)

    def is_provisional(self, day: dt.date) -> bool:
        """Whether the day lies in a year whose notice has not been imported."""
        return day.year not in self.noticed

    def holiday(self, day: dt.date) -> str:
        """The holiday for which the day is off or worked, in Chinese; empty on ordinary days."""
        name = self.off.get(day) or self.worked.get(day)
        if name or day.year in self.noticed:
            return name or ""
        return statutory(day.year).off.get(day, "")

    def _ahead(self, day: dt.date, count: int) -> dt.date:
        year, skip = day.year, self._place(day)
        while skip + count > len(self._workdays(year)):
            count -= len(self._workdays(year)) - skip
            year, skip = year + 1, 0
        return dt.date.fromordinal(self._workdays(year)[skip + count - 1])

    def _back(self, day: dt.date, count: int) -> dt.date:
        year, left = day.year, bisect_left(self._workdays(day.year), day.toordinal())
        while count > left:
            count -= left
            year -= 1
            left = len(self._workdays(year))
        return dt.date.fromordinal(self._workdays(year)[left - count])

    def _place(self, day: dt.date) -> int:
        """How many working days its year has up to and with `day`."""
        return bisect_right(self._workdays(day.year), day.toordinal())

    def _workdays(self, year: int) -> list[int]:
        """Ordinals of the working days of a year, counted out once."""
        found = self._years.get(year)
        if found is None:
            first = dt.date(year, 1, 1).toordinal()
            last = dt.date(year, 12, 31).toordinal()
            days = map(dt.date.fromordinal, range(first, last + 1))
            found = [day.toordinal() for day in days if self.is_workday(day)]
            self._years[year] = found
        return found


class _Kept:
    """The calendar this process read last, its stamp, and when it last looked."""

    calendar: Calendar | None = None
    stamp: dict[str, object] | None = None
    looked_at = 0.0


def current() -> Calendar:
    """The calendar in force, kept in the process; a new notice is seen within half a minute."""
    if _Kept.calendar is None or monotonic() - _Kept.looked_at > _KEPT_FOR:
        _look()
    assert _Kept.calendar is not None
    return _Kept.calendar


def forget() -> None:
    """Read the calendar anew at the next question."""
    _Kept.calendar = None


def _look() -> None:
    stamp = CalendarNotice.objects.aggregate(last=Max("imported_at"), years=Count("year"))
    if _Kept.calendar is None or stamp != _Kept.stamp:
        years = CalendarNotice.objects.values_list("year", flat=True)
        days = CalendarDay.objects.values_list("day", "name", "is_off")
        _Kept.calendar = Calendar.of(years, days)
        _Kept.stamp = stamp
    _Kept.looked_at = monotonic()


def is_workday(day: dt.date) -> bool:
    """Whether offices work on this day."""
    return current().is_workday(day)


def add(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`, before it when negative; `day` itself for 0."""
    return current().add(day, count)


def next_workday(day: dt.date) -> dt.date:
    """`day` if it is a working day, else the first one after it."""
    return current().next_workday(day)


def previous_workday(day: dt.date) -> dt.date:
    """`day` if it is a working day, else the last one before it."""
    return current().previous_workday(day)


def count_between(start: dt.date, end: dt.date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` comes first."""
    return current().count_between(start, end)


def is_provisional(day: dt.date) -> bool:
    """Whether the day lies in a year whose notice has not been imported."""
    return current().is_provisional(day)
