"""Entering institutions in the register."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from governance import audit
from governance.models import Division, Share
from governance.workflow import Refused
from institutions import credit_codes, services
from institutions.models import CertStatus, Institution, Kind, RegisterSeries
from institutions.services.registration import CodeTaken
from tests.conftest import OTHER_COUNTY
from tests.institutions.builders import XICHENG, make_institution, valid_credit_code


def status_on(institution, day=None):
    return Institution.objects.with_cert_status(day).get(pk=institution.pk).cert_status


def test_numbers_count_up_within_a_county(world):
    first, second = make_institution(world), make_institution(world, "墨香书法")
    assert (first.number, second.number) == ("520121-000001", "520121-000002")
    assert services.next_numbers("341203", 3)[-1] == "341203-000003"


def test_a_number_of_a_rolled_back_entry_is_given_again(world):
    with transaction.atomic():
        make_institution(world)
        transaction.set_rollback(True)
    assert make_institution(world).number == "520121-000001"


def test_registering_leaves_a_trace_and_a_first_site(world):
    institution = make_institution(world, address="人民路8号")
    verbs = [event.verb for event in audit.history(institution)]
    assert audit.Verb.INSTITUTION_REGISTERED in verbs
    assert institution.sites.get().periods.get().address == "人民路8号"


def test_the_education_department_of_the_place_keeps_the_register(world):
    institution = make_institution(world, by=world.ma, licences=())
    assert institution.lead == world.department("edu")


def test_a_nameless_place_has_a_way_to_be_spoken_of(world):
    institution = make_institution(world, "", licences=())
    assert institution.number in str(institution)
    assert status_on(institution) == CertStatus.NONE


def test_names_are_found_by_pinyin_initials(world):
    period = make_institution(world, "晨光艺术ABC培训").periods.get()
    assert period.initials == "cgysabcpx"
    assert period.name_key.startswith("chen guang yi shu")


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (("school_licence", "business_licence"), CertStatus.FULL),
        (("business_licence",), CertStatus.REG_ONLY),
        (("vocational_licence",), CertStatus.LICENSE_ONLY),
        (("fire",), CertStatus.NONE),
    ],
)
def test_certificate_status_follows_from_certificates(world, kinds, status):
    assert status_on(make_institution(world, licences=kinds)) == status


def test_certificate_status_is_that_of_the_day(world):
    institution = make_institution(world, valid_to=date(2025, 6, 30))
    assert status_on(institution, date(2023, 12, 31)) == CertStatus.NONE
    assert status_on(institution, date(2025, 6, 30)) == CertStatus.FULL
    assert status_on(institution, date(2025, 7, 1)) == CertStatus.NONE


def test_a_wrong_credit_code_is_refused_with_the_reason(world):
    with pytest.raises(credit_codes.BadCreditCode, match="52520121MJ0000001X"):
        make_institution(world, credit_code="52520121MJ0000001X")


@pytest.mark.parametrize(
    ("written", "code", "pending"),
    [
        ("５２５２０１２１MJ0000001P", "52520121MJ0000001P", False),
        (" 91520121-MA6DXXXX1H ", "91520121MA6DXXXX1H", False),
        ("办理中", "", True),
        ("无", "", False),
    ],
)
def test_credit_codes_are_read_as_people_write_them(written, code, pending):
    assert credit_codes.parse(written) == (code, pending)


def test_two_institutions_of_a_county_do_not_share_a_code(world):
    code = valid_credit_code(1)
    bearer = make_institution(world, credit_code=code)
    with pytest.raises(CodeTaken, match=bearer.number):
        make_institution(world, "另一家", credit_code=code)


def test_a_body_with_places_in_two_counties_is_two_institutions(world):
    code = valid_credit_code(1)
    make_institution(world, credit_code=code)
    other = make_institution(
        world, credit_code=code, township="341203001", by=world.ying, licences=()
    )
    assert other.number == f"{OTHER_COUNTY}-000001"


def test_the_database_itself_refuses_a_second_bearer(world):
    code = valid_credit_code(1)
    make_institution(world, credit_code=code)
    other = make_institution(world, "另一家")
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.filter(pk=other.pk).update(credit_code=code)


def test_a_duplicate_may_bear_the_code_of_its_original(world):
    code = valid_credit_code(1)
    original = make_institution(world, credit_code=code)
    copy = make_institution(world, "重复登记", credit_code=code, duplicate_of=original)
    assert copy.duplicate_of == original
    with pytest.raises(CodeTaken):
        services.clear_duplicate(copy, by=world.lin)


def test_an_institution_of_tomorrow_is_not_entered_today(world):
    with pytest.raises(Refused):
        make_institution(world, since=date(2026, 3, 5))


def test_the_licensor_of_another_trade_may_keep_the_record_too(world):
    institution = make_institution(world, licences=("vocational_licence",))
    assert institution.period().licensor == world.department("hrss")
    share = Share.objects.get(object_id=institution.pk, department=world.department("hrss"))
    assert share.part == Share.Part.ASSIST


def test_registering_for_another_kind_keeps_the_kind(world):
    township = Division.objects.get(pk=XICHENG)
    care = services.register_institution(
        by=world.lin, name="阳光托管", township=township, kind=Kind.AFTERCARE
    )
    assert care.periods.get().kind == Kind.AFTERCARE


RACE = "999999"  # a county of nobody, for writers with connections of their own


@pytest.fixture
def committed_series(django_db_setup, django_db_blocker):
    """Numbers that are really committed; a flush afterwards would be refused by the audit trail."""
    with django_db_blocker.unblock():
        yield
        RegisterSeries.objects.filter(county=RACE).delete()


def test_sixteen_writers_get_sixteen_consecutive_numbers(committed_series):
    taken: list[str] = []

    def take():
        taken.extend(services.next_numbers(RACE))
        connection.close()

    writers = [threading.Thread(target=take) for _ in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(taken) == [f"{RACE}-{value:06d}" for value in range(1, 17)]
