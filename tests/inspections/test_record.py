"""The document of the phone: repeated, late, out of order, from the wrong hands."""

import uuid as uuids

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import attachments
from inspections import documents, services
from inspections.models import Inspection, InspectionAnswer, InspectionPhoto
from tests.conftest import TODAY
from tests.inspections.builders import (
    add_photo,
    make_document,
    make_record,
    make_signed,
    no,
    picture,
    sha,
)
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
UUID = uuids.UUID("6f1c0c5e-5b0e-4b53-9a57-0f6f2d1f6a01")


def put(world, school, by=None, uuid=UUID, **parts):
    shaped = documents.check(make_document(school, **parts), documents.DocumentShape)
    return services.record(uuid, shaped, by=by or world.shi)


def values(inspection):
    return dict(inspection.answers.values_list("item__code", "value"))


def test_the_first_document_begins_the_inspection(world, school):
    row, begun = put(world, school, answers=[no("B05"), {"item": "A01", "value": "NOT_SEEN"}])
    assert begun
    assert (row.status, row.inspected_on) == ("in_progress", TODAY)
    assert values(row) == {"B05": "NO", "A01": "NOT_SEEN"}
    assert row.officers.get().membership == world.shi


def test_the_same_document_again_changes_nothing(world, school):
    first, _ = put(world, school)
    again, begun = put(world, school)
    assert not begun
    assert (again.pk, again.version) == (first.pk, first.version)
    assert Inspection.objects.count() == InspectionAnswer.objects.count() == 1


def test_a_late_older_document_is_ignored(world, school):
    put(world, school, revision=1)
    put(world, school, revision=3, answers=[no("A01")])
    row, _ = put(world, school, revision=2, answers=[{"item": "A01", "value": "NA"}])
    assert (row.revision, values(row)) == (3, {"A01": "NO"})


def test_another_document_of_the_same_revision_is_refused(world, school):
    put(world, school)
    with pytest.raises(services.recording.OtherWindow):
        put(world, school, answers=[no("A01")])


def test_what_is_no_longer_in_the_document_is_gone(world, school):
    row, _ = put(world, school, answers=[no("A01"), no("B05")])
    kept = row.answers.get(item__code="B05").pk
    put(world, school, revision=2, answers=[no("B05", "改写")])
    assert list(row.answers.values_list("pk", "note")) == [(kept, "改写")]


def test_a_uuid_of_somebody_else_is_refused(world, school):
    put(world, school)
    with pytest.raises(services.NotYours):
        put(world, school, by=world.du, revision=2)


def test_institutions_of_another_township_cannot_be_inspected(world):
    far = make_institution(world, "双流舞蹈", township="520121101")
    with pytest.raises(documents.Malformed):
        put(world, far)


def test_a_planned_visit_is_begun_under_its_own_uuid(world, school):
    planned = services.plan(
        school, by=world.lin, kind="PATROL", planned_for=TODAY, officers=[world.shi]
    )
    row, begun = put(world, school, uuid=planned.uuid)
    assert (row.pk, begun, row.status) == (planned.pk, False, "in_progress")
    assert row.lead == world.lin.department


def test_a_signed_record_does_not_change(world, school):
    row = make_signed(school, world.shi, {"item": "A01", "value": "YES"}, uuid=UUID)
    with pytest.raises(services.AlreadySigned):
        put(world, school, revision=9, answers=[no("A01")])
    assert values(row) == {"A01": "YES"}


def test_the_last_document_repeated_after_the_signature_is_answered(world, school):
    parts = {"photos_missing_reason": "测试"}
    make_signed(school, world.shi, {"item": "A01", "value": "YES"}, uuid=UUID)
    row, begun = put(world, school, answers=[{"item": "A01", "value": "YES"}], **parts)
    assert (row.status, begun) == ("closed", False)


