"""R01–R12 and the figures R08, R09, R48–R50: kept and broken exactly at the threshold."""

import datetime as dt

from institutions.leads.facts import Contract
from tests.institutions.leads.builders import (
    BROKEN,
    DAY,
    KEPT,
    SILENT,
    UNKNOWN,
    band,
    body,
    course,
    facts,
    fee,
    figure,
)  # fmt: skip

D = dt.date
MARCH = D(2026, 3, 1)
SUBJECT, ARTS = body(categories="SUBJECT"), body(categories="ARTS")
CUSTODY = body(custody_account="dedicated_account")
MATHS = {"category": "SUBJECT", "stages": "PRIMARY", "mode": "OFFLINE"}
BANDS = (
    band("PRIMARY", 0, 9, "40"), band("PRIMARY", 10, 35, "30"), band("PRIMARY", 36, None, "20"),
    band("PRIMARY", 0, None, "10", mode="ONLINE", minutes=30),
)  # fmt: skip


def priced(price, size=20, minutes=45, **kind):
    taught = course(minutes=minutes, class_size=size, **(MATHS | kind))
    charge = fee(course=1, amount=price, lessons=1)
    return facts(SUBJECT, courses=(taught,), fees=(charge,), prices=BANDS)


def charge(of=None, **values):
    return facts(of, fees=(fee(**values),))


def told(*figures, **of):
    return facts(body(**of), figures=tuple(figures))


def contract(form, signed=True):
    return facts(contracts=(Contract(1, form, signed),))


