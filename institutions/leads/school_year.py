"""Terms, holidays and school hours of a county, as plain values."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

PUPILS = ("PRIMARY", "JUNIOR", "SENIOR")


@dataclass(frozen=True)
class Term:
    """A term or a holiday of schools; no stages means all of them. Both days are included."""

    starts_on: dt.date
    ends_on: dt.date
    holiday: bool = False
    stages: frozenset[str] = frozenset()

    def contains(self, day: dt.date, stage: str) -> bool:
        return self.starts_on <= day <= self.ends_on and (not self.stages or stage in self.stages)


@dataclass(frozen=True)
class Hours:
    """A part of the school day of a stage."""

    stage: str
    starts_at: dt.time
    ends_at: dt.time


@dataclass(frozen=True)
class SchoolYear:
    """What a county has told; an untold day is not known to be in term or holiday."""

    terms: tuple[Term, ...] = ()
    hours: tuple[Hours, ...] = ()

    def on_holiday(self, day: dt.date, stage: str) -> bool | None:
        """Whether pupils of the stage have holidays on the day; None when nobody told."""
        found = [term for term in self.terms if term.contains(day, stage)]
        if not found:
            return None
        return any(term.holiday for term in found)

    def terms_between(self, first: dt.date, last: dt.date, stages: Iterable[str]) -> int | None:
        """How many terms the days from `first` to `last` touch; None when a day is untold."""
        asked = frozenset(stages) or frozenset(PUPILS)
        mine = [term for term in self.terms if not term.stages or term.stages & asked]
        if not (_covered(mine, first) and _covered(mine, last)):
            return None
        return len(
            {
                term.starts_on
                for term in mine
                if not term.holiday and term.starts_on <= last and term.ends_on >= first
            }
        )

    def hours_of(self, stage: str) -> tuple[Hours, ...]:
        return tuple(part for part in self.hours if part.stage == stage)


def _covered(terms: Iterable[Term], day: dt.date) -> bool:
    return any(term.starts_on <= day <= term.ends_on for term in terms)
