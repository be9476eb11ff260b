"""The phone protocol over HTTP: status codes, replays, partial failure, strangers."""

import json
import uuid as uuids

import pytest

from inspections.models import Finding, Inspection
from tests.inspections.builders import make_document, make_signed, no, picture, sha

pytestmark = pytest.mark.django_db
UUID = uuids.UUID("6f1c0c5e-5b0e-4b53-9a57-0f6f2d1f6a01")
URL = f"/field/inspections/{UUID}"


class Phone:
    """A phone with a signed-in officer."""

    def __init__(self, client):
        self.client = client

    def put(self, school, url=URL, **parts):
        body = json.dumps(make_document(school, **parts), default=str)
        return self.client.put(url, body, content_type="application/json")

    def photo(self, content, uuid, url=URL, **headers):
        headers.setdefault("X-Content-SHA256", sha(content))
        return self.client.put(
            f"{url}/photos/{uuid}", content, content_type="application/octet-stream",
            headers=headers,
        )  # fmt: skip

    def finalize(self, expected=(), url=URL, **signing):
        facts = {"party": "signed", "signer_name": "陈"} | signing
        body = {"schema": 1, "expected": list(expected), "signing": facts}
        return self.client.post(
            f"{url}/finalize", json.dumps(body), content_type="application/json"
        )


@pytest.fixture
def phone(world, sign_in):
    return Phone(sign_in(world.shi))


def sign_pictures(phone):
    expected = []
    for seed, role in ((11, "party_signature"), (12, "officer_signature")):
        content, uuid = picture(seed, "PNG"), uuids.uuid4()
        assert phone.photo(content, uuid, **{"X-Photo-Role": role}).status_code == 201
        expected.append({"uuid": str(uuid), "sha256": sha(content)})
    return expected


def test_first_201_then_200_with_the_same_answer(phone, school):
    first, again = phone.put(school), phone.put(school)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["revision"] == 1
    assert Inspection.objects.count() == 1


def test_a_whole_visit_with_losses_on_the_way(world, phone, school):
    photo, content = uuids.uuid4(), picture(1)
    declared = [{"uuid": str(photo), "sha256": sha(content), "item": "B05"}]
    phone.put(school, answers=[no("B05")], photos=declared)
    expected = sign_pictures(phone)
    lost = phone.finalize([*declared, *expected])
    assert (lost.status_code, lost.json()["state"], lost.json()["missing"]) == (
        200, "missing", [str(photo)],
    )  # fmt: skip
    assert phone.photo(content, photo).status_code == 201
    assert phone.photo(content, photo).status_code == 200
    done = phone.finalize([*declared, *expected])
    assert done.json()["state"] == "complete"
    assert {"uuid": str(photo), "sha256": sha(content)} in done.json()["received"]
    assert phone.finalize([*declared, *expected]).json() == done.json()
    assert Finding.objects.count() == 1
    assert phone.photo(content, photo).status_code == 200  # a late replay of the bytes


def test_an_older_document_that_comes_late_changes_nothing(phone, school):
    phone.put(school, revision=1)
    phone.put(school, revision=2, answers=[no("B05")])
    late = phone.put(school, revision=1, answers=[])
    assert (late.status_code, late.json()["revision"]) == (200, 2)


def test_after_the_signature_only_the_same_body_is_answered(phone, school):
    phone.put(school)
    phone.finalize(sign_pictures(phone))
    assert phone.put(school).status_code == 200
    changed = phone.put(school, revision=5, answers=[no("B05")])
    assert (changed.status_code, changed.json()["code"]) == (409, "already_signed")


def test_somebody_elses_uuid_is_refused(world, phone, school, sign_in):
    phone.put(school)
    other = Phone(sign_in(world.du)).put(school, revision=2)
    assert (other.status_code, other.json()["code"]) == (409, "not_yours")
    far = Phone(sign_in(world.he))
    assert far.photo(picture(1), uuids.uuid4()).status_code == 404
    assert far.finalize().status_code == 404


def test_strangers_get_401_and_403(world, client, school, sign_in):
    assert Phone(client).put(school).status_code == 401
    assert Phone(sign_in(world.shen)).put(school).status_code == 403


def test_the_session_says_who_and_hands_out_a_token(world, client, sign_in):
    assert client.get("/field/session").json()["signed_in"] is False
    known = sign_in(world.shi).get("/field/session").json()
    assert (known["user"], known["membership"]) == (world.shi.user_id, world.shi.pk)
    assert known["csrf"]


@pytest.mark.parametrize(
    ("body", "code"),
    [("", "malformed"), ("[]", "malformed"), ('{"schema": 9}', "other_schema")],
)
def test_what_cannot_be_read_is_422(phone, body, code):
    answer = phone.client.put(URL, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_shape_errors_name_their_field(phone, school):
    answer = phone.put(school, kind="PARTY")
    assert answer.status_code == 422
    assert "kind" in answer.json()["fields"]


def test_an_incomplete_record_names_the_item(phone, school):
    phone.put(school, answers=[no("B05", "")])
    answer = phone.finalize(sign_pictures(phone))
    assert (answer.status_code, answer.json()["items"]) == (422, ["B05"])


def test_a_photo_that_is_an_executable_is_415(phone, school):
    phone.put(school)
    assert phone.photo(b"MZ" + b"\0" * 500, uuids.uuid4()).status_code == 415


def test_wrong_hashes_are_refused(phone, school):
    phone.put(school)
    wrong = phone.photo(picture(1), uuids.uuid4(), **{"X-Content-SHA256": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "hash_mismatch")
    none = phone.photo(picture(1), uuids.uuid4(), **{"X-Content-SHA256": "x"})
    assert none.status_code == 400


def test_a_photo_of_an_unknown_inspection_is_404(phone):
    assert phone.photo(picture(1), uuids.uuid4()).status_code == 404


def test_a_photo_too_large_is_413_before_it_is_read(phone, school):
    phone.put(school)
    answer = phone.client.put(
        f"{URL}/photos/{uuids.uuid4()}", b"x", content_type="application/octet-stream",
        headers={"X-Content-SHA256": "0" * 64}, CONTENT_LENGTH=str(40 * 1024 * 1024),
    )  # fmt: skip
    assert answer.status_code == 413


def test_time_and_place_of_the_shutter_are_kept(phone, school):
    phone.put(school)
    uuid = uuids.uuid4()
    headers = {"X-Captured-At": "2026-03-04T09:00:00+08:00", "X-Position": "27.05,106.96,12"}
    assert phone.photo(picture(1), uuid, **headers).status_code == 201
    kept = Inspection.objects.get().attachments.get()
    assert (kept.latitude, kept.accuracy) == (27.05, 12.0)
    bad = phone.photo(picture(2), uuids.uuid4(), **{"X-Position": "here"})
    assert bad.status_code == 400


def test_the_document_can_be_read_back(phone, school):
    phone.put(school, answers=[no("B05")])
    back = phone.client.get(URL).json()
    assert (back["answers"][0]["item"], back["status"]) == ("B05", "in_progress")


def test_a_signed_record_is_given_back_too(world, phone, school):
    row = make_signed(school, world.shi)
    assert phone.client.get(f"/field/inspections/{row.uuid}").json()["status"] == "closed"
