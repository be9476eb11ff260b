"""What an institution was, from when until when, and who said so."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from governance import audit
from governance.models import Division
from governance.workflow import Refused, StaleVersion
from institutions import services
from institutions.models import InstitutionPeriod, OperatingStatus, Source
from tests.institutions.builders import SHUANGLIU, make_institution


def names(institution):
    rows = institution.periods.order_by("during")
    return [(row.during.lower, row.during.upper, row.name) for row in rows]


def test_a_change_closes_the_period_before(world):
    institution = make_institution(world, "旧名", since=date(2024, 1, 1), licences=())
    services.record_period(institution, by=world.lin, start=date(2025, 9, 1), name="新名")
    assert names(institution) == [
        (date(2024, 1, 1), date(2025, 9, 1), "旧名"),
        (date(2025, 9, 1), None, "新名"),
    ]


def test_a_correction_replaces_what_was_wrong_and_nothing_else(world):
    institution = make_institution(world, "旧名", since=date(2024, 1, 1), licences=())
    services.record_period(institution, by=world.lin, start=date(2025, 9, 1), name="新名")
    services.record_period(
        institution, by=world.lin, start=date(2024, 1, 1), until=date(2025, 9, 1), name="正名"
    )
    assert [name for *_, name in names(institution)] == ["正名", "新名"]


def test_facts_not_named_run_on_across_the_span(world):
    institution = make_institution(world, "甲", since=date(2024, 1, 1), licences=())
    services.record_period(institution, by=world.lin, start=date(2025, 1, 1), name="乙")
    services.record_period(
        institution, by=world.lin, start=date(2024, 6, 1),
        operating_status=OperatingStatus.SUSPENDED,
    )  # fmt: skip
    rows = institution.periods.order_by("during").values_list("name", "operating_status")
    assert list(rows) == [("甲", "OPERATING"), ("甲", "SUSPENDED"), ("乙", "SUSPENDED")]


def test_what_was_true_before_the_first_record_can_be_added(world):
    institution = make_institution(world, "甲", since=date(2025, 1, 1), licences=())
    services.record_period(
        institution, by=world.lin, start=date(2020, 1, 1), until=date(2025, 1, 1), name="前身"
    )
    assert names(institution)[0] == (date(2020, 1, 1), date(2025, 1, 1), "前身")


def test_saying_the_same_again_changes_no_row(world):
    institution = make_institution(world, "甲", licences=())
    before = list(institution.periods.values())
    services.record_period(institution, by=world.luo, start=date(2025, 1, 1), name="甲")
    assert list(institution.periods.values()) == before


def test_a_cut_off_part_keeps_who_said_it(world):
    institution = make_institution(world, "甲", licences=(), source=Source.IMPORT)
    services.record_period(
        institution, by=world.luo, start=date(2025, 1, 1), until=date(2025, 2, 1), name="乙"
    )
    said = institution.periods.order_by("during").values_list("name", "source", "recorded_by")
    lin, luo = world.lin.pk, world.luo.pk
    assert list(said) == [("甲", "import", lin), ("乙", "entry", luo), ("甲", "import", lin)]


def test_the_trace_says_what_was_and_what_is(world):
    institution = make_institution(world, "甲", licences=())
    services.record_period(
        institution, by=world.lin, start=date(2025, 1, 1), name="乙", reason="更名核准"
    )
    facts = audit.history(institution)[0].facts
    assert facts["changes"] == {"name": ["甲", "乙"]}
    assert facts["reason"] == "更名核准"


def test_a_stale_copy_loses(world):
    institution = make_institution(world, "甲", licences=())
    read = institution.version
    services.record_period(
        institution, by=world.lin, start=date(2025, 1, 1), version=read, name="乙"
    )
    with pytest.raises(StaleVersion):
        services.record_period(
            institution, by=world.luo, start=date(2025, 1, 1), version=read, name="丙"
        )
    assert institution.period().name == "乙"


def test_nothing_is_recorded_for_a_day_to_come(world):
    institution = make_institution(world)
    with pytest.raises(Refused):
        services.record_period(institution, by=world.lin, start=date(2026, 3, 5), name="乙")
    with pytest.raises(Refused):
        services.record_period(
            institution, by=world.lin, start=date(2026, 3, 4), until=date(2026, 3, 4), name="乙"
        )


def test_moving_to_another_township_moves_the_row(world):
    institution = make_institution(world)
    town = Division.objects.get(pk=SHUANGLIU)
    services.record_period(institution, by=world.lin, start=date(2026, 1, 1), township=town)
    institution.refresh_from_db()
    assert institution.division == town
    assert type(institution).objects.visible_to(world.he).filter(pk=institution.pk).exists()
    assert not type(institution).objects.visible_to(world.shi).filter(pk=institution.pk).exists()


def test_a_township_of_another_county_is_refused(world):
    institution = make_institution(world)
    with pytest.raises(Refused, match="河东街道"):
        services.record_period(
            institution, by=world.lin, start=date(2026, 1, 1),
            township=Division.objects.get(pk="341203001"),
        )  # fmt: skip


def test_two_periods_never_overlap_whoever_writes(world):
    institution = make_institution(world, licences=())
    period = institution.periods.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        InstitutionPeriod.objects.create(
            institution=institution, during=DateRange(date(2025, 1, 1), None), name="重叠",
            township=period.township, recorded_by=world.lin,
        )  # fmt: skip


def test_a_site_has_periods_of_its_own(world):
    institution = make_institution(world, address="人民路1号", since=date(2024, 1, 1))
    site = institution.sites.get()
    services.record_site_period(
        site, by=world.lin, start=date(2025, 3, 1), address="解放路2号", area=320
    )
    rows = site.periods.order_by("during").values_list("address", "area")
    assert list(rows) == [("人民路1号", None), ("解放路2号", 320)]


def test_several_sites_raise_the_flag_while_they_are_used(world):
    institution = make_institution(world, since=date(2024, 1, 1))
    second = services.add_site(institution, by=world.lin, address="二校区", start=date(2025, 1, 1))

    def flagged(day):
        rows = type(institution).objects.with_multi_site(day)
        return rows.get(pk=institution.pk).multi_site

    assert not flagged(date(2024, 6, 1))
    assert flagged(date(2025, 6, 1))
    services.close_site(second, by=world.lin, on=date(2026, 1, 1))
    assert not flagged(date(2026, 1, 1))
    assert flagged(date(2025, 12, 31))
