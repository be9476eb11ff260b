"""The registry: institutions with their periods, sites, certificates and what became of them.

Identity stays on the row; what statistics group or filter by lives in periods of valid time. What
was known when is answered by the audit trail.
"""

from institutions.models.choices import (
    REGISTRATION,
    SCHOOLING,
    Category,
    CertStatus,
    FoundHow,
    Kind,
    LicenceKind,
    OperatingStatus,
    Source,
)
from institutions.models.disposals import Disposal
from institutions.models.institutions import (
    Institution,
    InstitutionPeriod,
    InstitutionQuerySet,
    RegisterSeries,
)
from institutions.models.licences import Licence
from institutions.models.sites import Site, SitePeriod

__all__ = [
    "REGISTRATION",
    "SCHOOLING",
    "Category",
    "CertStatus",
    "Disposal",
    "FoundHow",
    "Institution",
    "InstitutionPeriod",
    "InstitutionQuerySet",
    "Kind",
    "Licence",
    "LicenceKind",
    "OperatingStatus",
    "RegisterSeries",
    "Site",
    "SitePeriod",
    "Source",
]
