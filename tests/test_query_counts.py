"""A list costs the same for two rows and for ten; so does a record with two children or ten."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import services as collecting
from campaigns.models import Return
from campaigns.services.filling import Edit
from governance import notifications
from governance.models import Division
from inspections import services
from publiclists import services as listing
from tests.campaigns.builders import make_collection, make_submitted, return_of
from tests.conftest import make_department, make_institution_member
from tests.inspections.builders import MAJOR, make_signed, make_task, no, prove, upload
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_change, make_filing
from tests.institutions.filed import make_record as make_filed
from tests.publiclists.builders import make_live, make_proposal

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 10

# Every page of staff pays for three: the session, the account with its memberships, the messages
# unread. These are the most that pages may ever cost, those three included.
LIST, DETAIL = 8, 15
# address, who reads it, most queries
PAGES = [
    ("institutions", "lin", LIST),
    ("stats", "luo", LIST),
    ("inspections", "lin", LIST),
    ("findings", "lin", LIST),
    ("rectification", "lin", LIST),
    ("rectification?view=table", "lin", LIST),
    ("lists", "lin", LIST),
    ("filings", "lin", LIST),
    ("filings?queue=decide", "lin", LIST),
    ("publications", "lin", LIST),
    ("notices", "lin", LIST),
    ("messages", "lin", LIST),
    ("ledger-import", "lin", LIST),
    ("institution-print", "lin", LIST),
    ("done", "lin", DETAIL),  # links to rows of several apps: one query for each kind of row
    ("field", "shi", LIST),
    ("desk", "lin", DETAIL),  # rows of several apps: up to three queries for each that has some
    ("leader", "luo", DETAIL),  # figures of the whole chain side by side
    ("my", "chen", DETAIL),  # the home of an institution shows all that concerns it
    ("my_filings", "chen", DETAIL),
    ("public-lists", "public", LIST),
    ("collections", "lin", LIST),
    ("collection-matrix", "lin", LIST),
    ("collection-templates", "lin", LIST),
    ("returns", "shi", LIST),
]


class Grower:
    """Adds institutions, each with a signed inspection, a task, a message and a list proposal."""

    def __init__(self, world) -> None:
        self.world, self.made = world, 0
        self.home = make_institution(world, "第一培训学校")
        world.members["chen"] = make_institution_member(self.home.pk)

    def grow_to(self, number: int) -> None:
        for serial in range(self.made, number):
            self._one(serial)
        self.made = number

    def _one(self, serial: int) -> None:
        world = self.world
        place = make_institution(world, f"甲{serial}培训学校")
        clean = make_institution(world, f"乙{serial}培训学校")
        make_task(place, world.du, MAJOR)
        make_task(self.home, world.du, MAJOR)
        make_signed(clean, world.shi, no("A10"))
        listed = make_institution(world, f"丙{serial}培训学校")
        make_submitted(world, make_collection(world))
        listing.propose(listed, "WHITE", ["white.certified"], reason="事实", by=world.lin)
        filed = {"name": f"课程{serial}"}
        course = make_filed(self.home, world.lin, "course", **filed)
        make_filing(self.home, world.chen, "course", teacher="", **filed)
        make_change(course, world.chen, class_size=12)
        notifications.notify(world.lin, key=f"x{serial}", kind="system", text="text")


def cost(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def url_of(page: str) -> str:
    name, _mark, query = page.partition("?")
    return f"{reverse(name)}?{query}" if query else reverse(name)


@pytest.fixture
def grower(world) -> Grower:
    return Grower(world)


def test_every_list_costs_the_same_for_two_rows_and_ten(world, grower, sign_in):
    clients = {who: sign_in(world.members[who]) for _name, who, _most in PAGES}
    grower.grow_to(FEW)
    for name, who, _most in PAGES:
        cost(clients[who], url_of(name))  # what is kept for the process is read once
    few = {name: cost(clients[who], url_of(name)) for name, who, _most in PAGES}
    grower.grow_to(MANY)
    many = {name: cost(clients[who], url_of(name)) for name, who, _most in PAGES}
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    assert {name: many[name] for name, _who, most in PAGES if many[name] > most} == {}


def test_a_collection_costs_the_same_for_two_units_and_ten(world, sign_in):
    """Its page, its merged workbook, and the grid of a return for two rows and for ten."""
    client, places = sign_in(world.lin), Division.objects.filter(code__regex=r"^520121\d{3}$")
    units = [make_department("SCHOOL", place.pk, place.name) for place in places[:MANY]]
    few, many = (make_collection(world, units=units[:n]) for n in (FEW, MANY))
    for collection in (few, many):
        for owed in collection.returns.all():
            Return.objects.filter(pk=owed.pk).update(submitted_by=world.shi)
    for name in ("collection", "collection-merged"):
        cost(client, reverse(name, args=[few.pk]))
        cheap = cost(client, reverse(name, args=[few.pk]))
        assert cost(client, reverse(name, args=[many.pk])) == cheap <= DETAIL, name


def test_a_return_costs_the_same_for_two_rows_and_ten(world, sign_in):
    client, owed = sign_in(world.shi), return_of(make_collection(world), world.shi)
    url = reverse("return", args=[owed.pk])
    collecting.save(owed, Edit(added=[{"CHECKED": "1"}] * FEW), by=world.shi)
    cost(client, url)
    few = cost(client, url)
    collecting.save(owed, Edit(added=[{"CHECKED": "1"}] * (MANY - FEW)), by=world.shi)
    assert cost(client, url) == few <= DETAIL


def test_a_dossier_costs_the_same_for_two_inspections_and_ten(world, grower, sign_in):
    client, url = sign_in(world.lin), reverse("institution", args=[grower.home.pk])
    grower.grow_to(FEW)
    cost(client, url)
    few = cost(client, url)
    grower.grow_to(MANY)
    assert cost(client, url) == few <= DETAIL


@pytest.mark.parametrize("kind", ["staff", "course", "fee"])
def test_records_cost_the_same_for_two_rows_and_ten(world, sign_in, kind):
    place = make_institution(world, "第一培训学校")
    teacher = make_filed(place, world.lin)
    client, url = sign_in(world.lin), reverse("records", args=[kind])

    def grow(first: int, last: int) -> int:
        for serial in range(first, last):
            other = make_institution(world, f"甲{serial}培训学校")
            course = make_filed(place, world.lin, "course", teacher=teacher.pk)
            make_filed(place, world.lin, "fee", course=course.pk)
            make_filed(other, world.lin)
        return cost(client, url)

    grow(0, FEW)
    assert cost(client, url) == grow(FEW, MANY) <= LIST + 2  # a timetable and its site


def test_details_cost_no_more_than_their_share_at_any_step(world, sign_in):
    client = sign_in(world.lin)
    assert {url: n for url in details(world) if (n := cost(client, url)) > DETAIL} == {}


def details(world) -> list[str]:
    """Addresses of rows in early and late states: new, in work, with everything on them."""
    new, served, done = (make_task(make_institution(world, name), world.du) for name in "甲乙丙")
    later = waiting_for_more_time(served, world)
    proof = prove(done, world.shi)
    services.recheck(done, by=world.dai, passed=True, note="已改好", photos=[upload(9)])
    listed, publication = make_live(world, "BLACK", "丁")
    rows = [new, later, proof.task, listed, make_proposal(world, "BLACK", "戊"), publication]
    chen = make_institution_member(new.institution_id, "bao")
    rows.append(make_change(make_filed(new.institution, world.lin), chen, subjects="书法"))
    rows += [new.finding, new.finding.inspection, new.institution, listed.institution]
    return [row.get_absolute_url() for row in rows]


def waiting_for_more_time(task, world):
    """A task whose institution waits for more time."""
    services.ask_extension(task, by=world.shi, days=3, reason="材料未齐")
    return task
