"""The coded values of the registry."""

from collections.abc import Iterable

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


class SubKind(models.TextChoices):
    """What is taught, below the category (domain.md §2)."""

    MUSIC = "MUSIC"
    FINE_ART = "FINE_ART"
    CALLIGRAPHY = "CALLIGRAPHY"
    DANCE = "DANCE"
    DRAMA = "DRAMA"
    DESIGN = "DESIGN"
    FITNESS = "FITNESS"
    BALL = "BALL"
    SWIMMING = "SWIMMING"
    GYMNASTICS = "GYMNASTICS"
    MARTIAL_ARTS = "MARTIAL_ARTS"
    CHESS = "CHESS"
    ROBOTICS = "ROBOTICS"
    PROGRAMMING = "PROGRAMMING"
    MAKER = "MAKER"
    MORALITY_LAW = "MORALITY_LAW"
    CHINESE = "CHINESE"
    HISTORY = "HISTORY"
    GEOGRAPHY = "GEOGRAPHY"
    MATHEMATICS = "MATHEMATICS"
    FOREIGN_LANGUAGE = "FOREIGN_LANGUAGE"
    PHYSICS = "PHYSICS"
    CHEMISTRY = "CHEMISTRY"
    BIOLOGY = "BIOLOGY"
    OTHER = "OTHER"


# A sub-kind belongs to one category; OTHER fits every one.
SUB_KINDS = {
    Category.ARTS: (
        SubKind.MUSIC, SubKind.FINE_ART, SubKind.CALLIGRAPHY, SubKind.DANCE, SubKind.DRAMA,
        SubKind.DESIGN,
    ),
    Category.SPORT: (
        SubKind.FITNESS, SubKind.BALL, SubKind.SWIMMING, SubKind.GYMNASTICS, SubKind.MARTIAL_ARTS,
        SubKind.CHESS,
    ),
    Category.SCITECH: (SubKind.ROBOTICS, SubKind.PROGRAMMING, SubKind.MAKER),
    Category.SUBJECT: (
        SubKind.MORALITY_LAW, SubKind.CHINESE, SubKind.HISTORY, SubKind.GEOGRAPHY,
        SubKind.MATHEMATICS, SubKind.FOREIGN_LANGUAGE, SubKind.PHYSICS, SubKind.CHEMISTRY,
        SubKind.BIOLOGY,
    ),
    Category.OTHER: (SubKind.OTHER,),
}  # fmt: skip


class Stage(models.TextChoices):
    """Ages and school stages of the learners."""

    PRE = "PRE"
    PRIMARY = "PRIMARY"
    JUNIOR = "JUNIOR"
    SENIOR = "SENIOR"


class Mode(models.TextChoices):
    OFFLINE = "OFFLINE"
    ONLINE = "ONLINE"


class BuildingUse(models.TextChoices):
    """What the building of a site was built and registered for."""

    HOME = "HOME"
    BASEMENT = "BASEMENT"
    SEMI_BASEMENT = "SEMI_BASEMENT"
    FACTORY = "FACTORY"
    STORE = "STORE"
    TEMPORARY = "TEMPORARY"
    COMMERCIAL = "COMMERCIAL"
    OFFICE = "OFFICE"
    EDUCATION = "EDUCATION"
    OTHER = "OTHER"


class Tenure(models.TextChoices):
    OWNED = "OWNED"
    LEASED = "LEASED"
    LENT = "LENT"


class Meals(models.TextChoices):
    NONE = "NONE"
    OWN_KITCHEN = "OWN_KITCHEN"
    SUPPLIER = "SUPPLIER"


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

    @classmethod
    def of(cls, kinds: Iterable[str]) -> "CertStatus":
        """The status that follows from the kinds of the certificates in force."""
        held = set(kinds)
        licensed, registered = bool(held & set(SCHOOLING)), bool(held & set(REGISTRATION))
        if licensed and registered:
            return cls.FULL
        if registered:
            return cls.REG_ONLY
        return cls.LICENSE_ONLY if licensed else cls.NONE


class LicenceKind(models.TextChoices):
    SCHOOL_LICENCE = "school_licence"
    SETUP_APPROVAL = "setup_approval"
    VOCATIONAL_LICENCE = "vocational_licence"
    BUSINESS_LICENCE = "business_licence"
    NONPROFIT_CERT = "nonprofit_cert"
    PUBLIC_INSTITUTION_CERT = "public_institution_cert"
    FIRE = "fire"
    FIRE_FILING = "fire_filing"
    BUILDING_SAFETY = "building_safety"
    FOOD = "food"
    FOOD_SUPPLIER = "food_supplier"
    HEALTH = "health"
    SPORT_RISK = "sport_risk"
    ICP = "icp"
    SECURITY_GRADE = "security_grade"


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
