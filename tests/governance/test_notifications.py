"""Messages: once per key, in the reader's language; the inbox; what goes outside."""

import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail
from django.utils.translation import gettext_lazy as _

from governance import daylight, deadlines, delivery, notifications, reminders
from governance.models import Heartbeat, Notification
from governance.notifications import Mail
from tests.conftest import TODAY, make_institution_member
from tests.institutions.builders import make_institution

HELLO = _("%(words)s (provisional)")


def tell(member, key="k", **more):
    more.setdefault("text", HELLO)
    more.setdefault("params", {"words": "Hello"})
    notifications.notify(member, key=key, **more)


def rows(**what):
    return Notification.objects.filter(**what)


# --- telling ---------------------------------------------------------------------------------


def test_the_same_key_reaches_nobody_twice(world):
    for _time in range(3):
        tell(world.lin, "a", mail=Mail.NOW)
    tell(world.lin, "b", mail=Mail.NOW)
    assert rows(recipient=world.lin, channel="inapp").count() == 2
    assert rows(recipient=world.lin, channel="email").count() == 2


def test_the_source_is_kept_and_translated_when_shown(world):
    tell(world.lin)
    row = rows(channel="inapp").get()
    assert row.text == "%(words)s (provisional)"
    assert row.words == "Hello（暂定）"


def test_both_languages_of_a_value_travel_with_the_message(world):
    tell(world.lin, params={"words": {"zh": "你好", "en": "Hello"}})
    assert rows(channel="inapp").get().words.startswith("你好")


def test_an_account_without_an_address_gets_no_mail(world):
    world.lin.user.email = ""
    world.lin.user.save()
    tell(world.lin, "a", mail=Mail.NOW)
    tell(world.lin, "b", mail=Mail.DIGEST)
    assert not rows(channel="email").exists()
    assert not rows(in_digest=True).exists()


def test_an_unknown_kind_is_refused(world):
    with pytest.raises(ValueError, match="nonsense"):
        tell(world.lin, kind="nonsense")


def test_the_address_is_the_readers(world):
    place = make_institution(world)
    tell(world.lin, subject=place)
    assert rows(channel="inapp").get().url == place.get_absolute_url()


# --- the inbox -------------------------------------------------------------------------------


def test_the_inbox_shows_mine_unread_first(world, sign_in):
    tell(world.lin, "1", params={"words": "FIRST"})
    tell(world.lin, "2", params={"words": "SECOND"})
    tell(world.ning, "3", params={"words": "FOREIGN"})
    notifications.mark_read(world.lin, [rows(params__words="SECOND", channel="inapp").get().pk])
    page = sign_in(world.lin).get("/desk/messages/").content.decode()
    assert page.index("FIRST") < page.index("SECOND")
    assert "FOREIGN" not in page


def test_opening_a_message_reads_it_and_leads_on(world, sign_in):
    tell(world.lin, url="/desk/")
    row = rows(channel="inapp").get()
    answer = sign_in(world.lin).get(f"/desk/messages/{row.pk}/")
    assert (answer.status_code, answer.url) == (302, "/desk/")
    row.refresh_from_db()
    assert row.read_at
    assert notifications.unread_count(world.lin) == 0


def test_a_foreign_message_is_not_there(world, sign_in):
    tell(world.ning)
    row = rows(channel="inapp").get()
    assert sign_in(world.lin).get(f"/desk/messages/{row.pk}/").status_code == 404


def test_marking_reads_only_my_own(world, sign_in):
    for name in ("lin", "ning"):
        tell(world.members[name])
    ids = list(rows(channel="inapp").values_list("pk", flat=True))
    sign_in(world.lin).post("/desk/messages/read/", {"ids": [*ids, "x", "9" * 40]})
    assert (notifications.unread_count(world.lin), notifications.unread_count(world.ning)) == (0, 1)
    sign_in(world.ning).post("/desk/messages/read/", {"all": "1"})
    assert notifications.unread_count(world.ning) == 0


