"""What a partner department's program gets: its scope, in pages, with clear errors."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from governance import audit, daylight
from governance.api import keys
from governance.models import ApiKey, AuditEvent
from institutions import services
from institutions.models import Institution, Licence
from tests.campaigns.builders import make_submitted
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
ADDRESSES = [scope.split(":")[0] for scope in keys.SCOPES]


@pytest.fixture(autouse=True)
def no_throttle():
    cache.clear()


def make(world, serial: int, division: str = "520121001") -> Institution:
    return Institution.objects.create(
        number=f"520121-{serial:06}",
        division_id=division,
        lead=world.department("edu"),
        created_by=world.lin,
    )


@pytest.fixture
def key(world):
    return keys.issue("市场监管平台", world.department("samr"), keys.SCOPES, by=world.xi)


def get(key: str, address: str, **headers):
    return Client().get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {key}", **headers})


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_address_answers_with_results_and_next(key, name):
    assert get(key, f"{name}/").json() == {"next": None, "results": []}


@pytest.mark.parametrize("name", ADDRESSES)
def test_without_a_key_nothing_is_shown(db, name):
    response = Client().get(f"/api/v1/{name}/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_key_without_the_scope_is_told_which_is_missing(world, name):
    other = next(scope for scope in keys.SCOPES if not scope.startswith(f"{name}:"))
    key = keys.issue("平台", world.department("samr"), [other], by=world.xi)
    response = get(key, f"{name}/")
    assert (response.status_code, response.json()["code"]) == (403, "scope_missing")
    assert f"{name}:read" in response.json()["detail"]


def test_a_program_sees_its_own_jurisdiction_alone(world, key):
    mine = make(world, 1)
    foreign = make(world, 2, "341203001")
    assert [row["id"] for row in get(key, "institutions/").json()["results"]] == [mine.pk]
    assert get(key, f"institutions/{foreign.pk}/").status_code == 404


def test_pages_follow_each_other_without_gap_or_double(world, key):
    made = [make(world, serial).pk for serial in range(7)]
    seen, url = [], "institutions/?page_size=3"
    while url:
        body = get(key, url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"] and body["next"].split("/api/v1/")[1]
    assert seen == made


def test_a_row_added_meanwhile_does_not_shift_the_pages(world, key):
    made = [make(world, serial).pk for serial in range(4)]
    first = get(key, "institutions/?page_size=2").json()
    made.append(make(world, 9).pk)
    rest = get(key, first["next"].split("/api/v1/")[1].replace("page_size=2", "page_size=5"))
    assert [row["id"] for row in rest.json()["results"]] == made[2:]


def test_a_cursor_of_other_filters_is_refused(world, key):
    for serial in range(3):
        make(world, serial)
    cursor = get(key, "institutions/?page_size=1").json()["next"].split("cursor=")[1].split("&")[0]
    response = get(key, f"institutions/?page_size=1&number=x&cursor={cursor}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("query", ["cursor=forged", "page_size=0", "page_size=501", "page_size=x"])
def test_a_bad_page_is_a_clear_error(key, query):
    response = get(key, f"institutions/?{query}")
    assert response.status_code == 400
    assert query.split("=")[0] in response.json()["errors"]


def test_a_misspelt_filter_does_not_give_everything(world, key):
    make(world, 1)
    assert get(key, "institutions/?nmae=x").json()["errors"] == {
        "nmae": ["is not a filter of this address"]
    }


def test_the_etag_is_the_version_and_saves_the_body(world, key):
    row = make(world, 1)
    response = get(key, f"institutions/{row.pk}/")
    assert response["ETag"] == '"1"'
    again = get(key, f"institutions/{row.pk}/", **{"If-None-Match": '"1"'})
    assert (again.status_code, again.content) == (304, b"")


def test_licences_say_whether_they_count_today(world, key):
    row = make(world, 1)
    today = daylight.today()
    for last in (today, today - dt.timedelta(days=1)):
        Licence.objects.create(
            institution=row,
            kind="school_licence",
            number=str(last),
            valid_to=last,
            recorded_by=world.lin,
        )
    body = get(key, "licences/").json()
    assert [licence["in_force"] for licence in body["results"]] == [True, False]


def test_a_list_costs_the_same_for_one_row_and_fifty(world, key, django_assert_max_num_queries):
    for serial in range(50):
        make(world, serial)
    with django_assert_max_num_queries(9):
        assert len(get(key, "institutions/?page_size=50").json()["results"]) == 50


def test_an_expired_key_is_worth_nothing(world, key):
    daylight.set_day(daylight.today() + dt.timedelta(days=366))
    assert get(key, "institutions/").status_code == 401


def test_a_revoked_key_is_worth_nothing(world, key):
    keys.revoke(ApiKey.objects.get(), by=world.xi, reason="lost")
    assert get(key, "institutions/").status_code == 401


def test_a_key_bound_to_a_network_is_refused_elsewhere(world):
    inside = keys.issue(
        "平台", world.department("samr"), keys.SCOPES, by=world.xi, networks=["127.0.0.0/8"]
    )
    outside = keys.issue(
        "平台", world.department("samr"), keys.SCOPES, by=world.xi, networks=["10.1.0.0/16"]
    )
    assert get(inside, "institutions/").status_code == 200
    assert get(outside, "institutions/").status_code == 401


def test_the_key_itself_is_kept_nowhere(world, key):
    kept = ApiKey.objects.get()
    assert key not in {kept.digest, kept.prefix}
    assert kept.digest == keys.digest(key)
    assert key not in str(AuditEvent.objects.get(verb=audit.Verb.API_KEY_ISSUED).facts)


def test_the_command_prints_a_working_key_last_on_its_line(world, capsys):
    call_command(
        "issue_api_key",
        "平台",
        "--department",
        world.department("samr").code,
        "--scope",
        "institutions:read",
        "--scope",
        "licences:read",
    )
    key = capsys.readouterr().out.strip().split()[-1]
    assert get(key, "licences/").status_code == 200
    assert get(key, "findings/").status_code == 403


def test_the_command_names_an_unknown_department(world):
    with pytest.raises(CommandError, match="NOWHERE"):
        call_command(
            "issue_api_key", "x", "--department", "NOWHERE", "--scope", "institutions:read"
        )


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(key, method):
    response = getattr(Client(), method)(
        "/api/v1/institutions/", headers={"Authorization": f"Bearer {key}"}
    )
    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"


def test_the_schema_describes_every_address_with_its_scope(client, db):
    schema = client.get("/api/schema/?format=json").json()
    for name in ADDRESSES:
        assert schema["paths"][f"/api/v1/{name}/"]["get"]["x-scope"] == f"{name}:read"


def test_the_documentation_names_every_address(client, db):
    text = client.get("/api/docs/").content.decode()
    assert all(f"/api/v1/{name}/" in text for name in ADDRESSES)


def test_the_schema_has_a_name_of_its_own_for_every_list_of_words(db, capsys):
    call_command("spectacular", "--fail-on-warn", "--file", "/dev/null")
    assert "Warning" not in capsys.readouterr().err


def test_one_institution_comes_with_its_whole_record(world, key):
    place = make_institution(
        world, "晨光艺术培训学校", principal="周明", legal_representative="吴强", sponsor="郑好",
        controller="王平", contact_phone="13800000000",
    )  # fmt: skip
    services.change_identity(
        place, by=world.lin, startup_funds=300_000, custody_account="99011234567890"
    )
    services.record_period(place, by=world.lin, start=daylight.today(), name="晨光书画学校")
    services.record_annual_result(
        place, by=world.lin, year=2025, result="PASS", published_on=daylight.today()
    )
    services.record_site_period(
        place.sites.get(), by=world.lin, start=daylight.today(), building_use="COMMERCIAL",
        rooms=6, landlord="冯唐",
    )  # fmt: skip
    text = get(key, f"institutions/{place.pk}/").content.decode()
    row = json.loads(text)
    assert [one["name"] for one in row["names"]] == ["晨光艺术培训学校", "晨光书画学校"]
    assert row["names"][0]["until"] == row["names"][1]["since"] == "2026-03-04"
    assert [(one["year"], one["result"]) for one in row["annual_results"]] == [(2025, "PASS")]
    assert (row["sites"][0]["building_use"], row["sites"][0]["rooms"]) == ("COMMERCIAL", 6)
    assert row["startup_funds"] == "300000.00"
    for private in ("周明", "吴强", "郑好", "王平", "13800000000", "冯唐", "99011234567890"):
        assert private not in text


def test_a_branch_is_named_with_its_head(world, key):
    head, branch = make_institution(world), make_institution(world, "晨光二分校")
    Institution.objects.filter(pk=branch.pk).update(branch_of=head)
    assert get(key, f"institutions/{head.pk}/").json()["branches"] == [branch.pk]
    assert get(key, f"institutions/{branch.pk}/").json()["branch_of"] == head.pk


@pytest.fixture
def edu_key(world):
    return keys.issue("教育平台", world.department("edu"), keys.SCOPES, by=world.xi)


def test_who_issued_a_collection_reads_it_and_its_returns(world, edu_key):
    submitted = make_submitted(world)
    collection = submitted.collection
    [row] = get(edu_key, "collections/?template=annex8").json()["results"]
    assert (row["id"], row["status"], row["lead"]) == (collection.pk, "issued", "520121-EDU")
    rows = get(edu_key, f"returns/?collection={collection.pk}").json()["results"]
    assert {one["status"]: one["due_on"] for one in rows} == {
        "submitted": "2026-03-20", "owed": "2026-03-20",
    }  # fmt: skip
    one = get(edu_key, f"returns/{submitted.pk}/").json()
    assert (one["rows"], one["sums"]["CHECKED"]) == (1, "5")


def test_a_return_is_late_after_its_due_day(world, edu_key):
    collection = make_submitted(world).collection
    daylight.set_day(dt.date(2026, 3, 23))
    [late] = get(edu_key, f"returns/?collection={collection.pk}&late=true").json()["results"]
    assert (late["late"], late["unit"]) == (True, "520121101-TOWN")


def test_a_stranger_reads_no_collection_and_no_return(world, key, edu_key):
    submitted = make_submitted(world)
    assert get(key, "collections/").json()["results"] == []
    assert get(key, "returns/").json()["results"] == []
    assert get(key, f"returns/{submitted.pk}/").status_code == 404


def test_a_page_of_returns_costs_the_same_for_two_and_for_six(
    world, edu_key, django_assert_max_num_queries
):
    for _n in range(3):
        make_submitted(world)
    with django_assert_max_num_queries(9):
        assert len(get(edu_key, "returns/").json()["results"]) == 6
