"""Figures as they were on the day somebody signed for them: values, row keys, and a hash."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import rfc8785
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from governance import audit
from governance.models.people import Division, Membership
from governance.models.reports import FrozenReport


@transaction.atomic
def freeze(
    figure: str,
    title: str,
    *,
    day: dt.date,
    division: Division,
    values: Mapping[str, Any],
    row_keys: Iterable[int | str],
    by: Membership,
) -> FrozenReport:
    """Keep a figure: `values` as shown, `row_keys` of the rows behind it in any order.

    Freezing the same figure and day again makes a further report; the earlier one stays.
    """
    report = FrozenReport(
        figure=figure,
        title=title,
        day=day,
        division=division,
        values=json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder)),
        row_keys=sorted(set(row_keys), key=lambda key: (str(type(key)), key)),
        created_by=by,
    )
    report.sha256 = digest(report)
    report.save(force_insert=True)
    audit.record(
        audit.Verb.REPORT_FROZEN, report, by=by, figure=figure, day=day, sha256=report.sha256
    )
    return report


def digest(report: FrozenReport) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of what was signed for."""
    content = {
        "figure": report.figure,
        "title": report.title,
        "day": report.day.isoformat(),
        "division": report.division_id,
        "values": report.values,
        "row_keys": report.row_keys,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def is_intact(report: FrozenReport) -> bool:
    """Whether the report still is what was frozen."""
    return digest(report) == report.sha256


def differences(report: FrozenReport, row_keys: Iterable[int | str]) -> dict[str, list[int | str]]:
    """The rows that count today and did not then (`added`), and the other way round (`gone`)."""
    then, now = set(report.row_keys), set(row_keys)
    return {"added": sorted(now - then, key=str), "gone": sorted(then - now, key=str)}
