"""The school staff list and the list of barred persons: hashes, counts, matches on record."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection

from governance import audit, workbooks
from governance.audit import Verb
from governance.scoping import DutyMissing
from governance.workflow import Refused
from institutions.filings import acts, checks, person_lists
from institutions.models import BarredPerson, InServiceTeacher
from tests.conftest import TODAY, make_institution_member
from tests.institutions.builders import make_institution
from tests.institutions.filed import STAFF, make_filing

pytestmark = pytest.mark.django_db


def book(*rows, heads=("姓名", "身份证号", "学校")):
    made = openpyxl.Workbook()
    for row in (heads, *rows):
        made.active.append(list(row))
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return workbooks.read(out)


@pytest.fixture
def filing(world):
    place = make_institution(world, "晨光艺术培训学校")
    return make_filing(place, make_institution_member(place.pk))


def load(world, number=STAFF["id_number"]):
    return person_lists.load_teachers(book(["周敏", number, "开阳一中"]), as_of=TODAY, by=world.lin)


def test_of_the_school_staff_list_only_hashes_are_kept(world):
    assert load(world).taken == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM institutions_inserviceteacher")
        kept = str(cursor.fetchall())
    assert STAFF["id_number"] not in kept
    assert "周敏" not in kept


def test_a_new_list_replaces_the_old_one_of_the_same_county(world):
    load(world)
    person_lists.load_teachers(
        book(["丙", "341203199001010010", "颍东一中"]), as_of=TODAY, by=world.ying
    )
    load(world, "520121199001010025")
    assert InServiceTeacher.objects.count() == 2
    assert person_lists.count(InServiceTeacher, world.lin) == {"count": 1, "newest": TODAY}


def test_rows_that_cannot_be_read_are_told_by_their_number(world):
    done = person_lists.load_teachers(
        book(["甲", "", "一中"], ["乙", "520121199001010025", "一中"]), as_of=TODAY, by=world.lin
    )
    assert (done.taken, done.wrong) == (1, [2])


def test_a_workbook_without_numbers_changes_nothing(world):
    load(world)
    with pytest.raises((Refused, workbooks.BadWorkbook)):
        person_lists.load_teachers(book(["甲", "", "一中"]), as_of=TODAY, by=world.lin)
    assert InServiceTeacher.objects.count() == 1


def test_who_is_in_service_is_found_when_filed_and_that_goes_on_record(world, filing):
    load(world)
    found = [hint for hint in checks.of_filing(filing, world.lin) if hint.kind == "bad"]
    assert len(found) == 1
    assert "开阳一中" in found[0].text
    assert audit.history(filing).filter(verb=Verb.STAFF_MATCH_SHOWN).count() == 1


def test_a_match_is_shown_to_those_who_decide_only(world, filing):
    load(world)
    assert checks.of_filing(filing, world.shi) == []


def test_the_list_of_another_county_says_nothing(world, filing):
    person_lists.load_teachers(
        book(["周敏", STAFF["id_number"], "颍东一中"]), as_of=TODAY, by=world.ying
    )
    assert not [hint for hint in checks.of_filing(filing, world.lin) if hint.kind == "bad"]


def test_nobody_on_a_list_is_accepted_in_passing(world, filing):
    load(world)
    [(_row, why)] = acts.accept_each([filing], by=world.lin)
    assert "开阳一中" in why
    acts.accept(filing, by=world.lin)  # looked at alone, the clerk decides


@pytest.mark.parametrize(
    ("until", "barred"), [(None, 1), (TODAY, 1), (TODAY - dt.timedelta(days=1), 0)]
)
def test_a_bar_holds_until_its_last_day(world, filing, until, barred):
    heads = ("身份证号", "依据", "截止日期")
    person_lists.load_barred(
        book([STAFF["id_number"], "判决书", until], heads=heads),
        since=dt.date(2025, 1, 1), basis="名单", by=world.lin,
    )  # fmt: skip
    assert BarredPerson.objects.get().basis == "判决书"
    found = [hint for hint in checks.of_filing(filing, world.lin) if hint.kind == "bad"]
    assert len(found) == barred


@pytest.mark.parametrize("who", ["ma", "shi", "du", "shen", "xi"])
def test_the_clerk_of_education_loads_lists_and_nobody_else(world, who):
    with pytest.raises(DutyMissing):
        person_lists.load_teachers(
            book(["甲", STAFF["id_number"], "一中"]), as_of=TODAY, by=world.members[who]
        )
