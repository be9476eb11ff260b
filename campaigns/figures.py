"""Figures of a unit counted from the register: what the monthly report asks (domain.md 8.4)."""

import datetime as dt
from collections import Counter

from django.db.models import Count, Q

from governance.models import Department, Membership
from governance.scoping import jurisdiction
from inspections.models import Finding, Inspection, RectificationTask
from institutions.derived import Facts
from institutions.ledger import Rows, base

CATEGORIES = {
    "SUBJECT": "KIND_SUBJECT",
    "SPORT": "KIND_SPORT",
    "ARTS": "KIND_ARTS",
    "SCITECH": "KIND_SCITECH",
    "VOCATIONAL": "KIND_VOCATIONAL",
}


def counted(unit: Department, first: dt.date, last: dt.date, *, by: Membership) -> dict[str, int]:
    """Every figure that can be counted, for the places of the unit that `by` sees."""
    bodies = base(by, last).filter(jurisdiction(unit, "institution__"))
    single = bodies.filter(institution__duplicate_of=None)
    found = Counter(_by_status(single, last)) + Counter(_by_category(single, last))
    found["SWEPT"] = single.count()
    found["DUPLICATE"] = bodies.exclude(institution__duplicate_of=None).count()
    found.update(_outcomes(single, last))
    found.update(_problems(unit, first, last, by))
    return dict(found)


def _by_status(rows: Rows, on: dt.date) -> dict[str, int]:
    groups = rows.annotate(status_now=Facts(on)["cert_status"]).order_by().values("status_now")
    return {f"STATUS_{row['status_now']}": row["n"] for row in groups.annotate(n=Count("pk"))}


def _by_category(rows: Rows, on: dt.date) -> Counter[str]:
    groups = rows.annotate(main=Facts(on)["main_category"]).order_by().values("main")
    found: Counter[str] = Counter()
    for row in groups.annotate(n=Count("pk")):
        found[CATEGORIES.get(row["main"], "KIND_OTHER")] += row["n"]
    return found


def _outcomes(rows: Rows, on: dt.date) -> dict[str, int]:
    groups = rows.annotate(outcome=Facts(on)["disposal"]).order_by().values("outcome")
    number = {row["outcome"]: row["n"] for row in groups.annotate(n=Count("pk"))}
    return {
        "SHUT_DOWN": number.get("SHUT_DOWN", 0),
        "CLOSED_FOREVER": number.get("PERMANENT_CLOSE", 0),
    }


def _problems(unit: Department, first: dt.date, last: dt.date, by: Membership) -> dict[str, int]:
    inside = jurisdiction(unit)
    findings = Finding.objects.visible_to(by).filter(inside, found_on__lte=last)
    findings = findings.exclude(status=Finding.Status.DISMISSED)
    bodies = findings.values("institution").annotate(
        open=Count("pk", filter=Q(closed_on=None) | Q(closed_on__gt=last))
    )
    left = [row["open"] for row in bodies]
    tasks = RectificationTask.objects.visible_to(by).filter(inside, served_on__range=(first, last))
    joint = Inspection.objects.visible_to(by).filter(inside, kind="JOINT").done()
    return {
        "WITH_PROBLEM": len(left),
        "RECTIFIED": sum(1 for number in left if not number),
        "ORDERED_RECTIFY": tasks.values("institution").distinct().count(),
        "JOINT_ACTIONS": joint.filter(inspected_on__range=(first, last)).count(),
    }
