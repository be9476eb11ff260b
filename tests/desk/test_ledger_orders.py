"""Long ledgers: made by a worker, told, fetched by who asked and sees the same, gone in a day."""

import base64
import datetime as dt
import io

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection

from desk import ledger_exports, ledger_orders, tasks
from governance import daylight
from governance.audit import Verb
from governance.models import AuditEvent, ExportOrder, ExportPiece, Membership, Notification
from tests.institutions.builders import SHUANGLIU, make_institution

EXPORT = "/institutions/export/"


@pytest.fixture
def long(world, monkeypatch):
    """A ledger of four, where two are as many as one waits for."""
    monkeypatch.setattr(ledger_exports, "AT_ONCE", 2)
    cache.clear()
    places = [make_institution(world, f"第{n}号学校") for n in range(3)]
    return [*places, make_institution(world, "双流书院", township=SHUANGLIU)]


def ordered(client, query="?tab=all", **sent):
    """The order that a POST leaves behind, and the answer."""
    response = client.post(EXPORT + query, sent)
    assert response.status_code == 302
    return ExportOrder.objects.get(pk=int(response.url.split("/")[-2])), response.url


def names(response):
    rows = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [row[1] for row in rows.iter_rows(values_only=True) if row[1] and row[1] != "名称"]


def test_a_long_ledger_is_written_by_a_worker_and_fetched(world, long, sign_in):
    client = sign_in(world.lin)
    asked = client.get(f"{EXPORT}?tab=all")
    assert "4" in asked.content.decode()
    assert not ExportOrder.objects.exists()
    order, url = ordered(client, "?sort=-name&cols=cert")
    assert "institution-order" in client.get(url).resolver_match.url_name
    assert "every 2s" in client.get(url, headers={"HX-Request": "true"}).content.decode()
    tasks.make_export(order.pk)
    order.refresh_from_db()
    assert order.rows == 4
    assert "下载" in client.get(url).content.decode()
    assert names(client.get(f"{url}file/")) == [
        "双流书院", "第2号学校", "第1号学校", "第0号学校",
    ]  # fmt: skip
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {Verb.EXPORT_ORDERED, Verb.EXPORTED, Verb.EXPORT_FETCHED} <= verbs


def test_a_message_tells_when_it_is_ready_and_only_once(world, long, sign_in):
    order, url = ordered(sign_in(world.lin))
    tasks.make_export(order.pk)
    tasks.make_export(order.pk)
    [told] = Notification.objects.filter(recipient=world.lin, channel="inapp", kind="system")
    assert (told.url, told.params) == (url, {"rows": 4})


def test_a_short_ledger_comes_at_once(world, long, sign_in):
    assert len(names(sign_in(world.lin).get(f"{EXPORT}?q=双流"))) == 1
    response = sign_in(world.lin).post(f"{EXPORT}?tab=all", {"picked": str(long[0].pk)})
    assert names(response) == ["第0号学校"]
    assert not ExportOrder.objects.exists()


def test_picks_and_exceptions_are_kept(world, long, sign_in):
    client = sign_in(world.lin)
    order, url = ordered(client, all_but=f",{long[1].pk}")
    assert order.expected == 3
    tasks.make_export(order.pk)
    assert "第1号学校" not in names(client.get(f"{url}file/"))


def test_the_file_holds_what_the_owner_sees(world, long, sign_in, monkeypatch):
    monkeypatch.setattr(ledger_exports, "AT_ONCE", 0)
    client = sign_in(world.he)
    order, url = ordered(client)
    tasks.make_export(order.pk)
    assert names(client.get(f"{url}file/")) == ["双流书院"]


def test_nobody_else_knows_of_it(world, long, sign_in):
    order, url = ordered(sign_in(world.lin))
    tasks.make_export(order.pk)
    for member in (world.ning, world.luo, world.xi):
        assert sign_in(member).get(url).status_code == 404
        assert sign_in(member).get(f"{url}file/").status_code == 404


def test_who_moved_to_another_area_is_refused_in_words(world, long, sign_in):
    order, url = ordered(sign_in(world.lin))
    tasks.make_export(order.pk)
    Membership.objects.filter(pk=world.lin.pk).update(department=world.department("samr"))
    response = sign_in(world.lin).get(f"{url}file/")
    assert response.status_code == 409
    assert "重新导出" in response.content.decode()
    assert not AuditEvent.objects.filter(verb=Verb.EXPORT_FETCHED).exists()


def test_who_left_gets_no_file(world, long, sign_in):
    order, url = ordered(sign_in(world.lin))
    yesterday = daylight.today() - dt.timedelta(days=1)
    Membership.objects.filter(pk=world.lin.pk).update(valid_to=yesterday)
    assert sign_in(world.lin).get(f"{url}file/").status_code in (302, 403)
    tasks.make_export(order.pk)
    order.refresh_from_db()
    assert order.made_at is None
    assert order.failed_at is not None
    assert not ExportPiece.objects.exists()


def test_a_day_later_it_is_gone(world, long, sign_in):
    client = sign_in(world.lin)
    order, url = ordered(client)
    tasks.make_export(order.pk)
    made = daylight.now() - dt.timedelta(hours=24, minutes=1)
    ExportOrder.objects.update(made_at=made)
    assert client.get(f"{url}file/").status_code == 409
    assert "下载" not in client.get(url).content.decode()
    tasks.drop_old_exports()
    assert not ExportPiece.objects.exists()


def test_the_file_lies_encrypted(world, long, sign_in):
    order, _url = ordered(sign_in(world.lin), "?format=csv&q=第")
    tasks.make_export(order.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM governance_exportpiece")
        [[kept]] = cursor.fetchall()
    read = ExportPiece.objects.get().content
    assert "第0号学校" in base64.b64decode(read).decode()
    assert read[:40] not in str(kept)


def test_what_kills_its_workers_is_given_up_and_said(world, long, sign_in, monkeypatch):
    def broken(*_args):
        raise MemoryError

    order, url = ordered(sign_in(world.lin))
    monkeypatch.setattr(ledger_orders, "_make", broken)
    for _time in range(ledger_orders.ATTEMPTS):
        with pytest.raises(MemoryError):
            tasks.make_export(order.pk)
    tasks.make_export(order.pk)
    assert "未能" in sign_in(world.lin).get(url).content.decode()
    assert Notification.objects.filter(recipient=world.lin, kind="system").exists()


def test_what_was_lost_is_woken_again(world, long, sign_in, monkeypatch):
    woken = []
    order, _url = ordered(sign_in(world.lin))
    monkeypatch.setattr(ledger_orders, "wake", woken.append)
    tasks.wake_exports()
    assert woken == [order.pk]


def test_too_many_rows_are_refused_at_the_door(world, long, sign_in, monkeypatch):
    monkeypatch.setattr(ledger_exports, "EXPORTABLE", 3)
    assert sign_in(world.lin).post(f"{EXPORT}?tab=all").status_code == 400
