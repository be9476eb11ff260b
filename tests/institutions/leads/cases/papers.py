"""R23, R32, R34–R42, R46, R47: papers, names, content."""

import datetime as dt

from institutions.leads.facts import Advert, Policy, Text
from tests.institutions.builders import valid_credit_code
from tests.institutions.leads.builders import (
    BROKEN,
    KEPT,
    LICENCE,
    SILENT,
    UNKNOWN,
    body,
    course,
    facts,
    paper,
    review,
)  # fmt: skip

D = dt.date
NPO, COMPANY = paper(2, "nonprofit_cert"), paper(3, "business_licence")
SUBJECT_PUPILS = {"categories": "SUBJECT", "stages": "PRIMARY"}
SMALL = {"category": "ARTS", "stages": "PRE", "mode": "OFFLINE"}
CODE = valid_credit_code(1)


NEXT_YEAR = D(2027, 1, 1)


def licence(valid_to=NEXT_YEAR, scope="ARTS PRIMARY", mode="OFFLINE", **facts_):
    known = {"categories": "ARTS", "stages": "PRIMARY", "modes": mode} if scope else {}
    return paper(1, "school_licence", valid_to=valid_to, **(known | facts_))


def licensed(row, *courses):
    return facts(certificates=(row,), courses=courses)


DANCE = course(category="ARTS", stages="PRIMARY", mode="OFFLINE")


def coded(code, *papers, **of):
    return facts(body(credit_code=code, **of), certificates=papers)


def named(name, *signs, papers=()):
    return facts(body(name=name, sign_names=signs), certificates=papers)


def ad(text):
    return facts(adverts=(Advert(1, text),))


def insured(until):
    return facts(policies=(Policy(1, D(2025, 1, 1), until),))


def materials(*rows):
    return facts(courses=(course(1), course(2)), materials=rows)


BOTH = frozenset({1, 2})

