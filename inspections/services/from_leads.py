"""A finding made of a compliance lead: the records were checked at the desk, nobody went there."""

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import require
from governance.sources import basis_words
from governance.workflow import Refused
from inspections import duties
from inspections.models import Finding, Inspection, InspectionAnswer
from inspections.services import findings, planning
from institutions.leads import acts, shown
from institutions.models import Lead

Status = Inspection.Status
NOT_EVIDENCE = ["kind", "officer_signature", "party"]  # a check of records proves no penalty


@transaction.atomic
def make_finding(
    lead: Lead, *, by: Membership, note: str = "", version: int | None = None
) -> Finding:
    """Make a finding of a lead, with the rule's problem code, severity and basis.

    `note` is what was found, in the words of the official; the sentence of the lead stands where
    it is empty. Competence decides which department rectifies. Raises `Refused` for a lead of
    another department and one that does not wait.
    """
    require(by, duties.INSPECT)
    if by.department_id != lead.lead_id:
        raise Refused(_("%(department)s decides on this lead.") % {"department": lead.lead.name})
    if not lead.is_waiting:
        raise Refused(_("Something was already made of this lead."))
    inspection = _desk_check(lead, by)
    InspectionAnswer.objects.create(
        inspection=inspection,
        value=InspectionAnswer.Value.NO,
        problem_code=lead.problem_code,
        severity=lead.severity,
        note=_description(lead, note),
    )
    _sign(inspection, by)
    [finding] = findings.make(inspection, by=by)
    Finding.objects.filter(pk=finding.pk).update(from_lead=lead)
    acts.made_finding(lead, by=by, finding=finding.pk, version=version)
    finding.refresh_from_db()
    return finding


def _description(lead: Lead, note: str) -> str:
    """What was found, and the basis of the rule."""
    found = note.strip() or shown.sentence(lead)
    basis = basis_words(lead.rule.basis)
    return _("%(found)s Basis: %(basis)s.")[:500] % {"found": found[:380], "basis": basis[:100]}


def _desk_check(lead: Lead, by: Membership) -> Inspection:
    site = None
    if lead.subject_kind == "site":
        site = lead.institution.sites.filter(pk=lead.subject_id, voided_at=None).first()
    inspection = planning.create(
        lead.institution,
        by=by,
        kind=Inspection.Kind.DESK,
        site=site,
        purpose=f"{lead.code} {lead.rule.name_zh}"[:200],
        status=Status.IN_PROGRESS,
        started_at=daylight.now(),
        inspected_on=daylight.today(),
    )
    planning.set_officers(inspection, [by], by, by=by)
    audit.record(
        Verb.INSPECTION_STARTED, inspection, by=by, kind=inspection.kind,
        institution=lead.institution.number, lead=lead.pk,
    )  # fmt: skip
    return inspection


def _sign(inspection: Inspection, by: Membership) -> None:
    workflow.move(
        inspection, Status.SIGNED, verb=Verb.INSPECTION_SIGNED, by=by,
        also={
            "party_signature": Inspection.PartySignature.ABSENT, "signed_at": daylight.now(),
            "signed_by": by, "can_be_evidence": False, "evidence_gaps": NOT_EVIDENCE,
        },
    )  # fmt: skip
