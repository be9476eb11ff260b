"""Forms of the registry. They check shape; the services refuse what the procedure forbids."""

from institutions.forms.branches import BranchFiledForm, BranchForm
from institutions.forms.certificates import DisposalForm, LicenceForm, LicenceStatusForm
from institutions.forms.facts import FactsForm
from institutions.forms.fields import (
    LICENSOR_KINDS,
    ReasonForm,
    Versioned,
    day_field,
    departments_of,
    townships_of,
)
from institutions.forms.identity import (
    IdentityForm,
    MemberForm,
    OtherInstitutionForm,
    RegisterForm,
)
from institutions.forms.results import AnnualResultForm, CorrectResultForm
from institutions.forms.sites import NewSiteForm, SiteChangeForm
from institutions.forms.walls import PlaceForm

__all__ = [
    "LICENSOR_KINDS",
    "AnnualResultForm",
    "BranchFiledForm",
    "BranchForm",
    "CorrectResultForm",
    "DisposalForm",
    "FactsForm",
    "IdentityForm",
    "LicenceForm",
    "LicenceStatusForm",
    "MemberForm",
    "NewSiteForm",
    "OtherInstitutionForm",
    "PlaceForm",
    "ReasonForm",
    "RegisterForm",
    "SiteChangeForm",
    "Versioned",
    "day_field",
    "departments_of",
    "townships_of",
]
