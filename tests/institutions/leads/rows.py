"""Rows behind the rules, entered through the services."""

import datetime as dt
from decimal import Decimal
from typing import Any

from governance.models import Division, SchoolTerm
from institutions.leads import prices, school_terms
from institutions.models import GuidedPriceRow
from tests.conftest import COUNTY, TODAY


def make_price(world: Any, **facts: Any) -> GuidedPriceRow:
    facts = {
        "stage": "PRIMARY", "mode": "OFFLINE", "size_from": 10, "size_to": 35,
        "base": Decimal(30), "float_percent": Decimal(10), "lesson_minutes": 45,
        "valid_from": TODAY, "document_number": "",
    } | facts  # fmt: skip
    return prices.set_price(COUNTY, by=world.lin, **facts)


def make_term(world: Any, part: str = "SPRING", **facts: Any) -> SchoolTerm:
    facts = {
        "school_year": "2025-2026", "starts_on": dt.date(2026, 3, 2),
        "ends_on": dt.date(2026, 7, 10),
    } | facts  # fmt: skip
    row = school_terms.TermRow(part=part, **facts)
    return school_terms.set_term(Division.objects.get(pk=COUNTY), row, by=world.lin)
