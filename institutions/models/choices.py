"""The coded values of the registry."""

from django.db import models
from django.utils.translation import gettext_lazy


class Kind(models.TextChoices):
    TRAINING = "TRAINING"
    AFTERCARE = "AFTERCARE"
    KINDERGARTEN = "KINDERGARTEN"
    SCHOOL = "SCHOOL"


class Category(models.TextChoices):
    SUBJECT = "SUBJECT"
    SPORT = "SPORT"
    ARTS = "ARTS"
    SCITECH = "SCITECH"
    OTHER = "OTHER"
    VOCATIONAL = "VOCATIONAL"
    UNCLEAR = "UNCLEAR"


class OperatingStatus(models.TextChoices):
    OPERATING = "OPERATING"
    SUSPENDED = "SUSPENDED"
    NOT_RESUMED = "NOT_RESUMED"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"
    DEREGISTERED = "DEREGISTERED"
    LOST_CONTACT = "LOST_CONTACT"


class Source(models.TextChoices):
    """Where a fact came from."""

    ENTRY = "entry", gettext_lazy("entered by staff")
    QUICK = "quick", gettext_lazy("found on the spot")
    IMPORT = "import", gettext_lazy("imported")
    INSPECTION = "inspection", gettext_lazy("verified on inspection")
    SELF = "self", gettext_lazy("reported by the institution")
    PARTNER = "partner", gettext_lazy("sent by another system")


class FoundHow(models.TextChoices):
    """How a place came to be known."""

    SWEEP = "sweep", gettext_lazy("Sweep")
    PATROL = "patrol", gettext_lazy("Patrol")
    TIP = "tip", gettext_lazy("Tip from the public")
    SCHOOL = "school", gettext_lazy("School survey")
    TRANSFER = "transfer", gettext_lazy("Passed on by a department")
    OTHER = "other", gettext_lazy("Other")


class CertStatus(models.TextChoices):
    """Derived from the certificates in force on a day; never stored."""

    FULL = "FULL"
    REG_ONLY = "REG_ONLY"
    LICENSE_ONLY = "LICENSE_ONLY"
    NONE = "NONE"


class LicenceKind(models.TextChoices):
    SCHOOL_LICENCE = "school_licence"
    SETUP_APPROVAL = "setup_approval"
    VOCATIONAL_LICENCE = "vocational_licence"
    BUSINESS_LICENCE = "business_licence"
    NONPROFIT_CERT = "nonprofit_cert"
    PUBLIC_INSTITUTION_CERT = "public_institution_cert"
    FIRE = "fire"
    BUILDING_SAFETY = "building_safety"
    FOOD = "food"


# 证: the right to run a school; 照: the legal person.
SCHOOLING = (
    LicenceKind.SCHOOL_LICENCE,
    LicenceKind.SETUP_APPROVAL,
    LicenceKind.VOCATIONAL_LICENCE,
)
REGISTRATION = (
    LicenceKind.BUSINESS_LICENCE,
    LicenceKind.NONPROFIT_CERT,
    LicenceKind.PUBLIC_INSTITUTION_CERT,
)
