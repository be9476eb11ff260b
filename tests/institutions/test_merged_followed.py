"""Everywhere a merged record is seen through the one that stands for it, and counted once."""

import datetime as dt

import pytest

from desk import ledger as desk_ledger
from desk import search, statistics
from desk.dossier import Dossier
from desk.public_search import by_number, find, results
from governance import daylight
from inspections.models import Finding
from institutions import ledger, services
from institutions.conditions import Conditions
from institutions.derived import Facts
from institutions.models import Disposal, Institution, LicenceKind
from publiclists import services as listing
from publiclists.services.proposing import GroundMissing
from tests.inspections.builders import MAJOR, make_signed, no
from tests.institutions.builders import make_institution

SCHOOL, BUSINESS = LicenceKind.SCHOOL_LICENCE, LicenceKind.BUSINESS_LICENCE


@pytest.fixture
def joined(world):
    """The licence stands on the record that went, the registration on the one that stays."""
    kept = make_institution(world, "晨光艺术培训学校", licences=(BUSINESS,))
    goes = make_institution(world, "晨光学校", licences=(SCHOOL,), address="育才街9号")
    services.dispose(
        goes, by=world.lin, outcome=Disposal.Outcome.RECTIFY, decided_on=daylight.today(),
        campaign="专项治理", measures="限期整改",
    )  # fmt: skip
    make_signed(goes, world.du, no(MAJOR))
    make_institution(world, "大千书院", licences=())
    services.merge(goes, kept, by=world.lin, reason="同一家")
    return Institution.objects.get(pk=kept.pk), Institution.objects.get(pk=goes.pk)


def row_of(world, kept):
    rows = ledger.base(world.lin, None).annotate(**Facts(None))
    return rows.get(institution=kept)


def test_certificates_of_both_records_make_the_status(world, joined):
    kept, _goes = joined
    assert Institution.objects.with_cert_status().get(pk=kept.pk).cert_status == "FULL"
    row = row_of(world, kept)
    assert (row.cert_status, row.multi_site, row.disposal) == ("FULL", True, "RECTIFY")
    assert row.expires_on == dt.date(2027, 12, 31)
    assert row.licence_number


@pytest.mark.parametrize(("cert", "number"), [("FULL", 1), ("REG_ONLY", 0), ("NONE", 1)])
def test_the_ledger_finds_it_by_what_both_hold(world, joined, cert, number):
    conditions = Conditions().but(cert=cert)
    assert ledger.chosen(world.lin, conditions).count() == number


def test_sums_and_statistics_count_it_once(world, joined):
    rows = ledger.chosen(world.lin, Conditions())
    assert ledger.sums(rows, None)["institutions"] == rows.count() == 2
    groups = statistics.Statistics(world.lin, Conditions(), ["cert"]).groups
    assert sum(groups.values()) == 2
    assert {key[0]: n for key, n in groups.items()} == {"FULL": 1, "NONE": 1}


@pytest.mark.parametrize("how", ["number", "licence"])
def test_the_number_of_the_record_that_went_leads_to_the_one_that_stays(world, joined, how):
    kept, goes = joined
    term = goes.number if how == "number" else goes.licences.get().number
    rows = ledger.chosen(world.lin, Conditions(q=term))
    if how == "number" or term[0].isdigit():
        assert [row.institution_id for row in rows] == [kept.pk]
    assert {hit.url for hit in search.search(world.lin, term)} == {kept.get_absolute_url()}


def test_the_name_it_had_leads_to_the_one_that_stays(world, joined):
    kept, _goes = joined
    assert [hit.url for hit in search.search(world.lin, "晨光学校")] == [kept.get_absolute_url()]


def test_the_dossier_holds_the_problems_of_both(world, joined):
    kept, goes = joined
    shown = Dossier(world.lin, kept.pk)
    assert shown.cert_status == "FULL"
    assert [finding.institution_id for finding in shown.open_findings] == [goes.pk]
    assert Finding.objects.of(kept).count() == 1
    assert [merge.merged for merge in shown.merges] == [goes]


def test_the_ledger_shows_open_problems_of_both(world, joined):
    kept, _goes = joined
    facts = desk_ledger.facts(world.lin, None)
    name = next(name for name in facts if "finding" in name or "open" in name)
    rows = ledger.base(world.lin, None).annotate(**facts.of([name]))
    assert getattr(rows.get(institution=kept), name)


def test_the_public_finds_one_with_the_licence_of_both(world, joined, client):
    kept, goes = joined
    assert by_number(goes.number) is None
    [result] = results([by_number(kept.number)])
    assert result.verdict.code == "full"
    assert len(result.licences) == 1
    assert [row.institution for row in find(goes.licences.get().number)] == [kept]
    answer = client.get(f"/public/institutions/{goes.number}/")
    assert answer.url == f"/public/institutions/{kept.number}/"


def test_an_open_problem_of_either_keeps_it_off_the_white_list(world, joined):
    kept, _goes = joined
    with pytest.raises(GroundMissing):
        listing.propose(kept, "WHITE", ["white.certified"], reason="事实", by=world.lin)
