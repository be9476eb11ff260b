"""The clocks of certificates: started, moved, met by the one that follows, gone with the end."""

import datetime as dt

import pytest

from governance import deadlines
from governance.models import Clock, ClockStep, Division
from institutions import services
from institutions.imports import acts
from institutions.models import Institution, Licence
from institutions.services.expiry import EXPIRY, RENEWAL
from tests.institutions.builders import SHUANGLIU, make_institution, make_licence
from tests.institutions.ledgers import bring_in, sheet

END = dt.date(2026, 12, 31)


@pytest.fixture
def licence(world):
    school = make_institution(world, licences=())
    return make_licence(school, "school_licence", by=world.lin, valid_to=END)


def test_a_school_licence_has_its_last_day_and_the_day_to_apply(licence):
    assert deadlines.find(licence, EXPIRY).due_on == END
    assert deadlines.find(licence, RENEWAL).due_on == dt.date(2026, 12, 1)
    assert deadlines.find(licence, EXPIRY).institution_id == licence.institution_id


def test_other_papers_have_only_a_last_day(world, licence):
    fire = make_licence(licence.institution, "fire", by=world.lin, valid_to=END)
    assert deadlines.find(fire, EXPIRY)
    assert deadlines.find(fire, RENEWAL) is None


@pytest.mark.parametrize("last", [None, dt.date(2026, 3, 3)])
def test_without_end_or_ended_before_there_is_no_clock(world, last):
    school = make_institution(world, licences=())
    made = make_licence(school, "school_licence", by=world.lin, valid_to=last)
    assert not Clock.objects.of(made).exists()


def test_corrected_dates_move_the_clocks(world, licence):
    services.correct_licence(licence, by=world.lin, valid_to=dt.date(2027, 6, 30))
    assert deadlines.find(licence, EXPIRY).due_on == dt.date(2027, 6, 30)
    assert deadlines.find(licence, RENEWAL).due_on == dt.date(2027, 5, 31)
    assert ClockStep.objects.filter(
        clock=deadlines.find(licence, EXPIRY), due_on=dt.date(2027, 6, 30)
    ).exists()


def test_an_end_that_turns_out_to_be_none_stops_them(world, licence):
    services.correct_licence(licence, by=world.lin, valid_to=None)
    assert not Clock.objects.of(licence).open().exists()


@pytest.mark.parametrize("to", ["revoked", "withdrawn", "cancelled", "lapsed"])
def test_an_ended_certificate_has_no_clock(world, licence, to):
    services.change_licence_status(licence, to, by=world.lin, on=dt.date(2026, 3, 1), reason="据")
    assert not Clock.objects.of(licence).open().exists()


def test_suspended_enrolment_stops_no_clock(world, licence):
    services.change_licence_status(
        licence, "suspended_enrolment", by=world.lin, on=dt.date(2026, 3, 1), reason="整改"
    )
    assert Clock.objects.of(licence).running().count() == 2


def test_one_taken_out_has_no_clock(world, licence):
    services.void_licence(licence, by=world.lin, reason="误录")
    assert not Clock.objects.of(licence).open().exists()


def test_an_institution_taken_out_takes_its_clocks_along(world, licence):
    services.void(licence.institution, by=world.luo, reason="误录")
    assert not Clock.objects.of(licence).open().exists()


def test_the_certificate_that_follows_meets_the_clocks(world, licence):
    make_licence(
        licence.institution, "school_licence", by=world.lin, number="换证",
        valid_from=dt.date(2026, 3, 1), valid_to=dt.date(2029, 12, 31),
    )  # fmt: skip
    assert set(Clock.objects.of(licence).values_list("status", flat=True)) == {"met"}


def test_clocks_follow_an_institution_that_moves(world, licence):
    services.record_period(
        licence.institution, by=world.lin, start=dt.date(2026, 3, 1),
        township=Division.objects.get(pk=SHUANGLIU),
    )  # fmt: skip
    places = Clock.objects.of(licence).values_list("division_id", flat=True)
    assert set(places) == {SHUANGLIU}


# --- imports ------------------------------------------------------------------------------------

HEADS = ("机构名称", "乡镇", "地址", "证照情况", "办学许可证号", "有效期止")


def _ledger(names):
    rows = [
        (name, "硒城街道", f"{name}号", "有证无照", f"教民{name}", "2026-12-31") for name in names
    ]
    return sheet(*rows, heads=HEADS)


def test_imported_certificates_have_the_same_clocks(world):
    bring_in(_ledger("甲乙"), by=world.lin)
    for licence in Licence.objects.all():
        clock = deadlines.find(licence, EXPIRY)
        assert (clock.due_on, clock.lead) == (END, world.department("edu"))
        assert deadlines.find(licence, RENEWAL).due_on == dt.date(2026, 12, 1)
        assert clock.events.count() == 1
        assert {step.name for step in clock.steps.all()} == {
            "before:90", "before:30", "before:7", "due", "after:1",
        }  # fmt: skip
    assert not list(deadlines.strays())


def test_an_undone_import_takes_its_clocks_back(world):
    batch = bring_in(_ledger("甲乙"), by=world.lin)
    acts.undo(batch, by=world.luo)
    assert not Clock.objects.open().exists()
    assert not ClockStep.objects.filter(swept_at=None).exists()


def test_imported_and_entered_clocks_repeat_the_same(world, licence):
    bring_in(_ledger("甲"), by=world.lin)
    imported = Licence.objects.exclude(pk=licence.pk).get()
    assert Institution.objects.count() == 2
    found = deadlines.find(imported, EXPIRY)
    assert found.url == f"/institutions/{imported.institution_id}/?tab=licences"
    assert found.title == str(imported)
