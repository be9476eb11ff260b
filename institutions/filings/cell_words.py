"""The cell of a workbook as what a form control takes: 是 is True, a date is ISO."""

import re
from typing import Any

from django import forms
from django.utils import translation

from governance.workbooks import Value, cells
from governance.workbooks.cells import CellError
from institutions.filings.teaching_forms import OwnRow
from institutions.filings.timetable import TimetableField

LANGUAGES = ("zh-hans", "en")
_APART = re.compile(r"[、,;/\s]+")
_YES = frozenset(
    ("是", "有", "已", "y", "yes", "true", "1", "√", "v", "通过", "合格", "专职", "齐全", "无异常")
)
_NO = frozenset(
    (
        "否",
        "无",
        "未",
        "没有",
        "n",
        "no",
        "false",
        "0",
        "×",
        "x",
        "不通过",
        "未通过",
        "不合格",
        "兼职",
        "不齐全",
        "有异常",
    )
)


def form_value(control: forms.Field, name: str, value: Value, *, private: bool = False) -> Any:
    """Raises `CellError` when the cell cannot be taken; an empty cell is an empty control."""
    if isinstance(control, forms.BooleanField):
        return bool(_yes_or_no(value))
    if cells.blank(value):
        return [] if isinstance(control, forms.MultipleChoiceField) else ""
    if isinstance(control, forms.DateField):
        return cells.day(value).isoformat()
    if isinstance(control, forms.IntegerField | forms.DecimalField):
        return str(cells.count(value).amount)
    if isinstance(control, OwnRow):
        return _row(control, value)
    if isinstance(control, forms.TypedChoiceField):
        return _yes_or_no(value)
    if isinstance(control, forms.MultipleChoiceField):
        parts = [part for part in _APART.split(cells.tidy(value)) if part]
        return [_code(control, part) for part in parts]
    if isinstance(control, forms.ChoiceField):
        return _code(control, cells.tidy(value))
    if isinstance(control, TimetableField):
        return str(value)
    if private or name.endswith("number"):
        return cells.identifier(value)
    return cells.tidy(value)


def _yes_or_no(value: Value) -> bool | None:
    if isinstance(value, bool):
        return value
    word = cells.folded(value).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if cells.blank(value):
        return None
    raise CellError("unknown_word")


def _code(control: forms.ChoiceField, word: str) -> str:
    """The value whose word this is, in either language, or the only one that contains it."""
    wanted, spelled = cells.key(word), _spellings(control)
    if wanted in spelled:
        return spelled[wanted]
    near = {value for known, value in spelled.items() if len(wanted) > 1 and wanted in known}
    if len(near) == 1:
        return near.pop()
    raise CellError("unknown_word")


def _spellings(control: forms.ChoiceField) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found.update({cells.key(str(word)): str(v) for v, word in control.choices if v})
    return found | {cells.key(str(value)): str(value) for value, _word in control.choices if value}


def _row(control: OwnRow, value: Value) -> int:
    wanted = cells.key(cells.tidy(value))
    rows = [
        row.pk for row in control.queryset if cells.key(control.label_from_instance(row)) == wanted
    ]
    if len(rows) != 1:
        raise CellError("unknown_word")
    return int(rows[0])
