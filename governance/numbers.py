"""Gapless numbers: every one has a row, and the row says what became of it.

A reservation counts the series up in the running transaction. Its row lock makes the next writer
wait until that transaction ends, so a rollback gives the number back before anybody sees it.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count, F, Max
from django.utils.translation import gettext as _

from governance import audit, daylight
from governance.models.numbers import Number, NumberSeries
from governance.models.people import Department, Membership
from governance.workflow import Refused

DOCUMENT = "{word}〔{{year}}〕第{{value}}号"  # 文号: 明川教改字〔2026〕第1号
REGISTER = "{word}-{{year}}-{{value:06d}}"  # W-2026-000123


def series(
    department: Department, kind: str, *, pattern: str, word: str, year: int | None = None
) -> NumberSeries:
    """The series of a department for a kind of paper or register in a year (today's by default).

    `pattern` is DOCUMENT or REGISTER and `word` stands in front; both are fixed when the first
    number of the year is given, so a later change counts from the next year on.
    """
    found, _created = NumberSeries.objects.get_or_create(
        department=department,
        kind=kind,
        year=year or daylight.today().year,
        defaults={"pattern": pattern.format(word=_literal(word))},
    )
    return found


def document_series(department: Department, kind: str, word: str) -> NumberSeries:
    """The series for 文号: the department's word (发文机关代字), then that of the kind of paper."""
    if not department.paper_prefix:
        sentence = _("%(department)s has no word for document numbers yet.")
        raise Refused(sentence % {"department": department.name})
    return series(department, kind, pattern=DOCUMENT, word=f"{department.paper_prefix}{word}字")


@transaction.atomic
def reserve(series: NumberSeries, *, by: Membership) -> Number:
    """The next number of the series; `use` or `void` settles it."""
    NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + 1)
    series.refresh_from_db(fields=["last"])  # our own update: nobody else can have changed it
    return Number.objects.create(
        series=series, value=series.last, text=series.text(series.last), by=by
    )


def use(number: Number, subject: models.Model) -> None:
    """Bind a reserved number to what bears it; `Refused` when it is settled already."""
    kind = ContentType.objects.get_for_model(subject)
    _settle(number, Number.State.USED, content_type=kind, object_id=subject.pk)


@transaction.atomic
def void(number: Number, *, reason: str, by: Membership) -> None:
    """Give a reserved number up; it is never given again and its row says why."""
    if not reason.strip():
        raise Refused(_("Say why the number is not used."))
    _settle(number, Number.State.VOIDED, void_reason=reason.strip()[:200])
    audit.record(audit.Verb.NUMBER_VOIDED, number, by=by, number=number.text, reason=reason.strip())


def gaps() -> list[NumberSeries]:
    """The series whose rows are not exactly 1 … last; empty unless somebody was at the tables."""
    counted = NumberSeries.objects.annotate(
        rows=Count("numbers"), highest=Max("numbers__value", default=0)
    )
    return list(counted.exclude(rows=F("last"), highest=F("last")))


def _settle(number: Number, state: Number.State, **fields: Any) -> None:
    rows = Number.objects.filter(pk=number.pk, state=Number.State.RESERVED)
    if not rows.update(state=state, settled_at=daylight.now(), **fields):
        raise Refused(_("The number %(number)s is settled already.") % {"number": number.text})
    number.refresh_from_db()


def _literal(word: str) -> str:
    """Braces in a word are letters, not places."""
    return word.replace("{", "{{").replace("}", "}}")
