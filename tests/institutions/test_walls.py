"""Codes for the wall: one live code per place, revoked for good, printed by both sides."""

import pytest
from django.db import IntegrityError, transaction

from governance.models import AuditEvent
from governance.workflow import Refused
from institutions import services
from institutions.models import WallToken
from tests.conftest import make_institution_member
from tests.institutions.builders import make_institution


@pytest.fixture
def school(world):
    return make_institution(world)


@pytest.fixture
def code(world, school):
    return services.issue_wall_token(school, by=world.lin)


def test_a_code_has_128_random_bits(code):
    assert len(code.token) == 22
    assert AuditEvent.objects.filter(verb="wall_token.issued").exists()


def test_the_token_itself_is_not_in_the_audit_trail(code):
    event = AuditEvent.objects.get(verb="wall_token.issued")
    assert code.token not in str(event.facts)


def test_a_place_has_one_live_code(world, school, code):
    with pytest.raises(Refused):
        services.issue_wall_token(school, by=world.lin)
    assert services.issue_wall_token(school, by=world.lin, site=school.sites.get()).site


def test_who_never_held_a_licence_gets_none(world):
    with pytest.raises(Refused):
        services.issue_wall_token(
            make_institution(world, licences=("business_licence",)), by=world.lin
        )


def test_a_site_of_another_institution_is_refused(world, school):
    other = make_institution(world, "另一家")
    with pytest.raises(Refused):
        services.issue_wall_token(school, by=world.lin, site=other.sites.get())


def test_a_revoked_code_stays_revoked(world, code):
    with pytest.raises(Refused):
        services.revoke_wall_token(code, by=world.lin, reason=" ")
    services.revoke_wall_token(code, by=world.lin, reason="遗失")
    with pytest.raises(Refused):
        services.revoke_wall_token(code, by=world.lin, reason="再次")


def test_a_replaced_code_is_another_one(world, code):
    new = services.reissue_wall_token(code, by=world.lin, reason="遗失")
    assert new.token != code.token
    assert WallToken.objects.live().get() == new


def test_a_revocation_without_a_reason_is_no_row(code):
    with pytest.raises(IntegrityError), transaction.atomic():
        WallToken.objects.filter(pk=code.pk).update(revoked_at=code.issued_at)


def test_staff_issue_print_and_replace_on_pages(world, school, sign_in):
    client = sign_in(world.lin)
    url = f"/institutions/{school.pk}/wall/"
    paper = client.post(url, {"site": school.sites.get().pk}, follow=True)
    code = WallToken.objects.get()
    content = paper.content.decode()
    assert "<svg" in content
    assert "mm" in content
    assert "人民路1号" in content
    assert client.post(url, {"site": school.sites.get().pk}).status_code == 409
    client.post(f"/institutions/walls/{code.pk}/revoke/?anew=1", {"version": 1, "reason": "污损"})
    assert WallToken.objects.live().get().token != code.token
    assert "污损" in client.get(url).content.decode()


def test_an_institution_prints_its_own_code_and_no_other(world, school, code, sign_in):
    other = services.issue_wall_token(make_institution(world, "另一家"), by=world.lin)
    client = sign_in(make_institution_member(school.pk))
    assert f"/my/wall/{code.pk}/" in client.get("/my/wall/").content.decode()
    assert client.get(f"/my/wall/{code.pk}/").status_code == 200
    assert client.get(f"/my/wall/{other.pk}/").status_code == 404
    services.revoke_wall_token(code, by=world.lin, reason="遗失")
    assert client.get(f"/my/wall/{code.pk}/").status_code == 404
