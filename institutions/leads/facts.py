"""What the rules look at: plain values of one institution on one day.

`None` and an empty set of categories, stages or modes mean "not known"; a rule that needs them says
that it cannot be checked. Amounts are yuan, areas square metres, shares percent.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from governance.workdays import Calendar
from institutions.leads.guided import GuidedPrice
from institutions.leads.school_year import SchoolYear

Codes = frozenset[str]
NOTHING: Codes = frozenset()


@dataclass(frozen=True, order=True)
class Ref:
    """The row a value came from: its kind (`institution`, `site`, `course`, …) and key."""

    kind: str
    pk: int


@dataclass(frozen=True)
class Body:
    """The institution itself."""

    pk: int
    name: str = ""
    kind: str = "TRAINING"
    credit_code: str = ""
    credit_code_pending: bool = False
    founded_on: dt.date | None = None
    platform_id: str = ""
    categories: Codes = NOTHING
    sub_kinds: Codes = NOTHING
    stages: Codes = NOTHING
    modes: Codes = NOTHING
    profit_nature: str = ""
    operating_status: str = "OPERATING"
    learners: int | None = None
    startup_funds: Decimal | None = None
    custody_account: str | None = None  # never the number: a word that stands for it
    sign_names: tuple[str, ...] = ()

    @property
    def ref(self) -> Ref:
        return Ref("institution", self.pk)


@dataclass(frozen=True)
class Place:
    """A site as it is used on the day."""

    pk: int
    address: str = ""
    serial: int = 1
    building_use: str = ""
    lowest_floor: int | None = None
    highest_floor: int | None = None
    area: Decimal | None = None
    teaching_area: Decimal | None = None
    owned: bool | None = None
    lease_until: dt.date | None = None
    meals: str = ""  # NONE | OWN_KITCHEN | SUPPLIER
    boarding: bool | None = None
    persons_per_room: int | None = None
    area_per_boarder: Decimal | None = None
    own_building: bool | None = None

    @property
    def ref(self) -> Ref:
        return Ref("site", self.pk)

    @property
    def room_for_learners(self) -> Decimal | None:
        """The area that counts for learners: the teaching area where it is known."""
        return self.teaching_area if self.teaching_area is not None else self.area


@dataclass(frozen=True)
class Certificate:
    """A certificate that was not voided, also one that has run out."""

    pk: int
    kind: str
    holder: str = ""  # the name written on it
    site: int | None = None
    issued_on: dt.date | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    ended_on: dt.date | None = None
    categories: Codes = NOTHING
    stages: Codes = NOTHING
    modes: Codes = NOTHING

    @property
    def ref(self) -> Ref:
        return Ref("licence", self.pk)

    def in_force(self, on: dt.date) -> bool:
        return (
            (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or self.valid_to >= on)
            and (self.ended_on is None or self.ended_on > on)
        )


@dataclass(frozen=True)
class Teacher:
    """A member of staff, of any role."""

    pk: int
    role: str = ""  # TEACHING | RESEARCH | OTHER
    full_time: bool | None = None
    teaches_subject: bool | None = None
    subjects: Codes = NOTHING
    stages: Codes = NOTHING
    certificate_known: bool = False
    certificate_stage: str = ""
    certificate_subjects: Codes = NOTHING
    professional_proof: bool | None = None
    in_service: bool | None = None  # matched against the rosters of schools
    barred: bool | None = None
    crime_query_on: dt.date | None = None
    foreign: bool | None = None
    abroad: bool | None = None
    permitted: bool | None = None
    shown: bool | None = None  # with name, photo and certificate number
    cook: bool = False
    health_until: dt.date | None = None

    @property
    def ref(self) -> Ref:
        return Ref("staff", self.pk)


@dataclass(frozen=True)
class Lesson:
    """A course on offer."""

    pk: int
    name: str = ""
    categories: Codes = NOTHING
    sub_kinds: Codes = NOTHING
    stages: Codes = NOTHING
    modes: Codes = NOTHING
    minutes: int | None = None
    class_size: int | None = None
    identified: str = ""  # verdict of the experts: SUBJECT | NON_SUBJECT | UNCLEAR

    @property
    def ref(self) -> Ref:
        return Ref("course", self.pk)


@dataclass(frozen=True)
class Slot:
    """A line of the timetable: every week on `weekday` (0 is Monday), or on the `dates`."""

    pk: int
    course: int
    starts_at: dt.time
    ends_at: dt.time
    site: int | None = None
    weekday: int | None = None
    dates: tuple[dt.date, ...] = ()
    on_rest_days: bool = False  # a weekly line that is held on public and school holidays too
    starts_on: dt.date | None = None  # first and last day of its course
    ends_on: dt.date | None = None
    heads: int | None = None

    @property
    def ref(self) -> Ref:
        return Ref("slot", self.pk)


@dataclass(frozen=True)
class Text:
    """A training material."""

    pk: int
    courses: frozenset[int] = frozenset()
    inside: bool | None = None
    outside: bool | None = None
    foreign: bool = False

    @property
    def ref(self) -> Ref:
        return Ref("material", self.pk)


@dataclass(frozen=True)
class Fee:
    """A fee or a package as it is charged."""

    pk: int
    name: str = ""
    course: int | None = None
    amount: Decimal | None = None
    lessons: Decimal | None = None
    unit_price: Decimal | None = None  # of a lesson, where a card is bought for an amount
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    charged_on: dt.date | None = None
    lessons_left: Decimal | None = None  # when it was charged
    payee_account: str | None = None
    pay_methods: Codes | None = None
    posted: bool | None = None

    @property
    def ref(self) -> Ref:
        return Ref("fee", self.pk)


@dataclass(frozen=True)
class Contract:
    """A form of contract in use."""

    pk: int
    form: str = ""
    signed_first: bool | None = None  # before anything is charged

    @property
    def ref(self) -> Ref:
        return Ref("contract", self.pk)


@dataclass(frozen=True)
class Policy:
    """An insurance policy for learners."""

    pk: int
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None

    @property
    def ref(self) -> Ref:
        return Ref("policy", self.pk)


@dataclass(frozen=True)
class Advert:
    """The words of an advertisement or signboard."""

    pk: int
    text: str = ""

    @property
    def ref(self) -> Ref:
        return Ref("advert", self.pk)


@dataclass(frozen=True)
class Review:
    """The result of an annual review."""

    pk: int
    year: int
    result: str
    reason: str = ""

    @property
    def ref(self) -> Ref:
        return Ref("review", self.pk)


@dataclass(frozen=True)
class Figure:
    """A figure that somebody reported for a day: custody balance, undelivered fees, …"""

    pk: int
    code: str
    on: dt.date
    value: Decimal

    @property
    def ref(self) -> Ref:
        return Ref("figure", self.pk)


@dataclass(frozen=True)
class Facts:
    """Everything about one institution that a rule may ask for."""

    body: Body
    day: dt.date
    county: str = ""
    sites: tuple[Place, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    staff: tuple[Teacher, ...] = ()
    courses: tuple[Lesson, ...] = ()
    slots: tuple[Slot, ...] = ()
    materials: tuple[Text, ...] = ()
    fees: tuple[Fee, ...] = ()
    contracts: tuple[Contract, ...] = ()
    policies: tuple[Policy, ...] = ()
    adverts: tuple[Advert, ...] = ()
    reviews: tuple[Review, ...] = ()
    figures: tuple[Figure, ...] = ()
    prices: tuple[GuidedPrice, ...] = ()
    school_year: SchoolYear = field(default_factory=SchoolYear)
    calendar: Calendar = field(default_factory=lambda: Calendar.of([], []))

    @property
    def by_course(self) -> Mapping[int, Lesson]:
        return {course.pk: course for course in self.courses}

    def held(self, *kinds: str) -> list[Certificate]:
        """The certificates of these kinds in force on the day."""
        return [row for row in self.certificates if row.kind in kinds and row.in_force(self.day)]

    def figure(self, code: str) -> Figure | None:
        """The newest figure of this code that is not of a later day."""
        found = [row for row in self.figures if row.code == code and row.on <= self.day]
        return max(found, key=lambda row: (row.on, row.pk), default=None)
