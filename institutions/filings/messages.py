"""Who is told of a filing: the department when it comes in, the institution what became of it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import daylight, notifications
from governance.models import Department, Membership, Role
from institutions.models import Filing

SUBMITTED = _("%(name)s filed: %(count)s to decide")
RETURNED = _("A filing was returned: %(reason)s")
ACCEPTED = _("Filings were accepted and put on record")
READERS = (Role.CLERK, Role.WINDOW)


def submitted(filings: Sequence[Filing]) -> None:
    """One message per sheet and department, however many rows it has."""
    if not filings:
        return
    first = filings[0]
    notifications.notify_all(
        readers_of(first.lead),
        key=f"filing:{first.sheet}:submitted:{first.pk}:{first.version}",
        text=SUBMITTED,
        params={"name": str(first.institution), "count": str(len(filings))},
        subject=first if len(filings) == 1 else None,
        url=first.get_absolute_url() if len(filings) == 1 else _sheet_url(first),
    )


def returned(filing: Filing) -> None:
    notifications.notify_all(
        party_of(filing),
        key=f"filing:{filing.pk}:returned:{filing.version}",
        text=RETURNED,
        params={"reason": filing.reason},
        subject=filing,
    )


def accepted(filing: Filing) -> None:
    """Once a day per sheet: a staff list of forty is one piece of news."""
    day = daylight.today().isoformat()
    notifications.notify_all(
        party_of(filing),
        key=f"filing:{filing.sheet}:accepted:{day}",
        text=ACCEPTED,
        subject=filing,
        mail=notifications.Mail.NONE,
    )


def readers_of(department: Department) -> list[Membership]:
    rows: Any = Membership.objects.active().filter(department=department, role__in=READERS)
    return list(rows.select_related("user"))


def party_of(filing: Filing) -> list[Membership]:
    rows = Membership.objects.active().of_institution(filing.institution_id)
    return list(rows.select_related("user"))


def _sheet_url(filing: Filing) -> str:
    return f"{reverse('filings')}?sheet={filing.sheet}"
