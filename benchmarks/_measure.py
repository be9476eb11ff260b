"""How benchmarks measure: interleaved rounds, medians, the spread beside them.

Machines are noisy and shared. Compare figures of one run only, and publish ratios.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds of one case over all rounds."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles, as a part of the median."""
        if len(self.seconds) < 4:
            return 0.0
        low, _middle, high = statistics.quantiles(self.seconds, n=4)
        return (high - low) / 2 / self.median

    def __truediv__(self, floor: "Timing") -> float:
        return self.median / floor.median


def seconds(act: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def interleaved(
    cases: Mapping[str, Callable[[], object]], *, rounds: int = 30, warm_up: int = 3
) -> dict[str, Timing]:
    """Time each case once per round, in turn, so that noise falls on all of them alike."""
    for _round in range(warm_up):
        for act in cases.values():
            act()
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _round in range(rounds):
        for name, act in cases.items():
            taken[name].append(seconds(act))
    return {name: Timing(name, tuple(values)) for name, values in taken.items()}


def table(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> None:
    """Print rows as a Markdown table, ready for `docs/` or a commit message."""
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(_text(cell) for cell in row) + " |", flush=True)


def verdict(figure: float, aim: float, *, at_most: bool = True) -> str:
    """The word beside a figure that has an aim."""
    met = figure <= aim if at_most else figure >= aim
    return f"{'met' if met else 'MISSED'} (aim {'≤' if at_most else '≥'} {aim:g})"


def _text(cell: object) -> str:
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)
