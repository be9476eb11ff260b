"""The verdict behind a code on the wall, as of this moment."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext_lazy

from desk import public_search
from governance import daylight
from institutions.models import Institution, SitePeriod, UnknownScan, WallToken

# code of the public search → (word of the verdict, what it means)
WORDS: dict[str, tuple[Any, Any]] = {
    "black": (
        gettext_lazy("Black-listed"),
        gettext_lazy("This institution stands on the black list of the county."),
    ),
    "white": (
        pgettext_lazy("verdict", "Valid"),
        gettext_lazy("Licensed and registered, on the white list of the county."),
    ),
    "full": (pgettext_lazy("verdict", "Valid"), gettext_lazy("Licensed and registered.")),
    "registration_missing": (
        gettext_lazy("Licence valid, registration not found"),
        gettext_lazy("The licence is in force; no registration of the legal body is on record."),
    ),
    "expired": (
        pgettext_lazy("verdict", "Expired"),
        gettext_lazy("The licence has expired and no new one is on record."),
    ),
    "ended": (
        pgettext_lazy("verdict", "Cancelled"),
        gettext_lazy("The licence was cancelled, revoked or withdrawn."),
    ),
    "closed": (
        pgettext_lazy("verdict", "Closed"),
        gettext_lazy("According to the register the institution has ended its teaching."),
    ),
    "moved": (
        gettext_lazy("Not at this place any more"),
        gettext_lazy("The institution gave this place up."),
    ),
    "revoked": (
        gettext_lazy("This code counts no more"),
        gettext_lazy("It was revoked. Ask for the new code, or look the institution up by name."),
    ),
    "unknown": (
        pgettext_lazy("verdict", "Not issued by us"),
        gettext_lazy(
            "Nobody here issued this code. Check that the address begins with the address of this "
            "site, and tell the education bureau where you saw it."
        ),
    ),
    "too_many": (
        gettext_lazy("Please wait"),
        gettext_lazy("Too many unknown codes came from your address. Try again in ten minutes."),
    ),
}
TONES = {
    "white": "ok", "full": "ok", "registration_missing": "warn", "unknown": "none",
    "revoked": "none", "too_many": "none",
}  # fmt: skip
SHAPES = {"ok": "✓", "warn": "!", "bad": "×", "none": "?"}


@dataclass(frozen=True)
class Answer:
    """The verdict and, for a code of ours, what may be compared on the spot."""

    code: str
    name: str = ""
    number: str = ""
    addresses: list[str] = field(default_factory=list)
    licences: list[Any] = field(default_factory=list)
    at: dt.datetime | None = None

    @property
    def tone(self) -> str:
        return TONES.get(self.code, "bad")

    @property
    def shape(self) -> str:
        return SHAPES[self.tone]

    @property
    def words(self) -> str:
        return str(WORDS[self.code][0])

    @property
    def meaning(self) -> str:
        return str(WORDS[self.code][1])

    @property
    def other_language(self) -> tuple[str, str, str]:
        """(language, verdict, meaning) once more for whoever reads the other language."""
        other = "zh-hans" if (translation.get_language() or "").startswith("en") else "en"
        with translation.override(other):
            return ("zh-Hans" if other == "zh-hans" else "en", self.words, self.meaning)


UNKNOWN, REVOKED, TOO_MANY = Answer("unknown"), Answer("revoked"), Answer("too_many")


def look(token: str) -> Answer:
    """The answer to a code; shows no data for one that is unknown or revoked."""
    row = WallToken.objects.select_related("institution__merged_into").filter(token=token).first()
    if row is None:
        return UNKNOWN
    institution = row.institution.merged_into or row.institution
    period = public_search.by_number(institution.number)
    if row.revoked_at or period is None:
        return REVOKED
    [result] = public_search.results([period])
    places = _places(row, institution)
    gone = row.site_id is not None and not places
    code = "moved" if gone and result.verdict.tone == "ok" else result.verdict.code
    return Answer(code, result.name, result.number, places, result.licences[:3], at=daylight.now())


def _places(row: WallToken, institution: Institution) -> list[str]:
    """Where the code may hang today."""
    rows = SitePeriod.objects.on()
    if row.site_id:
        rows = rows.filter(site=row.site_id)
    else:
        rows = rows.filter(site__institution__in=institution.family())
    return list(rows.order_by("site__serial").values_list("address", flat=True)[:5])


def count_unknown() -> None:
    """One more unknown code today."""
    made = UnknownScan.objects.get_or_create(on=daylight.today())[0]
    UnknownScan.objects.filter(pk=made.pk).update(count=F("count") + 1)
