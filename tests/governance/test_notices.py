"""A notice is written by a department, published by its leader, and then not rewritten."""

import datetime as dt

import pytest
from django.utils.translation import override

from governance import audit, daylight, notices
from governance.audit import Verb
from governance.models import Division, Notice
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion
from tests.conftest import OTHER_COUNTY, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(world) -> Notice:
    return notices.draft(
        kind="public_notice",
        division=Division.objects.get(pk="520121"),
        by=world.lin,
        title_zh=" 关于公布白名单的通告 ",
        body_zh="现予公布。",
    )


def published(world, notice, until=None) -> None:
    notices.publish(notice, by=world.luo, version=notice.version, until=until)


def verbs(notice) -> list[str]:
    return [event.verb for event in audit.history(notice)]


def test_a_draft_is_not_public(notice):
    assert not Notice.objects.published().exists()
    assert notice.title_zh == "关于公布白名单的通告"


def test_a_published_notice_is_shown_to_its_last_day(world, notice):
    published(world, notice, until=dt.date(2026, 3, 10))
    assert Notice.objects.published(dt.date(2026, 3, 10)).exists()
    assert not Notice.objects.published(dt.date(2026, 3, 11)).exists()
    assert not Notice.objects.published(dt.date(2026, 3, 3)).exists()
    assert verbs(notice) == [Verb.NOTICE_PUBLISHED, Verb.NOTICE_DRAFTED]


def test_a_clerk_writes_and_a_leader_publishes(world, notice):
    with pytest.raises(DutyMissing):
        notices.publish(notice, by=world.lin, version=1, until=None)


def test_another_department_neither_changes_nor_publishes_it(world, notice):
    with pytest.raises(DutyMissing):
        notices.change(notice, by=world.ma, version=1, body_zh="x")
    with pytest.raises(DutyMissing):
        notices.publish(notice, by=world.mei, version=1, until=None)


def test_nobody_writes_for_another_county(world):
    with pytest.raises(DutyMissing):
        notices.draft(
            kind="announcement",
            division=Division.objects.get(pk=OTHER_COUNTY),
            by=world.lin,
            title_zh="x",
            body_zh="x",
        )


def test_a_draft_is_changed_from_a_fresh_page_only(world, notice):
    notices.change(notice, by=world.ning, version=1, title_en="White list published")
    with pytest.raises(StaleVersion):
        notices.change(notice, by=world.lin, version=1, body_zh="旧页面")


def test_a_published_notice_is_not_rewritten(world, notice):
    published(world, notice)
    with pytest.raises(Refused):
        notices.change(notice, by=world.lin, version=notice.version, body_zh="改了")
    with pytest.raises(Refused):
        published(world, notice)


@pytest.mark.parametrize(
    "days",
    [
        {"since": TODAY - dt.timedelta(days=1), "until": None},
        {"since": TODAY, "until": TODAY - dt.timedelta(days=1)},
    ],
)
def test_a_notice_is_not_published_backwards(world, notice, days):
    with pytest.raises(Refused):
        notices.publish(notice, by=world.luo, version=1, **days)


@pytest.mark.parametrize("days_later", [0, 5])
def test_an_ended_notice_disappears_at_once(world, notice, days_later):
    published(world, notice)
    daylight.set_day(TODAY + dt.timedelta(days=days_later))
    with pytest.raises(Refused):
        notices.end(notice, by=world.luo, version=notice.version, reason="")
    notices.end(notice, by=world.luo, version=notice.version, reason="内容有误")
    assert not Notice.objects.published().exists()
    assert audit.history(notice).first().facts == {"reason": "内容有误"}


def test_what_is_not_shown_cannot_be_ended(world, notice):
    with pytest.raises(Refused):
        notices.end(notice, by=world.luo, version=1, reason="x")


def test_the_reader_gets_the_language_that_there_is(world, notice):
    with override("en"):
        assert notice.title == "关于公布白名单的通告"
        notice.title_en = "White list published"
        assert notice.title == "White list published"
    with override("zh-hans"):
        assert notice.title == "关于公布白名单的通告"
