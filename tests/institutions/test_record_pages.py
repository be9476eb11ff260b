"""The pages that fill the whole record: sections, sites, branches, results."""

import pytest

from institutions import services
from institutions.models import AnnualResult, Institution, SitePeriod
from tests.institutions.builders import make_institution


@pytest.fixture
def school(world):
    return make_institution(world)


def test_the_record_lists_its_sections_with_their_state(world, school, sign_in):
    response = sign_in(world.lin).get(f"/institutions/{school.pk}/record/")
    states = {part.section.code: part.state for part in response.context["done"].parts}
    assert states["money"] == "empty"
    assert states["basics"] == "started"
    assert "有缺项" in response.content.decode()


def test_a_section_saves_its_own_fields_and_goes_back_to_the_list(world, school, sign_in):
    services.change_identity(school, by=world.lin, principal="周")
    url = f"/institutions/{school.pk}/identity/?section=money&from=record"
    response = sign_in(world.lin).post(
        url, {"version": school.version, "startup_funds": "300000", "custody_bank": "农商行"}
    )
    assert response.url == f"/institutions/{school.pk}/record/"
    school.refresh_from_db()
    assert (school.startup_funds, school.principal) == (300000, "周")


def test_facts_of_one_section_leave_the_others(world, school, sign_in):
    sign_in(world.lin).post(
        f"/institutions/{school.pk}/facts/?section=teaching",
        {
            "version": school.version, "how": "from", "start": "2026-02-01", "category": "ARTS",
            "sub_kinds": ["DANCE", "OTHER"], "stages": ["PRIMARY"], "mode": "OFFLINE",
        },
    )  # fmt: skip
    now = Institution.objects.get().period()
    assert (now.sub_kinds, now.name) == (["DANCE", "OTHER"], "晨光艺术培训学校")


def test_a_sub_kind_needs_its_category(world, school, sign_in):
    response = sign_in(world.lin).post(
        f"/institutions/{school.pk}/facts/?section=teaching",
        {
            "version": school.version, "how": "from", "start": "2026-02-01", "category": "ARTS",
            "sub_kinds": ["SWIMMING"],
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert "游泳" in str(response.context["form"].errors["sub_kinds"])


def test_the_building_of_a_site_is_a_section_of_its_own(world, school, sign_in):
    site = school.sites.get()
    client = sign_in(world.lin)
    url = f"/institutions/sites/{site.pk}/?section=building"
    form = {
        "version": site.version, "how": "from", "start": "2026-01-01",
        "building_use": "COMMERCIAL", "lowest_floor": "-1", "highest_floor": "2",
        "own_building": "no", "rooms": "6", "capacity": "90", "teaching_area": "200.5",
    }  # fmt: skip
    wrong = client.post(url, form | {"highest_floor": "-2"})
    assert "highest_floor" in wrong.context["form"].errors
    assert client.post(url, form).status_code == 302
    now = SitePeriod.objects.get(site=site, during__endswith=None)
    assert (now.building_use, now.own_building, now.address) == ("COMMERCIAL", False, "人民路1号")


def test_a_branch_is_recorded_filed_and_undone_on_pages(world, school, sign_in):
    branch = make_institution(world, "晨光艺术双流分校")
    client = sign_in(world.lin)
    url = f"/institutions/{branch.pk}/branch/"
    assert "变更地址" in client.get(url).content.decode()
    client.post(url, {"version": branch.version, "other": school.number})
    branch.refresh_from_db()
    client.post(f"{url}filed/", {"version": branch.version, "on": "2026-03-01"})
    branch.refresh_from_db()
    assert str(branch.branch_filed_on) == "2026-03-01"
    client.post(f"{url}alone/", {"version": branch.version, "reason": "独立设立"})
    branch.refresh_from_db()
    assert branch.branch_of is None


def test_a_result_is_entered_corrected_and_taken_out_on_pages(world, school, sign_in):
    client = sign_in(world.lin)
    form = {"version": school.version, "year": "2025", "round": "1", "result": "NOT_TAKEN"}
    url = f"/institutions/{school.pk}/results/new/"
    assert "reason" in client.post(url, form).context["form"].errors
    assert client.post(url, form | {"reason": "NEW"}).status_code == 302
    row = AnnualResult.objects.get()
    client.post(f"/institutions/results/{row.pk}/", {"version": row.version, "result": "PASS"})
    row.refresh_from_db()
    assert (row.result, row.reason) == ("PASS", "")
    client.post(f"/institutions/results/{row.pk}/void/", {"version": row.version, "reason": "录错"})
    assert not AnnualResult.objects.standing().exists()
