"""Divisions, departments, accounts and memberships: who acts, for whom and where."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance import daylight


class Division(models.Model):
    """An administrative division (行政区划) of 2, 4, 6, 9 or 12 digits (GB/T 2260)."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    is_local = models.BooleanField(default=False)  # outside the national table
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def county_code(self) -> str:
        """The six digits of the county this division is or lies in."""
        return self.code[:6]


class Department(models.Model):
    """A department: kind, seat, and the code prefixes it answers for."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)  # a code of department_kinds.csv
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=30, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="departments")
    jurisdictions = ArrayField(models.CharField(max_length=12))
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    paper_prefix = models.CharField(max_length=20, blank=True)  # 发文机关代字, e.g. 明川教
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def covers(self, division_code: str) -> bool:
        """Whether a place with this code lies in one of the jurisdictions."""
        return any(division_code.startswith(prefix) for prefix in self.jurisdictions)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A login account of one natural person; rights come from memberships, never from here."""

    acting: "list[Membership] | None" = None  # memberships read with the account of a request

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=daylight.now)
    password_set_at = models.DateTimeField(null=True)
    preferences = models.JSONField(default=dict, blank=True)  # how pages are shown to them

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.username


class Role(models.TextChoices):
    CLERK = "clerk", pgettext_lazy("role", "Clerk")
    OFFICER = "officer", pgettext_lazy("role", "Officer")
    LEADER = "leader", pgettext_lazy("role", "Leader")
    LEGAL_REVIEWER = "legal_reviewer", _("Legal reviewer")
    WINDOW = "window", _("Window clerk")
    AUDITOR = "auditor", _("Auditor")
    SYSADMIN = "sysadmin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")


class ActorKind(models.TextChoices):
    STAFF = "staff", _("Staff")
    INSTITUTION = "institution", _("Institution")
    PARTNER = "partner", _("Partner system")
    SYSTEM = "system", _("System")
    PUBLIC = "public", _("Public")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, on=None) -> "MembershipQuerySet":
        """Those that count on the day: not ended, account not switched off."""
        on = on or daylight.today()
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=on),
            Q(user=None) | Q(user__is_active=True),
            Q(department=None) | Q(department__is_active=True),
            valid_from__lte=on,
        )

    def of_institution(self, key: int) -> "MembershipQuerySet":
        """The accounts of an institution (its key) and of the records joined with it."""
        mine = Q(institution_id=key) | Q(also_institutions__contains=[key])
        return self.filter(mine, kind=ActorKind.INSTITUTION)


class Membership(models.Model):
    """The actor of every act: a person in a role of a department, an institution, or a system."""

    kind = models.CharField(max_length=12, choices=ActorKind, default=ActorKind.STAFF)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="memberships")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="members")
    # The registry stands one floor above, so this is its key without a foreign key.
    institution_id = models.BigIntegerField(null=True, db_index=True)
    # Other records of the same body, joined with this one: their rows are its rows as well.
    also_institutions = ArrayField(models.BigIntegerField(), default=list, blank=True)
    role = models.CharField(max_length=16, choices=Role, blank=True)
    label = models.CharField(max_length=80, blank=True)
    enforcement_card = models.CharField(max_length=40, blank=True)
    card_valid_to = models.DateField(null=True)
    valid_from = models.DateField(default=daylight.today)
    valid_to = models.DateField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ActorKind.STAFF)
                | Q(user__isnull=False, department__isnull=False, role__gt=""),
                name="staff_membership_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ActorKind.INSTITUTION)
                | Q(user__isnull=False, institution_id__isnull=False),
                name="institution_membership_is_complete",
            ),
        ]

    def __str__(self) -> str:
        parts = [self.user.name if self.user else "", self.label or self._office()]
        return " · ".join(part for part in parts if part) or self.get_kind_display()

    def _office(self) -> str:
        if not self.department:
            return ""
        return f"{self.department.short_name or self.department.name} {self.get_role_display()}"

    @property
    def institutions(self) -> list[int]:
        """The keys of the records that this account acts for; empty for everybody else."""
        return [] if self.institution_id is None else [self.institution_id, *self.also_institutions]

    @property
    def person(self) -> str:
        """The person's name, or the name of the system that acts."""
        return self.user.name if self.user else (self.label or str(self.get_kind_display()))

    def holds_card(self, on=None) -> bool:
        """Whether an enforcement card (执法证) of this person is valid on the day."""
        on = on or daylight.today()
        return bool(self.enforcement_card) and (
            self.card_valid_to is None or self.card_valid_to >= on
        )
