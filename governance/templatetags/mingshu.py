"""`{% load mingshu %}`: badges, lights, icons, form fields, dates, money, links that keep filters.

What they look like and how to use them: `docs/ui.md`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, partial
from typing import Any, cast

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import charts, daylight, deadlines, display, labels

register = template.Library()

# ---------------------------------------------------------------- states and clocks


@register.simple_tag
def badge(domain: str, value: str | None) -> SafeString:
    """`{% badge "Finding.status" row.status %}`: the word of a coded value in its colour."""
    if not value:
        return mark_safe("")
    return st(labels.badge(domain, value), labels.label(domain, value))


@register.simple_tag
def st(kind: str, word: str) -> SafeString:
    """`{% st "ok" _("In order") %}`: a badge for what is derived and has no row in the table."""
    return format_html('<span class="st st-{}">{}</span>', kind, word)


@register.filter
def label(value: str | None, domain: str) -> str:
    """`{{ row.status|label:"Finding.status" }}`: the word alone."""
    return labels.label(domain, value)


@register.simple_tag
def light(clock: Any) -> SafeString:
    """`{% light clock %}`: the deadline light of a clock today; nothing without a clock."""
    if not clock:
        return mark_safe("")
    shown = deadlines.light(clock)
    return format_html('<span class="dl dl-{}">{}</span>', shown.kind, shown.words)


@register.simple_tag
@cache  # a page shows dozens; the address of the sprite is that of the process
def icon(name: str) -> SafeString:
    """`{% icon "search" %}`: a picture of the sprite, silent to screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


# ---------------------------------------------------------------- time, money, numbers

WEEKDAYS_ZH = "一二三四五六日"


@register.simple_tag
def when(moment: dt.datetime | None) -> SafeString:
    """`{% when row.created_at %}`: `2026-11-22 09:30`, Beijing time."""
    if moment is None:
        return missing()
    local = moment.astimezone(daylight.ZONE)
    text = local.strftime("%Y-%m-%d %H:%M")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.simple_tag
def day(value: dt.date | None, style: str = "") -> SafeString:
    """`{% day clock.due_on %}`: `2026-11-22`; with `"prose"` `11月22日（星期日）`."""
    if value is None:
        return missing()
    iso = value.isoformat()[:10]
    return format_html(
        '<time datetime="{}">{}</time>', iso, prose_day(value) if style == "prose" else iso
    )


def prose_day(value: dt.date) -> str:
    """The day as said in a sentence, with its weekday; the year only where it is another one."""
    other_year = value.year != daylight.today().year
    if (get_language() or "").startswith("en"):
        return formats.date_format(value, "l j F Y" if other_year else "l j F")
    year = f"{value.year}年" if other_year else ""
    return f"{year}{value.month}月{value.day}日（星期{WEEKDAYS_ZH[value.weekday()]}）"


@register.filter
def year_of(entry: Any) -> int | None:
    """The year of a timeline entry: of its `at` (a moment) or its `on` (a day)."""
    read = entry.get if isinstance(entry, Mapping) else partial(getattr, entry)
    moment = read("at", None)
    day_or_moment = moment.astimezone(daylight.ZONE) if moment else read("on", None)
    return getattr(day_or_moment, "year", None)


@register.simple_tag
def money(amount: Decimal | None) -> SafeString:
    """`{% money fee %}`: yuan with two places, `¥1,234.50`."""
    if amount is None:
        return missing()
    return format_html('<span class="nowrap">¥{}</span>', f"{amount:,.2f}")


@register.simple_tag
def missing() -> SafeString:
    """What stands for a fact that nobody has collected yet: never a blank."""
    return format_html('<span class="missing">{}</span>', _("Not collected"))


# ---------------------------------------------------------------- links that keep the query


@register.simple_tag(takes_context=True)
def query_replace(context: template.Context, **changes: Any) -> str:
    """`href="{% query_replace page=2 %}"`: this page's query with changes; None or "" removes."""
    return _query(_get(context), changes)


def _get(context: template.Context) -> dict[str, list[str]]:
    request = context.get("request")
    if request is None:
        return {}
    asked = request.GET
    return {key: asked.getlist(key) for key in asked if key != "peek"}  # an open drawer passes


def _query(query: dict[str, list[str]], changes: Mapping[str, Any]) -> str:
    changed = query | {
        key: [] if value in (None, "") else [str(value)] for key, value in changes.items()
    }
    return "?" + urlencode({key: values for key, values in changed.items() if values}, doseq=True)


@register.inclusion_tag("_sort_header.html", takes_context=True)
def sort_header(
    context: template.Context, key: str, text: str, css: str = "", default: str = ""
) -> dict[str, str]:
    """`{% sort_header "name" _("Name") %}`: a column head that sorts by `?sort=name` / `-name`."""
    request = context.get("request")
    now = (request.GET.get("sort") if request else "") or default
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    target = f"-{key}" if direction == "ascending" else key
    url = _query(_get(context), {"sort": target, "page": None})
    return {"text": text, "url": url, "direction": direction, "css": css}


class Chip:
    """One condition in force: what it says and the address without it."""

    def __init__(self, label: str, text: str, url: str):
        self.label, self.text, self.url = label, text, url


