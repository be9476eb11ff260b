"""Fields that several forms share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from governance import sniffing
from governance.models import Membership

MOST_PHOTOS = 12


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures from one input; what they really are is checked when they are taken in."""

    def __init__(self, **options: Any) -> None:
        megabytes = sniffing.PHOTO_BYTES // sniffing.MB
        options.setdefault("required", False)
        options.setdefault("label", _("Photos"))
        options.setdefault("help_text", _("JPG, PNG or HEIC, up to 15 MB each, 12 at the most."))
        options["widget"] = ManyFiles(
            attrs={"accept": "image/*", "data-max-mb": megabytes, "multiple": True}
        )
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        found = [super(PhotosField, self).clean(file, initial) for file in files if file]
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"])
        if len(found) > MOST_PHOTOS:
            raise forms.ValidationError(_("Not more than 12 photos at once."))
        return found


class Hidden(forms.IntegerField):
    """The version with which the page was read."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False)


def person_choices(members: Iterable[Membership]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Members grouped by department, with their cards."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for member in members:
        office = member.department.name if member.department else ""
        groups.setdefault(office, []).append((member.pk, person_label(member)))
    return list(groups.items())


def person_label(member: Membership) -> str:
    """Name, role, and whether a valid card is held."""
    parts = [member.person, str(member.get_role_display())]
    if member.holds_card():
        parts.append(str(_("card holder")))
    return " · ".join(parts)


def lines(label: Any, *, rows: int = 3, **options: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)
