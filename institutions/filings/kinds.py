"""What can be filed, one entry per kind; pages, diff, lists, workbooks and exports read this."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.labels import label
from institutions.filings.dealing_forms import (
    AdvertisementForm,
    ContractFormForm,
    FeeForm,
    InsuranceForm,
)
from institutions.filings.forms import EndForm, FigureForm, FilingForm, StaffForm
from institutions.filings.teaching_forms import CourseForm, MaterialForm
from institutions.models import (
    Advertisement,
    ContractForm,
    Course,
    FeeItem,
    Filed,
    Filing,
    Institution,
    InsurancePolicy,
    Material,
    ReportedFigure,
    StaffMember,
)

Values = Mapping[str, Any]


@dataclass(frozen=True)
class FilingKind:
    """One kind: its rows, its form, what a row is called, and the columns of a list of them."""

    code: str
    model: type[Filed]
    form: type[FilingForm]
    title: Callable[[Values], str]
    columns: tuple[str, ...]
    fetch: tuple[str, ...] = ()  # rows to have at hand when many are shown
    prefetch: tuple[str, ...] = ()
    tab: str = "teaching"  # the part of the dossier where its rows stand

    @property
    def label(self) -> str:
        return label("Filing.kind", self.code)

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.form.base_fields

    def place(self, institution: Institution) -> str:
        """Where the rows of an institution stand on its dossier."""
        return f"{institution.get_absolute_url()}?tab={self.tab}#filed-{self.code}"

    def form_for(self, action: str) -> type[Any]:
        return EndForm if action == Filing.Action.END else self.form

    def field_label(self, name: str) -> str:
        field = self.fields.get(name) or EndForm.base_fields.get(name)
        return str(field.label) if field else name


KINDS: dict[str, FilingKind] = {
    kind.code: kind
    for kind in (
        FilingKind(
            "staff", StaffMember, StaffForm, lambda row: row.get("name", ""),
            ("name", "role", "subjects", "certificate_kind", "certificate_number",
             "crime_query_on", "employed_from"),
            tab="staff",
        ),
        FilingKind(
            "course", Course, CourseForm, lambda row: row.get("name", ""),
            ("name", "category", "stages", "teacher", "class_size", "slots"),
            fetch=("teacher", "material", "site"), prefetch=("slots", "site__periods"),
        ),
        FilingKind(
            "material", Material, MaterialForm, lambda row: row.get("title", ""),
            ("title", "origin", "internal_review_on", "internal_review_passed",
             "external_review_on", "external_review_passed"),
        ),
        FilingKind(
            "fee", FeeItem, FeeForm, lambda row: row.get("name", ""),
            ("name", "course", "amount", "lessons", "pay_methods", "posted"),
            fetch=("course",),
        ),
        FilingKind(
            "contract", ContractForm, ContractFormForm, lambda row: row.get("form_code", ""),
            ("form_code", "signed_before_charging", "in_use_from", "in_use_until"),
        ),
        FilingKind(
            "insurance", InsurancePolicy, InsuranceForm,
            lambda row: f"{row.get('insurer', '')} {row.get('number', '')}".strip(),
            ("insurer", "number", "kind", "valid_from", "valid_to", "amount"),
        ),
        FilingKind(
            "advertisement", Advertisement, AdvertisementForm,
            lambda row: row.get("text", "")[:60],
            ("kind", "text", "place", "shown_from", "shown_until"),
        ),
        FilingKind(
            "figure", ReportedFigure, FigureForm,
            lambda row: f"{label('ReportedFigure.code', row.get('code'))} {row.get('as_of', '')}",
            ("code", "value", "as_of"),
            tab="filings",
        ),
    )
}  # fmt: skip


def kind_of(row: Filed) -> FilingKind:
    """The kind of a row that is on record."""
    return next(kind for kind in KINDS.values() if kind.model is type(row))