def test_tabs_filter_by_kind_and_an_empty_one_says_so(world, sign_in):
    tell(world.lin, kind="press", params={"words": "PRESSED"})
    client = sign_in(world.lin)
    assert "PRESSED" in client.get("/desk/messages/?kind=press").content.decode()
    empty = client.get("/desk/messages/?kind=system")
    assert empty.status_code == 200
    assert "PRESSED" not in empty.content.decode()
    assert client.get("/desk/messages/?kind=nonsense&page=99").status_code == 200


def test_institutions_have_an_inbox_of_their_own(world, sign_in):
    chen = make_institution_member(1)
    tell(chen, params={"words": "OURS"})
    assert "OURS" in sign_in(chen).get("/my/messages/").content.decode()


def test_strangers_sign_in_first(client, world):
    assert client.get("/desk/messages/").status_code == 302
    assert client.post("/desk/messages/read/").status_code == 302


def test_a_list_of_fifty_costs_what_one_costs(world, sign_in, django_assert_max_num_queries):
    place = make_institution(world)
    for number in range(30):
        tell(world.lin, str(number), subject=place)
    client = sign_in(world.lin)
    client.get("/desk/messages/")
    with django_assert_max_num_queries(14):
        client.get("/desk/messages/")


def test_administrators_see_that_reminders_stopped(world, sign_in):
    Heartbeat.objects.all().delete()
    assert "say-bad" in sign_in(world.xi).get("/desk/messages/").content.decode()
    reminders.sweep()
    assert "say-bad" not in sign_in(world.xi).get("/desk/messages/").content.decode()


# --- outside ---------------------------------------------------------------------------------


def test_an_urgent_message_goes_out_at_once_with_its_key(world):
    tell(world.lin, mail=Mail.NOW, kind="press", url="/desk/")
    assert delivery.deliver() == 1
    (letter,) = mail.outbox
    assert letter.subject == "【督办】Hello（暂定）"
    assert "http://127.0.0.1:8000/desk/" in letter.body
    assert letter.extra_headers["X-Mingshu-Key"] in letter.body
    assert rows(channel="email").get().state == "sent"
    assert delivery.deliver() == 0


def test_the_mail_speaks_the_readers_language(world):
    world.lin.user.language = "en"
    world.lin.user.save()
    tell(world.lin, mail=Mail.NOW, kind="press")
    delivery.deliver()
    assert mail.outbox[0].subject == "【Pressed】Hello (provisional)"


def test_a_line_break_in_a_text_cannot_forge_a_header(world):
    tell(world.lin, mail=Mail.NOW, params={"words": "a\r\nBcc: x@example.org"})
    delivery.deliver()
    assert "\n" not in mail.outbox[0].message()["Subject"]
    assert mail.outbox[0].message()["Bcc"] is None


class Broken:
    """A mail server that refuses."""

    def send(self, batch):
        for row in batch:
            yield row, "SMTPException: no"


class Closed:
    """A mail server that does not answer."""

    def send(self, batch):
        return iter(())


@pytest.mark.parametrize("sender", [Broken(), Closed()])
def test_what_could_not_be_sent_waits_longer_each_time_and_then_fails(world, monkeypatch, sender):
    monkeypatch.setitem(delivery.SENDERS, "email", sender)
    tell(world.lin, mail=Mail.NOW)
    assert delivery.deliver() == 0
    row = rows(channel="email").get()
    assert (row.state, row.attempts) == ("queued", 1)
    assert row.not_before > daylight.now()
    for _time in range(delivery.MOST_ATTEMPTS):
        rows(pk=row.pk).update(not_before=None)
        delivery.deliver()
    row.refresh_from_db()
    assert row.state == "failed"
    assert row.error
    assert delivery.waiting() == {"queued": 0, "claimed": 0, "failed": 1}
    assert delivery.retry_failed() == 1


def test_one_bad_letter_does_not_stop_the_others(world, monkeypatch):
    for name in ("lin", "ning"):
        tell(world.members[name], mail=Mail.NOW)
    real = delivery.MailSender._send

    def send(self, row, way):
        return "SMTPException: bad" if row.recipient_id == world.lin.pk else real(self, row, way)

    monkeypatch.setattr(delivery.MailSender, "_send", send)
    assert delivery.deliver() == 1


