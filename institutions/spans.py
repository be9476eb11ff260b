"""Arithmetic of valid time: facts that hold during stretches of days.

A timeline is a list of pieces in order, none overlapping another. Ends are exclusive; None is open.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """What held from `start` until the day before `end`; `row` is where it is stored already."""

    start: dt.date
    end: dt.date | None
    facts: Facts
    row: Any = None

    def holds_on(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def clipped(self, start: dt.date | None, end: dt.date | None) -> "Piece | None":
        """The part within [start, end), or None."""
        first = max(self.start, start) if start else self.start
        last = earlier(self.end, end)
        return replace(self, start=first, end=last) if is_span(first, last) else None


def earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    """The earlier of two ends, where None never comes."""
    known = [end for end in (one, other) if end is not None]
    return min(known) if known else None


def is_span(start: dt.date, end: dt.date | None) -> bool:
    """Whether at least one day lies in [start, end)."""
    return end is None or start < end


def overlay(
    pieces: Sequence[Piece], start: dt.date, end: dt.date | None, change: Facts
) -> list[Piece]:
    """The timeline after `change` came to hold during [start, end).

    Within the span every piece keeps what the change does not name. Days of the span on which
    nothing held take the rest from the piece after them, else from the one before. Neighbours that
    come to say the same become one.
    """
    ordered = sorted(pieces, key=lambda piece: piece.start)
    outside = [
        part
        for piece in ordered
        for part in (piece.clipped(None, start), piece.clipped(end, None) if end else None)
        if part
    ]
    inside = [part for piece in ordered if (part := piece.clipped(start, end))]
    inside += _gaps(ordered, start, end)
    changed = [_changed(part, change) for part in inside]
    return joined([*outside, *changed])


def _changed(piece: Piece, change: Facts) -> Piece:
    facts = {**piece.facts, **change}
    return piece if facts == dict(piece.facts) else replace(piece, facts=facts, row=None)


def _gaps(ordered: Sequence[Piece], start: dt.date, end: dt.date | None) -> list[Piece]:
    """The days of [start, end) that no piece covers, with the facts of a neighbour."""
    found: list[Piece] = []
    at: dt.date | None = start
    before: Facts = {}
    for piece in ordered:
        if at is not None and piece.start > at and is_span(at, earlier(piece.start, end)):
            found.append(Piece(at, earlier(piece.start, end), piece.facts))
        before = piece.facts
        at = None if piece.end is None or at is None else max(at, piece.end)
    if at is not None and is_span(at, end):
        found.append(Piece(at, end, before))
    return found


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """In order, with neighbours that say the same made one; the stored one of two keeps its row."""
    result: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        last = result[-1] if result else None
        if last and last.end == piece.start and dict(last.facts) == dict(piece.facts):
            result[-1] = replace(last, end=piece.end, row=last.row or piece.row)
        else:
            result.append(piece)
    return result


def at(pieces: Sequence[Piece], day: dt.date) -> Facts | None:
    """What held on the day."""
    return next((piece.facts for piece in pieces if piece.holds_on(day)), None)
