"""The deadline light of a clock on a day: kind, words and days, worked out on the server only."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import daylight, workdays
from governance.models.clocks import Clock


@dataclass(frozen=True)
class Light:
    """`kind` is green, amber, red, stop, done or late; `words` say the same in the language."""

    kind: str
    words: str
    due_on: dt.date
    provisional: bool = False  # 暂定: the words say so too
    days: int | None = None  # working days left; calendar days overdue when negative


def light(clock: Clock, on: dt.date | None = None) -> Light:
    """The light of a clock; asks the calendar kept in the process, never the database."""
    ended = _ended(clock)
    if ended:
        return ended
    on = on or daylight.today()
    if on >= clock.due_on:
        return _red(clock, on)
    left = workdays.count_between(on, clock.due_on)
    kind = "amber" if on >= clock.amber_on else "green"
    return Light(kind, _marked(clock, _left(clock, left)), clock.due_on, clock.provisional, left)


def _ended(clock: Clock) -> Light | None:
    match clock.status:
        case Clock.Status.SUSPENDED:
            reason = clock.paused_for
            words = _("Clock stopped (%(reason)s)") % {"reason": reason} if reason else ""
            return Light("stop", words or _("Clock stopped"), clock.due_on)
        case Clock.Status.CANCELLED:
            return Light("stop", _("Clock cancelled"), clock.due_on)
        case Clock.Status.MET:
            return Light("done", _("Done in time"), clock.due_on)
        case Clock.Status.MISSED:
            return Light("late", _("Done late"), clock.due_on)
    return None


def _red(clock: Clock, on: dt.date) -> Light:
    over = (on - clock.due_on).days
    if over == 0:
        words = _("Due today")
    else:
        words = ngettext("%(count)s day overdue", "%(count)s days overdue", over) % {"count": over}
    return Light("red", _marked(clock, words), clock.due_on, clock.provisional, -over)


def _left(clock: Clock, left: int) -> str:
    if left == 0:  # only rest days up to a due day that is one itself
        return _("Due on %(day)s, no working day left") % {"day": date_format(clock.due_on)}
    return ngettext("%(count)s working day left", "%(count)s working days left", left) % {
        "count": left
    }


def _marked(clock: Clock, words: str) -> str:
    return _("%(words)s (provisional)") % {"words": words} if clock.provisional else words
