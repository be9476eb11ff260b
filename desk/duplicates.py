"""Two records side by side: where they differ, what stands on both, which one has more to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import acts_told
from desk.dossier import Dossier, in_force
from governance.labels import label
from governance.models import Membership
from governance.privacy import mask_phone
from institutions.duplicates import records, wording
from institutions.models import DuplicatePair, FoundHow, Institution, Licence, Site
from institutions.services.merging import IDENTITY_FACTS
from institutions.services.periods import FACTS

SIDES = ("first", "second")
OTHER = {"first": "second", "second": "first"}
# The order in which people compare; the rest follows.
LEADING = ("name", "township_id", "credit_code", "principal", "contact_phone", "operating_status")
NAMED = {f"{name}_id": name for name in ("township", "licensor", "registrar")}
WORDS = {
    "sub_kinds": (gettext_lazy("Kinds of training"), "Institution.sub_kind"),
    "found_how": (gettext_lazy("How it was found"), ""),
    "controller": (gettext_lazy("Controller"), ""),
    "startup_funds": (gettext_lazy("Start-up funds"), ""),
    "custody_bank": (gettext_lazy("Bank of the custody account"), ""),
    "custody_account": (gettext_lazy("Custody account"), ""),
}


Marked = list[tuple[str, bool]]  # a text in pieces: (piece, whether the other one lacks it)


@dataclass(frozen=True)
class Compared:
    """One fact on both records; `chosen` is the side whose value a merge takes by default."""

    name: str
    label: str
    first: str
    second: str
    differs: bool
    chosen: str

    @property
    def sides(self) -> list[tuple[str, Marked]]:
        return [
            ("first", marked(self.first, self.second)),
            ("second", marked(self.second, self.first)),
        ]


@dataclass(frozen=True)
class Both:
    """A certificate or a place that stands on both records."""

    value: str  # "licence:12:34", of the first and of the second record
    label: str


@dataclass(frozen=True)
class Why:
    """A reason in words, with what each record says."""

    label: str
    kind: str
    score: int
    first: str
    second: str


class SideBySide:
    """A pair as its page shows it; raises 404 when one of the two is out of scope."""

    def __init__(
        self, actor: Membership, pair: DuplicatePair, sent: Mapping[str, str] | None = None
    ) -> None:
        self.pair, self.sent = pair, sent or {}
        self.first = Dossier(actor, pair.first_id)
        self.second = Dossier(actor, pair.second_id)

    def of(self, side: str) -> Dossier:
        return self.second if side == "second" else self.first

    @property
    def sides(self) -> list[tuple[str, Dossier]]:
        return [("first", self.first), ("second", self.second)]

    @property
    def reasons(self) -> list[Why]:
        return list(told_reasons(self.pair))

    @cached_property
    def keep(self) -> str:
        """The record with more to it stays unless somebody says otherwise; else the older one."""

        def weight(side: Dossier) -> tuple[int, ...]:
            valid = sum(in_force(licence, side.today) for licence in side.licences)
            return (len(side.entries), valid, len(side.inspections), bool(side.period.name))

        return "second" if weight(self.second) > weight(self.first) else "first"

    @cached_property
    def facts(self) -> list[Compared]:
        rest = [name for name in (*FACTS, *IDENTITY_FACTS) if name not in LEADING]
        found = [self._compared(name) for name in (*LEADING, *rest)]
        return [fact for fact in found if fact.first or fact.second]

    @property
    def differing(self) -> list[Compared]:
        return [fact for fact in self.facts if fact.differs]

    @property
    def agreeing(self) -> list[Compared]:
        return [fact for fact in self.facts if not fact.differs]

    def _compared(self, name: str) -> Compared:
        one, other = (_value(side, name) for side in (self.first, self.second))
        first, second = (_told(side, name) for side in (self.first, self.second))
        chosen = self.keep
        if not (first and second):
            chosen = "first" if first else "second"
        chosen = self.sent.get(f"fact-{name}", chosen)
        return Compared(name, word(name), first, second, one != other, chosen)

    @cached_property
    def on_both(self) -> list[Both]:
        return [*self._licences(), *self._sites()]

    def _licences(self) -> Iterator[Both]:
        """The same paper: of one kind, with one number."""
        theirs = {
            (licence.kind, licence.number): licence
            for licence in self.second.licences
            if licence.number and not licence.voided_at
        }
        for licence in self.first.licences:
            other = theirs.get((licence.kind, licence.number))
            if other and not licence.voided_at:
                paper = f"{label('Licence.kind', licence.kind)} {licence.number}"
                yield Both(f"licence:{licence.pk}:{other.pk}", paper)

    def _sites(self) -> Iterator[Both]:
        """The same place: one address, however it is written."""
        words = records.regions(self.first.institution.division_id[:6])

        def key(address: str) -> Any:
            parts = wording.address(address, words)
            return parts.whole

        theirs = {key(site.address): site for site, _old in self.second.sites if site.address}
        for site, _old in self.first.sites:
            if other := theirs.get(key(site.address)):
                yield Both(f"site:{site.site_id}:{other.site_id}", site.address)

    def aside(self, values: list[str], goes: str) -> list[Site | Licence]:
        """The rows of the record that goes which the reader ticked among `on_both`."""
        offered = {both.value for both in self.on_both}
        found: list[Site | Licence] = []
        for value in values:
            if value in offered:
                kind, *keys = value.split(":")
                key = int(keys[SIDES.index(goes)])
                found.append(_row(self.of(goes), kind, key))
        return found

    def warnings(self) -> Iterator[str]:
        """What somebody should settle before or after joining."""
        listed = [{entry.kind for entry in side.lists} for side in (self.first, self.second)]
        if listed[0] & listed[1]:
            yield _("Both records stand on the same list; take one entry off.")
        elif listed[0] and listed[1]:
            yield _("The two records stand on different lists; look at the entries first.")
        codes = {side.institution.credit_code for side in (self.first, self.second)} - {""}
        if len(codes) == 2:
            yield _("Two different credit codes usually mean two bodies.")


def marked(text: str, other: str) -> Marked:
    """The text with the pieces marked that the other one does not have at that place."""
    blocks = SequenceMatcher(None, text, other, autojunk=False).get_opcodes()
    return [(text[start:end], how != "equal") for how, start, end, *_other in blocks if end > start]


def _row(side: Dossier, kind: str, key: int) -> Site | Licence:
    if kind == "site":
        return next(site.site for site, _old in side.sites if site.site_id == key)
    return next(licence for licence in side.licences if licence.pk == key)


def _value(side: Dossier, name: str) -> Any:
    row: Any = side.institution if name in IDENTITY_FACTS else side.period
    return getattr(row, name)


def _told(side: Dossier, name: str) -> str:
    value = _value(side, NAMED.get(name, name))
    if value in (None, "", []):
        return ""
    if name == "contact_phone":
        return mask_phone(value)
    if name == "found_how":
        return str(FoundHow(value).label)
    return acts_told.told(value, (acts_told.FIELDS | WORDS).get(name, ("", ""))[1])


def word(name: str) -> str:
    """What a fact is called."""
    return str((acts_told.FIELDS | WORDS).get(name, (name, ""))[0])


def told_reasons(pair: DuplicatePair) -> Iterator[Why]:
    """The reasons of a pair in words, best first."""
    for reason in pair.reasons:
        score = reason["score"]
        yield Why(
            label("DuplicatePair.reason", reason["code"]),
            "warn" if score >= 60 else "info",
            score,
            reason["first"],
            reason["second"],
        )


def in_one_line(pair: DuplicatePair) -> str:
    """The reasons as a clerk would write them down."""
    return "；".join(why.label for why in told_reasons(pair))


def sides_of(pair: DuplicatePair, keep: str) -> tuple[Institution, Institution]:
    """(the record that stays, the one that goes)."""
    return (pair.first, pair.second) if keep == "first" else (pair.second, pair.first)
