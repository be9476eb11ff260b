"""What several steps of the procedure share."""

from django.db.models import Model
from django.utils.translation import gettext as _

from governance import deadlines
from governance.models import Membership
from governance.models.clocks import Clock
from governance.workflow import Refused
from publiclists.models import ListEntry


def end_clocks(subject: Model, by: Membership, reason: str) -> None:
    """Stop whatever still runs for a row that has come to its end."""
    for clock in Clock.objects.of(subject).open():
        deadlines.cancel(clock, by=by, reason=reason)


def end_all_clocks(entry: ListEntry, by: Membership, reason: str) -> None:
    end_clocks(entry, by, reason)
    for objection in entry.objections.all():
        end_clocks(objection, by, reason)


def need_reason(text: str) -> str:
    """The trimmed reason; `Refused` when there is none."""
    if not text.strip():
        raise Refused(_("Say why."))
    return text.strip()
