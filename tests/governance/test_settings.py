"""What a county sets counts for its places, within its reach, on record."""

import pytest
from django.utils.translation import override

from governance import audit, settings_store
from governance.audit import Verb
from governance.models import AuditEvent, Department, Division, Setting
from governance.scoping import DutyMissing
from governance.workflow import Refused
from tests.conftest import COUNTY, OTHER_COUNTY

pytestmark = pytest.mark.django_db
KEY = "notices.days"


@pytest.fixture
def county(world) -> Division:
    return Division.objects.get(pk=COUNTY)


def test_what_nobody_set_has_its_default(world):
    assert settings_store.get(KEY) == settings_store.get(KEY, COUNTY) == 30


def test_the_nearest_division_counts(world, county):
    settings_store.put(KEY, 20, division=None, by=world.system)
    settings_store.put(KEY, 10, division=county, by=world.xi)
    assert settings_store.get(KEY) == 20
    assert settings_store.get(KEY, COUNTY) == 10
    assert settings_store.get(KEY, "520121001") == 10
    assert settings_store.get(KEY, OTHER_COUNTY) == 20


def test_unsetting_lets_the_wider_value_count_again(world, county):
    settings_store.put(KEY, 20, division=None, by=world.system)
    settings_store.put(KEY, 10, division=county, by=world.xi)
    settings_store.unset(KEY, division=county, by=world.xi)
    assert settings_store.get(KEY, COUNTY) == 20


def test_setting_leaves_a_trace_with_both_values(world, county):
    settings_store.put(KEY, 10, division=county, by=world.xi)
    settings_store.put(KEY, 12, division=county, by=world.xi)
    event = AuditEvent.objects.filter(verb=Verb.SETTING_SET).latest("pk")
    assert event.facts == {"key": KEY, "was": 10, "now": 12}
    assert event.by == world.xi


def test_setting_the_same_value_again_is_no_act(world, county):
    settings_store.put(KEY, 10, division=county, by=world.xi)
    settings_store.put(KEY, "10", division=county, by=world.xi)
    assert AuditEvent.objects.filter(verb=Verb.SETTING_SET).count() == 1
    assert Setting.objects.count() == 1


@pytest.mark.parametrize("who", ["lin", "luo", "an", "shen", "public"])
def test_only_the_system_administrator_sets(world, county, who):
    with pytest.raises(DutyMissing):
        settings_store.put(KEY, 10, division=county, by=getattr(world, who))


def test_nobody_sets_for_another_county_or_for_all_of_them(world):
    with pytest.raises(DutyMissing):
        settings_store.put(KEY, 10, division=Division.objects.get(pk=OTHER_COUNTY), by=world.xi)
    with pytest.raises(DutyMissing):
        settings_store.put(KEY, 10, division=None, by=world.xi)
    assert settings_store.reach(world.xi).pk == COUNTY


def test_where_one_county_is_served_its_administrator_sets_for_everybody(world):
    Department.objects.filter(division_id=OTHER_COUNTY).update(is_active=False)
    assert settings_store.reach(world.xi) is None
    settings_store.put(KEY, 10, division=None, by=world.xi)
    assert settings_store.get(KEY) == 10


@pytest.mark.parametrize("value", ["many", "", None, 0, 366, "3.5"])
def test_a_value_of_the_wrong_kind_or_out_of_bounds_is_refused(world, county, value):
    with override("en"), pytest.raises(Refused, match="1 to 365"):
        settings_store.put(KEY, value, division=county, by=world.xi)


def test_a_text_is_trimmed_and_may_not_be_endless(world, county):
    settings_store.put("site.owner", " 开阳县教育局 ", division=county, by=world.xi)
    assert settings_store.get("site.owner", COUNTY) == "开阳县教育局"
    with pytest.raises(Refused):
        settings_store.put("site.owner", "长" * 201, division=county, by=world.xi)


def test_an_unknown_key_is_a_mistake_of_the_programmer(world, county):
    with pytest.raises(KeyError):
        settings_store.put("no.such.key", 1, division=county, by=world.xi)
    with pytest.raises(KeyError):
        settings_store.get("no.such.key")


def test_the_public_site_gets_its_head_and_foot_in_one_query(world, django_assert_num_queries):
    settings_store.put("site.phone", "0851-12345", division=None, by=world.system)
    with django_assert_num_queries(1):
        site = settings_store.site()
    assert site["phone"] == "0851-12345"
    assert site["owner"] == ""
    assert audit.history(world.lin).count() == 0
