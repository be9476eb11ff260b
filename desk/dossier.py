"""One institution, one dossier (一机构一档): facts with their source, rows of every floor.

Every row is asked from its own app in the actor's scope; what hangs on records that were merged
into this one is shown with it.
"""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import ledger
from governance import daylight
from governance.models import Attachment, Clock, Membership
from inspections.models import Finding, Inspection, RectificationTask
from institutions import conditions as asking
from institutions import measures, record
from institutions.ledger import neighbours, order
from institutions.models import (
    AnnualResult,
    CertStatus,
    Disposal,
    Guidance,
    Institution,
    InstitutionMerge,
    InstitutionPeriod,
    Licence,
    SitePeriod,
    Source,
)
from publiclists.models import ListEntry

HANGING = Q(institution=OuterRef("pk"))  # what most dossiers have none of is not asked for twice
SOON = dt.timedelta(days=90)


class Dossier:
    """Everything about one institution that the actor may know; each part is asked once."""

    def __init__(self, actor: Membership, pk: int) -> None:
        self.actor = actor
        self.today = daylight.today()
        self.institution, self.family = self._find(pk)

    def _find(self, pk: int) -> tuple[Institution, list[int]]:
        """The row and the keys whose rows belong to it, in one question."""
        mine = Institution.objects.editable_by(self.actor).filter(pk=OuterRef("pk"))
        rows = (
            Institution.objects.visible_to(self.actor)
            .filter(Q(pk=pk) | Q(merged_into=pk))
            .select_related("division", "lead", "duplicate_of", "branch_of", "created_by__user")
            .select_related("created_by__department")
            .annotate(
                may_change=Exists(mine),
                has_results=Exists(AnnualResult.objects.standing().filter(HANGING)),
                has_entries=Exists(ListEntry.objects.filter(HANGING)),
                has_guidance=Exists(Guidance.objects.filter(HANGING)),
            )
        )
        found = {row.pk: row for row in rows}
        if pk not in found:
            raise Http404
        self.found = list(found.values())
        return found[pk], list(found)

    def has(self, what: str) -> bool:
        """Whether any record of the dossier has such rows at all."""
        return any(getattr(row, what) for row in self.found)

    # --- rows of the registry --------------------------------------------------------------

    @cached_property
    def periods(self) -> list[InstitutionPeriod]:
        """Newest first."""
        rows = InstitutionPeriod.objects.visible_to(self.actor).filter(institution=self.institution)
        return list(rows.select_related("township", "licensor", "registrar").order_by("-during"))

    @property
    def period(self) -> InstitutionPeriod:
        """What holds today, else what held last."""
        now = [period for period in self.periods if self.today in period.during]
        return (now or self.periods)[0]

    def rows_of(self, model: Any, path: str = "institution__in") -> Any:
        """The rows of a model that belong to this dossier and are the actor's to see."""
        return model.objects.visible_to(self.actor).filter(**{path: self.family})

    @cached_property
    def licences(self) -> list[Licence]:
        rows = self.rows_of(Licence)
        return list(rows.select_related("issuer", "site").order_by("kind", "-valid_from", "-pk"))

    @cached_property
    def site_periods(self) -> list[SitePeriod]:
        """Of all sites, in the order of the sites, newest first within one."""
        rows = self.rows_of(SitePeriod, "site__institution__in").filter(site__voided_at=None)
        return list(
            rows.select_related("site", "township").order_by(
                "site__institution_id", "site__serial", "-during"
            )
        )

    @property
    def sites(self) -> list[tuple[SitePeriod, list[SitePeriod]]]:
        """(newest period, earlier ones) of each site."""
        grouped: dict[int, list[SitePeriod]] = {}
        for period in self.site_periods:
            grouped.setdefault(period.site_id, []).append(period)
        return [(first, rest) for first, *rest in grouped.values()]

    @property
    def sites_in_use(self) -> list[SitePeriod]:
        return [period for period in self.site_periods if self.today in period.during]

    @cached_property
    def results(self) -> list[AnnualResult]:
        """Results of the annual review, newest first."""
        if not self.has("has_results"):
            return []
        rows = self.rows_of(AnnualResult).standing().select_related("recorded_by__user")
        return list(rows.order_by("-year", "-round", "-pk"))

    @cached_property
    def branches(self) -> list[Institution]:
        rows = Institution.objects.visible_to(self.actor).registered()
        found = rows.filter(branch_of__in=self.family).prefetch_related("periods__licensor")
        return list(found.with_cert_status(self.today).order_by("number"))

    @cached_property
    def guidance(self) -> list[Guidance]:
        if not self.has("has_guidance"):
            return []
        return list(self.rows_of(Guidance).order_by("-begun_on", "-pk"))

    @property
    def can_be_guided(self) -> bool:
        """Whether the measure is to guide it, and nobody does so yet."""
        fits = self.advice.measure in (measures.Measure.GUIDE, measures.Measure.REGISTER)
        return fits and not any(row.status == Guidance.Status.OPEN for row in self.guidance)

    @cached_property
    def advice(self) -> measures.Advice:
        """The lawful measure, and who leads and assists."""
        return measures.advice(self.institution, self.period, self.cert_status, self.today)

    @cached_property
    def completeness(self) -> record.Completeness:
        return record.completeness(self.institution, self.period, self.sites_in_use)

    @cached_property
    def disposals(self) -> list[Disposal]:
        rows = self.rows_of(Disposal)
        return list(rows.select_related("department").order_by("-decided_on", "-pk"))

    @cached_property
    def merges(self) -> list[InstitutionMerge]:
        """The records that were joined with this one."""
        if len(self.family) == 1:
            return []
        rows = InstitutionMerge.objects.visible_to(self.actor).filter(
            kept=self.institution, undone_at=None
        )
        return list(rows.select_related("merged", "merged_by__user").order_by("-pk"))

    # --- rows of the floors above ----------------------------------------------------------

    @cached_property
    def inspections(self) -> list[Inspection]:
        rows = self.rows_of(Inspection)
        return list(rows.select_related("lead").order_by("-inspected_on", "-pk"))

    @cached_property
    def findings(self) -> list[Finding]:
        """With number, state and due day of the task that is not over."""
        tasks = RectificationTask.objects.visible_to(self.actor).filter(finding=OuterRef("pk"))
        latest = tasks.order_by("-pk")
        clocks = Clock.objects.filter(
            content_type=ContentType.objects.get_for_model(RectificationTask),
            object_id=OuterRef("task"),
            status=Clock.Status.RUNNING,
        )
        rows = Finding.objects.visible_to(self.actor).filter(institution__in=self.family)
        rows = rows.annotate(
            task=Subquery(latest.values("pk")[:1]),
            task_status=Subquery(latest.values("status")[:1]),
        )
        rows = rows.annotate(due=Subquery(clocks.order_by("due_on").values("due_on")[:1]))
        return list(rows.select_related("item", "lead", "inspection").order_by("-found_on", "-pk"))

    @cached_property
    def entries(self) -> list[ListEntry]:
        if not self.has("has_entries"):
            return []
        rows = self.rows_of(ListEntry)
        return list(rows.order_by("-proposed_on", "-pk"))

    @property
    def files(self) -> Any:
        """Files of the institution itself; those of its inspections stand with them."""
        kind = ContentType.objects.get_for_model(Institution)
        return Attachment.objects.filter(
            content_type=kind, object_id__in=self.family, voided_at=None
        )

    @cached_property
    def attachments(self) -> list[Attachment]:
        return list(self.files.select_related("created_by__user").order_by("-pk"))

    # --- what follows ----------------------------------------------------------------------

    @property
    def cert_status(self) -> str:
        """From the certificates at hand, by the same rule as the ledger."""
        return CertStatus.of(row.kind for row in self.licences if in_force(row, self.today))

    @property
    def multi_site(self) -> bool:
        return len({period.site_id for period in self.sites_in_use}) > 1

    @property
    def lists(self) -> list[ListEntry]:
        """Entries that stand on a list now."""
        return [entry for entry in self.entries if entry.status == "live"]

    @property
    def open_findings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.status == Finding.Status.OPEN]

    @property
    def is_out(self) -> bool:
        """Merged into another record: the dossier says where to look."""
        return self.institution.merged_into_id is not None

    def around(self, query: str, at: str) -> dict[str, str]:
        """Addresses of the previous and the next one in the list from which the reader came."""
        if not at.isdigit() or not query:
            return {}
        get = QueryDict(query)
        sort = order(get.get("sort", ""), ledger.ORDERS)
        conditions = asking.parse(get)
        rows = ledger.chosen(self.actor, conditions)
        facts = ledger.facts(self.actor, conditions.on)
        found = neighbours(rows, sort, int(at), facts)
        if found.get(int(at)) != self.institution.pk:
            return {}  # the list has changed since
        places = {"previous": int(at) - 1, "next": int(at) + 1}
        links = QueryDict(mutable=True)
        links["list"] = query
        return {
            name: f"{reverse('institution', args=[found[place]])}?at={place}&{links.urlencode()}"
            for name, place in places.items()
            if place in found
        } | {"list": f"{reverse('institutions')}?{query}"}


