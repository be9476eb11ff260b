"""The forms of what is taught: courses with their timetable, and materials."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import labels
from institutions.filings.forms import (
    FilingForm,
    categories,
    choice,
    number,
    several,
    site_words,
    sites_of,
    tick,
    yes_no,
)
from institutions.filings.timetable import TimetableField, TimetableWidget
from institutions.forms.fields import UNKNOWN, day_field, text_field
from institutions.models import Institution, Material, Site, StaffMember


class OwnRow(forms.ModelChoiceField):
    """A row of the same institution, called by its own words."""

    def __init__(self, label: Any, queryset: Any, words: Any) -> None:
        super().__init__(
            label=label, queryset=queryset, required=False, empty_label=_("not collected")
        )
        self.words = words

    def label_from_instance(self, row: Any) -> str:
        return str(self.words(row))


class CourseForm(FilingForm):
    """A course with its timetable."""

    SPAN = ("starts_on", "ends_on")

    name = text_field(_("Name of the course"), 120, required=True)
    category = forms.ChoiceField(label=_("Category"), choices=categories)
    sub_kind = forms.ChoiceField(
        label=_("Branch"), required=False, choices=[UNKNOWN, *labels.choices("Course.sub_kind")]
    )
    stages = several(_("Stages"), "Institution.stage", required=True)
    mode = choice(_("Form of teaching"), "Institution.mode")
    foreign_language = tick(_("Teaches a foreign language"))
    site = OwnRow(_("Site"), Site.objects.none(), site_words)
    teacher = OwnRow(_("Teacher"), StaffMember.objects.none(), lambda row: row.name)
    class_size = number(_("Largest number in a class"), 1_000)
    lesson_minutes = number(_("Minutes of a lesson"), 600, least=1)
    lessons = number(_("Number of lessons"), 2_000, least=1)
    starts_on = day_field(_("First lesson"), required=False)
    ends_on = day_field(_("Last lesson"), required=False)
    slots = TimetableField(
        label=_("Timetable"), required=False,
        widget=TimetableWidget(attrs={"rows": 4}),
        help_text=_(
            "One line for each lesson: weekdays or days, from-to, number of learners; add “also on "
            "holidays” where it takes place then too. Example: Sat 09:00-10:30 20"
        ),
    )  # fmt: skip
    material = OwnRow(_("Material"), Material.objects.none(), lambda row: row.title)

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, institution=institution, **kwargs)
        staff = institution.staff.filter(voided_at=None, ended_on=None).exclude(role="OTHER")
        materials = institution.materials.filter(voided_at=None, ended_on=None)
        self.offer("site", sites_of(institution))
        self.offer("teacher", staff.order_by("name", "pk"))
        self.offer("material", materials.order_by("title", "pk"))

    def offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, OwnRow)
        field.queryset = rows


class MaterialForm(FilingForm):
    """A material with both reviews."""

    title = text_field(_("Title"), 120, required=True)
    origin = choice(_("Origin"), "Material.origin")
    internal_review_on = day_field(_("Internal review on"), required=False)
    internal_review_by = text_field(_("Internal review by"), 80, "w-half")
    internal_review_passed = yes_no(_("Internal review passed"))
    external_review_on = day_field(_("External review on"), required=False)
    external_review_by = text_field(_("External review by"), 80, "w-half")
    external_review_passed = yes_no(_("External review passed"))
    stopped_on = day_field(_("Last day of use"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.not_later_than_today("internal_review_on", "external_review_on")
        for which in ("internal", "external"):
            day, passed = data.get(f"{which}_review_on"), data.get(f"{which}_review_passed")
            if passed is not None and not day and f"{which}_review_on" not in self.errors:
                self.add_error(f"{which}_review_on", _now("Say when it was reviewed."))
        inside, outside = data.get("internal_review_on"), data.get("external_review_on")
        if inside and outside and outside < inside:
            self.add_error(
                "external_review_on", _now("The external review follows the internal one.")
            )
        return data
