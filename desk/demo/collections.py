"""What the county collects: last month's report, this month's, and one that runs late."""

import datetime as dt
from random import Random

from campaigns import services
from campaigns.models import Collection, CollectionTemplate, Return, ReturnRow
from campaigns.models.collections import MONTHLY, month_end
from campaigns.services import Plan
from campaigns.services.filling import Edit
from desk.demo.days import Scene
from desk.demo.steps import Stage
from governance.models import Department, Membership

DAY = dt.timedelta(days=1)
MINE = 20180822  # a sequence of its own, so that the rest of the county stays as it was


class Collecting:
    """The scenes of the collections."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.county = stage, stage.county
        self.random = Random(MINE)
        self.clerk = self.county["edu_clerk"]
        self.towns = [self.county.departments[place.code[6:]] for place in self.county.townships]

    def scenes(self) -> list[Scene]:
        this_month = self.stage.today.replace(day=1)
        last_month = (this_month - DAY).replace(day=1)
        return [self.monthly(last_month, this_month), self.problems(self.stage.ago(9))]

    # --- scenes ------------------------------------------------------------------------------

    def monthly(self, last_month: dt.date, this_month: dt.date) -> Scene:
        """The plans' progress report: last month's complete and frozen, this month's begun."""
        yield last_month
        first = services.issue(
            self._plan(
                "monthly",
                "校外培训机构专项治理工作进展月报",
                last_month,
                due_rule=MONTHLY,
                repeats_until=last_month + dt.timedelta(days=500),
            ),
            by=self.clerk,
        )
        yield last_month + 15 * DAY
        for unit in self.towns:
            self._report(first, unit)
        yield last_month + 21 * DAY
        for unit in self.towns:
            services.accept(self._return(first, unit), by=self.clerk)
        services.close(Collection.objects.get(pk=first.pk), by=self.clerk)
        yield this_month
        second = services.issue_next(first, by=self.clerk)
        assert second is not None
        yield this_month + 2 * DAY
        for unit in self.towns[:3]:
            self._report(second, unit)

    def problems(self, day: dt.date) -> Scene:
        """Annex 5, asked nine days ago: some handed in, one handed back, some late."""
        yield day
        collection = services.issue(
            self._plan(
                "annex5",
                "问题整改销号台账（附件5）",
                day.replace(day=1),
                due_rule="collection.due",
                due_day=day + 7 * DAY,
            ),
            by=self.clerk,
        )
        yield day + 5 * DAY
        for unit in self.towns[:9]:
            self._report(collection, unit)
        yield day + 6 * DAY
        for unit in self.towns[:5]:
            services.accept(self._return(collection, unit), by=self.clerk)
        services.give_back(
            self._return(collection, self.towns[5]),
            reason="整改时限与责任落实未填写完整，请补充后重新报送。",
            by=self.clerk,
        )
        for unit in self.towns[9:12]:
            services.begin(self._return(collection, unit), by=self._hand(unit))
        yield day + 8 * DAY
        services.press_late(collection, by=self.clerk)

    # --- steps -------------------------------------------------------------------------------

    def _plan(self, code: str, title: str, first: dt.date, **more: object) -> Plan:
        template = CollectionTemplate.objects.get(code=code).newest
        fields = {"template": template, "period_from": first, "period_to": month_end(first)}
        return Plan(title=title, units=self.towns, **fields | more)  # type: ignore[arg-type]

    def _return(self, collection: Collection, unit: Department) -> Return:
        return Return.objects.with_names().get(collection=collection, lead=unit)

    def _hand(self, unit: Department) -> Membership:
        return self.county[f"town_{unit.division_id[6:]}"]

    def _report(self, collection: Collection, unit: Department) -> None:
        """Begin from the register, fill in what is missing, hand in; nothing: a zero report."""
        owed, hand = self._return(collection, unit), self._hand(unit)
        services.begin(owed, by=hand)
        rows = list(owed.rows.all())
        if not rows:
            services.zero(owed, by=hand)
            return
        told = {row.pk: self._completed(collection, row) for row in rows}
        services.save(owed, Edit(rows=told), by=hand)
        services.submit(owed, by=hand)

    def _completed(self, collection: Collection, row: ReturnRow) -> dict[str, str]:
        columns = collection.template.columns.all()
        asked = [column for column in columns if column.required and column.key not in row.cells]
        if collection.template.rows_from != "figures":
            return row.cells | {column.key: "见台账" for column in asked}
        told = {column.key: str(self.random.randint(0, 3)) for column in asked}
        received = self.random.randint(0, 4)
        counts = {"COMPLAINTS_RECEIVED": str(received), "COMPLAINTS_CLOSED": str(received // 2)}
        return told | counts | row.cells
