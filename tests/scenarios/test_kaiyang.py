"""开阳县: the annual review of 45 institutions, entered and read through the pages.

34 took part: 29 pass, 1 basic pass, 4 fail. 11 took no part: 7 new that year, 1 not resumed, 3
about to close. See `data/source_figures.csv` of the plan.
"""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import workbooks
from institutions import services
from institutions.models import AnnualResult
from tests.institutions.builders import SHUANGLIU, XICHENG, make_institution

YEAR = 2025
OUTCOMES = (
    [("PASS", "")] * 29
    + [("BASIC_PASS", "")]
    + [("FAIL", "")] * 4
    + [("NOT_TAKEN", "NEW")] * 7
    + [("NOT_TAKEN", "NOT_RESUMED")]
    + [("NOT_TAKEN", "CLOSING")] * 3
)


@pytest.fixture
def kaiyang(world, sign_in):
    """The county's 45 institutions; the first result is entered on its form."""
    client = sign_in(world.lin)
    made = [
        make_institution(
            world, f"机构{at:02}", licences=(), township=XICHENG if at % 3 else SHUANGLIU
        )
        for at in range(len(OUTCOMES))
    ]
    for at, (school, (result, reason)) in enumerate(zip(made, OUTCOMES, strict=True)):
        if at == 0:
            form = {"version": school.version, "year": YEAR, "round": 1, "result": result}
            client.post(f"/institutions/{school.pk}/results/new/", form)
        else:
            services.record_annual_result(
                school, by=world.lin, year=YEAR, result=result, reason=reason,
                decided_on=date(2026, 1, 20), document_number="开教发〔2026〕3号",
            )  # fmt: skip
    return client


def sums(client, query=""):
    return client.get(f"/institutions/results/?year={YEAR}{query}").context["sums"]


def test_the_figures_of_the_plan_come_out(kaiyang):
    found = sums(kaiyang)
    assert (found.total, found.taken, found.not_taken, found.missing) == (45, 34, 11, 0)
    assert [found.results[one] for one in ("PASS", "BASIC_PASS", "FAIL")] == [29, 1, 4]
    assert [found.reasons[one] for one in ("NEW", "NOT_RESUMED", "CLOSING")] == [7, 1, 3]


def test_every_filter_shows_as_many_rows_as_its_sum(kaiyang):
    for query, expected in [
        ("&result=PASS", 29), ("&result=BASIC_PASS", 1), ("&result=FAIL", 4),
        ("&result=NOT_TAKEN", 11), ("&result=MISSING", 0), ("&reason=NEW", 7),
        ("&reason=CLOSING", 3), ("&q=机构07", 1),
    ]:  # fmt: skip
        page = kaiyang.get(f"/institutions/results/?year={YEAR}{query}")
        assert page.context["page"].paginator.count == page.context["sums"].total == expected


def test_the_townships_add_up_to_the_county(kaiyang):
    parts = [sums(kaiyang, f"&township={code}") for code in (XICHENG, SHUANGLIU)]
    assert sum(part.total for part in parts) == 45
    assert sum(part.results["PASS"] for part in parts) == 29


def test_who_has_no_result_is_counted_and_named(world, kaiyang):
    make_institution(world, "新来的学校")
    found = sums(kaiyang)
    assert (found.total, found.missing) == (46, 1)
    page = kaiyang.get(f"/institutions/results/?year={YEAR}&result=MISSING")
    assert [row.name for row in page.context["page"]] == ["新来的学校"]


def test_a_second_registration_stands_for_nothing(world, kaiyang):
    first = make_institution(world, "正本")
    make_institution(world, "副本", duplicate_of=first)
    assert sums(kaiyang).missing == 1


def test_publishing_marks_what_is_shown(kaiyang):
    url = f"/institutions/results/publish/?year={YEAR}&result=FAIL"
    kaiyang.post(url, {"on": "2026-02-10"})
    assert sums(kaiyang).published == 4
    kaiyang.post(f"/institutions/results/publish/?year={YEAR}", {"on": "2026-03-01"})
    days = AnnualResult.objects.values_list("published_on", flat=True)
    assert {str(day) for day in days} == {"2026-02-10", "2026-03-01"}
    assert list(days).count(date(2026, 2, 10)) == 4


def test_the_export_equals_the_page(kaiyang):
    response = kaiyang.get(f"/institutions/results/export/?year={YEAR}&result=FAIL")
    book = workbooks.read(io.BytesIO(b"".join(response.streaming_content)))
    rows = [row.cells for row in book.sheets[0].rows]
    assert sum("不合格" in [str(cell) for cell in row] for row in rows) == 4


def test_another_county_sees_none_of_it(world, kaiyang, sign_in):
    assert sums(sign_in(world.ying)).total == 0


def test_the_table_costs_the_same_for_45_as_for_46(world, kaiyang):
    url = f"/institutions/results/?year={YEAR}"
    kaiyang.get(url)
    with CaptureQueriesContext(connection) as few:
        kaiyang.get(url)
    make_institution(world, "新来的学校")
    with CaptureQueriesContext(connection) as many:
        kaiyang.get(url)
    assert len(many) == len(few) <= 15
