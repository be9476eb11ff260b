"""Lengths of time as the rules count them: whole months and years, and what is over."""

import calendar
import datetime as dt
from decimal import Decimal

ONE_DAY = dt.timedelta(days=1)
HUNDREDTH = Decimal("0.01")


def months(first: dt.date, end: dt.date) -> Decimal:
    """From `first` until `end`, which no longer counts: full months, and days over as thirtieths.

    Exactly three months are 3; a day more is 3.03, a day less 2.93 to 2.97.
    """
    if end < first:
        return -months(end, first)
    whole = (end.year - first.year) * 12 + end.month - first.month
    if later(first, whole) > end:
        whole -= 1
    over = (end - later(first, whole)).days
    return Decimal(whole) + (Decimal(min(over, 29)) / 30).quantize(HUNDREDTH)


def years(first: dt.date, end: dt.date) -> Decimal:
    """From `first` until `end`: full years, and days over as parts of a year; an anniversary is
    whole."""
    if end < first:
        return -years(end, first)
    whole = end.year - first.year
    if later(first, whole * 12) > end:
        whole -= 1
    over = (end - later(first, whole * 12)).days
    return Decimal(whole) + _part_of_year(over)


def _part_of_year(days: int) -> Decimal:
    if not days:
        return Decimal(0)
    return max((Decimal(days) / 366).quantize(HUNDREDTH), HUNDREDTH)


def later(day: dt.date, count: int) -> dt.date:
    """The same day `count` months later, or the last of that month."""
    month = day.year * 12 + day.month - 1 + count
    year, month = divmod(month, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
