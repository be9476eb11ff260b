"""More time: the issuer sets a later day; clocks, messages and the record follow."""

import datetime as dt

import pytest
from django.urls import reverse

from campaigns import services
from governance import audit, reminders
from governance.models import Notification
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion
from tests.campaigns.builders import make_collection, make_submitted, return_of

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 3, 27)
GIVEN = {"due_rule": "collection.due", "due_day": dt.date(2026, 3, 18)}


def extend(collection, by, until=LATER, reason="农忙季节，乡镇人手不足", **more):
    return services.extend(collection, until=until, reason=reason, by=by, **more)


@pytest.mark.parametrize("due", [{}, GIVEN], ids=["monthly", "given day"])
def test_units_that_owe_it_get_the_later_day(world, due):
    collection = make_collection(world, **due)
    assert len(extend(collection, world.lin)) == 2
    for member in (world.shi, world.he):
        clock = return_of(collection, member).clock
        assert (clock.due_on, clock.is_open) == (LATER, True)
    collection.refresh_from_db()
    assert (collection.due_rule, collection.due_day) == ("collection.due", LATER)


def test_what_was_handed_in_keeps_its_clock(world):
    collection = make_collection(world)
    submitted = make_submitted(world, collection)
    assert [owed.lead for owed in extend(collection, world.lin)] == [world.department("shuangliu")]
    assert return_of(collection, world.shi).clock.due_on == dt.date(2026, 3, 20)
    services.withdraw(submitted, by=world.shi)


def test_an_over_day_can_be_moved_and_the_unit_is_late_no_more(world, set_day):
    collection = make_collection(world)
    set_day("2026-03-23")
    assert collection.returns.late().count() == 2
    extend(collection, world.lin)
    assert collection.returns.late().count() == 0
    set_day("2026-03-28")
    assert collection.returns.late().count() == 2


def test_the_units_are_told_the_day_and_the_reason(world):
    collection = make_collection(world)
    extend(collection, world.lin)
    owed = return_of(collection, world.shi)
    [note] = Notification.objects.filter(
        key__startswith=f"return-extended:{owed.pk}:", channel="inapp"
    )
    assert note.recipient == world.shi
    assert (note.params["due"], note.params["reason"]) == ("2026-03-27", "农忙季节，乡镇人手不足")


def test_it_reminds_before_the_later_day(world, set_day):
    collection = make_collection(world)
    extend(collection, world.lin)
    set_day("2026-03-17")
    reminders.sweep()
    assert not Notification.objects.filter(step__startswith="before:").exists()
    set_day("2026-03-24")
    reminders.sweep()
    assert Notification.objects.filter(step="before:3").count() >= 2


def test_the_record_says_who_from_what_to_what_and_why(world):
    collection = make_collection(world)
    extend(collection, world.lin)
    [event] = audit.history(collection).filter(verb="collection.extended")
    assert event.by == world.lin
    assert (event.facts["was"], event.facts["until"]) == ("2026-03-20", "2026-03-27")
    assert event.facts["units"] == ["硒城街道办事处", "双流镇人民政府"]


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (dt.date(2026, 3, 20), "农忙"),  # no later
        (dt.date(2026, 3, 19), "农忙"),
        (LATER, "  "),
    ],
)
def test_no_later_day_or_no_reason_is_refused(world, until, reason):
    with pytest.raises(Refused):
        extend(make_collection(world), world.lin, until, reason)


def test_a_day_that_is_over_is_refused(world, set_day):
    collection = make_collection(world)
    set_day("2026-04-01")
    with pytest.raises(Refused):
        extend(collection, world.lin)


def test_an_ended_collection_has_no_more_time(world):
    collection = make_collection(world)
    services.cancel(collection, by=world.lin, reason="方案调整")
    with pytest.raises(Refused):
        extend(collection, world.lin)


def test_only_the_department_that_issued_it_gives_time(world):
    collection = make_collection(world)
    for member in (world.shi, world.mei, world.shen):
        with pytest.raises(DutyMissing):
            extend(collection, member)


def test_a_stale_page_loses(world):
    collection = make_collection(world)
    extend(collection, world.lin, version=1)
    with pytest.raises(StaleVersion):
        extend(collection, world.luo, dt.date(2026, 3, 30), version=1)


def test_the_next_month_is_due_on_the_20th_again(world, set_day):
    collection = make_collection(world, repeats_until=dt.date(2026, 12, 31))
    extend(collection, world.lin)
    set_day("2026-04-01")
    following = services.issue_next(collection, by=world.system)
    assert return_of(following, world.shi).clock.due_on == dt.date(2026, 4, 20)


def test_the_page_gives_time(world, sign_in):
    collection = make_collection(world)
    client = sign_in(world.lin)
    url = reverse("collection-act", args=[collection.pk, "extend"])
    assert "延长报送期限" in client.get(collection.get_absolute_url()).content.decode()
    assert client.post(url, {"version": 1, "until": "2026-03-27"}).status_code == 422
    sent = {"version": 1, "until": "2026-03-27", "reason": "农忙"}
    assert client.post(url, sent).status_code == 302
    page = client.get(collection.get_absolute_url()).content.decode()
    assert "2026-03-27" in page
    assert "农忙" in page