def test_an_unknown_item_is_named(world, school):
    with pytest.raises(documents.Malformed, match="Z99"):
        put(world, school, answers=[no("Z99")])


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "PARTY"},
        {"revision": 0},
        {"answers": [{"item": "A01", "value": "MAYBE"}]},
        {"answers": [no("A01"), no("A01")]},
        {"photos": [{"uuid": str(UUID), "sha256": "short"}]},
        {"position": {"source": "gps", "latitude": 99}},
    ],
)
def test_a_document_of_another_shape_is_refused(world, school, parts):
    with pytest.raises(documents.Malformed):
        put(world, school, **parts)


def test_another_schema_is_refused_by_name():
    with pytest.raises(documents.OtherSchema):
        documents.parse(b'{"schema": 2}', documents.DocumentShape)


def test_position_clock_and_people_are_kept_as_given(world, school):
    position = {"source": "gps", "latitude": 27.05, "longitude": 106.96, "accuracy": 18.5}
    row, _ = put(
        world, school, position=position, device_time="2026-03-04T10:00:00+08:00",
        officers=[{"membership": world.du.pk, "leader": True}, {"membership": world.shi.pk}],
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.position_source, row.latitude, row.accuracy) == ("gps", 27.05, 18.5)
    assert row.device_offset is not None
    assert [str(officer) for officer in row.officers.all()] == ["杜", "石"]


def test_a_stranger_on_the_list_of_people_is_refused(world, school):
    with pytest.raises(documents.Malformed):
        put(world, school, officers=[{"membership": world.he.pk}])


def test_the_document_comes_back_as_it_was_sent(world, school):
    sent = make_document(school, answers=[no("B05", fixed=True, fix_note="已清理")])
    row, _ = put(world, school, answers=sent["answers"])
    back = documents.document_of(row)
    assert back["answers"][0]["fix_note"] == "已清理"
    assert documents.check(back, documents.DocumentShape)["revision"] == 1


# --- pictures --------------------------------------------------------------------------------


def photo_row(content: bytes, uuid=UUID, **more):
    return {"uuid": str(uuid), "sha256": sha(content), "item": "B05"} | more


def send(inspection, by, content, uuid=UUID, **more):
    file = SimpleUploadedFile("x.jpg", content)
    claimed = more.pop("sha256", sha(content))
    return services.receive_photo(inspection, uuid, file, by=by, sha256=claimed, **more)


def test_bytes_may_come_before_the_document_that_declares_them(world, school):
    row, _ = put(world, school)
    content = picture(1)
    send(row, world.shi, content)
    put(world, school, revision=2, answers=[no("B05")], photos=[photo_row(content)])
    photo = row.photos.get()
    assert (photo.declared, photo.item.code, photo.attachment.sha256) == (True, "B05", sha(content))


def test_the_same_bytes_again_are_the_same_picture(world, school):
    row, _ = put(world, school)
    first = send(row, world.shi, picture(1))
    assert send(row, world.shi, picture(1)).pk == first.pk
    assert row.attachments.count() == 1


def test_other_bytes_than_announced_are_refused(world, school):
    row, _ = put(world, school, photos=[photo_row(picture(1))])
    with pytest.raises(attachments.HashMismatch):
        send(row, world.shi, picture(2))
    with pytest.raises(attachments.HashMismatch):
        send(row, world.shi, picture(1), sha256=sha(picture(2)))


def test_a_picture_taken_off_the_record_is_voided(world, school):
    content = picture(1)
    row, _ = put(world, school, photos=[photo_row(content)])
    send(row, world.shi, content)
    put(world, school, revision=2)
    assert not InspectionPhoto.objects.exists()
    assert row.attachments.get().void_reason


def test_nobody_adds_pictures_to_a_signed_record(world, school):
    row = make_signed(school, world.shi)
    with pytest.raises(services.AlreadySigned):
        send(row, world.shi, picture(5))


def test_strangers_send_no_pictures(world, school):
    row = make_record(school, world.shi)
    with pytest.raises(services.NotYours):
        add_photo(row, world.du)


def test_a_picture_of_another_inspection_is_refused(world, school):
    one, other = make_record(school, world.shi), make_record(school, world.shi)
    send(one, world.shi, picture(1))
    with pytest.raises((services.NotYours, attachments.HashMismatch)):
        send(other, world.shi, picture(1))
