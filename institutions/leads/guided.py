"""Guided prices (政府指导价) of subject training: a table per county, by stage, mode and size."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class GuidedPrice:
    """One band: the base price of a standard lesson and how far above it one may go."""

    stage: str  # empty: every stage
    mode: str  # OFFLINE | ONLINE
    size_from: int
    size_to: int | None  # None: no upper end
    base: Decimal  # yuan for a standard lesson
    float_percent: Decimal
    lesson_minutes: int  # the standard lesson: 45 offline, 30 online

    @property
    def ceiling(self) -> Decimal:
        """The most a standard lesson may cost, in yuan."""
        whole = self.base * (1 + self.float_percent / 100)
        return whole.quantize(CENT, ROUND_HALF_UP)

    def covers(self, stages: Iterable[str], mode: str, size: int) -> bool:
        return (
            self.mode == mode
            and (not self.stage or self.stage in stages)
            and self.size_from <= size
            and (self.size_to is None or size <= self.size_to)
        )

    def per_standard_lesson(self, price: Decimal, minutes: int) -> Decimal:
        """What a lesson of `minutes` at `price` costs for the length of a standard one."""
        return (price * self.lesson_minutes / minutes).quantize(CENT, ROUND_HALF_UP)


def band(
    prices: Iterable[GuidedPrice], stages: Iterable[str], mode: str, size: int
) -> GuidedPrice | None:
    """The band of a course; of several that cover it the one of its stage with the lowest
    ceiling, so that a course for two stages is held to the stricter."""
    known = frozenset(stages)
    found = [row for row in prices if row.covers(known, mode, size)]
    return min(found, key=lambda row: (row.stage == "", row.ceiling), default=None)
