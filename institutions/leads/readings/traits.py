"""The traits by which rules apply to an institution, a course or what belongs to a course."""

from institutions.leads.facts import Body, Facts, Lesson
from institutions.leads.rules import Traits


def of_body(body: Body) -> Traits:
    return {
        "category": body.categories,
        "stage": body.stages,
        "mode": body.modes,
        "sub_kind": body.sub_kinds,
    }


def of_course(facts: Facts, course: Lesson | None) -> Traits:
    """Those of the course; what it does not say is that of the institution."""
    whole = of_body(facts.body)
    if course is None:
        return whole
    own = {
        "category": course.categories,
        "stage": course.stages,
        "mode": course.modes,
        "sub_kind": course.sub_kinds,
    }
    return {family: own[family] or whole[family] for family in whole}


def of_course_key(facts: Facts, pk: int | None) -> Traits:
    return of_course(facts, facts.by_course.get(pk or 0))
