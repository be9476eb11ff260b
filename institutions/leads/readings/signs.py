"""R08, R09, R48–R50: figures that somebody reported, and what they are signs of."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from institutions.leads import spans
from institutions.leads.facts import Facts
from institutions.leads.readings.traits import of_body
from institutions.leads.rules import NOT_ASKED, UNKNOWN, Part, Reading

MONTH = dt.timedelta(days=30)
HUNDREDTH = Decimal("0.01")


def _whole(facts: Facts, *parts: Part) -> Iterator[Reading]:
    yield Reading(facts.body.ref, parts, of_body(facts.body))


def _number(facts: Facts, code: str) -> Part:
    found = facts.figure(code)
    if found is None:
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
        _against(facts, "CUSTODY_BALANCE", "UNDELIVERED_FEES"),
        _against(facts, "RELEASED_SHARE", "DELIVERED_SHARE"),
    )


def margin(facts: Facts) -> Iterator[Reading]:
    """R09: the margin is at least the fees of one charging cycle; who keeps no margin has none."""
    if facts.figure("MARGIN_BALANCE") is None:
        yield from _whole(facts, UNKNOWN)
        return
    yield from _whole(facts, _against(facts, "MARGIN_BALANCE", "ONE_CYCLE_FEES"))


def audit(facts: Facts) -> Iterator[Reading]:
    """R48: undeclared deals with related parties, and years since the last audit."""
    last = facts.figure("YEARS_SINCE_AUDIT")
    years = UNKNOWN
    if last:
        years = Part(last.value + spans.years(last.on, facts.day), rows=(last.ref,))
    yield from _whole(facts, _number(facts, "UNDECLARED_RELATED_DEALS"), years)


def development_fund(facts: Facts) -> Iterator[Reading]:
    """R49: percent put aside for the development fund."""
    yield from _whole(facts, _number(facts, "DEVELOPMENT_FUND_SHARE"))


# --- R50 -------------------------------------------------------------------------------------


def runaway(facts: Facts) -> Iterator[Reading]:
    """R50: refund complaints, a falling balance, unpaid rent, no lessons."""
    yield from _whole(
        facts,
        _number(facts, "REFUND_COMPLAINT_SHARE"),
        _fall(facts),
        _rent(facts),
        _silence(facts),
    )


def _fall(facts: Facts) -> Part:
    """Percent by which the balance fell within 30 days: as reported, else from the highest of the
    balances reported to the newest."""
    newest = facts.figure("CUSTODY_BALANCE")
    if facts.figure("BALANCE_FALL_30_DAYS") or newest is None:
        return _number(facts, "BALANCE_FALL_30_DAYS")
    before = [
        row
        for row in facts.figures
        if row.code == "CUSTODY_BALANCE" and newest.on - MONTH <= row.on < newest.on
    ]
    top = max(before, key=lambda row: (row.value, row.pk), default=None)
    if top is None or not top.value:
        return UNKNOWN
    fall = (100 * (top.value - newest.value) / top.value).quantize(HUNDREDTH)
    return Part(max(fall, Decimal(0)), rows=(top.ref, newest.ref), since=newest.on)


def _rent(facts: Facts) -> Part:
    """Rent that is owed, of any amount."""
    found = facts.figure("UNPAID_RENT")
    if found is None:
        return UNKNOWN
    return Part("yes" if found.value > 0 else "no", rows=(found.ref,), since=found.on)


def _silence(facts: Facts) -> Part:
    """Days without a lesson; a body that told of its pause is not silent."""
    if facts.body.operating_status != "OPERATING":
        return NOT_ASKED
    return _number(facts, "DAYS_WITHOUT_LESSONS")


READERS = {
    "R08": custody_cover,
    "R09": margin,
    "R48": audit,
    "R49": development_fund,
    "R50": runaway,
}
