"""What the user says about a ledger: the file, the place, and what only a person can know."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.import_memory import is_ours
from governance.imports import DECISIONS, HIDDEN, IGNORED, LOST
from governance.models import Division, ImportBatch, Membership
from governance.workbooks import MAX_BYTES, text
from governance.workbooks.door import value as decoded
from institutions.forms import day_field, townships_of
from institutions.imports.fields import FIELDS

MEGABYTE = 1024 * 1024
EARLIEST_YEAR = 1950
EXAMPLE_ROWS, EXAMPLES, LONGEST_EXAMPLE = 20, 3, 24
DECISION_LABELS = {
    "skip": _("Leave out for now"),
    "new": _("Another institution: enter it"),
    "same": _("The same one: update it"),
    "site": _("The same one: this is a further site"),
}


class UploadForm(forms.Form):
    """A workbook and what it is about."""

    file = forms.FileField(
        label=_("Workbook file"),
        help_text=_("xlsx, xls or csv, up to 20 MB. Titles, merged cells and footers may stay."),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xls,.csv,.et", "data-max-mb": str(MAX_BYTES // MEGABYTE)}
        ),
        allow_empty_file=True,  # the door says in words what is wrong with it
    )
    division = forms.ChoiceField(
        label=_("Place"),
        help_text=_("Rows without a township of their own are placed here."),
    )
    sheet = forms.CharField(
        label=_("Sheet"),
        required=False,
        max_length=100,
        help_text=_("Number or name; empty: the first sheet that holds a table."),
        widget=forms.TextInput(attrs={"class": "w-half"}),
    )
    head = forms.IntegerField(
        label=_("Row of the column heads"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Only when the heads were not found."),
        widget=forms.NumberInput(attrs={"class": "w-number"}),
    )
    as_of = day_field(
        _("As of the day"),
        required=False,
        help_text=_("From this day the facts of the ledger hold; empty: today."),
    )

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.places = {place.pk: place for place in places_of(actor)}
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, place.name) for code, place in self.places.items()]

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day and day > daylight.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    @property
    def place(self) -> Division:
        return self.places[self.cleaned_data["division"]]

    def answers(self) -> dict[str, Any]:
        day, head = self.cleaned_data["as_of"], self.cleaned_data["head"]
        return ({"as_of": day.isoformat()} if day else {}) | ({"head": head} if head else {})


def places_of(actor: Membership) -> list[Division]:
    """The actor's own county or township first, then the townships below it."""
    seat = [actor.department.division] if actor.department else []
    return [*seat, *[place for place in townships_of(actor) if place not in seat]]


class YearsForm(forms.Form):
    """One year for each column in which dates lack theirs."""

    def __init__(self, *args: Any, columns: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for index, column in enumerate(columns):
            self.fields[f"year_{index}"] = forms.IntegerField(
                label=_("Year of the dates in column “%(column)s”") % {"column": column["label"]},
                help_text=column["example"],
                required=False,
                min_value=EARLIEST_YEAR,
                max_value=daylight.today().year + 1,
                widget=forms.NumberInput(attrs={"class": "w-number"}),
            )

    def years(self) -> dict[str, int]:
        return {
            column["label"]: year
            for index, column in enumerate(self.columns)
            if (year := self.cleaned_data.get(f"year_{index}"))
        }


class ColumnsForm(forms.Form):
    """What each column means; guessed from its head, the user has the last word."""

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        said = batch.answers.get("columns", {})
        choices = [
            ("", _("Keep, but do not use")),
            *[(known.code, known.label) for known in FIELDS],
        ]
        seen = examples(batch)
        for column in open_columns(batch):
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=f"{column['letter']} · {label_of(column)}",
                choices=choices,
                required=False,
                initial=said_field(column, said),
                help_text=seen.get(column["index"], ""),
            )

    def columns(self) -> dict[str, str]:
        """Only what differs from the guess."""
        found = {}
        for column in open_columns(self.batch):
            choice = self.cleaned_data[f"column_{column['index']}"]
            if choice != (column["field"] or ""):
                found[label_of(column)] = choice or IGNORED
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        used = [choice for choice in cleaned.values() if choice]
        if len(used) != len(set(used)):
            raise forms.ValidationError(_("Two columns have the same meaning. Choose one of them."))
        return cleaned


def open_columns(batch: ImportBatch) -> list[dict[str, Any]]:
    """Columns the user may give a meaning; withheld ones were never stored."""
    return [
        column
        for column in batch.columns
        if not column["withheld"] and not is_ours(column["title"])
    ]


def examples(batch: ImportBatch) -> dict[int, str]:
    """The first cells of each column that holds no personal data."""
    found: dict[int, list[str]] = {}
    for cells in batch.rows.order_by("number").values_list("cells", flat=True)[:EXAMPLE_ROWS]:
        for index, cell in cells.items():
            words = text(decoded(cell)).strip()
            known = found.setdefault(int(index), [])
            if words and words not in known and len(known) < EXAMPLES:
                known.append(words[:LONGEST_EXAMPLE])
    return {index: "；".join(words) for index, words in found.items()}


def label_of(column: Mapping[str, Any]) -> str:
    return column["title"] or column["letter"]


def said_field(column: Mapping[str, Any], said: Mapping[str, str]) -> str:
    choice = said.get(label_of(column), column["field"])
    return "" if choice in (None, IGNORED) else choice


class CureForm(forms.Form):
    """One press: what becomes of hidden rows, or of numbers that lost their digits."""

    hidden = forms.ChoiceField(choices=[(code, code) for code in HIDDEN], required=False)
    lost = forms.ChoiceField(choices=[(code, code) for code in LOST], required=False)

    def answers(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class ModeForm(forms.Form):
    """What becomes of the good rows while others are wrong; nothing is chosen for the user."""

    mode = forms.ChoiceField(
        label=_("While some rows stay out"),
        widget=forms.RadioSelect,
        choices=[
            ("skip", _("Enter the good rows and leave the others out")),
            ("all", _("All or nothing: enter no row before every row is fine")),
        ],
    )


def decisions(posted: Mapping[str, Any], rows: list[int]) -> dict[str, str]:
    """`row_16=new` for the rows shown; anything else is left as it is."""
    found = {str(number): posted.get(f"row_{number}", "") for number in rows}
    return {number: choice for number, choice in found.items() if choice in DECISIONS}


def fixes(posted: Mapping[str, Any], cells: list[tuple[int, str]]) -> dict[str, dict[str, str]]:
    """`cell_5_查处日期=2022-01-05` for the cells shown that were filled in."""
    found: dict[str, dict[str, str]] = {}
    for number, column in cells:
        if words := str(posted.get(f"cell_{number}_{column}", "")).strip():
            found.setdefault(str(number), {})[column] = words[:2_000]
    return found
