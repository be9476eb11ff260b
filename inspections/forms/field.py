"""The forms behind the phone pages; each turns what was posted into a changed document."""

import uuid as uuids
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from governance import labels
from governance.models import Membership
from inspections import crew, documents
from inspections.forms.fields import PhotosField, lines, person_choices
from inspections.models import ChecklistVersion, Inspection, InspectionPhoto, Section
from institutions.models import Institution

Role = InspectionPhoto.Role
Source = Inspection.PositionSource
PARTY = labels.choices("Inspection.party_signature")


class StartForm(forms.Form):
    """An unplanned visit."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=crew.visits(), initial="PATROL")
    sections = forms.MultipleChoiceField(
        label=_("Sections of the checklist"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all of them."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, checklist: ChecklistVersion, institution: Institution, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        self.fields["uuid"].initial = uuids.uuid4
        self.fields["sections"].choices = [
            (section.code, f"{section.code} {section.name}") for section in checklist.sections()
        ]

    def document(self) -> dict[str, Any]:
        raw = {
            "schema": documents.SCHEMA,
            "revision": 1,
            "institution": self.institution.pk,
            "kind": self.cleaned_data["kind"],
            "sections": self.cleaned_data["sections"],
        }
        return documents.check(raw, documents.DocumentShape)


class SectionForm(forms.Form):
    """The questions of one section."""

    def __init__(
        self,
        *args: Any,
        section: Section,
        document: dict[str, Any],
        inspection: Inspection,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.document, self.inspection = section, document, inspection
        given = {answer["item"]: answer for answer in document["answers"]}
        for item in section.items:
            self._add(item.code, given.get(item.code, {}))

    def _add(self, code: str, answer: dict[str, Any]) -> None:
        self.fields[f"value_{code}"] = forms.ChoiceField(
            choices=labels.choices("InspectionAnswer.value"), required=False,
            widget=forms.RadioSelect, initial=answer.get("value"),
        )  # fmt: skip
        self.fields[f"note_{code}"] = lines(
            _("What was found"), rows=2, max_length=500, required=False, initial=answer.get("note")
        )
        self.fields[f"fixed_{code}"] = forms.BooleanField(
            label=_("Put right on the spot"), required=False, initial=answer.get("fixed")
        )
        self.fields[f"fix_note_{code}"] = forms.CharField(
            label=_("How it was put right"), required=False, max_length=200,
            initial=answer.get("fix_note"),
        )  # fmt: skip
        self.fields[f"photos_{code}"] = PhotosField(label=_("Photos"), help_text="")

    def questions(self) -> list[dict[str, Any]]:
        """Each item with its fields and the photos that are there, for the page."""
        photos = self.document["photos"]
        return [
            {
                "item": item,
                "value": self[f"value_{item.code}"],
                "note": self[f"note_{item.code}"],
                "fixed": self[f"fixed_{item.code}"],
                "fix_note": self[f"fix_note_{item.code}"],
                "files": self[f"photos_{item.code}"],
                "photos": [row for row in photos if row["item"] == item.code and row["received"]],
                "may_fix": item.severity != "critical",
            }
            for item in self.section.items
        ]

    def merged(self) -> dict[str, Any]:
        """The document with the answers of this section replaced."""
        mine = {item.code for item in self.section.items}
        kept = [answer for answer in self.document["answers"] if answer["item"] not in mine]
        there = {answer["item"]: answer for answer in self.document["answers"]}
        new = [self._answer(code, there.get(code, {})) for code in sorted(mine)]
        return self.document | {"answers": kept + [answer for answer in new if answer["value"]]}

    def _answer(self, code: str, before: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "item": code,
            "uuid": before.get("uuid"),
            "value": data[f"value_{code}"],
            "note": data[f"note_{code}"],
            "fixed": data[f"fixed_{code}"],
            "fix_note": data[f"fix_note_{code}"],
        }

    def files_by_item(self) -> Iterator[tuple[str, UploadedFile]]:
        for item in self.section.items:
            for file in self.cleaned_data[f"photos_{item.code}"]:
                yield item.code, file


class PeopleForm(forms.Form):
    """People, position, general words."""

    officers = forms.TypedMultipleChoiceField(
        label=_("Officers who are here"), coerce=int, widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    position_source = forms.ChoiceField(
        label=_("Position"), widget=forms.RadioSelect, required=False,
        choices=labels.choices("Inspection.position_source"),
    )  # fmt: skip
    latitude = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90,
        widget=forms.NumberInput(attrs={"step": "any", "class": "w-number"}),
    )  # fmt: skip
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any", "class": "w-number"}),
    )  # fmt: skip
    accuracy = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=0)
    reason = forms.CharField(
        label=_("Why there is no position, or why it is far away"), required=False, max_length=200
    )
    photos_missing_reason = forms.CharField(
        label=_("Why photos are missing"), required=False, max_length=200
    )
    summary = lines(_("Summary"), required=False, max_length=4000)

    def __init__(
        self,
        *args: Any,
        inspection: Inspection,
        document: dict[str, Any],
        actor: Membership,
        **kwargs: Any,
    ) -> None:
        self.document, self.actor = document, actor
        kwargs["initial"] = _initial(document)
        super().__init__(*args, **kwargs)
        people = crew.candidates(inspection.division)
        self.fields["officers"].choices = [
            (pk, f"{name} · {office}")
            for office, rows in person_choices(people)
            for pk, name in rows
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        known = data.get("latitude") is not None and data.get("longitude") is not None
        source = data.get("position_source")
        if source in (Source.GPS, Source.MANUAL) and not known:
            self.add_error("latitude", _("Give both coordinates, or choose no position."))
        if source == Source.NONE and not data.get("reason"):
            self.add_error("reason", _("Say why there is no position."))
        return data

    def merged(self) -> dict[str, Any]:
        data = self.cleaned_data
        officers = data["officers"] or [self.actor.pk]
        leads = {row["membership"]: row["leader"] for row in self.document["officers"]}
        changes: dict[str, Any] = {
            "officers": [{"membership": pk, "leader": leads.get(pk, False)} for pk in officers],
            "photos_missing_reason": data["photos_missing_reason"],
            "summary": data["summary"],
        }
        if data["position_source"]:
            changes["position"] = {
                "source": data["position_source"],
                "latitude": data["latitude"],
                "longitude": data["longitude"],
                "accuracy": data["accuracy"],
                "reason": data["reason"],
            }
        return self.document | changes


def _initial(document: dict[str, Any]) -> dict[str, Any]:
    position = document["position"] or {}
    return {
        "officers": [row["membership"] for row in document["officers"]],
        "position_source": position.get("source", ""),
        "latitude": position.get("latitude"),
        "longitude": position.get("longitude"),
        "accuracy": position.get("accuracy"),
        "reason": position.get("reason", ""),
        "photos_missing_reason": document["photos_missing_reason"],
        "summary": document["summary"],
    }


NEEDED_AT_TIMES = ("signer_name", "refusal_reason", "witness_name")  # never "optional"


class SignForm(forms.Form):
    """How the visit ends. Without script the signed sheet is photographed."""

    party = forms.ChoiceField(
        label=_("The institution"), widget=forms.RadioSelect, choices=PARTY, initial="signed"
    )
    signer_name = forms.CharField(
        label=_("Name of who signs"), required=False, max_length=60,
        help_text=_("Needed when the institution signs."),
    )  # fmt: skip
    signer_post = forms.CharField(label=_("Post"), required=False, max_length=60)
    party_file = forms.FileField(
        label=_("Signature of the institution"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=_("A photo of the signed sheet, where it cannot be drawn here."),
    )  # fmt: skip
    refusal_reason = forms.CharField(
        label=_("Why refused"), required=False, max_length=200,
        help_text=_("Needed when it refuses to sign."),
    )  # fmt: skip
    witness_name = forms.CharField(
        label=_("Witness"), required=False, max_length=60,
        help_text=_("Needed when it refuses or nobody is there."),
    )  # fmt: skip
    statement = lines(_("What the institution says"), rows=2, required=False, max_length=2000)
    officer_file = forms.FileField(
        label=_("Signature of the officer"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip
    serve_now = forms.BooleanField(
        label=_("Hand over the rectification notice now; the signature is its receipt"),
        required=False, initial=True,
    )  # fmt: skip

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NEEDED_AT_TIMES:
            self.fields[name].may_be_needed = True
        if not inspection.answers.filter(value="NO", fixed_on_spot=False).exists():
            del self.fields["serve_now"]

    def signatures(self) -> Iterator[tuple[str, UploadedFile]]:
        files = (
            (Role.PARTY_SIGNATURE, self.cleaned_data["party_file"]),
            (Role.OFFICER_SIGNATURE, self.cleaned_data["officer_file"]),
        )
        for role, file in files:
            if file:
                yield role, file

    def signing(self) -> dict[str, Any]:
        """The keyword arguments of `services.sign`."""
        names = ("party", "signer_name", "signer_post", "refusal_reason", "witness_name")
        return {name: self.cleaned_data[name] for name in (*names, "statement")} | {
            "serve_now": self.cleaned_data.get("serve_now", False)
        }