def in_force(licence: Licence, on: dt.date) -> bool:
    """The rule of `LicenceQuerySet.in_force` for a row at hand."""
    begun = licence.valid_from is None or licence.valid_from <= on
    over = licence.valid_to is not None and licence.valid_to < on
    ended = licence.ended_on is not None and licence.ended_on <= on
    return begun and not over and not ended and licence.voided_at is None


def standing(licence: Licence, on: dt.date) -> str:
    """The value of `Licence.status` to show: ended states, else what its dates say."""
    if licence.status not in (Licence.State.VALID, Licence.State.SUSPENDED):
        return licence.status
    if licence.valid_to and licence.valid_to < on:
        return "expired"
    if licence.valid_to and licence.valid_to <= on + SOON:
        return "expiring"
    return licence.status


def licence_rows(dossier: Dossier) -> Iterator[dict[str, Any]]:
    """Certificates with the state to show and the acts that are open."""
    for licence in dossier.licences:
        yield {
            "row": licence,
            "status": standing(licence, dossier.today),
            "issuer": licence.issuer.name if licence.issuer else licence.issuer_name,
            "source": _("%(source)s · recorded %(day)s")
            % {
                "source": Source(licence.source).label,
                "day": f"{licence.recorded_at.astimezone(daylight.ZONE):%Y-%m-%d}",
            },
            "may_end": bool(Licence.TRANSITIONS.get(licence.status)),
        }
