"""R08, R09, R48–R50: figures that somebody reported, and what they are signs of."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from institutions.leads import spans
from institutions.leads.facts import Facts, Figure
from institutions.leads.readings.traits import of_body
from institutions.leads.rules import NOT_ASKED, UNKNOWN, Part, Reading

MONTH = dt.timedelta(days=30)
HUNDREDTH = Decimal("0.01")


def _whole(facts: Facts, *parts: Part) -> Iterator[Reading]:
    yield Reading(facts.body.ref, parts, of_body(facts.body))


def _number(facts: Facts, code: str) -> Part:
    found = facts.figure(code)
    if found is None or found.value is None:
        return UNKNOWN
    return Part(found.value, rows=(found.ref,), since=found.on)


def _against(facts: Facts, code: str, other: str) -> Part:
    """A figure held against another one of the institution."""
    value, limit = facts.figure(code), facts.figure(other)
    if value is None or limit is None:
        return UNKNOWN
    return Part(value.value, limit.value, rows=(value.ref, limit.ref), since=value.on)


def custody_cover(facts: Facts) -> Iterator[Reading]:
    """R08: the balance in custody covers what is not yet taught; no more was released than
    taught."""
    yield from _whole(
        facts,
        _against(facts, "custody_balance", "undelivered_fees"),
        _against(facts, "released_share", "delivered_share"),
    )


def margin(facts: Facts) -> Iterator[Reading]:
    """R09: the margin is at least the fees of one charging cycle; who keeps no margin has none."""
    if facts.figure("margin_balance") is None:
        yield from _whole(facts, UNKNOWN)
        return
    yield from _whole(facts, _against(facts, "margin_balance", "one_cycle_fees"))


def audit(facts: Facts) -> Iterator[Reading]:
    """R48: undeclared deals with related parties, and years since the last audit."""
    last = facts.figure("last_audit_on")
    years = UNKNOWN
    if last and last.day:
        since = spans.later(last.day, 12) + spans.ONE_DAY
        years = Part(spans.years(last.day, facts.day), rows=(last.ref,), since=since)
    yield from _whole(facts, _number(facts, "undeclared_related_deals"), years)


def development_fund(facts: Facts) -> Iterator[Reading]:
    """R49: percent put aside for the development fund."""
    yield from _whole(facts, _number(facts, "development_fund_share"))


# --- R50 -------------------------------------------------------------------------------------


def runaway(facts: Facts) -> Iterator[Reading]:
    """R50: refund complaints, a falling balance, unpaid rent, no lessons."""
    yield from _whole(
        facts,
        _number(facts, "refund_complaint_share"),
        _fall(facts),
        _rent(facts),
        _silence(facts),
    )


def _fall(facts: Facts) -> Part:
    """Percent by which the balance fell within 30 days, from the highest to the newest figure."""
    newest = facts.figure("custody_balance")
    if newest is None or newest.value is None:
        return UNKNOWN
    before = [row for row in _balances(facts) if newest.on - MONTH <= row.on < newest.on]
    top = max(before, key=lambda row: (row.value or 0, row.pk), default=None)
    if top is None or not top.value:
        return UNKNOWN
    fall = (100 * (top.value - newest.value) / top.value).quantize(HUNDREDTH)
    return Part(max(fall, Decimal(0)), rows=(top.ref, newest.ref), since=newest.on)


def _balances(facts: Facts) -> list[Figure]:
    return [
        row
        for row in facts.figures
        if row.code == "custody_balance" and row.on <= facts.day and row.value is not None
    ]


def _rent(facts: Facts) -> Part:
    found = facts.figure("unpaid_rent")
    if found is None or not found.said:
        return UNKNOWN
    return Part(found.said, rows=(found.ref,), since=found.on)


def _silence(facts: Facts) -> Part:
    """Days since the last lesson; a body that told of its pause is not silent."""
    if facts.body.operating_status != "OPERATING":
        return NOT_ASKED
    found = facts.figure("last_lesson_on")
    if found is None or found.day is None:
        return UNKNOWN
    return Part((facts.day - found.day).days, rows=(found.ref,), since=found.day)


READERS = {
    "R08": custody_cover,
    "R09": margin,
    "R48": audit,
    "R49": development_fund,
    "R50": runaway,
}
