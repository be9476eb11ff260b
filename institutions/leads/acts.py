"""What people make of a lead: a question to the institution, its answer, a dismissal."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import daylight, deadlines, notifications, workflow
from governance.audit import Verb
from governance.models import ActorKind, Membership, Role
from governance.scoping import require
from governance.workflow import Refused
from institutions.leads import duties
from institutions.models import Lead

ANSWER_RULE = "lead.answer"
ASKED_TEXT = gettext_noop("%(department)s asks you about %(rule)s.")
ANSWERED_TEXT = gettext_noop("%(name)s answered your question about %(rule)s.")
Status = Lead.Status


@transaction.atomic
def ask(lead: Lead, *, by: Membership, question: str, version: int | None = None) -> None:
    """Ask the institution: it sees the lead under /my/ with a clock and may answer.

    Raises `Refused` without a question, for a lead that does not wait, and where the institution
    has no account to answer with.
    """
    _require(lead, duties.ASK, by)
    question = question.strip()
    if not question:
        raise Refused(_("Write what you want to know."))
    people = accounts_of(lead)
    if not people:
        raise Refused(_("The institution has no account; ask it on the spot or bind one."))
    if lead.status == Status.ASKED:
        _answered_enough(lead)
        workflow.move(lead, Status.OPEN, verb=Verb.LEAD_TAKEN_BACK, by=by, version=version)
        version = None
    workflow.move(
        lead, Status.ASKED, verb=Verb.LEAD_ASKED, by=by, version=version,
        also={
            "question": question[:500], "asked_on": daylight.today(), "asked_by": by,
            "disclosed_to": lead.institution_id, "answer": "", "answered_at": None,
            "answered_by": None,
        },
    )  # fmt: skip
    deadlines.start(ANSWER_RULE, lead, event_on=daylight.today(), by=by)
    notifications.notify_all(
        people,
        key=f"lead-asked:{lead.pk}:{lead.version}",
        text=ASKED_TEXT,
        params={"department": lead.lead.name, "rule": _rule_words(lead)},
        subject=lead,
    )


def _answered_enough(lead: Lead) -> None:
    if lead.answered_at is None:
        raise Refused(_("The institution was asked and has not answered yet."))


def accounts_of(lead: Lead) -> list[Membership]:
    """The accounts of the institution that count today."""
    rows = Membership.objects.active().of_institution(lead.institution_id)
    return list(rows.select_related("user"))


def _rule_words(lead: Lead) -> dict[str, str]:
    return {"zh": lead.rule.name_zh, "en": lead.rule.name_en}


@transaction.atomic
def answer(lead: Lead, *, by: Membership, text: str, version: int | None = None) -> None:
    """The institution answers; its clock is met, and the department that asked is told."""
    require(by, duties.ANSWER)
    text = text.strip()
    if not text:
        raise Refused(_("Write an answer."))
    if lead.status != Status.ASKED or lead.answered_at is not None:
        raise Refused(_("This question is not open any more."))
    workflow.change(
        lead, verb=Verb.LEAD_ANSWERED, by=by, version=version,
        answer=text[:1_000], answered_at=daylight.now(), answered_by=by,
    )  # fmt: skip
    if deadlines.find(lead, ANSWER_RULE):
        deadlines.meet(lead, ANSWER_RULE, on=daylight.today(), by=by)
    notifications.notify_all(
        _askers(lead),
        key=f"lead-answered:{lead.pk}:{lead.version}",
        text=ANSWERED_TEXT,
        params={"name": str(lead.institution), "rule": _rule_words(lead)},
        subject=lead,
    )


def _askers(lead: Lead) -> list[Membership]:
    """Who asked, while they are there; else the clerks and officers of the department."""
    here = Membership.objects.active().filter(department=lead.lead, kind=ActorKind.STAFF)
    asker = [one for one in here.select_related("user") if one.pk == lead.asked_by_id]
    return asker or list(here.filter(role__in=[Role.CLERK, Role.OFFICER]).select_related("user"))


@transaction.atomic
def dismiss(lead: Lead, *, by: Membership, reason: str, version: int | None = None) -> None:
    """Say why nothing follows; it is not raised again while the value is no worse."""
    _require(lead, duties.DISMISS_LEAD, by)
    if not reason.strip():
        raise Refused(_("Say why nothing follows from it."))
    workflow.move(
        lead, Status.DISMISSED, verb=Verb.LEAD_DISMISSED, by=by, version=version,
        also={
            "reason": reason.strip()[:300], "ended_on": daylight.today(), "ended_by": by,
        },
        reason=reason.strip()[:300],
    )  # fmt: skip
    end_question(lead, by=by, reason=_("The lead was dismissed."))


def dismiss_many(
    leads: Iterable[Lead], *, by: Membership, reason: str
) -> Iterator[tuple[Lead, str]]:
    """Dismiss each on its own; (lead, why it could not be) with an empty reason for success."""
    for lead in leads:
        try:
            dismiss(lead, by=by, reason=reason, version=lead.version)
        except Refused as refusal:
            yield lead, str(refusal)
        else:
            yield lead, ""


def end_question(lead: Lead, *, by: Membership, reason: str) -> None:
    """A question that still runs has nothing to wait for any more."""
    clock = deadlines.find(lead, ANSWER_RULE)
    if clock:
        deadlines.cancel(clock, by=by, reason=reason)


@transaction.atomic
def made_finding(lead: Lead, *, by: Membership, finding: int, version: int | None = None) -> None:
    """A finding (its key) was made of it; the lead holds until the facts are put right."""
    workflow.move(
        lead, Status.FINDING, verb=Verb.LEAD_MADE_FINDING, by=by, version=version, finding=finding
    )
    end_question(lead, by=by, reason=_("A finding was made of the lead."))


def _require(lead: Lead, duty: duties.Duty, by: Membership) -> None:
    require(by, duty)
    if by.department_id != lead.lead_id:
        raise Refused(_("%(department)s decides on this lead.") % {"department": lead.lead.name})
    if not lead.is_waiting:
        raise Refused(_("Something was already made of this lead."))
