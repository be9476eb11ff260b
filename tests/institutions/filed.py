"""What institutions file, for tests: values as their forms take them, and filings in each state."""

from typing import Any

from governance.models import Membership
from institutions.filings import acts, records, values
from institutions.filings.kinds import KINDS
from institutions.models import Filed, Filing, Institution

STAFF = {
    "name": "周敏", "id_number": "520121199001010017", "role": "TEACHING", "full_time": True,
    "subjects": "美术", "teaches": ["ARTS"], "stages": ["PRIMARY"],
    "certificate_kind": "TEACHER", "certificate_number": "20215200112000001",
    "crime_query_on": "2026-02-01", "crime_query_clear": True, "posted": True,
}  # fmt: skip
COURSE = {
    "name": "少儿素描", "category": "ARTS", "sub_kind": "fine_art", "stages": ["PRIMARY"],
    "mode": "OFFLINE", "class_size": 20, "lesson_minutes": 45,
    "slots": "周六 09:00-10:30 20人\n周三 18:00-19:30 18",
}  # fmt: skip
EXAMPLES: dict[str, dict[str, Any]] = {
    "staff": STAFF,
    "course": COURSE,
    "material": {
        "title": "素描基础", "origin": "OWN", "internal_review_on": "2026-01-05",
        "internal_review_passed": True,
    },
    "fee": {
        "name": "素描课程费", "amount": "3000.00", "lessons": 40, "pay_methods": ["QR", "TRANSFER"],
        "payee_account": "6222 0000 1234 5678",
    },
    "contract": {"form_code": "GF-2021-2604", "signed_before_charging": True},
    "insurance": {
        "insurer": "中国人保", "number": "PZ001", "kind": "LIABILITY",
        "valid_from": "2026-01-01", "valid_to": "2026-12-31", "amount": "1000000.00",
    },
    "advertisement": {"kind": "SIGNBOARD", "text": "晨光艺术", "place": "人民路1号"},
    "figure": {"code": "CUSTODY_BALANCE", "value": "120000.00", "as_of": "2026-03-01"},
}  # fmt: skip


def proposed(kind: str, institution: Institution, **other: Any) -> dict[str, Any]:
    """Valid values of a kind as JSON."""
    form = KINDS[kind].form(EXAMPLES[kind] | other, institution=institution)
    assert form.is_valid(), form.errors
    return values.cleaned(form)


def make_draft(institution: Institution, by: Membership, kind: str = "staff", **other: Any):
    wanted = proposed(kind, institution, **other)
    return acts.draft(institution, KINDS[kind], Filing.Action.ADD, wanted, by=by)


def make_filing(institution: Institution, by: Membership, kind: str = "staff", **other: Any):
    """A submitted filing of a new row."""
    filing = make_draft(institution, by, kind, **other)
    acts.submit([filing], by=by)
    return filing


def make_record(institution: Institution, by: Membership, kind: str = "staff", **other: Any) -> Any:
    """A row on record, entered at the window."""
    form = KINDS[kind].form(EXAMPLES[kind] | other, institution=institution)
    assert form.is_valid(), form.errors
    return records.add(KINDS[kind], institution, form.cleaned_data, by=by)


def make_change(row: Filed, by: Membership, **new: Any) -> Filing:
    """A submitted change of a row."""
    kind = next(kind for kind in KINDS.values() if kind.model is type(row))
    wanted = values.present(kind, row) | new
    filing = acts.draft(row.institution, kind, Filing.Action.CHANGE, wanted, by=by, record=row)
    acts.submit([filing], by=by)
    return filing
