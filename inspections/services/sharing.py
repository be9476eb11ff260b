"""Giving other departments their part in an inspection, a finding or a task."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType

from governance import audit, competence
from governance.audit import Verb
from governance.models import Department, Division, Membership, Share
from governance.scoping import Governed

ASSIST, READ = Share.Part.ASSIST, Share.Part.READ


def share(
    row: Governed,
    departments: Iterable[Department | None],
    part: str,
    *,
    basis: str,
    by: Membership,
) -> None:
    """Let departments assist in or read a row, once each; the lead needs no share."""
    for department in departments:
        if department and department.pk != row.lead_id:
            _share(row, department, part, basis, by)


def _share(row: Governed, department: Department, part: str, basis: str, by: Membership) -> None:
    given, created = Share.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        department=department,
        defaults={"part": part, "basis": basis, "created_by": by},
    )
    raised = not created and given.part == READ and part == ASSIST
    if raised:
        Share.objects.filter(pk=given.pk).update(part=ASSIST, basis=basis)
    if created or raised:
        audit.record(Verb.SHARED, row, by=by, department=department.name, part=part, basis=basis)


def township(division: Division) -> Department | None:
    """The township office of the place: first on the spot whatever the matter (属地管理)."""
    return competence.department("TOWN", division)


def field_lead(division: Division) -> Department | None:
    """The education bureau: it leads the field and reads every inspection in it."""
    return competence.department("EDU", division)
