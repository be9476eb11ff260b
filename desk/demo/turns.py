"""The rarer turns of the procedure: prolonged, called off, dismissed, stopped, begun again."""

import datetime as dt

from desk.demo.days import Scene
from desk.demo.steps import Steps, fresh
from governance import deadlines, papers
from inspections import services
from inspections.models import ExtensionRequest, Finding, Inspection, RectificationTask
from institutions.models import Institution


class Turns(Steps):
    """Scenes that leave the usual way."""

    def turns(self) -> list[Scene]:
        """One of each, on the days before the seeding."""
        ago = self.stage.ago
        return [
            self.suspending(ago(2)),
            self.dismissal(ago(4)),
            self.dismissed(ago(35)),
            self.second_round(ago(26)),
            self.superseded(ago(60)),
            self.called_off(ago(20)),
            self.paused(ago(9)),
            self.late(ago(90)),
        ]

    def prolonged(self) -> list[Scene]:
        """Requests for more time: two undecided, one granted, one refused, one overtaken."""
        ago = self.stage.ago
        return [
            *(self.extension(ago(11 + place)) for place in range(2)),
            self.extended(ago(13), granted=True),
            self.extended(ago(14), granted=False),
            self.overtaken(ago(16)),
        ]

    def extension(self, day: dt.date) -> Scene:
        """The institution asks for more time; nobody decided yet."""
        place = self._place()
        yield day
        [task] = self._found(place, ["D07"])
        yield day + dt.timedelta(days=7)
        services.ask_extension(
            task, by=self._prover(task), days=10, reason="材料外审排队，需延长十日"
        )

    def suspending(self, day: dt.date) -> Scene:
        """A notice that suspends waits for the leader."""
        place = self._place()
        yield day
        findings = self._visit(place, ["E02"])
        services.issue(
            findings, by=self.county["edu_clerk"], mode=RectificationTask.Mode.RECTIFY_SUSPENDED
        )

    def dismissal(self, day: dt.date) -> Scene:
        """A finding is to be dismissed and waits for the second person."""
        place = self._place()
        yield day
        [finding] = self._visit(place, ["C07"])
        yield day + dt.timedelta(days=1)
        services.propose_dismissal(
            finding, by=self.county["edu_officer"], reason="复核时已见公示栏，属检查时遮挡"
        )

    def second_round(self, day: dt.date) -> Scene:
        """The re-check did not pass; the second round runs."""
        place = self._place()
        yield day
        tasks = self._found(place, ["D01"])
        yield day + dt.timedelta(days=9)
        self._prove(tasks)
        yield day + dt.timedelta(days=13)
        self._recheck(tasks, passed=False, note="课表仅备案一半班次，退回继续整改")

    def superseded(self, day: dt.date) -> Scene:
        """A case was filed instead."""
        place = self._place()
        yield day
        [task] = self._found(place, ["E02"])
        yield day + dt.timedelta(days=20)
        services.supersede(
            task,
            by=self.county["edu_clerk"],
            why=RectificationTask.Superseded.CASE_FILED,
            reason="逾期未整改，已立案查处",
        )
        papers.withdraw(
            task.paper, by=self.county["edu_leader"], reason="已立案，改按行政处罚程序办理"
        )

    def stopped(self, day: dt.date, place: Institution) -> Scene:
        """A place without papers must stop on the day it is told to."""
        yield day
        self._found(place, ["A01"])

    def extended(self, day: dt.date, *, granted: bool) -> Scene:
        """The leader decides on a request for more time."""
        place = self._place()
        yield day
        [task] = self._found(place, ["D07"])
        yield day + dt.timedelta(days=6)
        request = self._ask(task)
        yield day + dt.timedelta(days=8)
        leader = self.county["edu_leader"]
        if granted:
            services.grant_extension(request, by=leader, note="情况属实，同意延期")
        else:
            services.refuse_extension(request, by=leader, note="材料可分批报送，不予延期")

    def overtaken(self, day: dt.date) -> Scene:
        """The institution asked for more time and was ready before anybody decided."""
        place = self._place()
        yield day
        tasks = self._found(place, ["D07"])
        yield day + dt.timedelta(days=6)
        self._ask(tasks[0])
        yield day + dt.timedelta(days=7)
        self._prove(tasks)

    def _ask(self, task: RectificationTask) -> ExtensionRequest:
        task = fresh(task)
        return services.ask_extension(
            task, by=self._prover(task), days=10, reason="材料外审排队，需延长十日"
        )

    def dismissed(self, day: dt.date) -> Scene:
        """A second person agrees that a finding does not stand."""
        place = self._place()
        yield day
        [finding] = self._visit(place, ["C07"])
        yield day + dt.timedelta(days=1)
        services.propose_dismissal(
            finding, by=self.county["edu_officer"], reason="人员信息公示于二楼，检查时未查看"
        )
        yield day + dt.timedelta(days=3)
        services.confirm_dismissal(Finding.objects.get(pk=finding.pk), by=self.county["edu_clerk2"])

    def called_off(self, day: dt.date) -> Scene:
        """A visit that was planned is not made."""
        place = self._place()
        yield day
        inspection = services.plan(
            place,
            by=self.county["edu_clerk"],
            kind=Inspection.Kind.SPECIAL,
            planned_for=day + dt.timedelta(days=4),
            purpose="消防安全专项检查",
        )
        yield day + dt.timedelta(days=2)
        services.cancel(
            inspection, by=self.county["edu_clerk"], reason="与消防大队联合检查合并进行"
        )

    def late(self, day: dt.date) -> Scene:
        """Put right after the last day, and closed all the same."""
        place = self._place()
        yield day
        tasks = self._found(place, ["D01"])
        yield day + dt.timedelta(days=30)
        self._prove(tasks)
        yield day + dt.timedelta(days=33)
        self._recheck(tasks)
        yield day + dt.timedelta(days=34)
        self._close(tasks)

    def paused(self, day: dt.date) -> Scene:
        """The term stands still while nobody can enter the building."""
        place = self._place()
        yield day
        [task] = self._found(place, ["D01"])
        yield day + dt.timedelta(days=5)
        clock = deadlines.find(task, task.clock_rule)
        assert clock is not None
        deadlines.suspend(
            clock, by=self.county["edu_leader"], reason="所在楼宇外墙施工封闭，无法进入"
        )
