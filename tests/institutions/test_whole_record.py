"""The whole record: buildings, money, what certificates cover, where each field is from."""

import datetime as dt
from decimal import Decimal

import pytest

from governance.models import AuditEvent, Division
from governance.workflow import Refused
from institutions import services
from institutions.imports import acts
from institutions.models import BuildingUse, Institution, LicenceKind, Source, SubKind, Tenure
from tests.institutions.builders import make_institution, make_licence
from tests.institutions.ledgers import CODE, bring_in, row, sheet

TODAY = "2026-03-04"


def _site(institution):
    return institution.sites.get()


def test_a_new_institution_says_where_each_field_came_from(world):
    school = make_institution(world, principal="周", sub_kinds=[SubKind.DANCE])
    assert school.sources["name"] == [Source.ENTRY, TODAY]
    assert school.sources["principal"] == [Source.ENTRY, TODAY]
    assert school.sources["sub_kinds"] == [Source.ENTRY, TODAY]
    assert "sponsor" not in school.sources


def test_a_change_notes_its_own_source_and_leaves_the_others(world):
    school = make_institution(world)
    services.record_period(
        school, by=world.lin, start=dt.date(2026, 2, 1), source=Source.SELF, learners=40
    )
    school.refresh_from_db()
    assert school.sources["learners"] == [Source.SELF, TODAY]
    assert school.sources["name"][0] == Source.ENTRY


def test_a_value_confirmed_unchanged_keeps_its_older_source(world):
    school = make_institution(world)
    services.record_period(
        school, by=world.lin, start=dt.date(2026, 2, 1), source=Source.SELF,
        name="晨光艺术培训学校", learners=40,
    )  # fmt: skip
    school.refresh_from_db()
    assert school.sources["name"][0] == Source.ENTRY


def test_identity_notes_its_source(world):
    school = make_institution(world)
    services.change_identity(
        school, by=world.lin, source=Source.INSPECTION, controller="周",
        startup_funds=Decimal("300000.00"), custody_bank="开阳农商行", custody_account="6222",
    )  # fmt: skip
    school.refresh_from_db()
    assert school.sources["custody_account"] == [Source.INSPECTION, TODAY]
    assert school.startup_funds == Decimal("300000.00")


def test_who_controls_an_institution_is_audited_without_the_name(world):
    school = make_institution(world)
    services.change_identity(school, by=world.lin, controller="周某某")
    event = AuditEvent.objects.filter(verb="institution.changed").latest("pk")
    assert event.facts["changes"]["controller"] == "changed"


def test_a_site_keeps_its_building_facts_with_their_source(world):
    site = _site(make_institution(world, address="人民路1号"))
    assert site.sources["address"] == [Source.ENTRY, TODAY]
    services.record_site_period(
        site, by=world.lin, start=dt.date(2026, 1, 1), source=Source.INSPECTION,
        building_use=BuildingUse.COMMERCIAL, lowest_floor=-1, highest_floor=2, tenure=Tenure.LEASED,
        lease_from=dt.date(2025, 1, 1), lease_until=dt.date(2027, 12, 31), boarding=False,
    )  # fmt: skip
    site.refresh_from_db()
    now = site.periods.get(during__contains=dt.date(2026, 3, 4))
    assert (now.lowest_floor, now.highest_floor, now.boarding) == (-1, 2, False)
    assert site.sources["building_use"] == [Source.INSPECTION, TODAY]


def test_no_building_has_its_top_below_its_bottom(world):
    site = _site(make_institution(world))
    with pytest.raises(Refused):
        services.record_site_period(
            site, by=world.lin, start=dt.date(2026, 1, 1), lowest_floor=3, highest_floor=1
        )


def test_a_correction_of_one_floor_is_held_against_the_other(world):
    site = _site(make_institution(world))
    start = dt.date(2026, 1, 1)
    services.record_site_period(site, by=world.lin, start=start, lowest_floor=1, highest_floor=2)
    with pytest.raises(Refused):
        services.record_site_period(site, by=world.lin, start=start, lowest_floor=3)


def test_no_lease_ends_before_it_begins(world):
    with pytest.raises(Refused):
        services.add_site(
            make_institution(world), by=world.lin, address="城南街2号",
            lease_from=dt.date(2026, 1, 1), lease_until=dt.date(2025, 1, 1),
        )  # fmt: skip


