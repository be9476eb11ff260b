"""What each rule reads from the facts of an institution."""

from collections.abc import Callable, Iterable

from institutions.leads.facts import Facts
from institutions.leads.readings import content, money, papers, people, places, signs, timetable
from institutions.leads.rules import Reading

READERS: dict[str, Callable[[Facts], Iterable[Reading]]] = {
    **money.READERS,
    **timetable.READERS,
    **places.READERS,
    **people.READERS,
    **papers.READERS,
    **content.READERS,
    **signs.READERS,
}


def of(facts: Facts) -> Callable[[str], Iterable[Reading]]:
    """The readings of these facts by rule code; none for a code that is not known."""

    def read(code: str) -> Iterable[Reading]:
        reader = READERS.get(code)
        return reader(facts) if reader else ()

    return read