CASES = [
    ("R01", "three months to the day", charge(starts_on=MARCH, ends_on=D(2026, 5, 31)), KEPT),
    ("R01", "a day more", charge(starts_on=MARCH, ends_on=D(2026, 6, 1)), BROKEN),
    ("R01", "from the last of a month",
     charge(starts_on=D(2025, 11, 30), ends_on=D(2026, 2, 27)), KEPT),
    ("R01", "the end is not known", charge(starts_on=MARCH), UNKNOWN),
    ("R02", "sixty lessons", charge(lessons=60), KEPT),
    ("R02", "sixty-one", charge(lessons=61), BROKEN),
    ("R02", "a top-up of fifty on ten", charge(lessons=50, lessons_left=10), KEPT),
    ("R02", "a top-up of fifty on eleven", charge(lessons=50, lessons_left=11), BROKEN),
    ("R02", "a card of 4,800 yuan at 80", charge(amount=4800, unit_price=80), KEPT),
    ("R02", "a card of 4,801 yuan at 80", charge(amount=4801, unit_price=80), BROKEN),
    ("R02", "a card of no known price", charge(amount=4800), UNKNOWN),
    ("R03", "5,000 yuan", charge(ARTS, amount=5000), KEPT),
    ("R03", "a cent more", charge(ARTS, amount="5000.01"), BROKEN),
    ("R03", "a subject course", charge(SUBJECT, amount=9000), SILENT),
    ("R03", "of an unknown kind", charge(amount=9000), UNKNOWN),
    ("R04", "a month before", charge(charged_on=D(2026, 2, 1), starts_on=MARCH), KEPT),
    ("R04", "a month and a day before",
     charge(charged_on=D(2026, 1, 31), starts_on=D(2026, 3, 1)), BROKEN),
    ("R04", "twenty lessons left",
     charge(charged_on=MARCH, starts_on=MARCH, lessons_left=20), KEPT),
    ("R04", "twenty-one left", charge(charged_on=MARCH, starts_on=MARCH, lessons_left=21), BROKEN),
    ("R04", "the day of the charge is not known", charge(starts_on=MARCH), UNKNOWN),
    ("R05", "within a term",
     charge(SUBJECT, starts_on=D(2026, 3, 2), ends_on=D(2026, 7, 10)), KEPT),
    ("R05", "into the next term",
     charge(SUBJECT, starts_on=D(2026, 7, 1), ends_on=D(2026, 9, 1)), BROKEN),
    ("R05", "into the holidays only",
     charge(SUBJECT, starts_on=D(2026, 7, 1), ends_on=D(2026, 8, 31)), KEPT),
    ("R05", "into a year nobody told of",
     charge(SUBJECT, starts_on=D(2026, 7, 1), ends_on=D(2027, 3, 1)), UNKNOWN),
    ("R05", "no subject", charge(ARTS, starts_on=D(2026, 7, 1), ends_on=D(2026, 9, 1)), SILENT),
    ("R06", "the dedicated account", charge(CUSTODY, payee_account="dedicated_account"), KEPT),
    ("R06", "another one", charge(CUSTODY, payee_account="other_account"), BROKEN),
    ("R06", "no account in custody is known", charge(payee_account="other_account"), UNKNOWN),
    ("R07", "cash and card", charge(pay_methods=frozenset({"CASH", "CARD"})), KEPT),
    ("R07", "a loan too", charge(pay_methods=frozenset({"CASH", "TRAINING_LOAN"})), BROKEN),
    ("R07", "nothing is said", charge(), UNKNOWN),
    ("R08", "the balance covers it",
     told(figure("CUSTODY_BALANCE", 100, pk=1), figure("UNDELIVERED_FEES", 100, pk=2),
          figure("RELEASED_SHARE", 50, pk=3), figure("DELIVERED_SHARE", 50, pk=4)), KEPT),
    ("R08", "a cent short",
     told(figure("CUSTODY_BALANCE", "99.99", pk=1), figure("UNDELIVERED_FEES", 100, pk=2)), BROKEN),
    ("R08", "more released than taught",
     told(figure("CUSTODY_BALANCE", 100, pk=1), figure("UNDELIVERED_FEES", 100, pk=2),
          figure("RELEASED_SHARE", "50.01", pk=3), figure("DELIVERED_SHARE", 50, pk=4)), BROKEN),
    ("R08", "only the balance is known", told(figure("CUSTODY_BALANCE", 100)), UNKNOWN),
    ("R08", "a figure of tomorrow",
     told(figure("CUSTODY_BALANCE", 1, on=D(2026, 3, 5)), figure("UNDELIVERED_FEES", 9)), UNKNOWN),
    ("R09", "one cycle",
     told(figure("MARGIN_BALANCE", 80, pk=1), figure("ONE_CYCLE_FEES", 80, pk=2)), KEPT),
    ("R09", "less",
     told(figure("MARGIN_BALANCE", "79.99", pk=1), figure("ONE_CYCLE_FEES", 80, pk=2)), BROKEN),
    ("R09", "no margin is kept", told(), UNKNOWN),
    ("R10", "the ceiling", priced(33), KEPT),
    ("R10", "a cent more", priced("33.01"), BROKEN),
    ("R10", "a small class of nine", priced(44, 9), KEPT),
    ("R10", "ten are no small class", priced(44, 10), BROKEN),
    ("R10", "thirty-five", priced(33, 35), KEPT),
    ("R10", "thirty-six are a large class", priced(33, 36), BROKEN),
    ("R10", "ninety minutes are two lessons", priced(66, minutes=90), KEPT),
    ("R10", "ninety minutes and a cent a lesson more", priced("66.02", minutes=90), BROKEN),
    ("R10", "online thirty minutes are a lesson", priced(11, minutes=30, mode="ONLINE"), KEPT),
    ("R10", "forty-five online are one and a half",
     priced("16.51", minutes=45, mode="ONLINE"), BROKEN),
    ("R10", "a stage without a price", priced(99, stages="SENIOR"), UNKNOWN),
    ("R10", "the length is not known", priced(99, minutes=None), UNKNOWN),
    ("R11", "all posted", facts(fees=(fee(1, name="a", posted=True),)), KEPT),
    ("R11", "one is not",
     facts(fees=(fee(1, name="a", posted=True), fee(2, name="b", posted=False))), BROKEN),
    ("R11", "one is not known",
     facts(fees=(fee(1, name="a", posted=True), fee(2, name="b"))), UNKNOWN),
    ("R11", "no charges", facts(), SILENT),
    ("R12", "the model contract", contract("GF-2021-2604"), KEPT),
    ("R12", "an old form", contract("GF-2020-0001"), BROKEN),
    ("R12", "signed after the charge", contract("GF-2021-2604", signed=False), BROKEN),
    ("R12", "no form is named", contract(""), UNKNOWN),
    ("R48", "none undeclared, audited a year ago",
     told(figure("UNDECLARED_RELATED_DEALS", 0, pk=1), figure("YEARS_SINCE_AUDIT", 1, pk=2)), KEPT),
    ("R48", "one undeclared", told(figure("UNDECLARED_RELATED_DEALS", 1)), BROKEN),
    ("R48", "the year is over since the figure",
     told(figure("YEARS_SINCE_AUDIT", 1, on=D(2026, 3, 3))), BROKEN),
    ("R48", "nothing reported", told(), UNKNOWN),
    ("R49", "a tenth", told(figure("DEVELOPMENT_FUND_SHARE", 10)), KEPT),
    ("R49", "less", told(figure("DEVELOPMENT_FUND_SHARE", "9.99")), BROKEN),
    ("R49", "nothing reported", told(), UNKNOWN),
    ("R50", "all signs at their lines",
     told(figure("REFUND_COMPLAINT_SHARE", 10, pk=1), figure("BALANCE_FALL_30_DAYS", 30, pk=2),
          figure("UNPAID_RENT", 0, pk=3), figure("DAYS_WITHOUT_LESSONS", 14, pk=4)), KEPT),
    ("R50", "complaints", told(figure("REFUND_COMPLAINT_SHARE", "10.01")), BROKEN),
    ("R50", "the balance as reported", told(figure("BALANCE_FALL_30_DAYS", "30.01")), BROKEN),
    ("R50", "the balance as worked out",
     told(figure("CUSTODY_BALANCE", 100, D(2026, 2, 2), 1),
          figure("CUSTODY_BALANCE", "69.99", DAY, 2)), BROKEN),
    ("R50", "the fall took thirty-one days",
     told(figure("CUSTODY_BALANCE", 100, D(2026, 2, 1), 1),
          figure("CUSTODY_BALANCE", 1, DAY, 2)), UNKNOWN),
    ("R50", "rent is owed", told(figure("UNPAID_RENT", "0.01")), BROKEN),
    ("R50", "fifteen days without a lesson", told(figure("DAYS_WITHOUT_LESSONS", 15)), BROKEN),
    ("R50", "a pause that was told",
     told(figure("DAYS_WITHOUT_LESSONS", 15), operating_status="SUSPENDED"), UNKNOWN),
    ("R50", "nothing reported", told(), UNKNOWN),
]  # fmt: skip
