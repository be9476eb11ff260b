"""Files come in once, whole and known by their hash; they go out to those who see the subject."""

import datetime as dt
import hashlib
import io
import os
import time
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client

from governance import attachments, audit, daylight, filestore
from governance.attachments import HashMismatch, Position, attach
from governance.audit import Verb
from governance.errors import TooLarge, WrongType
from governance.models import Attachment
from governance.scoping import DutyMissing
from governance.workflow import Refused
from tests.conftest import make_institution_member
from tests.governance import pictures
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
PHOTO = pictures.picture()


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """An empty store for every test."""
    settings.STORAGES = settings.STORAGES | {
        name: settings.STORAGES[name] | {"OPTIONS": {"location": tmp_path / name}}
        for name in ("originals", "public")
    }
    return tmp_path


@pytest.fixture
def school(world):
    return make_institution(world)


def sent(content: bytes = PHOTO, name: str = "现场.jpg") -> ContentFile:
    return ContentFile(content, name=name)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def kept(alias: str) -> list[str]:
    return sorted(path.name for path in Path(storages[alias].location).rglob("*") if path.is_file())


def test_a_photo_is_kept_untouched_beside_a_copy_without_metadata(world, school):
    row = attach(school, sent(), by=world.lin, kind="photo", caption=" 大门 ")
    with attachments.open_original(row, by=world.lin) as file:
        assert file.read() == PHOTO
    with attachments.open_copy(row.public_sha256) as file:
        assert b"SecretPhoneMaker" not in file.read()
    assert (row.sha256, row.size, row.media_type) == (sha256(PHOTO), len(PHOTO), "image/jpeg")
    assert (row.width, row.height, row.caption, row.name) == (640, 480, "大门", "现场.jpg")


def test_a_heic_photo_is_shown_as_jpeg(world, school):
    row = attach(school, sent(pictures.picture("HEIF"), "IMG.HEIC"), by=world.lin, kind="photo")
    with attachments.open_copy(row.public_sha256) as file:
        assert pictures.opened(file.read()).format == "JPEG"
    assert row.extension == "heic"


def test_position_and_time_are_kept_as_the_device_said(world, school):
    row = attach(school, sent(), by=world.lin, kind="photo", position=Position(26.97, 106.96, 12.5))
    assert (row.latitude, row.longitude, row.accuracy) == (26.97, 106.96, 12.5)


def test_a_photo_that_comes_without_time_tells_its_own(world, school):
    row = attach(school, sent(), by=world.lin, kind="photo")
    assert row.captured_at == dt.datetime(2026, 3, 4, 9, 30, tzinfo=daylight.ZONE)
    told = dt.datetime(2026, 3, 4, 1, 2, tzinfo=dt.UTC)
    other = pictures.picture(size=(9, 9))
    assert (
        attach(school, sent(other), by=world.lin, kind="photo", captured_at=told).captured_at
        == told
    )


def test_a_document_has_no_copy(world, school):
    row = attach(school, sent(pictures.PDF, "批复.pdf"), by=world.lin, kind="document")
    assert (row.public_sha256, row.thumb_sha256, row.is_picture) == ("", "", False)


def test_attaching_leaves_a_trace_with_the_hash(world, school):
    row = attach(school, sent(), by=world.lin, kind="photo")
    event = audit.history(school).filter(verb=Verb.ATTACHMENT_ADDED).get()
    assert event.facts["sha256"] == row.sha256


def test_the_same_identifier_with_the_same_bytes_is_the_same_row(world, school):
    name = uuid.uuid4()
    first = attach(school, sent(), by=world.lin, kind="photo", uuid=name)
    again = attach(school, sent(), by=world.lin, kind="photo", uuid=name)
    assert first.pk == again.pk
    assert Attachment.objects.count() == 1


def test_the_same_identifier_with_other_bytes_is_refused(world, school):
    name = uuid.uuid4()
    attach(school, sent(), by=world.lin, kind="photo", uuid=name)
    with pytest.raises(HashMismatch):
        attach(school, sent(pictures.picture(size=(9, 9))), by=world.lin, kind="photo", uuid=name)


def test_the_same_identifier_for_another_subject_is_refused(world, school):
    name = uuid.uuid4()
    attach(school, sent(), by=world.lin, kind="photo", uuid=name)
    other = make_institution(world, "别家培训学校", address="别处2号")
    with pytest.raises(HashMismatch):
        attach(other, sent(), by=world.lin, kind="photo", uuid=name)


