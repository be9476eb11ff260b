"""Habits of the ledger: tabs with numbers, sums, columns in one's own order, views of others."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from desk import ledger
from governance import preferences, saved_views
from governance.models import SavedView
from institutions import services
from institutions.models import OperatingStatus, SitePeriod
from tests.institutions.builders import make_institution

LIST = "/institutions/"


@pytest.fixture
def places(world):
    closed = make_institution(world, "停业中心")
    services.record_period(
        closed, by=world.lin, start=date(2026, 1, 1), operating_status=OperatingStatus.SUSPENDED
    )
    return [
        make_institution(world, "甲", valid_to=date(2026, 5, 1)),
        make_institution(world, "乙", licences=("business_licence",)),
        make_institution(world, "丙", licences=(), learners=40),
        closed,
    ]


def tabs(response):
    return {tab.label: tab for tab in response.context["tabs"]}


@pytest.mark.parametrize("query", ["", "?cert=FULL", "?on=2025-06-01"])
def test_each_tab_has_the_number_of_rows_behind_it(world, places, sign_in, query):
    client = sign_in(world.lin)
    found = tabs(client.get(LIST + query))
    assert found["全部"].count == 4
    for tab in found.values():
        behind = client.get(LIST + tab.url).context
        assert behind["page"].paginator.count == tab.count, tab.label


def test_a_township_counts_its_own(world, places, sign_in):
    assert [tab.count for tab in tabs(sign_in(world.he).get(LIST)).values()] == [0] * 5


def test_in_a_long_register_numbers_and_sums_follow_the_rows(world, places, sign_in, monkeypatch):
    monkeypatch.setattr(ledger, "SUMMED_AT_ONCE", 2)
    monkeypatch.setattr(ledger, "LONG", set())
    client = sign_in(world.lin)
    client.get(LIST)
    later = client.get(LIST)
    assert [tab.count for tab in later.context["tabs"]] == [None] * 5
    assert 'hx-trigger="load"' in later.content.decode()
    fragment = client.get("/institutions/tabs/", headers={"HX-Request": "true"})
    assert [tab.count for tab in fragment.context["tabs"]] == [4, 1, 1, 1, 2]
    assert "<html" not in fragment.content.decode()
    plain = client.get(f"{LIST}?sums=yes")
    assert plain.context["tabs"][0].count == plain.context["sums"]["institutions"] == 4


def cells(response):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if "名称" in row)
    *data, last = rows[head + 1 :]
    assert last[0].startswith("筛选条件")
    return [dict(zip(rows[head], row, strict=True)) for row in data]


def test_the_sums_are_those_of_the_exported_rows(world, places, sign_in):
    one, two, *_rest = places
    SitePeriod.objects.filter(site__institution=one).update(area=Decimal("120.5"))
    SitePeriod.objects.filter(site__institution=two).update(area=80)
    services.add_site(one, by=world.lin, address="二校区")
    SitePeriod.objects.filter(address="二校区").update(area=30)
    client = sign_in(world.lin)
    sums = client.get(LIST).context["sums"]
    rows = cells(client.get("/institutions/export/?tab=all&cols=area.learners"))
    areas = [row["场地面积（㎡）"] for row in rows if row["场地面积（㎡）"] is not None]
    assert (len(rows), sums["institutions"]) == (4, 4)
    assert sum(map(float, areas)) == float(sums["area"]) == 230.5
    assert len(areas) == sums["measured"] == 2
    assert sum(row["学员数"] or 0 for row in rows) == sums["learners"] == 40
    assert "230.50" in client.get(LIST).content.decode()


def columns(client, query=""):
    return [column.key for column in client.get(f"{LIST}{query}").context["screen"].columns]


def test_columns_are_the_persons_on_whatever_machine(world, places, sign_in, client):
    mine = sign_in(world.lin)
    mine.post("/institutions/columns/", {"col": ["phone", "township"], "query": ""})
    mine.cookies.clear()
    assert columns(sign_in(world.lin)) == ["phone", "township"]
    assert columns(sign_in(world.ning)) == list(ledger.USUAL)


def test_a_column_moves_by_one_place_and_is_kept_when_saved(world, places, sign_in):
    client = sign_in(world.lin)
    order = ["township", "cert", "phone"]
    form = {"order": order, "col": ["township", "phone"], "move": "up phone"}
    page = client.post("/institutions/columns/", form)
    assert [column.key for column, _shown in page.context["columns"]][:3] == [
        "township", "phone", "cert",
    ]  # fmt: skip
    assert [column.key for column, shown in page.context["columns"] if shown] == [
        "township", "phone",
    ]  # fmt: skip
    assert columns(client) == list(ledger.USUAL)
    first = client.post("/institutions/columns/", form | {"move": "up township"})
    assert first.context["columns"][0][0].key == "township"
    last = client.post("/institutions/columns/", form | {"move": f"down {page_last(page)}"})
    assert len(last.context["columns"]) == len(ledger.COLUMNS)
    client.post("/institutions/columns/", {"col": ["phone", "township", "no-such"]})
    assert columns(client) == ["phone", "township"]


def page_last(page):
    return page.context["columns"][-1][0].key


def test_what_a_person_prefers_survives_other_choices(world):
    preferences.keep(world.lin, "a", "1")
    preferences.keep(world.lin, "b", "2")
    preferences.keep(world.lin, "a", "")
    world.lin.user.refresh_from_db()
    assert world.lin.user.preferences == {"b": "2"}


@pytest.fixture
def shared(world):
    return saved_views.save(
        "institutions", "无证", "cert=NONE&cols=township.phone", by=world.lin, visibility="shared"
    )


def test_a_colleague_changes_the_screen_and_never_the_view(world, places, sign_in, shared):
    client = sign_in(world.ning)
    plain = f"{LIST}?view={shared.pk}&{shared.query}"
    assert client.get(plain).context["view"]["changed"] is False
    changed = client.get(f"{plain}&status=OPERATING")
    text = changed.content.decode()
    assert changed.context["view"]["changed"] is True
    assert "另存为我的视图" in text
    assert "保存到视图" not in text
    form = {"version": shared.version, "query": "cert=FULL"}
    assert client.post(f"/institutions/views/{shared.pk}/", form).status_code == 403
    assert SavedView.objects.get(pk=shared.pk).query == shared.query
    assert "保存到视图" in sign_in(world.lin).get(f"{plain}&status=OPERATING").content.decode()


def test_filtering_in_a_view_stays_in_the_view(world, places, sign_in, shared):
    page = sign_in(world.lin).get(f"{LIST}?view={shared.pk}&{shared.query}&panel=open")
    assert page.context["view"]["changed"] is False
    assert f'name="view" value="{shared.pk}"' in page.content.decode().split('id="filters"')[1]


def test_the_owner_saves_columns_with_the_view(world, places, sign_in, shared):
    client = sign_in(world.lin)
    client.post("/institutions/columns/", {"col": ["phone", "township"]})
    form = {"version": shared.version, "query": "cert=NONE"}
    client.post(f"/institutions/views/{shared.pk}/", form)
    shared.refresh_from_db()
    assert shared.query == "cert=NONE&cols=phone.township"


def test_a_public_view_is_changed_by_its_owner_only(world, places, sign_in):
    view = saved_views.save("institutions", "全县", "cert=FULL", by=world.luo, visibility="public")
    form = {"version": view.version, "query": "cert=NONE"}
    assert sign_in(world.lin).post(f"/institutions/views/{view.pk}/", form).status_code == 403
    assert sign_in(world.luo).post(f"/institutions/views/{view.pk}/", form).status_code == 302
