"""Results of the annual review: one per round, with a reason where an institution took no part."""

import datetime as dt

import pytest

from governance.models import AuditEvent
from governance.workflow import Refused, StaleVersion
from institutions import services
from institutions.models import AnnualResult
from institutions.services.results import ResultKnown
from tests.institutions.builders import make_institution

Result, Reason = AnnualResult.Result, AnnualResult.Reason


def _record(world, school=None, **facts):
    school = school or make_institution(world)
    facts = {"year": 2025, "result": Result.PASS} | facts
    return services.record_annual_result(school, by=world.lin, **facts)


def test_a_result_is_recorded_with_its_paper(world):
    row = _record(world, decided_on=dt.date(2026, 1, 20), document_number=" 开教发 〔2026〕3号")
    assert (row.document_number, row.recorded_by) == ("开教发〔2026〕3号", world.lin)
    event = AuditEvent.objects.get(verb="annual_result.recorded")
    assert (event.facts["year"], event.facts["result"]) == (2025, "PASS")


def test_a_round_has_one_result(world):
    row = _record(world)
    with pytest.raises(ResultKnown):
        _record(world, row.institution, result=Result.FAIL)


def test_a_result_taken_out_makes_room(world):
    row = _record(world)
    services.void_annual_result(row, by=world.lin, reason="录错机构")
    _record(world, row.institution, result=Result.FAIL)
    assert AnnualResult.objects.standing().get().result == Result.FAIL
    with pytest.raises(Refused):
        services.void_annual_result(row, by=world.lin, reason="再次")


def test_a_second_round_needs_a_first(world):
    school = make_institution(world)
    with pytest.raises(Refused):
        _record(world, school, round=2)
    _record(world, school, result=Result.FAIL)
    assert _record(world, school, round=2).round == 2


@pytest.mark.parametrize(
    "facts",
    [
        {"result": "NOT_TAKEN"},
        {"result": "NOT_TAKEN", "reason": "OTHER"},
        {"result": "PASS", "reason": "NEW"},
        {"year": 2027},
        {"decided_on": dt.date(2026, 3, 5)},
        {"decided_on": dt.date(2026, 3, 2), "published_on": dt.date(2026, 3, 1)},
    ],
)
def test_what_contradicts_itself_is_refused(world, facts):
    with pytest.raises(Refused):
        _record(world, **facts)


def test_who_took_no_part_says_why(world):
    row = _record(world, result=Result.NOT_TAKEN, reason=Reason.OTHER, reason_text="被责令停业")
    assert row.reason_text == "被责令停业"


def test_a_correction_keeps_what_it_does_not_name(world):
    row = _record(world, result=Result.NOT_TAKEN, reason=Reason.NEW)
    changes = services.correct_annual_result(
        row, by=world.luo, version=row.version, result=Result.PASS, reason=""
    )
    assert set(changes) == {"result", "reason"}
    assert AuditEvent.objects.filter(verb="annual_result.changed").count() == 2


def test_a_stale_copy_loses(world):
    row = _record(world)
    services.correct_annual_result(row, by=world.luo, result=Result.FAIL)
    with pytest.raises(StaleVersion):
        services.correct_annual_result(row, by=world.lin, version=1, result=Result.BASIC_PASS)


def test_publishing_marks_each_result_once(world):
    rows = [_record(world, make_institution(world, f"晨光{n}")) for n in "甲乙"]
    done = services.publish_annual_results(rows, by=world.lin, on=dt.date(2026, 3, 1))
    assert len(done) == 2
    again = services.publish_annual_results(rows, by=world.lin, on=dt.date(2026, 3, 4))
    assert again == []
    assert set(AnnualResult.objects.values_list("published_on", flat=True)) == {dt.date(2026, 3, 1)}


def test_nothing_is_published_before_it_was_decided(world):
    row = _record(world, decided_on=dt.date(2026, 3, 2))
    with pytest.raises(Refused):
        services.publish_annual_results([row], by=world.lin, on=dt.date(2026, 3, 1))


def test_another_county_sees_no_result(world):
    _record(world)
    assert AnnualResult.objects.visible_to(world.lin).count() == 1
    assert not AnnualResult.objects.visible_to(world.ying).exists()
