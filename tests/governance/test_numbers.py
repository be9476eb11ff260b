"""Every number has a row: reserved, used or voided; none is missing, none is given twice."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from governance import audit, daylight, numbers, people
from governance.audit import Verb
from governance.models import Department, Number, NumberSeries
from governance.workflow import Refused

WRITERS, EACH = 16, 12 * settings.MINGSHU_EFFORT


@pytest.fixture
def orders(world) -> NumberSeries:
    world.department("edu").paper_prefix = "明川教"
    return numbers.document_series(world.department("edu"), "RECTIFY_NOTICE", "改")


def test_document_numbers_begin_at_one_and_are_written_as_customary(world, orders):
    first, second = (numbers.reserve(orders, by=world.lin) for _ in range(2))
    assert (first.text, second.text) == ("明川教改字〔2026〕第1号", "明川教改字〔2026〕第2号")


def test_register_numbers_have_six_digits(world):
    white = numbers.series(
        world.department("edu"), "WHITE", pattern=numbers.REGISTER, word="W", year=2026
    )
    assert numbers.reserve(white, by=world.lin).text == "W-2026-000001"


def test_every_department_kind_and_year_counts_for_itself(world, orders):
    numbers.reserve(orders, by=world.lin)
    others = [
        numbers.document_series(world.department("samr"), "RECTIFY_NOTICE", "改"),
        numbers.document_series(world.department("edu"), "CORRECTION_ORDER", "责"),
        numbers.series(
            world.department("edu"),
            "RECTIFY_NOTICE",
            pattern=numbers.DOCUMENT,
            word="明川教改字",
            year=2027,
        ),
    ]
    assert [numbers.reserve(series, by=world.lin).value for series in others] == [1, 1, 1]


def test_a_new_word_counts_from_the_next_year_on(world, orders):
    numbers.reserve(orders, by=world.lin)
    again = numbers.document_series(world.department("edu"), "RECTIFY_NOTICE", "正")
    assert numbers.reserve(again, by=world.lin).text == "明川教改字〔2026〕第2号"


def test_a_department_without_a_word_gives_no_document_numbers(world):
    department = world.department("fire")
    department.paper_prefix = ""
    with pytest.raises(Refused, match=department.name):
        numbers.document_series(department, "RECTIFY_NOTICE", "改")


def test_braces_in_a_word_are_letters(world):
    odd = numbers.series(
        world.department("edu"), "ODD", pattern=numbers.REGISTER, word="{value}", year=2026
    )
    assert numbers.reserve(odd, by=world.lin).text == "{value}-2026-000001"


def test_a_rollback_gives_the_number_back(world, orders):
    try_one(orders.pk, "fail", world.lin)
    assert numbers.reserve(orders, by=world.lin).value == 1


def test_a_used_number_names_what_bears_it(world, orders):
    number = numbers.reserve(orders, by=world.lin)
    numbers.use(number, world.lin)
    assert (number.state, number.subject) == (Number.State.USED, world.lin)


def test_a_voided_number_says_why_and_is_never_given_again(world, orders):
    number = numbers.reserve(orders, by=world.lin)
    with pytest.raises(Refused):
        numbers.void(number, reason=" ", by=world.lin)
    numbers.void(number, reason="打印作废", by=world.lin)
    assert (number.state, number.void_reason) == (Number.State.VOIDED, "打印作废")
    assert audit.history(number).get().verb == Verb.NUMBER_VOIDED
    assert numbers.reserve(orders, by=world.lin).value == 2


def test_a_settled_number_is_settled(world, orders):
    number = numbers.reserve(orders, by=world.lin)
    numbers.use(number, world.lin)
    with pytest.raises(Refused):
        numbers.void(number, reason="反悔", by=world.lin)
    with pytest.raises(Refused):
        numbers.use(number, world.luo)


@pytest.mark.parametrize(
    "act",
    [
        lambda number: number.delete(),
        lambda number: Number.objects.filter(pk=number.pk).update(value=99),
        lambda number: NumberSeries.objects.update(last=0),
        lambda number: NumberSeries.objects.all().delete(),
    ],
    ids=["delete", "renumber", "count back", "drop the series"],
)
def test_the_database_lets_nobody_reach_around(world, orders, act):
    number = numbers.reserve(orders, by=world.lin)
    numbers.use(number, world.lin)
    with pytest.raises((InternalError, ProgrammingError, ProtectedError)), transaction.atomic():
        act(number)


def test_a_gap_made_by_hand_is_found(world, orders):
    numbers.reserve(orders, by=world.lin)
    assert numbers.gaps() == []
    NumberSeries.objects.filter(pk=orders.pk).update(last=3)
    assert numbers.gaps() == [orders]


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(st.sampled_from(["keep", "use", "void", "fail"]), max_size=12))
def test_whatever_becomes_of_them_the_rows_are_one_to_last(world, orders, acts):
    with transaction.atomic():
        for act in acts:
            try_one(orders.pk, act, world.lin)
        check(orders.pk)
        transaction.set_rollback(True)


class Failure(Exception):
    """A transaction that ends badly after its number was given."""


def try_one(series_pk: int, act: str, by) -> None:
    try:
        with transaction.atomic():
            number = numbers.reserve(NumberSeries.objects.get(pk=series_pk), by=by)
            if act == "use":
                numbers.use(number, by)
            elif act == "void":
                numbers.void(number, reason="作废", by=by)
            elif act == "fail":
                raise Failure
    except Failure:
        return


def check(series_pk: int) -> int:
    """The rows are exactly 1 … last; returns how many."""
    series = NumberSeries.objects.get(pk=series_pk)
    given_out = sorted(series.numbers.values_list("value", flat=True))
    assert given_out == list(range(1, series.last + 1))
    return series.last


@pytest.fixture
def committed_series(django_db_setup, django_db_blocker):
    """A series that really is in the database, for writers with connections of their own."""
    with django_db_blocker.unblock():
        actor = people.system_actor()
        department = Department.objects.create(
            code="race", kind="EDU", name="race", division_id="520121", jurisdictions=["520121"]
        )
        series = numbers.series(department, "RACE", pattern=numbers.DOCUMENT, word="赛")
        yield series.pk, actor
        forget_all(series, department)
        daylight.forget()


def forget_all(series: NumberSeries, department: Department) -> None:
    """Nobody may delete numbers, so the test switches the triggers off for itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM governance_number WHERE series_id = %s", [series.pk])
        cursor.execute("DELETE FROM governance_numberseries WHERE id = %s", [series.pk])
        cursor.execute("DELETE FROM governance_department WHERE id = %s", [department.pk])
        cursor.execute(
            "DELETE FROM governance_auditwitness WHERE event_id IN "
            "(SELECT id FROM governance_auditevent WHERE subject_label LIKE '赛〔%%')"
        )
        cursor.execute("DELETE FROM governance_auditevent WHERE subject_label LIKE '赛〔%%'")
        cursor.execute("SET session_replication_role = DEFAULT")


def write(seed: int, series_pk: int, actor) -> int:
    """One writer: some numbers kept, some voided, some transactions that fail; returns the kept."""
    dice, kept = random.Random(seed), 0
    try:
        for _ in range(EACH):
            act = dice.choice(["keep", "use", "void", "fail"])
            try_one(series_pk, act, actor)
            kept += act != "fail"
    finally:
        connection.close()
    return kept


def test_sixteen_writers_leave_no_gap_and_no_double(committed_series):
    series_pk, actor = committed_series
    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [pool.submit(write, seed, series_pk, actor) for seed in range(WRITERS)]
        kept = sum(job.result() for job in jobs)
    assert check(series_pk) == kept
    assert not [series for series in numbers.gaps() if series.pk == series_pk]
