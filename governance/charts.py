"""Charts as SVG made on the server: bar, stacked bar, line. No script, prints as it looks.

`{% chart chart %}` shows one as a figure: title, a sentence that says what it shows, the drawing,
and the same figures as a table below. Colours come in a fixed order; marks carry their words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

COLOURS = ("#0b5cad", "#1a7f37", "#8a5a00", "#4f2d8f", "#0b5552", "#b3261e")
Number = int | float | Decimal
WIDTH = 480
ROW = 34  # height of one bar and its gap
LETTER = 13  # width of one Chinese character
VALUE_ROOM = 56


@dataclass(frozen=True)
class Series:
    """One row of figures; None is “not collected”, which is not zero."""

    label: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Chart:
    """What to draw. `links` (one per category) lead to the rows that make up the figures."""

    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    sentence: str = ""
    unit: str = ""
    kind: str = "bar"  # bar, stacked, line
    source: str = ""
    links: Sequence[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was counted at all."""
        return not any(value for row in self.series for value in row.values)

    @property
    def rows(self) -> Iterator[tuple[str, list[Number | None], str]]:
        """The table below the drawing: category, its figures, link."""
        for at, category in enumerate(self.categories):
            link = self.links[at] if at < len(self.links) else ""
            yield category, [row.values[at] for row in self.series], link

    @property
    def svg(self) -> SafeString:
        """The drawing; its words for screen readers are title and sentence."""
        draw = {"bar": _bars, "stacked": _stacked, "line": _line}[self.kind]
        height, marks = draw(self)
        return format_html(
            '<svg viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
            WIDTH,
            height,
            "group" if self.links else "img",
            f"{self.title}。{self.sentence}" if self.sentence else self.title,
            marks,
        )


def text_width(text: str) -> float:
    """Room for a word at 13 px: a Chinese character is one em, a Latin letter about half."""
    return sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.56 for letter in text)


def nice_top(highest: Number) -> Number:
    """The end of the axis: the next of 1, 2, 4, 5, 10 times a power of ten."""
    if highest <= 4:
        return 4
    power = 10 ** int(log10(float(highest)))
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= highest)


def _highest(chart: Chart) -> Number:
    totals = [sum(v or 0 for v in values) for _c, values, _l in chart.rows]
    single = [value or 0 for row in chart.series for value in row.values]
    return max(totals if chart.kind == "stacked" else single, default=0)


def _label_room(chart: Chart) -> float:
    return min(200, max((text_width(name) for name in chart.categories), default=0)) + 12


def _scale(chart: Chart, room: float) -> float:
    return float(WIDTH - room - VALUE_ROOM) / float(max(_highest(chart), 1))


def _svg(template: str, *values: object) -> SafeString:
    """Markup with escaped values; lengths with one decimal."""
    shown = (f"{value:.1f}" if isinstance(value, float) else value for value in values)
    return format_html(template, *shown)


def _bars(chart: Chart) -> tuple[int, SafeString]:
    room = _label_room(chart)
    scale, per = _scale(chart, room), max(len(chart.series), 1)
    height = len(chart.categories) * ROW * per + 8
    parts = []
    for at, (name, values, link) in enumerate(chart.rows):
        top = at * ROW * per
        parts.append(_label(name, room - 8, top + ROW * per / 2 + 4, link))
        for which, value in enumerate(values):
            y = top + which * ROW + 6
            parts.append(_bar(room, y, float(value or 0) * scale, which))
            parts.append(_text(room + float(value or 0) * scale + 6, y + 15, _figure(value)))
    return height, _join([*parts, _baseline(room, height)])


