"""Rows in bulk are the rows that `save()` would have written."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from governance import bulk
from governance.models import ImportBatch, ImportRow, Share
from institutions.models import Institution, InstitutionPeriod

ODD = 'Tab\tline\nback\\slash "quote" \\N {brace}\x00'


def institution(world, number, **more):
    return Institution(
        number=number, division_id="520121001", lead=world.department("edu"),
        created_by=world.lin, **more,
    )  # fmt: skip


def test_odd_texts_come_back_as_they_went_in(world):
    (made,) = bulk.insert([institution(world, "1", note=ODD)])
    made.refresh_from_db()
    assert made.note == ODD.replace("\0", "")


def test_every_kind_of_column_is_written(world):
    (made,) = bulk.insert([institution(world, "1", founded_on=dt.date(2020, 2, 29))])
    during = DateRange(dt.date(2020, 2, 29), None)
    bulk.insert(
        [
            InstitutionPeriod(
                institution=made, during=during, name="甲", categories=["ARTS", "SPORT"],
                can_qualify=False, learners=7, township_id="520121001", recorded_by=world.lin,
            )
        ]
    )  # fmt: skip
    period = InstitutionPeriod.objects.get()
    assert (period.during, period.categories) == (during, ["ARTS", "SPORT"])
    assert (period.can_qualify, period.learners, period.licensor_id) == (False, 7, None)


def test_private_fields_are_encrypted_and_found_by_their_hash(world):
    saved = institution(world, "1", contact_phone="138 0000 0000")
    saved.save()
    copied = institution(world, "2", contact_phone="13800000000")
    bulk.insert([copied])
    columns = ("number", "division_id", "lead_id", "contact_phone")
    row = ("3", "520121001", world.department("edu").pk, "13800000000")
    bulk.insert_values(Institution, columns, [row], created_by=world.lin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone, contact_phone_hash FROM institutions_institution")
        stored = cursor.fetchall()
    assert len({hashed for _phone, hashed in stored}) == 1
    assert not any("138" in phone for phone, _hashed in stored)
    assert Institution.objects.get(number="3").contact_phone == "13800000000"


def test_values_take_defaults_and_constants_for_what_they_do_not_name(world):
    columns = ("number", "division_id", "lead_id")
    rows = [(str(n), "520121001", world.department("edu").pk) for n in range(3)]
    keys = bulk.insert_values(Institution, columns, rows, created_by=world.lin, note="同")
    found = Institution.objects.in_bulk(keys)
    assert [found[key].number for key in keys] == ["0", "1", "2"]
    assert {(row.version, row.note, row.credit_code) for row in found.values()} == {(1, "同", "")}


def test_keys_never_meet_those_of_other_writers(world):
    (first,) = bulk.insert([institution(world, "1")])
    second = institution(world, "2")
    second.save()
    (third,) = bulk.insert([institution(world, "3")])
    assert first.pk < second.pk < third.pk


def test_constraints_hold_in_bulk_too(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([institution(world, "1"), institution(world, "1")])


def test_json_keeps_its_texts(world):
    batch = ImportBatch.objects.create(
        kind="x", division_id="520121", lead=world.department("edu"), created_by=world.lin
    )
    rows = [(1, {"0": ODD.replace("\0", ""), "1": None}, "new")]
    bulk.insert_values(ImportRow, ("number", "cells", "result"), rows, batch=batch)
    assert ImportRow.objects.get().cells == {"0": ODD.replace("\0", ""), "1": None}


def test_nothing_costs_nothing(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert bulk.insert([]) == []
        assert bulk.insert_values(Share, ("object_id",), []) == []