def test_an_error_of_the_backend_is_kept_with_the_row(world, monkeypatch):
    def fail(self, messages):
        raise SMTPException("mailbox full")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    tell(world.lin, mail=Mail.NOW)
    delivery.deliver()
    assert rows(channel="email").get().error == "SMTPException: mailbox full"


def test_a_claim_of_a_dead_worker_is_returned(world):
    tell(world.lin, mail=Mail.NOW)
    delivery._claim("email", 10)
    assert delivery.deliver() == 0
    assert delivery.return_stale() == 0
    assert delivery.return_stale(older_than=dt.timedelta(seconds=-1)) == 1
    assert delivery.deliver() == 1


def test_digest_rows_are_not_sent_alone(world):
    tell(world.lin, mail=Mail.DIGEST)
    assert delivery.deliver() == 0


# --- the clock's page ------------------------------------------------------------------------


@pytest.fixture
def clock(world):
    return deadlines.start(
        "finding.rectify.major", make_institution(world), event_on=TODAY, by=world.lin
    )


def test_the_clock_page_shows_the_sum_and_who_may_press(world, clock, sign_in):
    page = sign_in(world.lin).get(f"/clocks/{clock.pk}/").content.decode()
    assert "2026-03-19" in page
    assert "/press/" not in page
    assert "/press/" in sign_in(world.luo).get(f"/clocks/{clock.pk}/").content.decode()
    assert sign_in(world.ying).get(f"/clocks/{clock.pk}/").status_code == 404


def test_pressing_from_the_page(world, clock, sign_in):
    client = sign_in(world.luo)
    assert client.post(f"/clocks/{clock.pk}/press/", {"text": ""}).status_code == 422
    assert client.post(f"/clocks/{clock.pk}/press/", {"text": "抓紧"}).status_code == 302
    assert rows(kind="press", channel="inapp").count() == 4
    assert sign_in(world.lin).post(f"/clocks/{clock.pk}/press/", {"text": "x"}).status_code == 403


def test_the_institution_sees_the_sum_but_no_names(world, sign_in):
    place = make_institution(world)
    made = deadlines.start("finding.rectify.major", place, event_on=TODAY, by=world.lin)
    reminders.press(made, by=world.luo, text="内部督办")
    page = sign_in(make_institution_member(place.pk)).get(f"/clocks/{made.pk}/").content.decode()
    assert "2026-03-19" in page
    assert "内部督办" not in page
    assert "林" not in page.split("<main", 1)[1]


# --- calendar and rules ----------------------------------------------------------------------


def test_calendar_and_rules_are_for_every_member_of_staff(world, sign_in):
    client = sign_in(world.shi)
    page = client.get("/manage/calendar/?year=2026").content.decode()
    assert "248" in page
    assert "2026-02-14" in page
    assert client.get("/manage/calendar/?year=99999").status_code == 200
    assert "许可决定（一般）" in client.get("/manage/rules/?q=许可决定").content.decode()
    assert client.get("/manage/rules/no.such/").status_code == 404


def test_a_date_is_tried_on_the_rule_page(world, sign_in):
    client = sign_in(world.shi)
    url = "/manage/rules/licence.decide.general/"
    assert "2026-03-16" in client.get(url, {"on": "2026-02-10"}).content.decode()
    assert client.get(url, {"on": "x"}).status_code == 200
    assert client.get(url, {"on": "9999-12-31"}).status_code == 200
    assert client.get("/manage/rules/fine.surcharge/", {"on": "2026-02-10"}).status_code == 200


def test_only_the_administrator_imports_and_switches(world, sign_in, tmp_path):
    file = tmp_path / "n.csv"
    file.write_text("日期,名称,isOffDay\n2027-01-01,元旦,true\n", encoding="utf-8")
    url = "/manage/calendar/import/"
    with file.open("rb") as content:
        assert sign_in(world.lin).post(url, {"file": content}).status_code == 403
    with file.open("rb") as content:
        answer = sign_in(world.xi).post(url, {"file": content})
    assert (answer.status_code, answer.url) == (302, "/manage/calendar/?year=2027")
    file.write_bytes(b"nonsense")
    with file.open("rb") as content:
        assert sign_in(world.xi).post(url, {"file": content}).status_code == 422
