"""Proposing an entry: grounds, evidence, who may."""

import pytest

from governance import audit
from governance.models.clocks import Clock
from governance.scoping import DutyMissing
from governance.workflow import Refused, TransitionRefused
from institutions.models import LicenceKind
from publiclists import grounds, services
from publiclists.models import Evidence, ListEntry
from publiclists.services.proposing import GroundMissing
from tests.institutions.builders import make_institution
from tests.publiclists.builders import UNLICENSED, WHITE, back, make_noticed, make_proposal


def test_proposing_keeps_ground_and_facts_and_leaves_a_trace(world):
    entry = make_proposal(world)
    ground = entry.grounds.get()
    assert ground.facts["open_findings"] == 0
    assert len(ground.facts["certificates"]) == 2
    assert entry.status == "proposed"
    assert entry.number is None
    assert audit.history(entry).first().verb == "list.proposed"


def test_a_white_entry_needs_both_certificates(world):
    with pytest.raises(GroundMissing, match=r"有照无证|Registered, no licence"):
        make_proposal(world, licences=[LicenceKind.BUSINESS_LICENCE])
    assert not ListEntry.objects.exists()


def test_a_black_entry_for_running_unlicensed_needs_a_missing_certificate(world):
    grounds.load()
    licensed = make_institution(world)
    with pytest.raises(GroundMissing):
        services.propose(licensed, "BLACK", [UNLICENSED], reason="x", by=world.lin)


@pytest.mark.parametrize("codes", [[], ["nothing"], [UNLICENSED], [WHITE, "nothing"]])
def test_a_proposal_needs_grounds_of_its_list(world, codes):
    grounds.load()
    with pytest.raises(Refused):
        services.propose(make_institution(world), "WHITE", codes, reason="x", by=world.lin)


def test_proposing_twice_is_refused(world):
    entry = make_proposal(world)
    with pytest.raises(Refused):
        services.propose(entry.institution, "WHITE", [WHITE], reason="x", by=world.lin)


def test_white_and_black_exclude_each_other(world):
    entry = make_proposal(world)
    with pytest.raises(Refused):
        services.propose(entry.institution, "BLACK", ["black.safety"], reason="x", by=world.lin)


def test_a_dropped_proposal_makes_room(world):
    entry = make_proposal(world)
    services.drop(entry, reason="误报", by=world.lin)
    again = services.propose(entry.institution, "WHITE", [WHITE], reason="x", by=world.lin)
    assert again.status == "proposed"


def test_dropping_needs_a_reason(world):
    with pytest.raises(Refused):
        services.drop(make_proposal(world), reason=" ", by=world.lin)


def test_dropping_twice_is_refused(world):
    entry = make_proposal(world)
    services.drop(entry, reason="误报", by=world.lin)
    with pytest.raises(TransitionRefused):
        services.drop(entry, reason="误报", by=world.lin)


@pytest.mark.parametrize("name", ["shi", "shen", "xi"])
def test_who_has_no_such_duty_cannot_propose(world, name):
    grounds.load()
    institution = make_institution(world)
    with pytest.raises(DutyMissing):
        services.propose(institution, "WHITE", [WHITE], reason="x", by=getattr(world, name))


def test_another_county_does_not_see_the_entry(world):
    entry = make_proposal(world)
    assert not ListEntry.objects.visible_to(world.ying).exists()
    assert ListEntry.objects.visible_to(world.lin).get() == entry


def test_evidence_is_a_record_of_the_same_institution(world):
    entry = make_proposal(world, "BLACK")
    stranger = make_institution(world, "别家").licences.first()
    with pytest.raises(Refused):
        services.add_evidence(entry, licence=stranger, by=world.lin)


def test_the_same_evidence_twice_is_one(world):
    entry = make_proposal(world, "BLACK")
    back(world, entry)
    back(world, entry)
    assert Evidence.objects.filter(entry=entry).count() == 1


def test_evidence_can_be_taken_away_until_the_notice(world):
    entry = make_proposal(world, "BLACK")
    back(world, entry)
    services.drop_evidence(entry.evidence.get(), by=world.lin)
    assert not entry.evidence.exists()


def test_evidence_is_fixed_by_the_notice(world):
    entry = make_noticed(world, "BLACK")
    with pytest.raises(Refused):
        services.drop_evidence(entry.evidence.get(), by=world.lin)


def test_a_countys_own_ground_replaces_the_general_one(world):
    grounds.load()
    general = grounds.Ground.objects.get(code=WHITE)
    grounds.Ground.objects.create(
        code=WHITE, kind="WHITE", county="520121", name_zh="本县", name_en="Ours",
        basis="本县办法", check_code=general.check_code, most_months=6,
    )  # fmt: skip
    entry = services.propose(make_institution(world), "WHITE", [WHITE], reason="x", by=world.lin)
    assert entry.basis == "本县办法"
    assert grounds.load() > 0
    assert grounds.Ground.objects.get(code=WHITE, county="520121").name_zh == "本县"


def test_no_clock_runs_before_the_notice(world):
    assert not Clock.objects.of(make_proposal(world)).exists()
