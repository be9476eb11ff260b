"""White, black and watch lists with several publications, a removal and entries on their way."""

import datetime as dt

from desk.demo.county import COUNTY
from desk.demo.days import Scene
from desk.demo.registry import Register
from desk.demo.steps import Stage
from desk.demo.work import Work
from governance import daylight
from inspections.models import RectificationTask
from institutions.models import Institution
from publiclists import services
from publiclists.models import Kind, ListEntry, Objection
from publiclists.services.noticing import window_ends

WHITE, UNCERTIFIED, FAILED = "white.certified", "black.uncertified", "watch.rectifying"
WAY = ListEntry.Service


class Lists:
    """The scenes of the lists; each batch goes proposal → notice → window → decision → list."""

    def __init__(self, stage: Stage, work: Work) -> None:
        self.stage, self.work = stage, work
        self.county = stage.county
        self.clean = self._never_inspected(stage.register)
        self.documents: dict[tuple[dt.date, str], int] = {}

    def scenes(self) -> list[Scene]:
        ago = self.stage.ago
        first = [self._clean() for _n in range(26)]
        return [
            *(self.white(ago(104), place) for place in first),
            self.publish(ago(80), Kind.WHITE, "第一批"),
            *(self.white(ago(52), self._clean()) for _n in range(9)),
            self.publish(ago(28), Kind.WHITE, "第二批"),
            self.leaves(ago(12), first[3], "机构自愿退出白名单"),
            self.publish(ago(11), Kind.WHITE, "动态调整"),
            *(self.black(ago(76), place) for place in self.stage.register.neither[20:23]),
            self.black(ago(76), self.stage.register.neither[23], objection=True),
            self.publish(ago(50), Kind.BLACK, "第一批"),
            self.suspended(ago(8), self.stage.register.neither[21]),
            self.watched(ago(24)),
            self.publish(ago(3), Kind.WATCH, "第一批"),
            *(self.proposed(ago(1), self._clean()) for _n in range(3)),
            *(self.noticed(ago(days), self._clean()) for days in (2, 3, 4)),
            self.objected(ago(5), self.stage.register.neither[24]),
            self.objected(ago(13), self.stage.register.neither[25], upheld=True),
            self.given_up(ago(7), self._clean()),
            *(self.waits_for_decision(ago(20), self._clean()) for _n in range(2)),
            *(self.white(ago(25), self._clean()) for _n in range(2)),  # decided, to publish
        ]

    # --- scenes ------------------------------------------------------------------------------

    def white(self, day: dt.date, place: Institution) -> Scene:
        """Proposed, noticed, decided; the next publication takes it up."""
        yield day
        entry = self._propose_white(place)
        yield day + dt.timedelta(days=1)
        self._serve(entry)
        yield self._after_window(entry, day + dt.timedelta(days=14))
        self._decide(entry, "经审核，符合白名单条件，同意列入。")

    def black(self, day: dt.date, place: Institution, *, objection: bool = False) -> Scene:
        """The party of one of them answered the notice; it was heard and did not convince."""
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
        if objection:
            yield day + dt.timedelta(days=3)
            self._object(entry, "场所只辅导亲友子女，不对外招生。")
            yield day + dt.timedelta(days=9)
            self._review(entry, upheld=False, review="现场有收费票据和招生广告，异议不成立。")
        yield self._after_window(entry, day + dt.timedelta(days=16))
        self._decide(entry, "事实清楚，证据确凿，决定列入黑名单。")

    def watched(self, day: dt.date) -> Scene:
        """Who lets the term of a rectification pass is watched until it is put right."""
        yield day
        late = RectificationTask.objects.overdue(day).order_by("pk").first()
        assert late is not None
        entry = services.propose(
            late.institution,
            Kind.WATCH,
            [FAILED],
            reason="逾期未完成整改，需重点关注",
            by=self.county["edu_clerk"],
        )
        services.add_evidence(entry, by=self.county["edu_clerk"], finding=late.finding)
        yield day + dt.timedelta(days=1)
        self._serve(entry)
        yield self._after_window(entry, day + dt.timedelta(days=14))
        self._decide(entry, "逾期未整改属实，列入预警名单。")

    def publish(self, day: dt.date, kind: str, note: str) -> Scene:
        """By a hand that neither proposed nor decided."""
        yield day
        publication = services.order(COUNTY, kind, by=self.county["edu_window"], note=note)
        services.build(publication)

    def leaves(self, day: dt.date, place: Institution, reason: str) -> Scene:
        yield day
        entry = ListEntry.objects.live().get(institution=place, kind=Kind.WHITE)
        services.withdraw(entry, reason=reason, by=self.county["edu_leader"])

    def suspended(self, day: dt.date, place: Institution) -> Scene:
        """Off the list for the time being."""
        yield day
        entry = ListEntry.objects.live().get(institution=place, kind=Kind.BLACK)
        services.suspend(entry, reason="当事人已停止办学并申请复查", by=self.county["edu_leader"])

    def given_up(self, day: dt.date, place: Institution) -> Scene:
        yield day
        entry = self._propose_white(place)
        yield day + dt.timedelta(days=2)
        services.drop(entry, reason="机构拟变更举办者，暂不申报", by=self.county["edu_clerk"])

    def proposed(self, day: dt.date, place: Institution) -> Scene:
        yield day
        self._propose_white(place)

    def noticed(self, day: dt.date, place: Institution) -> Scene:
        yield day
        self._serve(self._propose_white(place))

    def waits_for_decision(self, day: dt.date, place: Institution) -> Scene:
        yield day
        self._serve(self._propose_white(place))

    def objected(self, day: dt.date, place: Institution, *, upheld: bool = False) -> Scene:
        """The party answers the notice; nobody reviewed it yet, or it was found to be right."""
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
        self._object(entry, "本场所仅提供午餐和午休，未开展培训，请予核实。")
        if upheld:
            yield day + dt.timedelta(days=8)
            self._review(entry, upheld=True, review="经复查，场所未开展培训，异议成立。")

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
            ListEntry.objects.get(pk=entry.pk),
            by=self.county["edu_leader"],
            decision=decision,
            number=self._document(daylight.today(), entry.kind),
        )

    def _document(self, day: dt.date, kind: str) -> str:
        """One paper decides on the entries of a list on a day; papers are counted by year."""
        if (day, kind) not in self.documents:
            self.documents[day, kind] = sum(known.year == day.year for known, _k in self.documents)
        return f"明川教名单〔{day.year}〕{self.documents[day, kind] + 1}号"

    def _after_window(self, entry: ListEntry, wanted: dt.date) -> dt.date:
        """The day that was meant, or the first on which the party can no longer object."""
        ends = window_ends(entry)
        assert ends is not None
        return max(wanted, ends + dt.timedelta(days=1))

    def _object(self, entry: ListEntry, text: str) -> None:
        services.record_objection(
            ListEntry.objects.get(pk=entry.pk), text, by=self.county["edu_window"]
        )

    def _review(self, entry: ListEntry, *, upheld: bool, review: str) -> None:
        services.review_objection(
            Objection.objects.select_related("entry").get(entry=entry),
            upheld=upheld,
            review=review,
            by=self.county["edu_legal"],
        )

    def _clean(self) -> Institution:
        return self.clean.pop(0)

    def _never_inspected(self, register: Register) -> list[Institution]:
        """Fully certified bodies that no scene of the inspections touches."""
        doubled = {double.duplicate_of_id for double in register.registered_only}
        return [place for place in register.full[1:50] if place.pk not in doubled] + [
            place for place in self.work.spare() if place.pk not in doubled
        ]