def test_the_landlord_is_audited_without_the_name(world):
    site = _site(make_institution(world))
    services.record_site_period(site, by=world.lin, start=dt.date(2026, 1, 1), landlord="钱某")
    event = AuditEvent.objects.filter(verb="site.period_recorded").latest("pk")
    assert event.facts["changes"]["landlord"] == "changed"


def test_a_certificate_says_what_it_covers(world):
    school = make_institution(world, licences=())
    licence = make_licence(
        school, LicenceKind.SCHOOL_LICENCE, by=world.lin, conditions="不得招收学前儿童",
        mode="OFFLINE", categories=["ARTS"], stages=["PRIMARY"],
    )  # fmt: skip
    changes = services.correct_licence(licence, by=world.lin, stages=["PRIMARY", "JUNIOR"])
    assert changes["stages"] == [["PRIMARY"], ["PRIMARY", "JUNIOR"]]


# --- branches -----------------------------------------------------------------------------------


def test_a_branch_names_its_main_body_and_its_filing(world):
    main, branch = make_institution(world), make_institution(world, "晨光艺术双流分校")
    services.set_branch(branch, main, by=world.lin)
    services.file_branch(branch, by=world.lin, on=dt.date(2026, 3, 1))
    branch.refresh_from_db()
    assert (branch.branch_of, branch.branch_filed_on) == (main, dt.date(2026, 3, 1))
    assert AuditEvent.objects.filter(verb="institution.branch_set").count() == 2


def test_there_is_no_branch_of_a_branch_nor_of_itself(world):
    main, branch, third = (make_institution(world, f"晨光{n}") for n in "甲乙丙")
    services.set_branch(branch, main, by=world.lin)
    for one, other in ((third, branch), (main, third), (third, third)):
        with pytest.raises(Refused):
            services.set_branch(one, other, by=world.lin)


def test_only_a_branch_is_filed(world):
    with pytest.raises(Refused):
        services.file_branch(make_institution(world), by=world.lin, on=dt.date(2026, 3, 1))


def test_a_branch_that_stands_alone_loses_its_filing_too(world):
    main, branch = make_institution(world), make_institution(world, "晨光艺术双流分校")
    services.set_branch(branch, main, by=world.lin, filed_on=dt.date(2026, 3, 1))
    with pytest.raises(Refused):
        services.clear_branch(branch, by=world.lin, reason=" ")
    services.clear_branch(branch, by=world.lin, reason="已独立设立")
    branch.refresh_from_db()
    assert (branch.branch_of, branch.branch_filed_on) == (None, None)


def test_a_second_site_has_sources_of_its_own(world):
    school = make_institution(world)
    site = services.add_site(
        school, by=world.lin, address="城南街2号", source=Source.IMPORT, rooms=4,
        township=Division.objects.get(pk="520121101"),
    )  # fmt: skip
    assert site.sources == {
        "address": [Source.IMPORT, TODAY],
        "township": [Source.IMPORT, TODAY],
        "rooms": [Source.IMPORT, TODAY],
    }


# --- imports ------------------------------------------------------------------------------------


def test_an_import_is_the_source_of_what_it_brings(world):
    bring_in(sheet(row("晨光艺术", 乡镇="硒城街道", 统一社会信用代码=CODE)), by=world.lin)
    school = Institution.objects.get()
    assert {"name", "township", "credit_code"} <= set(school.sources)
    assert {source for source, _day in school.sources.values()} == {Source.IMPORT}
    assert _site(school).sources["address"] == [Source.IMPORT, TODAY]


def test_undoing_an_import_brings_the_older_sources_back(world):
    school = make_institution(world, credit_code=CODE, address="人民路1号")
    changed = row("晨光艺术学校", "城南街2号", 统一社会信用代码=CODE)
    batch = bring_in(sheet(changed), by=world.lin)
    school.refresh_from_db()
    assert school.sources["name"][0] == Source.IMPORT
    assert _site(school).sources["address"][0] == Source.IMPORT
    acts.undo(batch, by=world.luo)
    school.refresh_from_db()
    assert school.sources["name"][0] == Source.ENTRY
    assert _site(school).sources["address"][0] == Source.ENTRY
