"""Forms of the list procedure and of the public verify page."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from governance import daylight, labels
from governance.models import Membership
from governance.scoping import COUNTY_DIGITS
from inspections.models import Finding
from institutions.models import Institution, Licence
from publiclists import public_pages
from publiclists.models import Ground, ListChain, ListEntry, Publication


class FilterForm(forms.Form):
    """The filters of the list page."""

    q = forms.CharField(label=gettext_lazy("Institution or number"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("List"),
        choices=[("", gettext_lazy("All"))]
        + [pair for pair in labels.choices("ListEntry.kind") if pair[0] != "SERIOUS"],
        required=False,
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("All")), *labels.choices("ListEntry.status")],
        required=False,
    )
    queue = forms.CharField(widget=forms.HiddenInput, required=False)


class FindForm(forms.Form):
    """Which institution a proposal is about."""

    institution = forms.CharField(
        label=gettext_lazy("Institution"),
        help_text=gettext_lazy("Name, register number or credit code"),
        max_length=60,
    )


class ProposeForm(forms.Form):
    """Grounds and facts of a proposal for one institution and one list."""

    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("Grounds"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Facts"),
        help_text=gettext_lazy("For the file only; it is not published."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    statement = forms.CharField(
        label=gettext_lazy("Sentence for the public"),
        help_text=gettext_lazy(
            "Instead of the name of the ground, if one ground is chosen. No names of people, "
            "no telephone numbers."
        ),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, institution: Institution, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        county = institution.division_id[:COUNTY_DIGITS]
        offered = Ground.objects.in_force(daylight.today(), county).filter(kind=kind)
        self.fields["grounds"].choices = [(ground.code, name_of(ground)) for ground in offered]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("statement") and len(data.get("grounds", [])) > 1:
            self.add_error("statement", _("One sentence cannot stand for several grounds."))
        return data

    def arguments(self) -> dict[str, Any]:
        """What `services.propose` takes."""
        data = self.cleaned_data
        statements = {data["grounds"][0]: data["statement"]} if data["statement"] else {}
        return {"codes": data["grounds"], "reason": data["reason"], "statements": statements}


def name_of(ground: Ground) -> str:
    """The ground in the reader's language."""
    return ground.name_en if (get_language() or "").startswith("en") else ground.name_zh


class VersionForm(forms.Form):
    """An act on the entry as the reader saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


class NoticeForm(VersionForm):
    way = forms.ChoiceField(
        label=gettext_lazy("How the notice is served"),
        choices=labels.choices("ListEntry.served_by_way_of"),
        widget=forms.RadioSelect,
    )
    served_on = forms.DateField(
        label=gettext_lazy("Served on"),
        help_text=gettext_lazy("The time for objections counts from the day after."),
        widget=forms.DateInput(attrs={"class": "w-date"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Who received it, where it was shown"), max_length=200, required=False
    )


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What the party says"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"), widget=forms.DateInput(attrs={"class": "w-date"})
    )


class ReviewForm(VersionForm):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("Result"),
        choices=[
            ("no", gettext_lazy("Not upheld: the proposal goes on")),
            ("yes", gettext_lazy("Upheld: the entry is dropped")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    review = forms.CharField(
        label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class DecideForm(VersionForm):
    decision = forms.CharField(
        label=gettext_lazy("Decision"),
        help_text=gettext_lazy("For the file; the public reads grounds, basis and number."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    number = forms.CharField(label=gettext_lazy("Number of the decision paper"), max_length=80)


class WithdrawForm(ReasonForm):
    annulled = forms.BooleanField(
        label=gettext_lazy("The decision itself was annulled or corrected"), required=False
    )


class EvidenceForm(forms.Form):
    """A finding or certificate of the institution that backs the entry."""

    row = forms.ChoiceField(label=gettext_lazy("Record"))
    note = forms.CharField(label=gettext_lazy("What it shows"), max_length=300, required=False)

    def __init__(self, *args: Any, entry: ListEntry, actor: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.findings = Finding.objects.visible_to(actor).of(entry.institution)
        self.licences = Licence.objects.visible_to(actor).filter(institution=entry.institution)
        findings = [(f"finding:{row.pk}", self._of_finding(row)) for row in self._latest()]
        licences = [(f"licence:{row.pk}", self._of_licence(row)) for row in self.licences]
        self.fields["row"].choices = [
            ("", _("Choose a record")),
            (_("Findings"), findings),
            (_("Certificates"), licences),
        ]

    def _latest(self) -> Any:
        return self.findings.select_related("item", "inspection").order_by("-found_on", "-pk")[:50]

    def _of_finding(self, row: Finding) -> str:
        return f"{row.found_on} {row} {row.problem}"

    def _of_licence(self, row: Licence) -> str:
        return f"{labels.label('Licence.kind', row.kind)} {row.number}".strip()

    def arguments(self) -> dict[str, Any]:
        """What `services.add_evidence` takes."""
        name, pk = self.cleaned_data["row"].split(":")
        rows = self.findings if name == "finding" else self.licences
        return {name: rows.get(pk=pk), "note": self.cleaned_data["note"]}


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput(attrs={"data-max-mb": "100"})
    )
    caption = forms.CharField(label=gettext_lazy("What it shows"), max_length=200, required=False)


class PublishForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Occasion"),
        help_text=gettext_lazy("For the file, for example the meeting that asked for it."),
        max_length=200,
        required=False,
    )


class RevealForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why you need it"), max_length=300)


class VerifyForm(forms.Form):
    """A file of the reader's, or one of ours."""

    file = forms.FileField(
        label=gettext_lazy("A publication file you have"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        required=False,
        allow_empty_file=True,
    )
    publication = forms.ChoiceField(label=gettext_lazy("Or one published here"), required=False)

    def __init__(self, *args: Any, chains: list[ListChain], **options: Any) -> None:
        super().__init__(*args, **options)
        self.chains = {chain.kind: chain for chain in chains}
        self.fields["publication"].choices = [("", _("None"))] + [
            (f"{chain.kind}:{row.number}", f"{row} · {row.as_of}")
            for chain in chains
            for row in Publication.objects.published().of_list(chain.division_id, chain.kind)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool(data.get("publication")):
            raise forms.ValidationError(_("Choose a file, or one of the publications."))
        return data

    def chosen(self) -> tuple[str, bytes, ListChain | None]:
        """Name, bytes, and for one of ours the chain it stands in."""
        file = self.cleaned_data["file"]
        if file:
            return file.name, file.read(), None
        kind, number = self.cleaned_data["publication"].split(":")
        chain = self.chains[kind]
        published = Publication.objects.published().of_list(chain.division_id, kind)
        publication = published.get(number=number)
        data = public_pages.json_file(chain, publication)
        return f"{chain.slug}-{number}.json", data, chain