CASES = [
    ("R23", "300,000 yuan", facts(body(startup_funds=300_000)), KEPT),
    ("R23", "a yuan less", facts(body(startup_funds=299_999)), BROKEN),
    ("R23", "not known", facts(), UNKNOWN),
    ("R32", "the last day", licensed(licence(D(2026, 3, 4)), DANCE), KEPT),
    ("R32", "the day after", licensed(licence(D(2026, 3, 3)), DANCE), BROKEN),
    ("R32", "a course of another kind",
     licensed(licence(), course(category="SPORT", stages="PRIMARY", mode="OFFLINE")), BROKEN),
    ("R32", "pupils of another stage",
     licensed(licence(), course(category="ARTS", stages="JUNIOR", mode="OFFLINE")), BROKEN),
    ("R32", "online on a licence for offline",
     licensed(licence(), course(category="ARTS", stages="PRIMARY", mode="ONLINE")), BROKEN),
    ("R32", "the licence says nothing of its scope", licensed(licence(scope=""), DANCE), UNKNOWN),
    ("R32", "a licence that was revoked",
     licensed(licence(D(2026, 3, 3), ended_on=D(2025, 1, 1)), DANCE), SILENT),
    ("R32", "no licence", facts(), SILENT),
    ("R34", "a right code of a non-profit body", coded(CODE, NPO), KEPT),
    ("R34", "a wrong check sign", coded(CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), NPO),
     BROKEN),
    ("R34", "registered as a company", coded(CODE, COMPANY), BROKEN),
    ("R34", "said to be for profit", coded(CODE, profit_nature="FOR_PROFIT"), BROKEN),
    ("R34", "being issued", facts(body(credit_code_pending=True)), SILENT),
    ("R34", "no code", coded(""), UNKNOWN),
    ("R35", "brackets, width and blanks do not matter", named("晨光（开阳）", "晨光(开阳) "), KEPT),
    ("R35", "another name on the sign", named("晨光培训学校", "晨光教育"), BROKEN),
    ("R35", "another name on the licence",
     named("晨光", papers=(paper(1, "school_licence", holder="星河"),)), BROKEN),
    ("R35", "one name only", named("晨光"), UNKNOWN),
    ("R36", "a plain name", named("晨光艺术培训学校"), KEPT),
    ("R36", "a restricted word", named("中国晨光培训学校"), BROKEN),
    ("R36", "with a blank between", named("晨光 大 学"), BROKEN),
    ("R36", "nameless", named(""), UNKNOWN),
    ("R37", "non-profit with its certificate",
     facts(body(profit_nature="NON_PROFIT", **SUBJECT_PUPILS), certificates=(NPO,)), KEPT),
    ("R37", "for profit", facts(body(profit_nature="FOR_PROFIT", **SUBJECT_PUPILS)), BROKEN),
    ("R37", "said to be non-profit, registered as a company",
     facts(body(profit_nature="NON_PROFIT", **SUBJECT_PUPILS), certificates=(COMPANY,)), BROKEN),
    ("R37", "nothing registered",
     facts(body(profit_nature="NON_PROFIT", **SUBJECT_PUPILS)), UNKNOWN),
    ("R37", "senior pupils only",
     facts(body(profit_nature="FOR_PROFIT", categories="SUBJECT", stages="SENIOR")), SILENT),
    ("R38", "dance for small children", facts(courses=(course(**SMALL),)), KEPT),
    ("R38", "a subject", facts(courses=(course(**SMALL | {"category": "SUBJECT"}),)), BROKEN),
    ("R38", "a foreign language",
     facts(courses=(course(**SMALL | {"sub_kind": "FOREIGN_LANGUAGE"}),)), BROKEN),
    ("R38", "online", facts(courses=(course(**SMALL | {"mode": "ONLINE"}),)), BROKEN),
    ("R38", "the mode is not known",
     facts(courses=(course(category="ARTS", stages="PRE"),)), UNKNOWN),
    ("R38", "pupils", facts(courses=(course(**SMALL | {"stages": "PRIMARY"}),)), SILENT),
    ("R39", "a plain name", facts(courses=(course(name="少儿舞蹈"),)), KEPT),
    ("R39", "a word of disguise", facts(courses=(course(name="幼小衔接班"),)), BROKEN),
    ("R39", "the experts found it harmless",
     facts(courses=(course(name="思维训练", identified="NON_SUBJECT"),)), SILENT),
    ("R39", "the experts are not sure",
     facts(courses=(course(name="思维训练", identified="UNCLEAR"),)), BROKEN),
    ("R39", "filed as a subject",
     facts(courses=(course(name="思维训练", category="SUBJECT"),)), SILENT),
    ("R40", "plain words", ad("舞蹈课程开始报名"), KEPT),
    ("R40", "a promise", ad("名师授课，保 过！"), BROKEN),
    ("R40", "no text", ad(""), UNKNOWN),
    ("R41", "reviewed inside and outside",
     materials(Text(1, BOTH, inside=True, outside=True)), KEPT),
    ("R41", "not outside", materials(Text(1, BOTH, inside=True, outside=False)), BROKEN),
    ("R41", "one course without a material",
     materials(Text(1, frozenset({1}), inside=True, outside=True)), BROKEN),
    ("R41", "a review is not known",
     materials(Text(1, BOTH, inside=True)), UNKNOWN),
    ("R41", "no material was filed", materials(), UNKNOWN),
    ("R42", "the last day", insured(D(2026, 3, 4)), KEPT),
    ("R42", "the day after", insured(D(2026, 3, 3)), BROKEN),
    ("R42", "no policy", facts(), UNKNOWN),
    ("R46", "passed", facts(reviews=(review("PASS"),)), KEPT),
    ("R46", "passed after correction only", facts(reviews=(review("BASIC_PASS"),)), BROKEN),
    ("R46", "failed", facts(reviews=(review("FAIL"),)), BROKEN),
    ("R46", "not taken, with a reason", facts(reviews=(review("NOT_TAKEN", "NEW"),)), KEPT),
    ("R46", "not taken, without one", facts(reviews=(review("NOT_TAKEN"),)), BROKEN),
    ("R46", "the year before that", facts(reviews=(review("FAIL", year=2024),)), UNKNOWN),
    ("R46", "founded this year", facts(body(founded_on=D(2026, 1, 1))), SILENT),
    ("R47", "licensed and on the platform",
     facts(body(platform_id="P1"), certificates=(LICENCE,)), KEPT),
    ("R47", "licensed and not there", facts(certificates=(LICENCE,)), BROKEN),
    ("R47", "not licensed", facts(), SILENT),
]  # fmt: skip
