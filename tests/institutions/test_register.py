"""Entering institutions in the register."""

import pytest

from governance import audit
from institutions import services
from institutions.credit_codes import BadCreditCode
from institutions.models import CertStatus, Institution
from tests.institutions.builders import make_institution, valid_credit_code


def test_an_institution_gets_a_number_of_its_county(world):
    first, second = make_institution(world), make_institution(world, "墨香书法")
    assert (first.number, second.number) == ("520121-000001", "520121-000002")
