"""Three years of inspections and rectification in every state, some overdue and some due today."""

import datetime as dt

from desk.demo.days import Scene
from desk.demo.steps import CRITICAL, MAJOR, MINOR
from desk.demo.turns import Turns
from inspections import services
from inspections.models import Inspection
from institutions.models import Institution

Kind = Inspection.Kind


class Work(Turns):
    """The scenes of inspection and rectification."""

    def scenes(self) -> list[Scene]:
        """Every scene, oldest history first."""
        ago = self.stage.ago
        history = [
            self.clean(ago(30 + 34 * visit), self.regular[visit % len(self.regular)])
            for visit in range(30)
        ]
        closed = [self.closed(ago(40 + 58 * place), place) for place in range(12)]
        return [*history, *closed, *self._running(), *self._waiting(), *self._ahead()]

    def _running(self) -> list[Scene]:
        """Terms that run: fresh, near their end, due today, overdue, extended."""
        ago = self.stage.ago
        overdue = [
            self.served(ago(days), MAJOR, place) for place, days in enumerate((24, 31, 38, 52))
        ]
        overdue += [self.served(ago(days), CRITICAL, place) for place, days in enumerate((12, 16))]
        due = [self.due_in(days, place) for place, days in enumerate((0, 0, 2, 3, 5, 8, 12))]
        # No calendar moves the term of these: due on the very day, whatever day that is.
        bare = self.stage.register.neither[35:]
        stops = [self.stopped(ago(days), place) for days, place in enumerate(bare)]
        demo = self.stage.register.demo
        mine = [
            self.due_in(3, 1, demo),
            self.closed(ago(150), 2, demo),
        ]
        return [*overdue, *due, *stops, *mine, *self.prolonged()]

    def _waiting(self) -> list[Scene]:
        """Work on somebody's desk: serve, re-check, close out, approve, dismiss, second round."""
        ago = self.stage.ago
        return [
            *(self.issued(ago(3 + place), place) for place in range(3)),
            *(self.proved(ago(14 + place), place) for place in range(4)),
            *(self.rechecked(ago(17 + place), place) for place in range(3)),
            *self.turns(),
            *(self.no_notice(ago(2 + place), place) for place in range(3)),
        ]

    def _ahead(self) -> list[Scene]:
        """Visits that are planned, assigned or begun."""
        return [
            *(self.planned(days) for days in (1, 4, 9, 15)),
            *(self.assigned("town_chengguan", "001", days) for days in (0, 0, 1)),
            *(self.assigned("town_heshan", "100", days) for days in (0, 2)),
            self.begun("town_chengguan", "001"),
        ]

    # --- scenes ------------------------------------------------------------------------------

    def clean(self, day: dt.date, place: Institution) -> Scene:
        """A patrol that found everything in order; the regular ones are visited year by year."""
        yield day
        self._visit(place, [])

    def closed(self, day: dt.date, serial: int, place: Institution | None = None) -> Scene:
        """Found, served, proved, re-checked, closed out."""
        codes = [MINOR, MAJOR, CRITICAL][serial % 3]
        place = place or self._place()
        yield day
        tasks = self._found(place, [codes[serial % len(codes)]])
        yield day + dt.timedelta(days=5)
        self._prove(tasks)
        yield day + dt.timedelta(days=8)
        self._recheck(tasks)
        yield day + dt.timedelta(days=9)
        self._close(tasks)

    def served(self, day: dt.date, codes: list[str], serial: int) -> Scene:
        """Served and never answered."""
        place = self._place()
        yield day
        self._found(place, [codes[serial % len(codes)]])

    def due_in(self, days: int, serial: int, place: Institution | None = None) -> Scene:
        """Served so long ago that the term ends in so many days, or the next working day."""
        place = place or self._place()
        code = MAJOR[serial % len(MAJOR)]
        yield self._served_for("finding.rectify.major", place, days)
        self._found(place, [code])

    def issued(self, day: dt.date, serial: int) -> Scene:
        """A notice that waits to be served."""
        place = self._place()
        yield day
        findings = self._visit(place, [MINOR[serial % 3]])
        services.issue(findings, by=self.county["edu_clerk"])

    def proved(self, day: dt.date, serial: int) -> Scene:
        place = self._place()
        yield day
        tasks = self._found(place, [(MINOR + MAJOR)[serial]])
        yield day + dt.timedelta(days=8 + serial)
        self._prove(tasks)

    def rechecked(self, day: dt.date, serial: int) -> Scene:
        place = self._place()
        yield day
        tasks = self._found(place, [MINOR[serial % 3]])
        yield day + dt.timedelta(days=6)
        self._prove(tasks)
        yield day + dt.timedelta(days=10)
        self._recheck(tasks)

    def no_notice(self, day: dt.date, serial: int) -> Scene:
        """Found by the township; the bureau has not issued its notice yet."""
        place = self._in_township("001")
        yield day
        self._visit(place, [MINOR[serial % 3]], by="town_chengguan")

    def planned(self, days: int) -> Scene:
        place = self._place()
        yield self.stage.today
        services.plan(
            place,
            by=self.county["edu_clerk"],
            kind=Kind.SPECIAL,
            planned_for=self.stage.ago(-days),
            purpose="秋季学期专项检查",
        )

    def assigned(self, officer: str, township: str, days: int) -> Scene:
        place = self._in_township(township)
        yield self.stage.today
        services.plan(
            place,
            by=self.county["edu_clerk"],
            kind=Kind.PATROL,
            planned_for=self.stage.ago(-days),
            officers=[self.county[officer]],
        )

    def begun(self, officer: str, township: str) -> Scene:
        place = self._in_township(township)
        yield self.stage.today
        self._record(place, [], self.county[officer], answered=4)

    def unlicensed(self, place: Institution) -> list:
        """A place without papers was visited and would not sign; its findings."""
        return self._visit(place, ["A01"])

    def spare(self) -> list[Institution]:
        """Fully certified bodies that are left for others, none of them inspected."""
        return [self.places.pop() for _n in range(30)]
