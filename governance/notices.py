"""Announcements and public notices: written by a department, published and ended by its leader."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit, daylight
from governance.models.notices import Notice
from governance.models.people import Division, Membership, Role
from governance.scoping import WORKING_ROLES, Duty, DutyMissing, require
from governance.workflow import Refused, StaleVersion

WRITE = Duty("notices.write", gettext_lazy("Write notices"), frozenset(WORKING_ROLES))
PUBLISH = Duty("notices.publish", gettext_lazy("Publish notices"), frozenset({Role.LEADER}))
TEXTS = ("title_zh", "title_en", "body_zh", "body_en")


@transaction.atomic
def draft(
    *, kind: str, division: Division, by: Membership, title_zh: str, body_zh: str, **english: str
) -> Notice:
    """Write a notice for a division of one's jurisdiction; the public does not see it yet."""
    require(by, WRITE)
    if by.department is None or not by.department.covers(division.code):
        raise DutyMissing(WRITE)
    notice = Notice.objects.create(
        kind=kind,
        division=division,
        department=by.department,
        title_zh=title_zh.strip(),
        body_zh=body_zh.strip(),
        created_by=by,
        **{name: text.strip() for name, text in english.items()},
    )
    audit.record(audit.Verb.NOTICE_DRAFTED, notice, by=by, kind=str(kind))
    return notice


@transaction.atomic
def change(notice: Notice, *, by: Membership, version: int, **texts: str) -> None:
    """Change the texts of a draft; what the public has read is ended and written anew instead."""
    _require(WRITE, notice, by)
    if notice.published_from:
        raise Refused(_("A published notice is not changed. End it and publish a new one."))
    _update(notice, version, **{name: texts[name].strip() for name in TEXTS if name in texts})
    audit.record(audit.Verb.NOTICE_CHANGED, notice, by=by)


@transaction.atomic
def publish(
    notice: Notice,
    *,
    by: Membership,
    version: int,
    until: dt.date | None,
    since: dt.date | None = None,
) -> None:
    """Show a draft to the public from a day (today) to a last day (None: until it is ended)."""
    _require(PUBLISH, notice, by)
    since = since or daylight.today()
    if notice.published_from:
        raise Refused(_("The notice is published already."))
    if since < daylight.today():
        raise Refused(_("A notice cannot have been published in the past."))
    if until and until < since:
        raise Refused(_("The last day lies before the first."))
    _update(notice, version, published_from=since, published_to=until)
    audit.record(audit.Verb.NOTICE_PUBLISHED, notice, by=by, since=since, until=until)


@transaction.atomic
def end(notice: Notice, *, by: Membership, version: int, reason: str) -> None:
    """Take a published notice off the public pages at once."""
    _require(PUBLISH, notice, by)
    if notice not in Notice.objects.published():
        raise Refused(_("The notice is not being shown."))
    if not reason.strip():
        raise Refused(_("Say why the notice ends."))
    _update(notice, version, ended_on=daylight.today())
    audit.record(audit.Verb.NOTICE_ENDED, notice, by=by, reason=reason.strip())


def _require(duty: Duty, notice: Notice, by: Membership) -> None:
    require(by, duty)
    if notice.department_id != by.department_id:
        raise DutyMissing(duty)


def _update(notice: Notice, version: int, **fields: Any) -> None:
    rows = Notice.objects.filter(pk=notice.pk, version=version)
    if not rows.update(version=F("version") + 1, **fields):
        notice.refresh_from_db()
        raise StaleVersion(notice, version)
    notice.refresh_from_db()
