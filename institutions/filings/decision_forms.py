"""The forms of the two decisions, and what accompanies a filing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from governance import sniffing
from governance.workbooks import MAX_BYTES
from institutions.forms.fields import long_text

MOST_FILES = 6
FILE_BYTES = 15 * sniffing.MB


class AcceptForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReturnForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What the institution must put right"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several scans from one input; what they really are is checked when they are taken in."""

    def __init__(self) -> None:
        attrs = {"accept": "image/*,.pdf", "data-max-mb": FILE_BYTES // sniffing.MB,
                 "multiple": True}  # fmt: skip
        super().__init__(
            label=_("Scans or photos"), required=False, widget=ManyFiles(attrs=attrs),
            help_text=_("Certificates, contracts, policies: JPG, PNG, PDF; up to 15 MB, 6 files."),
        )  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files: Iterable[Any] = data if isinstance(data, list | tuple) else [data]
        found = [super(FilesField, self).clean(file, initial) for file in files if file]
        if len(found) > MOST_FILES:
            raise forms.ValidationError(_("Not more than 6 files at once."))
        return found


class BesideForm(forms.Form):
    """What goes with a filing."""

    note = long_text(_("Note for the department"))
    files = FilesField()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].max_length = 300
        self.fields["note"].widget.attrs["maxlength"] = 300


class SheetForm(forms.Form):
    """A workbook, or rows copied out of one."""

    file = forms.FileField(
        label=_("Workbook file"), required=False, allow_empty_file=True,
        help_text=_("xlsx, xls or csv, up to 20 MB and 500 rows."),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xls,.csv,.et", "data-max-mb": MAX_BYTES // sniffing.MB}
        ),
    )  # fmt: skip
    rows = forms.CharField(
        label=_("Or paste rows from a spreadsheet"), required=False, max_length=500_000,
        strip=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("With the row of heads, or without it in the order of the template."),
    )  # fmt: skip
    leave_out = forms.BooleanField(
        label=_("Leave out rows that are wrong and file the others"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not (data.get("rows") or "").strip():
            raise forms.ValidationError(_("Choose a file or paste rows."))
        return data
