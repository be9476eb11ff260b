"""Setting the guided prices of a county: a band with a beginning and, later, an end."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, daylight
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import require
from governance.workflow import Refused
from institutions.leads import due
from institutions.leads.duties import KEEP_RULES
from institutions.models import GuidedPriceRow

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def set_price(county: str, *, by: Membership, **facts: Any) -> GuidedPriceRow:
    """Put a band in force from a day on; the same band before it ends the day before.

    `facts` are the columns of `GuidedPriceRow`, prices in yuan for a standard lesson.
    """
    require(by, KEEP_RULES)
    if not (by.department and by.department.covers(county)):
        raise Refused(_("This county is not yours."))
    first = facts["valid_from"]
    same = GuidedPriceRow.objects.filter(
        county=county, stage=facts["stage"], mode=facts["mode"], size_from=facts["size_from"]
    )
    if same.filter(valid_from__gte=first).exists():
        raise Refused(_("A price of this band begins on that day or later already."))
    same.filter(valid_to=None).update(valid_to=first - ONE_DAY)
    made = GuidedPriceRow.objects.create(county_id=county, recorded_by=by, **facts)
    audit.record(
        Verb.GUIDED_PRICE_SET, made, by=by, county=county,
        **{name: str(value) for name, value in facts.items()},
    )  # fmt: skip
    due.mark_county(county)
    return made


@transaction.atomic
def end_price(row: GuidedPriceRow, *, by: Membership) -> None:
    """End a band today; one that has not begun is taken out."""
    require(by, KEEP_RULES)
    today = daylight.today()
    audit.record(Verb.GUIDED_PRICE_ENDED, row, by=by, county=row.county_id, base=str(row.base))
    if row.valid_from > today:
        row.delete()
    elif row.valid_to is None or row.valid_to > today:
        GuidedPriceRow.objects.filter(pk=row.pk).update(valid_to=today)
    due.mark_county(row.county_id)