@register.inclusion_tag("_chips.html", takes_context=True)
def chips(context: template.Context, form: forms.Form, total: int | None = None) -> dict[str, Any]:
    """`{% chips filter.form total=n %}`: the conditions in force, each removable."""
    query = _get(context)
    found = [chip for field in form for chip in _chips_of(field, query)]
    kept: dict[str, list[str]] = {
        key: query[key] for key in ("sort", "size", "view") if key in query
    }
    return {"chips": found, "total": total, "clear_url": _query(kept, {})}


def _chips_of(field: BoundField, query: dict[str, list[str]]) -> Iterable[Chip]:
    for name in _parameter_names(field):
        values = [value for value in query.get(name, []) if value]
        if not values:
            continue  # choices may cost a query
        words = {str(key): str(word) for key, word in _flat_choices(field.field)}
        for value in values:
            rest = query | {name: [other for other in values if other != value], "page": []}
            text = words.get(value, value)
            yield Chip(str(field.label or name), text, _query(rest, {}))


def _parameter_names(field: BoundField) -> list[str]:
    widget: Any = field.field.widget
    if isinstance(widget, forms.MultiWidget):
        return [field.html_name + suffix for suffix in cast(Any, widget).widgets_names]
    return [field.html_name]


def _flat_choices(field: forms.Field) -> Iterable[tuple[Any, Any]]:
    if isinstance(field, forms.BooleanField) or isinstance(field.widget, forms.CheckboxInput):
        return [("on", _("Yes")), ("true", _("Yes")), ("True", _("Yes")), ("1", _("Yes"))]
    if isinstance(field, forms.NullBooleanField):
        return [("true", _("Yes")), ("false", _("No"))]
    flat: list[tuple[Any, Any]] = []
    for key, word in getattr(field, "choices", []):
        flat.extend(word if isinstance(word, (list, tuple)) else [(key, word)])
    return flat


@register.simple_tag
def chip(text: str, url: str) -> SafeString:
    """`{% chip _("Overdue") url %}`: a quick condition as a link."""
    return format_html('<a class="chip" href="{}">{}</a>', url, text)


@register.simple_tag
def page_window(page: Page) -> list[int | str]:
    """The page numbers to show, with gaps: 1 … 4 5 6 … 20."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


# ---------------------------------------------------------------- forms

WIDGET_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
]


@register.inclusion_tag("_field.html")
def field(bound: BoundField, css: str = "", hide_label: bool = False) -> dict[str, Any]:
    """`{% field form.name %}`: label, hint, error and control; see `_field.html`."""
    return {"field": bound, "css": css, "hide_label": hide_label}


@register.filter
def control(bound: BoundField) -> SafeString:
    """The control of a field with its Bootstrap class, `aria-invalid` and `aria-describedby`."""
    widget = bound.field.widget
    base = next(css for kind, css in WIDGET_CLASSES if isinstance(widget, kind))
    own = widget.attrs.get("class", "")
    wrong = " is-invalid" if bound.errors else ""
    attrs: dict[str, str | bool] = {"class": f"{base} {own}{wrong}".replace("  ", " ").strip()}
    if isinstance(bound.field, forms.DateField):
        attrs |= {"data-date": "", "autocomplete": "off", "inputmode": "numeric"}
    return mark_safe(bound.as_widget(attrs=attrs))


@register.filter
def layout(bound: BoundField) -> str:
    """Which of the layouts of `_field.html` a field takes."""
    widget = bound.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, (forms.MultiWidget, forms.SelectDateWidget)):
        return "group"
    if isinstance(bound.field, forms.DateField) and not isinstance(
        bound.field, forms.DateTimeField
    ):
        return "date"
    return "plain"


@register.filter
def wrong_count(form: Any) -> int:
    """How many messages the error summary lists."""
    return sum(len(messages) for messages in form.errors.values())


# ---------------------------------------------------------------- page frame


@register.simple_tag(takes_context=True)
def body_class(context: template.Context) -> str:
    """The reader's own classes on `<body>`: text size, contrast, density."""
    request = context.get("request")
    return " ".join(display.classes(request.COOKIES)) if request else ""


@register.simple_tag(takes_context=True)
def keys_on(context: template.Context) -> bool:
    """Whether single-key shortcuts work; anyone can switch them off (WCAG 2.1.4)."""
    request = context.get("request")
    return not request or "nokeys" not in display.chosen(request.COOKIES)


@register.simple_tag
def js_words() -> str:
    """The sentences `app.js` says, as JSON for `data-words`."""
    return json.dumps(display.script_words(), ensure_ascii=False)


@register.simple_tag
def picked_words() -> SafeString:
    """`{% picked_words %}` in a `data-bulk-bar`: where `pick.js` says how many rows are picked."""
    return format_html(
        '<output data-picked="{}" data-elsewhere="{}" data-all="{}"></output>',
        _("{n} selected"),
        _("{n} selected, {m} of them on other pages"),
        _("all {n} selected"),
    )


@register.filter
def words(text: str) -> list[str]:
    """`"50 100 200"|words`: a literal list for a loop."""
    return text.split()


@register.inclusion_tag("_chart.html")
def chart(chart: charts.Chart) -> dict[str, Any]:
    """`{% chart figure %}`: a figure with its sentence, its drawing and the same as a table."""
    return {"chart": chart}
