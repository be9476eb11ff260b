"""Pages on which the registry is changed: forms, refusals, stale copies, who may."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance.models import Membership
from institutions import nearby, services
from institutions.models import Institution, Kind, Licence
from tests.institutions.builders import SHUANGLIU, XICHENG, make_institution, valid_credit_code

NEW = {
    "name": "晨光艺术培训学校", "township": XICHENG, "address": "人民路1号", "kind": "TRAINING",
    "category": "ARTS", "also": ["SUBJECT"], "operating_status": "OPERATING", "code": "办理中",
    "principal": "王芳", "contact_phone": "13800000001", "since": "2025.3.1",
}  # fmt: skip


def test_a_clerk_enters_an_institution(world, sign_in):
    response = sign_in(world.lin).post("/institutions/new/", NEW)
    institution = Institution.objects.get()
    assert response.url == f"/institutions/{institution.pk}/"
    assert institution.period().categories == ["ARTS", "SUBJECT"]
    assert institution.credit_code_pending
    assert institution.period(date(2025, 3, 1)).name == "晨光艺术培训学校"


def test_wrong_fields_are_named_and_values_kept(world, sign_in):
    wrong = NEW | {"code": valid_credit_code(1)[:-1] + "0", "township": "341203001", "name": ""}
    response = sign_in(world.lin).post("/institutions/new/", wrong)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"code", "township", "name"}
    assert "人民路1号" in response.content.decode()
    assert not Institution.objects.exists()


def test_a_like_name_is_shown_before_a_second_one_is_entered(world, sign_in):
    known = make_institution(world, "晨光艺术培训中心")
    client = sign_in(world.lin)
    asked = client.post("/institutions/new/", NEW)
    assert asked.status_code == 409
    assert [period.institution_id for period in asked.context["alike"]] == [known.pk]
    client.post("/institutions/new/", NEW | {"compared": "on"})
    assert Institution.objects.count() == 2


@pytest.mark.parametrize(
    ("known", "typed", "alike"),
    [
        ("开阳县晨光艺术培训学校", "晨光美术", True),
        ("晨光艺术培训学校", "辰光艺术", True),  # sounds the same
        ("雏鹰艺术培训学校", "晨光艺术培训学校", False),  # only the common words are the same
        ("墨香书法", "开阳县墨香书法培训中心有限公司", True),
        ("第一培训学校", "第二培训学校", False),
    ],
)
def test_names_are_alike_by_what_tells_them_apart(world, known, typed, alike):
    made = make_institution(world, known, licences=())
    found = nearby.alike(world.lin, township=made.division, name=typed)
    assert [period.institution_id for period in found] == ([made.pk] if alike else [])


@pytest.mark.parametrize(
    ("who", "status"), [("lin", 200), ("ma", 200), ("shi", 403), ("shen", 403), ("xi", 403)]
)
def test_who_may_enter_institutions(world, sign_in, who, status):
    assert sign_in(getattr(world, who)).get("/institutions/new/").status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("lin", 200), ("luo", 200), ("ma", 403), ("shi", 403), ("he", 404), ("ying", 404),
     ("shen", 403), ("xi", 404)],
)  # fmt: skip
def test_who_may_change_an_institution(world, sign_in, who, status):
    institution = make_institution(world, licences=())
    response = sign_in(getattr(world, who)).get(f"/institutions/{institution.pk}/facts/")
    assert response.status_code == status


def facts_form(institution, **changes):
    period = institution.period()
    return {
        "version": institution.version, "how": "from", "start": "2026-02-01",
        "name": period.name, "township": period.township_id, "kind": period.kind,
        "category": period.categories[0], "operating_status": period.operating_status,
        "can_qualify": "", **changes,
    }  # fmt: skip


def test_a_change_is_recorded_from_its_day_on(world, sign_in):
    institution = make_institution(world, "旧名", licences=())
    form = facts_form(institution, name="新名", reason="更名核准")
    response = sign_in(world.lin).post(f"/institutions/{institution.pk}/facts/", form)
    assert response.status_code == 302
    assert institution.period(date(2026, 1, 31)).name == "旧名"
    institution = Institution.objects.get()
    assert institution.period().name == "新名"
    assert institution.periods.count() == 2


def test_a_whole_period_is_corrected(world, sign_in):
    institution = make_institution(world, "错名", licences=())
    form = facts_form(institution, name="正名", how="wrong", start="")
    sign_in(world.lin).post(f"/institutions/{institution.pk}/facts/", form)
    assert [period.name for period in Institution.objects.get().periods.all()] == ["正名"]


def test_a_stale_form_shows_both_versions_and_may_be_sent_again(world, sign_in):
    institution = make_institution(world, "甲", licences=())
    form = facts_form(institution, name="丙")
    services.record_period(institution, by=world.luo, start=date(2026, 1, 1), name="乙")
    client = sign_in(world.lin)
    response = client.post(f"/institutions/{institution.pk}/facts/", form)
    assert response.status_code == 409
    (difference,) = response.context["fields"]
    assert (difference["theirs"], difference["mine"]) == ("乙", "丙")
    again = form | {"version": response.context["form"]["version"].value()}
    assert client.post(f"/institutions/{institution.pk}/facts/", again).status_code == 302
    assert Institution.objects.get().period().name == "丙"


def test_people_and_code_are_changed_without_their_values_in_the_trace(world, sign_in):
    institution = make_institution(world, licences=())
    form = {"version": institution.version, "code": valid_credit_code(3), "principal": "李明",
            "contact_phone": "13800000002"}  # fmt: skip
    sign_in(world.lin).post(f"/institutions/{institution.pk}/identity/", form)
    changed = Institution.objects.get()
    assert (changed.principal, changed.contact_phone) == ("李明", "13800000002")
    page = sign_in(world.lin).get(f"/institutions/{institution.pk}/").content.decode()
    assert "13800000002" not in page


def test_a_phone_left_empty_is_kept(world, sign_in):
    institution = make_institution(world, licences=(), contact_phone="13800000001")
    form = {"version": institution.version, "code": "", "principal": "李明"}
    sign_in(world.lin).post(f"/institutions/{institution.pk}/identity/", form)
    assert Institution.objects.get().contact_phone == "13800000001"


def test_a_taken_code_comes_back_with_the_form(world, sign_in):
    bearer = make_institution(world, "甲", credit_code=valid_credit_code(1), licences=())
    other = make_institution(world, "乙", licences=())
    form = {"version": other.version, "code": valid_credit_code(1)}
    response = sign_in(world.lin).post(f"/institutions/{other.pk}/identity/", form)
    assert response.status_code == 409
    assert bearer.number in response.content.decode()


def test_certificates_are_recorded_corrected_and_ended(world, sign_in):
    institution = make_institution(world, licences=())
    client = sign_in(world.lin)
    edu = world.department("edu").pk
    form = {"version": institution.version, "kind": "school_licence", "number": "教民 001",
            "issuer": edu, "valid_from": "20240101", "valid_to": "20261231"}  # fmt: skip
    assert client.post(f"/institutions/{institution.pk}/licences/new/", form).status_code == 302
    licence = Licence.objects.get()
    assert licence.number == "教民001"
    assert Institution.objects.get().period().licensor_id == edu

    again = form | {"version": Institution.objects.get().version}
    refused = client.post(f"/institutions/{institution.pk}/licences/new/", again)
    assert refused.status_code == 409

    fixed = form | {"version": licence.version, "valid_to": "2027-12-31"}
    assert client.post(f"/institutions/licences/{licence.pk}/", fixed).status_code == 302
    licence.refresh_from_db()
    assert licence.valid_to == date(2027, 12, 31)

    ended = {"version": licence.version, "to": "revoked", "on": "2026-03-01", "reason": "处罚决定"}
    assert client.post(f"/institutions/licences/{licence.pk}/status/", ended).status_code == 302
    rows = Institution.objects
    assert rows.with_cert_status(date(2026, 2, 28)).get().cert_status == "LICENSE_ONLY"
    assert rows.with_cert_status(date(2026, 3, 1)).get().cert_status == "NONE"
    back = client.post(f"/institutions/licences/{licence.pk}/status/", ended | {"to": "valid"})
    assert back.status_code == 422  # what was revoked has no way back


def test_the_licensor_of_another_trade_keeps_its_own_licensee(world, sign_in):
    institution = make_institution(world, licences=("business_licence",))
    path = f"/institutions/{institution.pk}/licences/new/"
    assert sign_in(world.ma).get(path).status_code == 200
    assert sign_in(world.shi).get(path).status_code == 403


def test_sites_are_added_moved_and_closed(world, sign_in):
    institution = make_institution(world, licences=())
    client = sign_in(world.lin)
    form = {"version": institution.version, "address": "解放路2号", "township": SHUANGLIU,
            "start": "2025-09-01", "area": "320.5"}  # fmt: skip
    assert client.post(f"/institutions/{institution.pk}/sites/new/", form).status_code == 302
    site = institution.sites.get(serial=2)
    moved = form | {"version": site.version, "address": "解放路9号", "how": "from",
                    "start": "2026-01-05"}  # fmt: skip
    assert client.post(f"/institutions/sites/{site.pk}/", moved).status_code == 302
    assert [period.address for period in site.periods.order_by("during")] == [
        "解放路2号", "解放路9号",
    ]  # fmt: skip
    site.refresh_from_db()
    closed = {"version": site.version, "on": "2026-02-01", "reason": "搬离"}
    assert client.post(f"/institutions/sites/{site.pk}/close/", closed).status_code == 302


def test_an_outcome_that_shuts_a_place_closes_it(world, sign_in):
    institution = make_institution(world, licences=())
    form = {"version": institution.version, "outcome": "SHUT_DOWN", "decided_on": "2026-02-02",
            "campaign": "专项治理"}  # fmt: skip
    path = f"/institutions/{institution.pk}/disposals/new/"
    assert sign_in(world.lin).post(path, form).status_code == 302
    assert Institution.objects.get().period().operating_status == "CLOSED"


def test_doubles_are_flagged_joined_and_taken_out(world, sign_in):
    first, second, third = (make_institution(world, name, licences=()) for name in "甲乙丙")
    client = sign_in(world.lin)
    flag = {"version": second.version, "other": first.number, "reason": "一校多址"}
    assert client.post(f"/institutions/{second.pk}/duplicate/", flag).status_code == 302
    second.refresh_from_db()
    assert second.duplicate_of == first
    join = {"version": third.version, "other": first.number, "reason": "同一机构"}
    response = client.post(f"/institutions/{third.pk}/merge/", join)
    assert response.url == f"/institutions/{first.pk}/"
    assert first.family() == [first.pk, third.pk]
    unknown = {"version": second.version, "other": "520121-999999", "reason": "x"}
    assert client.post(f"/institutions/{second.pk}/merge/", unknown).status_code == 422


# --- found on the spot -----------------------------------------------------------------------


def found_form(**changes):
    return {"uuid": str(uuid.uuid4()), "township": XICHENG, "kind": "TRAINING",
            "found_how": "patrol", "address": "菜市场二楼", **changes}  # fmt: skip


def test_a_township_enters_a_nameless_place_in_one_form(world, sign_in):
    client = sign_in(world.shi)
    page = client.get("/institutions/found/").content.decode()
    assert 'type="hidden" name="township" value="520121001"' in page
    response = client.post("/institutions/found/", found_form())
    institution = Institution.objects.get()
    assert response.url == f"/institutions/{institution.pk}/found/"
    assert institution.period().source == "quick"
    assert institution.found_how == "patrol"
    assert institution.lead == world.department("edu")
    assert client.get(response.url).status_code == 200
    assert Institution.objects.editable_by(world.shi).exists()


def test_sending_twice_enters_one_place(world, sign_in):
    client, form = sign_in(world.shi), found_form()
    first, second = (client.post("/institutions/found/", form) for _ in range(2))
    assert first.url == second.url
    assert Institution.objects.count() == 1


def test_the_place_keeps_its_photos(world, sign_in, picture):
    form = found_form(photos=[picture("a.jpg"), picture("b.jpg", colour="red")])
    client = sign_in(world.shi)
    response = client.post("/institutions/found/", form)
    assert len(client.get(response.url).context["photos"]) == 2


def test_a_photo_that_is_a_program_loses_nothing_else(world, sign_in):
    form = found_form(photos=[SimpleUploadedFile("a.jpg", b"MZ\x90\x00 not a picture")])
    response = sign_in(world.shi).post("/institutions/found/", form)
    assert response.status_code in (415, 422)
    assert "菜市场二楼" in response.content.decode()


def test_a_place_outside_the_jurisdiction_is_refused(world, sign_in):
    response = sign_in(world.shi).post("/institutions/found/", found_form(township=SHUANGLIU))
    assert response.status_code == 422


def test_nothing_to_find_it_by_is_refused(world, sign_in):
    response = sign_in(world.shi).post("/institutions/found/", found_form(address=""))
    assert response.status_code == 409
    assert not Institution.objects.exists()


def test_the_finder_says_that_it_is_one_on_record(world, sign_in):
    known = make_institution(world, "晨光艺术培训学校", address="菜市场二楼")
    client = sign_in(world.shi)
    done = client.post("/institutions/found/", found_form(name="晨光艺术"), follow=True)
    assert [row.institution_id for row in done.context["alike"]] == [known.pk]
    found = done.context["institution"]
    joined = client.post(f"/institutions/{found.pk}/same/", {"into": known.pk})
    assert joined.url == f"/institutions/{known.pk}/"
    assert Institution.objects.registered().get() == known


def test_after_school_care_is_a_kind_of_its_own(world, sign_in):
    sign_in(world.shi).post("/institutions/found/", found_form(kind="AFTERCARE"))
    assert Institution.objects.get().period().kind == Kind.AFTERCARE


# --- accounts of institutions ----------------------------------------------------------------


def test_a_person_enters_once_by_a_link(world, sign_in, client):
    institution = make_institution(world)
    form = {"name": "陈校长", "username": "Chen.Xiao", "email": ""}
    response = sign_in(world.lin).post(f"/institutions/{institution.pk}/members/", form)
    path = response.context["link"].path
    passwords = {"new_password1": "a-long-new-pass", "new_password2": "a-long-new-pass"}
    assert client.get(path).status_code == 200
    entered = client.post(path, passwords)
    assert entered.url == "/my/"
    assert client.get(path).status_code == 404
    member = Membership.objects.get(institution_id=institution.pk)
    assert member.user.username == "chen.xiao"


def test_a_link_is_made_anew_and_a_right_is_ended(world, sign_in, client):
    institution = make_institution(world)
    staff = sign_in(world.lin)
    form = {"name": "陈校长", "username": "chen2"}
    first = staff.post(f"/institutions/{institution.pk}/members/", form).context["link"]
    base = f"/institutions/{institution.pk}/members/{first.membership.pk}"
    second = staff.post(f"{base}/link/").context["link"]
    assert client.get(second.path).status_code == 200
    assert client.get(first.path).status_code == 404
    assert staff.post(f"{base}/end/", {"reason": "离职"}).status_code == 302
    member = Membership.objects.get(pk=first.membership.pk)
    assert member.valid_to <= date(2026, 3, 4)
    assert client.get(second.path).status_code == 404


def test_an_account_name_is_given_once(world, sign_in):
    institution = make_institution(world)
    path = f"/institutions/{institution.pk}/members/"
    response = sign_in(world.lin).post(path, {"name": "某", "username": "luo1"})
    assert response.status_code == 200
    assert sign_in(world.lin).post(path, {"name": "某", "username": "luo1"}).status_code == 409


def test_the_account_of_another_institution_is_out_of_reach(world, sign_in):
    first, second = make_institution(world, "甲"), make_institution(world, "乙")
    link = services.bind_member(first, by=world.lin, name="某", username="mou1")
    path = f"/institutions/{second.pk}/members/{link.membership.pk}/link/"
    assert sign_in(world.lin).post(path).status_code == 404