def test_the_same_bytes_without_identifier_are_taken_once(world, school):
    first = attach(school, sent(), by=world.lin, kind="photo")
    assert attach(school, sent(), by=world.ning, kind="photo").pk == first.pk


def test_the_same_bytes_for_two_subjects_are_one_file(world, school):
    other = make_institution(world, "别家培训学校", address="别处2号")
    rows = [attach(subject, sent(), by=world.lin, kind="photo") for subject in (school, other)]
    assert rows[0].pk != rows[1].pk
    assert kept("originals") == [rows[0].sha256]


def test_bytes_that_changed_on_their_way_are_refused(world, school):
    with pytest.raises(HashMismatch):
        attach(school, sent(), by=world.lin, kind="photo", client_sha256="0" * 64)
    assert kept("originals") == []
    attach(school, sent(), by=world.lin, kind="photo", client_sha256=sha256(PHOTO).upper())


def test_an_executable_called_jpg_is_refused_and_leaves_nothing(world, school):
    with pytest.raises(WrongType):
        attach(school, sent(pictures.PROGRAM, "photo.jpg"), by=world.lin, kind="photo")
    assert (kept("originals"), Attachment.objects.count()) == ([], 0)


def test_a_document_is_no_photo(world, school):
    with pytest.raises(WrongType):
        attach(school, sent(pictures.PDF, "a.pdf"), by=world.lin, kind="photo")


def test_reading_stops_at_the_limit_whatever_was_announced(world, school, monkeypatch):
    class Endless:
        name, read = "film.mp4", 0

        def chunks(self):
            while True:
                self.read += 1_000_000
                yield bytes(1_000_000)

    endless = Endless()
    with pytest.raises(TooLarge):
        attach(school, endless, by=world.lin, kind="photo")
    assert endless.read < 17_000_000


def test_an_empty_file_is_refused(world, school):
    with pytest.raises(WrongType):
        attach(school, sent(b""), by=world.lin, kind="photo")


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lin\\照片.jpg", "照片.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("", "file"),
        ("长" * 300 + ".jpg", "长" * 196 + ".jpg"),
    ],
)
def test_names_are_cleaned(name, kept_as):
    assert attachments.clean_name(name) == kept_as


def test_a_wrong_file_is_taken_out_of_sight_with_a_reason(world, school):
    row = attach(school, sent(), by=world.lin, kind="photo")
    with pytest.raises(Refused):
        attachments.void(row, by=world.lin, reason=" ")
    attachments.void(row, by=world.lin, reason="拍错了地方")
    assert not Attachment.objects.of(school).exists()
    assert attachments.find(row.uuid, world.lin) is None
    with pytest.raises(Refused):
        attachments.void(row, by=world.lin, reason="再来一次")


def test_the_row_of_a_received_file_cannot_be_rewritten(world, school):
    row = attach(school, sent(), by=world.lin, kind="photo")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(sha256="0" * 64)
    Attachment.objects.filter(pk=row.pk).update(caption="门头")


# --- the store -------------------------------------------------------------------------------


def test_verification_finds_changed_and_missing_files(world, school, store):
    row = attach(school, sent(), by=world.lin, kind="photo")
    assert attachments.verify(row) == []
    (store / "originals" / filestore.name_of(row.sha256)).write_bytes(b"other")
    (store / "public" / filestore.name_of(row.thumb_sha256)).unlink()
    assert attachments.verify(row) == [f"changed {row.sha256}", f"missing {row.thumb_sha256}"]
    assert [found.pk for found, _problems in attachments.verify_all()] == [row.pk]


def test_files_are_for_the_process_alone(world, school, store):
    row = attach(school, sent(), by=world.lin, kind="photo")
    path = store / "originals" / filestore.name_of(row.sha256)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_crash_while_writing_leaves_no_half_file(store):
    def broken():
        yield b"first half"
        raise OSError("disk full")

    class Breaking(ContentFile):
        def chunks(self, chunk_size=None):
            return broken()

    with pytest.raises(OSError, match="disk full"):
        filestore.put(filestore.originals(), "ab" * 32, Breaking(b"x"))
    assert kept("originals") == []


