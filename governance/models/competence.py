"""Which kind of department answers for which problem: dated data, because provinces differ."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language


class DatedRowQuerySet(models.QuerySet):
    def in_force(self, on) -> "DatedRowQuerySet":
        """Rows whose period contains the day."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on)).filter(
            Q(valid_to=None) | Q(valid_to__gte=on)
        )


class DatedRow(models.Model):
    """Reference data with a period; an old record keeps the row of its day."""

    county = models.CharField(max_length=6, blank=True)  # empty: for every county
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=20, blank=True)  # how well the basis is known

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        abstract = True


class ProblemCode(DatedRow):
    """A kind of problem; `lead_kinds` are candidates in order (谁审批谁监管)."""

    code = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    lead_kinds = ArrayField(models.CharField(max_length=20))
    assist_kinds = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "county", "valid_from"],
                nulls_distinct=False,
                name="one_problem_code_row_per_day",
            )
        ]


class CompetenceRule(DatedRow):
    """Who leads by kind of institution and certificate status; the most specific row wins."""

    situation = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)
    institution_kind = models.CharField(max_length=20)  # a category, NON_SUBJECT or any
    cert_status = models.CharField(max_length=20)
    can_qualify = models.CharField(max_length=3)
    lead_kinds = ArrayField(models.CharField(max_length=20))
    assist_kinds = ArrayField(models.CharField(max_length=20), default=list)
    measure_zh = models.CharField(max_length=120)
    measure_en = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["situation", "county", "valid_from"],
                nulls_distinct=False,
                name="one_competence_row_per_day",
            )
        ]

    @property
    def measure(self) -> str:
        """The lawful measure in the active language."""
        english = (get_language() or "").startswith("en")
        return self.measure_en if english else self.measure_zh


class DepartmentKind(models.Model):
    """A kind of department or outside party, with its duties in this field."""

    code = models.CharField(max_length=20, primary_key=True)
    name_zh = models.CharField(max_length=60)
    short_zh = models.CharField(max_length=30)
    name_en = models.CharField(max_length=120)
    duties_zh = models.TextField()
    duties_en = models.TextField()
    basis = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=20, blank=True)
