"""The filter panels of lists and figures; made only when they are shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance import labels
from governance.models import Membership
from institutions import conditions as asking
from institutions.forms import LICENSOR_KINDS, day_field, departments_of, townships_of
from institutions.models import Category


class Several(forms.MultipleChoiceField):
    """Checkboxes of a filter; nothing ticked asks for nothing."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Any, choices: Any, **more: Any) -> None:
        super().__init__(label=label, choices=choices, required=False, **more)


YES_NO = [("", _("all")), ("yes", _("yes")), ("no", _("no"))]


class LedgerFilterForm(forms.Form):
    """The filter panel; made only when it is opened."""

    q = forms.CharField(
        label=_("Name, pinyin initials, code or number"), required=False, max_length=60
    )
    township = Several(_("Township"), [])
    category = Several(
        _("Category"),
        [pair for pair in labels.choices("Institution.category") if pair[0] in Category.values],
    )
    cert = Several(_("Certificates"), labels.choices("cert_status"))
    status = Several(_("Operation"), labels.choices("Institution.operating_status"))
    kind = Several(pgettext_lazy("institution", "Kind"), labels.choices("Institution.kind"))
    licensor = Several(_("Licensor"), [])
    disposal = Several(
        _("Outcome"), [*labels.choices("Disposal.outcome"), (asking.NONE, _("none"))]
    )
    measure = Several(_("Lawful measure"), labels.choices("measure"))
    profit = Several(_("Profit nature"), labels.choices("Institution.profit_nature"))
    duplicate = forms.ChoiceField(label=_("Duplicate registration"), choices=YES_NO, required=False)
    multi_site = forms.ChoiceField(label=_("Several sites"), choices=YES_NO, required=False)
    problems = forms.ChoiceField(
        label=_("Open problems"), choices=[("", _("all")), ("yes", _("yes"))], required=False
    )
    listed = forms.ChoiceField(
        label=_("On a list"), choices=[("", _("all")), ("yes", _("yes"))], required=False
    )
    expires = forms.IntegerField(
        label=_("A certificate expires within so many days"),
        required=False,
        min_value=0,
        max_value=asking.LONGEST_WINDOW,
        widget=forms.NumberInput(attrs={"class": "w-number"}),
    )
    on = day_field(_("As of the day"), required=False)

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = [(place.pk, place.name) for place in townships_of(actor)]
        self.fields["licensor"].choices = [
            *((str(row.pk), row.name) for row in departments_of(actor, LICENSOR_KINDS)),
            (asking.NONE, _("none")),
        ]


class StatisticsFilterForm(forms.Form):
    """The filters of the statistics page; names and meaning are those of the ledger."""

    on = day_field(_("As of the day"), required=False)
    township = Several(_("Township"), [])
    kind = Several(pgettext_lazy("institution", "Kind"), labels.choices("Institution.kind"))
    status = Several(_("Operation"), labels.choices("Institution.operating_status"))
    rows = forms.ChoiceField(label=_("Rows of the table"), choices=[], required=False)
    columns = forms.ChoiceField(label=_("Columns of the table"), choices=[], required=False)

    def __init__(self, *args: Any, actor: Membership, dimensions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = [(place.pk, place.name) for place in townships_of(actor)]
        self.fields["rows"].choices = self.fields["columns"].choices = dimensions
