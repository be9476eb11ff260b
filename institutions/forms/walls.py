"""The form for a code on the wall."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions import addresses
from institutions.models import Institution, Site


class PlaceForm(forms.Form):
    """For the whole institution, or for one site."""

    site = forms.ModelChoiceField(
        label=_("For which place"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("the institution with all its sites"),
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = addresses.of_institution(institution)
        self.fields["site"].queryset = Site.objects.filter(pk__in=known)
        self.fields["site"].label_from_instance = lambda site: known[site.pk]
