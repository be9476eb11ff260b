"""Forms for branches."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from institutions.forms.fields import Versioned, day_field
from institutions.forms.identity import OtherInstitutionForm


class BranchForm(OtherInstitutionForm):
    """Which body it is a branch of, and since when that is filed."""

    filed_on = day_field(
        _("Filed with the licensor of the main body on"),
        required=False,
        help_text=_("Empty while the filing is not done."),
    )
    field_order = ("version", "other", "filed_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].label = _("Number or credit code of the main body")
        del self.fields["reason"]


class BranchFiledForm(Versioned):
    on = day_field(_("Filed with the licensor of the main body on"))
