"""The demo county on two odd days: a Sunday in the holidays, a Saturday at work."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Count

from governance import audit, daylight, papers
from governance.models import Clock, Notice, Paper
from inspections.models import ExtensionRequest, Finding, Inspection, RectificationTask
from institutions.models import (
    AnnualResult,
    Filing,
    Institution,
    InstitutionPeriod,
    Licence,
    SitePeriod,
    WallToken,
)
from publiclists.models import Kind, ListEntry, Objection, Publication
from publiclists.tasks import rebuild_files
from tests.demo_county import demo_county

pytestmark = pytest.mark.django_db
HOLIDAY_SUNDAY = dt.date(2026, 10, 4)  # National Day, a rest day on both counts
MADE_UP = dt.date(2026, 10, 10)  # a Saturday on which offices work
NAMES = [  # of seed 990121
    "明川县城关晨光艺术培训学校", "明川县新城听松音乐培训学校", "明川县新城蒲公英艺术培训学校",
]  # fmt: skip
MACHINES = [
    Clock, ExtensionRequest, Finding, Inspection, Licence, ListEntry, Objection, Paper,
    RectificationTask, Filing,
]  # fmt: skip


@pytest.fixture(scope="module", params=[HOLIDAY_SUNDAY, MADE_UP], ids=str)
def seeded_on(request, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), demo_county(request.param):
        yield request.param


@pytest.fixture(autouse=True)
def the_day(seeded_on):
    """Other fixtures put the day back; the county lives on the day of its seeding."""
    daylight.set_day(seeded_on)


def running():
    return Clock.objects.filter(status=Clock.Status.RUNNING)


def test_something_is_due_today_and_something_is_overdue(seeded_on):
    assert running().filter(due_on=seeded_on).exists()
    assert running().filter(due_on=seeded_on - dt.timedelta(days=1)).exists()
    assert running().filter(due_on__lt=seeded_on - dt.timedelta(days=7)).exists()


def test_something_is_to_be_done_tomorrow_and_falls_due_within_the_week(seeded_on):
    tomorrow = seeded_on + dt.timedelta(days=1)
    assert Inspection.objects.filter(planned_for=tomorrow).exists()
    assert running().filter(due_on__range=(tomorrow, seeded_on + dt.timedelta(days=8))).exists()


@pytest.mark.parametrize("model", MACHINES)
def test_every_state_is_there(model):
    reachable = {str(to) for ends in model.TRANSITIONS.values() for to in ends}
    wanted = reachable | {str(was) for was in model.TRANSITIONS}
    assert set(model.objects.values_list("status", flat=True)) == wanted


def test_the_sums_of_the_register_add_up():
    rows = Institution.objects.registered().with_cert_status()
    by_status = dict(rows.values_list("cert_status").annotate(Count("pk")))
    assert sum(by_status.values()) == rows.count() == 312
    assert len(by_status) == 4


def test_licensed_bodies_have_their_whole_record():
    """Reviews of three years, codes for the wall, buildings with the source of each fact."""
    results = AnnualResult.objects.standing()
    assert set(results.values_list("year", flat=True)) == {2023, 2024, 2025}
    assert set(results.values_list("result", flat=True)) == set(AnnualResult.Result)
    assert not results.filter(published_on=None).exists()
    assert results.filter(round=AnnualResult.Round.AFTER_CORRECTION).exists()
    assert WallToken.objects.live().count() == 40
    built = SitePeriod.objects.on().exclude(building_use="").select_related("site")
    assert built.count() == 210
    assert {row.site.sources["rooms"][0] for row in built} == {"self", "inspection"}
    assert audit.history(results[0].institution).filter(verb="annual_result.recorded").exists()


def test_names_depend_on_the_seed_alone(seeded_on):
    names = InstitutionPeriod.objects.order_by("institution_id").values_list("name", flat=True)
    assert list(names[:3]) == NAMES


def test_a_decision_bears_the_number_of_its_paper():
    decided = ListEntry.objects.exclude(decided_on=None)
    assert not decided.exclude(decision_number__regex=r"^明川教名单〔\d{4}〕\d+号$").exists()
    days = decided.values("decided_on", "kind").distinct().count()
    assert decided.values("decision_number").distinct().count() == days


def test_every_list_is_published():
    last = Publication.objects.published().values_list("kind", flat=True)
    assert set(last) == set(Kind)


def test_the_lists_are_announced_and_their_pages_made(seeded_on):
    shown = Notice.objects.published(seeded_on)
    assert {notice.kind for notice in shown} == set(Notice.Kind)
    assert Notice.objects.filter(published_from=None).exists()
    assert Notice.objects.exclude(ended_on=None).exists()
    assert rebuild_files in [act for _ids, act, *_rest in connection.run_on_commit]


def test_papers_are_what_their_hashes_say():
    assert all(papers.verify(paper) == [] for paper in Paper.objects.order_by("pk")[:3])
