"""White, black and watch lists with several publications, a removal and entries on their way."""

import datetime as dt

from desk.demo.county import COUNTY
from desk.demo.days import Scene
from desk.demo.registry import Register
from desk.demo.work import Stage, Work
from institutions.models import Institution
from publiclists import services
from publiclists.models import Kind, ListEntry

WHITE, UNCERTIFIED, FAILED = "white.certified", "black.uncertified", "watch.rectifying"
WAY = ListEntry.Service


class Lists:
    """The scenes of the lists; each batch goes proposal → notice → window → decision → list."""

    def __init__(self, stage: Stage, work: Work) -> None:
        self.stage, self.work = stage, work
        self.county = stage.county
        self.clean = self._never_inspected(stage.register)

    def scenes(self) -> list[Scene]:
        ago = self.stage.ago
        first = [self._clean() for _n in range(26)]
        return [
            *(self.white(ago(96), place) for place in first),
            self.publish(ago(80), Kind.WHITE, "第一批"),
            *(self.white(ago(44), self._clean()) for _n in range(9)),
            self.publish(ago(28), Kind.WHITE, "第二批"),
            self.leaves(ago(12), first[3], "机构自愿退出白名单"),
            self.publish(ago(11), Kind.WHITE, "动态调整"),
            *(self.black(ago(70), place) for place in self.stage.register.neither[20:23]),
            self.publish(ago(50), Kind.BLACK, "第一批"),
            *(self.proposed(ago(1), self._clean()) for _n in range(3)),
            *(self.noticed(ago(days), self._clean()) for days in (2, 3, 4)),
            self.objected(ago(5), self.stage.register.neither[24]),
            *(self.waits_for_decision(ago(16), self._clean()) for _n in range(2)),
            *(self.white(ago(18), self._clean()) for _n in range(2)),  # decided, to publish
        ]

    # --- scenes ------------------------------------------------------------------------------

    def white(self, day: dt.date, place: Institution) -> Scene:
        """Proposed, noticed, decided; the next publication takes it up."""
        yield day
        entry = self._propose_white(place)
        yield day + dt.timedelta(days=1)
        self._serve(entry)
        yield day + dt.timedelta(days=14)
        self._decide(entry, "经审核，符合白名单条件，同意列入。")

    def black(self, day: dt.date, place: Institution) -> Scene:
        yield day
        [finding] = self.work.unlicensed(place)
        entry = services.propose(
            place,
            Kind.BLACK,
            [UNCERTIFIED],
            reason="多次巡查发现仍在无证办学，拒不停止",
            by=self.county["edu_clerk"],
        )
        services.add_evidence(entry, by=self.county["edu_clerk"], finding=finding)
        yield day + dt.timedelta(days=1)
        self._serve(entry)
        yield day + dt.timedelta(days=16)
        self._decide(entry, "事实清楚，证据确凿，决定列入黑名单。")

    def publish(self, day: dt.date, kind: str, note: str) -> Scene:
        """By a hand that neither proposed nor decided."""
        yield day
        publication = services.order(COUNTY, kind, by=self.county["edu_window"], note=note)
        services.build(publication)

    def leaves(self, day: dt.date, place: Institution, reason: str) -> Scene:
        yield day
        entry = ListEntry.objects.live().get(institution=place, kind=Kind.WHITE)
        services.withdraw(entry, reason=reason, by=self.county["edu_leader"])

    def proposed(self, day: dt.date, place: Institution) -> Scene:
        yield day
        self._propose_white(place)

    def noticed(self, day: dt.date, place: Institution) -> Scene:
        yield day
        self._serve(self._propose_white(place))

    def waits_for_decision(self, day: dt.date, place: Institution) -> Scene:
        yield day
        self._serve(self._propose_white(place))

    def objected(self, day: dt.date, place: Institution) -> Scene:
        """The party answers the notice; nobody reviewed it yet."""
        yield day
        [finding] = self.work.unlicensed(place)
        entry = services.propose(
            place,
            Kind.BLACK,
            [UNCERTIFIED],
            reason="无证无照开展培训",
            by=self.county["edu_clerk"],
        )
        services.add_evidence(entry, by=self.county["edu_clerk"], finding=finding)
        self._serve(entry)
        yield day + dt.timedelta(days=3)
        services.record_objection(
            entry, "本场所仅提供午餐和午休，未开展培训，请予核实。", by=self.county["edu_window"]
        )

    # --- steps -------------------------------------------------------------------------------

    def _propose_white(self, place: Institution) -> ListEntry:
        return services.propose(
            place,
            Kind.WHITE,
            [WHITE],
            reason="证照齐全，无未办结问题",
            by=self.county["edu_clerk"],
        )

    def _serve(self, entry: ListEntry) -> None:
        services.serve_notice(entry, way=WAY.PAPER, by=self.county["edu_clerk"], note="负责人签收")

    def _decide(self, entry: ListEntry, decision: str) -> None:
        services.decide(
            ListEntry.objects.get(pk=entry.pk), by=self.county["edu_leader"], decision=decision
        )

    def _clean(self) -> Institution:
        return self.clean.pop(0)

    def _never_inspected(self, register: Register) -> list[Institution]:
        """Fully certified bodies that no scene of the inspections touches."""
        doubled = {double.duplicate_of_id for double in register.registered_only}
        return [place for place in register.full[1:50] if place.pk not in doubled] + [
            place for place in self.work.spare() if place.pk not in doubled
        ]
