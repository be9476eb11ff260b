"""The form for a place found on the spot: few fields, large targets, no script needed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import labels, sniffing
from governance.models import Division, Membership
from institutions.forms import townships_of
from institutions.models import Category, FoundHow, Kind

MOST_PHOTOS = 6


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos, from the camera or the gallery."""

    def __init__(self) -> None:
        limit = sniffing.PHOTO_BYTES // sniffing.MB
        attrs = {"accept": "image/*", "data-max-mb": str(limit)}
        super().__init__(
            label=_("Photos"),
            required=False,
            widget=PhotosInput(attrs=attrs),
            help_text=_("The front with its sign; at most six."),
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        files = [one(file, initial) for file in data or []]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_now("At most six photos at a time."))
        return files


class FoundForm(forms.Form):
    """What one can say of a place while standing in front of it."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    photos = PhotosField()
    township = forms.ModelChoiceField(label=_("Township"), queryset=Division.objects.none())
    address = forms.CharField(
        label=_("Where"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Road and number, or village and what stands beside it."),
    )
    name = forms.CharField(
        label=_("Name on the sign"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave empty when there is none."),
    )
    kind = forms.ChoiceField(
        label=_("What it is"), widget=forms.RadioSelect, initial=Kind.TRAINING, choices=[]
    )
    category = forms.ChoiceField(
        label=_("What is taught"), choices=[], required=False, initial=Category.UNCLEAR
    )
    found_how = forms.ChoiceField(
        label=_("How it was found"), choices=FoundHow.choices, initial=FoundHow.SWEEP
    )
    note = forms.CharField(
        label=_("Remarks"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = townships_of(actor)
        self.fields["township"].queryset = places
        first = list(places[:2])
        if len(first) == 1:  # a township office need not say where it is
            self.fields["township"].initial = first[0]
        self.fields["kind"].choices = [
            pair for pair in labels.choices("Institution.kind") if pair[0] in Kind.values
        ]
        self.fields["category"].choices = [
            pair for pair in labels.choices("Institution.category") if pair[0] in Category.values
        ]

    def facts(self) -> dict[str, Any]:
        """What `quick_find` takes."""
        data = dict(self.cleaned_data)
        category = data.pop("category")
        return data | {"categories": [category] if category else []}