def _stacked(chart: Chart) -> tuple[int, SafeString]:
    room = _label_room(chart)
    scale = _scale(chart, room)
    parts, head = [_legend(chart, room)], 28
    height = len(chart.categories) * ROW + head + 8
    for at, (name, values, link) in enumerate(chart.rows):
        y, x = head + at * ROW + 6, room
        parts.append(_label(name, room - 8, y + 15, link))
        for which, value in enumerate(values):
            width = float(value or 0) * scale
            parts.append(_bar(x, y, width, which))
            if width > text_width(_figure(value)) + 6:
                parts.append(_text(x + width / 2, y + 15, _figure(value), inside=True))
            x += width
        parts.append(_text(x + 6, y + 15, _figure(sum(v or 0 for v in values))))
    return height, _join([*parts, _baseline(room, height, head)])


def _line(chart: Chart) -> tuple[int, SafeString]:
    left, right, top, bottom = 40, WIDTH - 60, 12, 180
    highest = nice_top(_highest(chart))
    step = (right - left) / max(len(chart.categories) - 1, 1)
    parts = [_grid(left, right, top, bottom, highest)]
    every = ceil(max((text_width(n) for n in chart.categories), default=1) * 1.3 / max(step, 1))
    for at, name in enumerate(chart.categories):
        if at % max(every, 1) == 0:
            parts.append(_text(left + at * step, bottom + 20, name, middle=True))
    for which, row in enumerate(chart.series):
        points = [
            (left + at * step, bottom - float(value) / float(highest) * (bottom - top))
            for at, value in enumerate(row.values)
            if value is not None
        ]
        parts.append(_path(points, which))
        if points:
            parts.append(_text(points[-1][0] + 8, points[-1][1] + 4, row.label))
    return bottom + 32, _join(parts)


def _grid(left: float, right: float, top: float, bottom: float, highest: Number) -> SafeString:
    parts = []
    for part in range(5):
        y = bottom - part * (bottom - top) / 4
        css = "axis" if part == 0 else "grid"
        parts.append(
            _svg('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', css, left, y, right, y)
        )
        figure = highest * part / 4 if highest % 4 else highest * part // 4
        parts.append(_text(left - 6, y + 4, _figure(figure), end=True))
    return _join(parts)


def _path(points: list[tuple[float, float]], which: int) -> SafeString:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [
        _svg('<circle cx="{}" cy="{}" r="3.5" fill="{}"/>', x, y, _colour(which)) for x, y in points
    ]
    return _svg(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2.5"{}/>{}',
        line,
        _colour(which),
        _dashes(which),
        _join(dots),
    )


def _dashes(which: int) -> SafeString:
    return _svg(' stroke-dasharray="{}"', f"{which * 3} 3") if which else SafeString("")


def _bar(x: float, y: float, width: float, which: int) -> SafeString:
    return _svg(
        '<rect x="{}" y="{}" width="{}" height="22" fill="{}" stroke="#fff"/>',
        x,
        y,
        max(width, 0),
        _colour(which),
    )


def _legend(chart: Chart, x: float) -> SafeString:
    parts = []
    for which, row in enumerate(chart.series):
        parts.append(
            _svg('<rect x="{}" y="4" width="14" height="14" fill="{}"/>', x, _colour(which))
        )
        parts.append(_text(x + 20, 16, row.label))
        x += text_width(row.label) + 40
    return _join(parts)


def _label(name: str, x: float, y: float, link: str) -> SafeString:
    shown = name
    while text_width(shown) > 150:
        shown = shown[:-2] + "…"
    word = _text(x, y, shown, end=True)
    return _svg('<a href="{}">{}</a>', link, word) if link else word


def _text(
    x: float, y: float, words: str, *, end: bool = False, middle: bool = False, inside: bool = False
) -> SafeString:
    anchor = "end" if end else "middle" if middle or inside else "start"
    ink = SafeString(' class="on"') if inside else SafeString("")
    return _svg('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>', x, y, anchor, ink, words)


def _baseline(x: float, bottom: float, top: float = 0) -> SafeString:
    return _svg('<line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"/>', x, top, x, bottom)


def _figure(value: Number | None) -> str:
    if value is None:
        return "—"
    return f"{value:,}" if value == int(value) else f"{value:,.1f}"


def _colour(which: int) -> str:
    return COLOURS[which % len(COLOURS)]


def _join(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
