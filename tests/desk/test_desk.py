"""What waits for whom, overdue first; counts that agree with the lists behind them."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk import leader, worklist
from governance import daylight
from inspections.models import RectificationTask
from institutions import services
from institutions.models import Institution, UnknownScan
from tests.inspections.builders import MAJOR, MINOR, make_signed, make_task, no
from tests.institutions.builders import SHUANGLIU, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(world):
    return make_institution(world)


def later(days: int) -> None:
    daylight.set_day(daylight.today() + dt.timedelta(days=days))


def waiting(actor) -> dict[str, int]:
    return {queue.code: number for queue, number in worklist.counts(worklist.queues(actor))}


def test_overdue_comes_first_then_what_is_due_soonest(world, place):
    make_task(place, world.du, MINOR)
    later(20)
    make_task(make_institution(world, "星河艺术培训学校"), world.du, MAJOR)
    later(15)
    found = worklist.items(worklist.queues(world.luo))
    due = [item.due_on for item in found if item.due_on]
    assert due == sorted(due)
    assert worklist.grouped(found)[0].code == "overdue"


def test_every_item_names_its_next_act_and_leads_to_its_record(world, place, sign_in):
    make_task(place, world.du, MAJOR)
    later(60)
    for item in worklist.items(worklist.queues(world.luo)):
        assert item.queue.act
        assert sign_in(world.luo).get(item.url).status_code == 200


def test_the_number_of_a_queue_is_the_number_of_rows_behind_its_link(world, place, sign_in):
    """The link of the overdue queue shows exactly its tasks."""
    for serial in range(3):
        make_task(make_institution(world, f"学校{serial}"), world.du, MAJOR)
    later(40)
    counted = {queue.code: (queue, n) for queue, n in worklist.counts(worklist.queues(world.luo))}
    overdue = RectificationTask.objects.visible_to(world.luo).overdue()
    queue, number = next(pair for code, pair in counted.items() if "overdue" in code)
    assert number == overdue.count() == 3
    page = sign_in(world.luo).get(queue.url).content.decode()
    assert all(task.get_absolute_url() in page for task in overdue)


def test_a_township_sees_its_own_work_alone(world, place):
    far = make_institution(world, "河畔培训学校", township=SHUANGLIU)
    make_signed(far, world.he, no(MINOR))
    assert waiting(world.shi) == {}


@pytest.mark.parametrize("name", ["xi", "an"])
def test_administrators_have_no_cases_on_their_desk(world, place, sign_in, name):
    make_task(place, world.du, MAJOR)
    page = sign_in(world.members[name]).get(reverse("desk")).content.decode()
    assert str(place) not in page


def test_an_empty_desk_says_so(world, sign_in):
    assert "今日已清零" in sign_in(world.lin).get(reverse("desk")).content.decode()


def test_what_i_did_is_found_again(world, place, sign_in):
    page = sign_in(world.lin).get(reverse("done")).content.decode()
    assert "登记机构" in page


def test_what_i_did_leads_to_its_record(world, place, sign_in):
    """A part without a page of its own leads to the record it belongs to."""
    services.record_annual_result(place, by=world.lin, year=2025, result="PASS")
    page = sign_in(world.lin).get(reverse("done")).content.decode()
    acts = page.count('<tr data-row id="event-')
    assert acts >= 4
    assert page.count(f'href="{place.get_absolute_url()}"') >= 1
    assert page.count("data-open") == acts


def test_what_i_did_elsewhere_has_no_link_to_what_i_no_longer_see(world, place, sign_in):
    Institution.objects.update(division="341203001")
    page = sign_in(world.lin).get(reverse("done")).content.decode()
    assert "登记机构" in page
    assert f'href="{place.get_absolute_url()}"' not in page


def test_the_page_of_my_acts_costs_the_same_for_one_and_for_six(world, place, sign_in):
    client = sign_in(world.lin)

    def cost():
        client.get(reverse("done"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("done"))
        return len(queries)

    one = cost()
    for serial in range(5):
        make_institution(world, f"学校{serial}")
    assert cost() == one


@pytest.mark.parametrize("name", ["xi", "an"])
def test_administrators_see_how_many_unknown_codes_were_scanned(world, sign_in, name):
    assert "最近30天没有" in sign_in(world.members[name]).get(reverse("desk")).content.decode()
    UnknownScan.objects.create(on=daylight.today(), count=7)
    UnknownScan.objects.create(on=daylight.today() - dt.timedelta(days=30), count=9)
    page = sign_in(world.members[name]).get(reverse("desk")).content.decode()
    assert "7 次" in page
    assert "9 次" not in page


def test_the_leaders_figures_are_the_rows_behind_them(world, place, sign_in):
    make_task(place, world.du, MAJOR)
    later(40)
    figures = {figure.code: figure for figure in leader.figures(world.luo)}
    assert figures["overdue"].number == len(leader.red_list(world.luo)) == 1
    assert figures["registered"].number == sum(
        row.institutions for row in leader.townships(world.luo)
    )
    for figure in figures.values():
        page = sign_in(world.luo).get(figure.url).content.decode()
        assert f"共 {figure.number} 条" in page


def test_the_township_with_most_overdue_ranks_first(world, place):
    far = make_institution(world, "河畔培训学校", township=SHUANGLIU)
    make_task(far, world.du, MAJOR)
    later(40)
    assert leader.townships(world.luo)[0].name == "双流镇"


def test_the_desk_costs_the_same_for_one_task_and_many(
    world, sign_in, django_assert_max_num_queries
):
    client = sign_in(world.luo)
    for serial in range(12):
        make_task(make_institution(world, f"学校{serial}"), world.du, MAJOR)
    later(40)
    client.get(reverse("desk"))
    with django_assert_max_num_queries(70):
        client.get(reverse("desk"))


# --- search --------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", ["晨光", "cgys", "CGYS", "chenguang"])
def test_an_institution_is_found_as_people_type(world, place, sign_in, term):
    page = sign_in(world.lin).get(reverse("search"), {"q": term}).content.decode()
    assert str(place) in page


def test_codes_and_licence_numbers_lead_to_the_institution(world, sign_in):
    place = make_institution(world, credit_code="91520121MA6DXXXX1H")
    number = place.licences.exclude(number="").first().number
    for term in ("91520121MA6DXXXX1H", place.number, number):
        page = sign_in(world.lin).get(reverse("search"), {"q": term}).content.decode()
        assert str(place) in page, term


def test_the_search_keeps_to_the_scope(world, place, sign_in):
    page = sign_in(world.ying).get(reverse("search"), {"q": "晨光"}).content.decode()
    assert str(place) not in page
    assert "没有找到" in page


@pytest.mark.parametrize("term", ["%", "_", "'", "\\", "<script>", "晨" * 500])
def test_odd_terms_find_nothing_and_break_nothing(world, place, sign_in, term):
    response = sign_in(world.lin).get(reverse("search"), {"q": term})
    assert response.status_code == 200
    assert not re.search(r"<script>(?!<)", response.content.decode().replace("\n", ""))
