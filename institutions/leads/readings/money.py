"""R01–R12: charges, the account they go to, their price, and the contract."""

from collections.abc import Iterator
from decimal import Decimal

from institutions.leads import guided, spans
from institutions.leads.facts import Facts, Fee
from institutions.leads.readings.traits import of_body, of_course_key
from institutions.leads.rules import NOT_ASKED, UNKNOWN, Part, Reading


def fee_span(facts: Facts) -> Iterator[Reading]:
    """R01: months that one charge covers, by its days or as it says."""
    for fee in facts.fees:
        part = Part(_span(fee), rows=(fee.ref,), since=fee.charged_on)
        yield _of_fee(facts, fee, part)


def _span(fee: Fee) -> Decimal | None:
    if not (fee.starts_on and fee.ends_on):
        return None
    return spans.months(fee.starts_on, fee.ends_on + spans.ONE_DAY)


def prepaid_lessons(facts: Facts) -> Iterator[Reading]:
    """R02: lessons of one charge; a package, a top-up and a card count like any other."""
    for fee in facts.fees:
        yield _of_fee(facts, fee, Part(_lessons(fee), rows=(fee.ref,), since=fee.charged_on))


def _lessons(fee: Fee) -> Decimal | None:
    """Bought, and still there when it was topped up; a card for an amount holds as many lessons
    as it pays for."""
    bought = fee.lessons
    if bought is None and fee.amount is not None and fee.unit_price:
        bought = fee.amount / fee.unit_price
    return None if bought is None else bought + (fee.lessons_left or 0)


def single_charge(facts: Facts) -> Iterator[Reading]:
    """R03: yuan of one charge."""
    for fee in facts.fees:
        yield _of_fee(facts, fee, Part(fee.amount, rows=(fee.ref,), since=fee.charged_on))


def charged_early(facts: Facts) -> Iterator[Reading]:
    """R04: how long before the first lesson, or with how many lessons left, it was charged."""
    for fee in facts.fees:
        ahead = UNKNOWN
        if fee.charged_on and fee.starts_on:
            early = spans.months(fee.charged_on, fee.starts_on)
            ahead = Part(max(early, Decimal(0)), since=fee.charged_on, rows=(fee.ref,))
        left = Part(fee.lessons_left, since=fee.charged_on, rows=(fee.ref,))
        yield _of_fee(facts, fee, ahead, left if fee.lessons_left is not None else NOT_ASKED)


def across_terms(facts: Facts) -> Iterator[Reading]:
    """R05: how many school terms one charge of a subject course covers."""
    for fee in facts.fees:
        traits = of_course_key(facts, fee.course)
        touched = None
        if fee.starts_on and fee.ends_on:
            touched = facts.school_year.terms_between(
                fee.starts_on, fee.ends_on, traits.get("stage", frozenset())
            )
        yield Reading(fee.ref, (Part(touched, rows=(fee.ref,)),), traits)


def payee(facts: Facts) -> Iterator[Reading]:
    """R06: every charge goes into the one account in custody."""
    for fee in facts.fees:
        part = Part(fee.payee_account, facts.body.custody_account, rows=(fee.ref, facts.body.ref))
        yield _of_fee(facts, fee, part)


def loan(facts: Facts) -> Iterator[Reading]:
    """R07: no training loan among the ways to pay."""
    for fee in facts.fees:
        yield _of_fee(facts, fee, Part(fee.pay_methods, rows=(fee.ref,)))


def guided_price(facts: Facts) -> Iterator[Reading]:
    """R10: the price of a standard lesson under the ceiling of its band."""
    for fee in facts.fees:
        yield _of_fee(facts, fee, _priced(facts, fee))


def _priced(facts: Facts, fee: Fee) -> Part:
    course = facts.by_course.get(fee.course or 0)
    price = _per_lesson(fee)
    if course is None or price is None or not course.minutes or course.class_size is None:
        return UNKNOWN
    traits = of_course_key(facts, fee.course)
    if len(traits["mode"]) != 1:
        return UNKNOWN
    [mode] = traits["mode"]
    found = guided.band(facts.prices, traits["stage"], mode, course.class_size)
    if found is None:
        return UNKNOWN
    value = found.per_standard_lesson(price, course.minutes)
    return Part(value, found.ceiling, rows=(fee.ref, course.ref))


def _per_lesson(fee: Fee) -> Decimal | None:
    if fee.amount is not None and fee.lessons:
        return fee.amount / fee.lessons
    return fee.unit_price


def posted(facts: Facts) -> Iterator[Reading]:
    """R11: every item charged is among those posted."""
    told = [fee for fee in facts.fees if fee.posted is not None]
    if not told:
        return
    shown = frozenset(fee.name for fee in told if fee.posted)
    charged = frozenset(fee.name for fee in told)
    rows = tuple(fee.ref for fee in told if fee.name not in shown)
    complete = len(told) == len(facts.fees)
    part = Part(charged, shown, complete=complete, rows=rows)
    yield Reading(facts.body.ref, (part,), of_body(facts.body))


def contract_form(facts: Facts) -> Iterator[Reading]:
    """R12: the model contract of the day, signed before the charge."""
    words = {True: "yes", False: "no", None: None}
    for row in facts.contracts:
        form = Part(row.form or None, rows=(row.ref,))
        signed = Part(words[row.signed_first], rows=(row.ref,))
        yield Reading(row.ref, (form, signed), of_body(facts.body))


def _of_fee(facts: Facts, fee: Fee, *parts: Part) -> Reading:
    return Reading(fee.ref, parts, of_course_key(facts, fee.course))


READERS = {
    "R01": fee_span,
    "R02": prepaid_lessons,
    "R03": single_charge,
    "R04": charged_early,
    "R05": across_terms,
    "R06": payee,
    "R07": loan,
    "R10": guided_price,
    "R11": posted,
    "R12": contract_form,
}
