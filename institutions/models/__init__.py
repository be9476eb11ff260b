"""The registry: institutions with their periods, sites, certificates and what became of them.

Identity stays on the row; what statistics group or filter by lives in periods of valid time. What
was known when is answered by the audit trail.
"""

from institutions.models.choices import (
    REGISTRATION,
    SCHOOLING,
    SUB_KINDS,
    BuildingUse,
    Category,
    CertStatus,
    FoundHow,
    Kind,
    LicenceKind,
    Meals,
    Mode,
    OperatingStatus,
    Source,
    Stage,
    SubKind,
    Tenure,
)
from institutions.models.compliance import ComplianceRule, GuidedPriceRow
from institutions.models.dealings import Advertisement, ContractForm, FeeItem, InsurancePolicy
from institutions.models.disposals import Disposal
from institutions.models.duplicates import (
    DuplicateKey,
    DuplicatePair,
    DuplicateScan,
    InstitutionMerge,
)
from institutions.models.figures import ReportedFigure
from institutions.models.filed import Filed, FiledQuerySet
from institutions.models.filings import Filing
from institutions.models.guidance import Guidance, GuidanceStep
from institutions.models.identification import ExpertOpinion, Identification, Verdict
from institutions.models.institutions import (
    Institution,
    InstitutionPeriod,
    InstitutionQuerySet,
    RegisterSeries,
)
from institutions.models.leads import Lead, LeadCheck
from institutions.models.licences import Licence
from institutions.models.results import AnnualResult
from institutions.models.sites import Site, SitePeriod
from institutions.models.staff import BarredPerson, InServiceTeacher, StaffMember
from institutions.models.teaching import Course, LessonSlot, Material
from institutions.models.visits import DossierVisit
from institutions.models.walls import UnknownScan, WallToken

__all__ = [
    "REGISTRATION",
    "SCHOOLING",
    "SUB_KINDS",
    "Advertisement",
    "AnnualResult",
    "BarredPerson",
    "BuildingUse",
    "Category",
    "CertStatus",
    "ComplianceRule",
    "ContractForm",
    "Course",
    "Disposal",
    "DossierVisit",
    "DuplicateKey",
    "DuplicatePair",
    "DuplicateScan",
    "ExpertOpinion",
    "FeeItem",
    "Filed",
    "FiledQuerySet",
    "Filing",
    "FoundHow",
    "Guidance",
    "GuidanceStep",
    "GuidedPriceRow",
    "Identification",
    "InServiceTeacher",
    "Institution",
    "InstitutionMerge",
    "InstitutionPeriod",
    "InstitutionQuerySet",
    "InsurancePolicy",
    "Kind",
    "Lead",
    "LeadCheck",
    "LessonSlot",
    "Licence",
    "LicenceKind",
    "Material",
    "Meals",
    "Mode",
    "OperatingStatus",
    "RegisterSeries",
    "ReportedFigure",
    "Site",
    "SitePeriod",
    "Source",
    "StaffMember",
    "Stage",
    "SubKind",
    "Tenure",
    "UnknownScan",
    "Verdict",
    "WallToken",
]