def test_a_file_without_row_is_removed_after_a_day_only(world, school, store):
    row = attach(school, sent(), by=world.lin, kind="photo")
    filestore.put(filestore.originals(), "ab" * 32, ContentFile(b"orphan"))
    assert attachments.remove_orphans() == []
    yesterday = time.time() - filestore.ORPHAN_AGE - 60
    for path in (store / "originals").rglob("*"):
        os.utime(path, (yesterday, yesterday))
    assert attachments.remove_orphans() == ["ab" * 32]
    assert attachments.verify(row) == []


def test_taking_a_file_in_again_saves_it_from_the_sweep(store):
    filestore.put(filestore.originals(), "ab" * 32, ContentFile(b"orphan"))
    path = store / "originals" / filestore.name_of("ab" * 32)
    os.utime(path, (0, 0))
    filestore.put(filestore.originals(), "ab" * 32, ContentFile(b"orphan"))
    assert attachments.remove_orphans() == []


# --- handing out -----------------------------------------------------------------------------


@pytest.fixture
def photo(world, school):
    return attach(school, sent(), by=world.lin, kind="photo")


def test_those_who_see_the_subject_see_its_photo(world, sign_in, photo):
    answer = sign_in(world.lin).get(photo.get_absolute_url())
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'inline; filename="{photo.uuid}.jpg"'
    assert answer["Cache-Control"].startswith("private")
    assert pictures.opened(answer.getvalue()).size == (640, 480)


def test_a_stranger_of_another_county_finds_nothing(world, sign_in, photo):
    for url in (photo.get_absolute_url(), photo.thumb_url, photo.original_url):
        assert sign_in(world.ying).get(url).status_code == 404
        assert sign_in(world.xi).get(url).status_code == 404


def test_the_public_is_asked_to_sign_in(photo):
    assert Client().get(photo.get_absolute_url()).status_code == 302


def test_a_known_copy_is_not_sent_again(world, sign_in, photo):
    client = sign_in(world.lin)
    tag = client.get(photo.thumb_url)["ETag"]
    assert client.get(photo.thumb_url, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert sign_in(world.ying).get(photo.thumb_url, HTTP_IF_NONE_MATCH=tag).status_code == 404


def test_an_original_is_given_as_a_download_and_recorded(world, school, sign_in, photo):
    answer = sign_in(world.lin).get(photo.original_url)
    assert answer.getvalue() == PHOTO
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"
    event = audit.history(school).filter(verb=Verb.ORIGINAL_DOWNLOADED).get()
    assert event.by == world.lin


def test_looking_at_the_copy_is_not_recorded(world, school, sign_in, photo):
    sign_in(world.lin).get(photo.get_absolute_url())
    assert not audit.history(school).filter(verb=Verb.ORIGINAL_DOWNLOADED).exists()


def test_a_document_is_downloaded_under_a_safe_name(world, school, sign_in):
    name = 'a";\r\nX-Evil: 1 批复.pdf.exe'
    row = attach(school, sent(pictures.PDF, name), by=world.lin, kind="document")
    answer = sign_in(world.lin).get(row.get_absolute_url())
    assert "X-Evil" not in answer.headers
    assert answer["Content-Disposition"].endswith(".pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_institution_sees_copies_and_only_its_own_originals(world, school, sign_in, photo):
    chen = make_institution_member(school.pk)
    own = attach(school, sent(pictures.PDF, "报告.pdf"), by=chen, kind="document")
    client = sign_in(chen)
    assert client.get(photo.get_absolute_url()).status_code == 200
    assert client.get(photo.original_url).status_code == 403
    assert client.get(own.original_url).status_code == 200
    stranger = sign_in(make_institution_member(school.pk + 1, "deng"))
    assert stranger.get(photo.get_absolute_url()).status_code == 404


def test_originals_ask_for_a_duty(world, photo):
    attachments.require_original(photo, world.shen)
    with pytest.raises(DutyMissing):
        attachments.require_original(photo, world.an)


def test_an_unknown_variant_is_not_found(world, sign_in, photo):
    url = photo.get_absolute_url().replace("view", "secret")
    assert sign_in(world.lin).get(url).status_code == 404


def test_a_request_that_says_it_is_too_large_is_refused_unread(world, sign_in):
    class Unread(io.BytesIO):
        def read(self, *args):
            raise AssertionError("the body was read")

    answer = sign_in(world.lin).generic(
        "POST",
        "/manage/day/",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(500 * 1024 * 1024), "wsgi.input": Unread()},
    )
    assert answer.status_code == 413
