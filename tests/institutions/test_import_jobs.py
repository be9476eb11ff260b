"""Large imports: handed to a worker, safe to leave, to stop and to kill."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from governance import daylight, import_files
from governance import import_progress as progress
from governance.models import AuditEvent, ImportBatch, ImportPiece, ImportRow
from institutions.imports import acts, jobs
from institutions.models import Institution
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import previewed, row, sheet

HOME = "/institutions/import/"
Status = ImportBatch.Status


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Three rows are many, and every sign of life is given."""
    monkeypatch.setattr(acts, "FEW", 2)
    monkeypatch.setattr(progress, "EVERY", 0)
    yield
    cache.clear()


@pytest.fixture
def lin(world, sign_in) -> Client:
    return sign_in(world.lin)


def book(count=3):
    return sheet(*[row(f"第{n}艺术学校", f"{n}号") for n in range(count)])


def uploaded(client, content=None):
    file = SimpleUploadedFile("台账.xlsx", content or book().read())
    response = client.post(HOME, {"file": file, "division": "520121"})
    return ImportBatch.objects.latest("pk"), response


def read(client):
    batch, _response = uploaded(client)
    jobs.run(batch.pk)
    batch.refresh_from_db()
    return batch


def post(client, batch, what, **data):
    batch.refresh_from_db()
    return client.post(f"{HOME}{batch.pk}/{what}/", {"version": batch.version, **data})


def test_a_large_ledger_is_read_and_entered_by_a_worker(lin):
    batch = read(lin)
    assert (batch.status, batch.counts["new"]) == (Status.PREVIEWED, 3)
    post(lin, batch, "apply")
    batch.refresh_from_db()
    assert batch.status == Status.APPLYING
    assert not Institution.objects.exists()
    jobs.run(batch.pk)
    batch.refresh_from_db()
    assert batch.status == Status.APPLIED
    assert Institution.objects.count() == 3
    assert AuditEvent.objects.filter(verb="import.applied").count() == 1


def test_while_a_worker_reads_the_page_says_so_and_leads_on_afterwards(lin):
    batch, response = uploaded(lin)
    page = lin.get(response.url).content.decode()
    assert "正在后台读取" in page
    fragment = lin.get(f"{HOME}{batch.pk}/progress/", headers={"hx-request": "true"})
    assert b"import-progress" in fragment.content
    jobs.run(batch.pk)
    done = lin.get(f"{HOME}{batch.pk}/progress/", headers={"hx-request": "true"})
    assert done["HX-Redirect"] == f"{HOME}{batch.pk}/"


def test_the_progress_is_told_while_the_worker_is_at_it(lin, monkeypatch):
    batch, _response = uploaded(lin)
    told = []
    monkeypatch.setattr(progress.Follower, "tick", lambda self, *said: told.append(said[0]))
    jobs.run(batch.pk)
    assert told == [progress.READING, progress.PLANNING]


def test_a_worker_that_finds_nothing_to_do_leaves_everything_as_it_is(lin):
    batch = read(lin)
    version = batch.version
    jobs.run(batch.pk)
    batch.refresh_from_db()
    assert batch.version == version


def test_work_that_a_killed_worker_left_is_found_again(lin, monkeypatch):
    woken = []
    monkeypatch.setattr(jobs, "wake", woken.append)
    batch, _response = uploaded(lin)
    jobs.wake_all()
    assert woken == [batch.pk]


def test_work_that_kills_every_worker_is_given_up(lin):
    batch, _response = uploaded(lin)
    for _n in range(progress.ATTEMPTS):
        progress.attempt(batch.pk)
    jobs.run(batch.pk)
    batch.refresh_from_db()
    assert batch.status == Status.FAILED
    assert "放弃" in lin.get(f"{HOME}{batch.pk}/").content.decode()


def test_a_file_that_cannot_be_read_fails_with_its_reason(lin, monkeypatch):
    monkeypatch.setattr(jobs, "SMALL", 0)
    batch, _response = uploaded(lin, "甲,乙\n丙,丁\n".encode())
    jobs.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.failure) == (Status.FAILED, "no_table")
    post(lin, batch, "drop")
    batch.refresh_from_db()
    assert batch.status == Status.DROPPED
    assert not ImportPiece.objects.exists()


def test_stopping_before_a_worker_came_ends_a_reading(lin):
    batch, _response = uploaded(lin)
    post(lin, batch, "stop")
    batch.refresh_from_db()
    assert batch.status == Status.DROPPED


def test_stopping_while_rows_are_entered_leaves_the_preview_and_no_row(lin, monkeypatch):
    batch = read(lin)
    post(lin, batch, "apply")
    progress.stop(batch.pk)  # as the page says it while the worker holds the batch
    jobs.run(batch.pk)
    batch.refresh_from_db()
    assert batch.status == Status.PREVIEWED
    assert not Institution.objects.exists()
    post(lin, batch, "apply")
    jobs.run(batch.pk)
    assert Institution.objects.count() == 3  # the wish to stop was for that time only


def test_a_register_that_moved_brings_the_preview_back(world, lin):
    batch = read(lin)
    post(lin, batch, "apply")
    make_institution(world, "第0艺术学校", address="0号", licences=())
    jobs.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.failure) == (Status.PREVIEWED, "register_moved")
    assert batch.counts["new"] == 2
    assert "台账" in lin.get(f"{HOME}{batch.pk}/").content.decode()


def test_answers_on_many_rows_are_planned_by_a_worker(lin):
    batch = read(lin)
    post(lin, batch, "columns", column_2="name", column_3="address")
    batch.refresh_from_db()
    assert batch.status == Status.READING
    jobs.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.counts["new"]) == (Status.PREVIEWED, 3)


# --- the file ---------------------------------------------------------------------------------


def test_the_file_is_kept_sealed(world):
    content = book().read()
    file = SimpleUploadedFile("台账.xlsx", content)
    batch = jobs.receive(
        file,
        world.lin.department.division,
        by=world.lin,
        name="x",
        sheet="",
        answers=acts.Answers(),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM governance_importpiece WHERE batch_id = %s", [batch.pk])
        [[stored]] = cursor.fetchall()
    assert "UEsDB" not in stored  # a ZIP as base64
    assert import_files.opened(batch).read() == content


def test_a_long_file_comes_back_in_its_order(world, monkeypatch):
    monkeypatch.setattr(import_files, "PIECE", 100)
    content = book().read()
    batch = previewed(world, SimpleUploadedFile("台账.xlsx", content))
    assert ImportPiece.objects.filter(batch=batch).count() > 10
    assert import_files.opened(batch).read() == content


def test_only_who_uploaded_a_file_gets_it_back(world, lin, sign_in):
    batch = previewed(world, book())
    url = f"{HOME}{batch.pk}/original/"
    assert b"".join(lin.get(url).streaming_content).startswith(b"PK")
    assert sign_in(world.ning).get(url).status_code == 404
    assert AuditEvent.objects.filter(verb="attachment.original_downloaded").count() == 1


def test_files_go_after_a_month_and_rows_stay(world):
    batch = previewed(world, book())
    old = daylight.now() - dt.timedelta(days=import_files.DAYS, minutes=1)
    ImportPiece.objects.filter(batch=batch).update(created_at=old)
    young = previewed(world, book())
    assert import_files.drop_old() == 1
    assert list(ImportPiece.objects.values_list("batch", flat=True)) == [young.pk]
    assert ImportRow.objects.filter(batch=batch).exists()
