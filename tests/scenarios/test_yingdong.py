"""颍东区: the survey of a campaign and what became of it, row for row on the statistics page.

113 institutions with 11 second registrations; later 33 licensed and 69 dealt with. See
`tests/data/yingdong/README.md`.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from governance.models import Department, Division
from institutions import services
from institutions.models import Disposal, Institution
from tests.conftest import OTHER_COUNTY, make_department

ROWS = Path(__file__).parent.parent / "data" / "yingdong" / "survey.csv"
SURVEY, LATER = date(2018, 10, 31), date(2018, 12, 20)
CAMPAIGN = "校外培训机构专项治理"


def survey_rows():
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def yingdong(world):
    """The county with its survey and its campaign, entered by its clerk through the services."""
    offices = {
        kind: make_department(kind, OTHER_COUNTY, f"颍东区{name}")
        for kind, name in [("HRSS", "人社局"), ("SAMR", "市场监管局")]
    }
    offices["EDU"] = world.department("edu_other")
    entered: dict[str, Institution] = {}
    for row in sorted(survey_rows(), key=lambda row: row["duplicate_of"] != ""):
        entered[row["serial"]] = found(world, row, entered, offices)
    for row in survey_rows():
        settle(world, entered[row["serial"]], row["later"], offices)
    return entered


def found(world, row, entered, offices: dict[str, Department]) -> Institution:
    institution = services.register_institution(
        by=world.ying,
        name=row["name"],
        township=Division.objects.get(pk=row["township"]),
        categories=[row["category"]],
        duplicate_of=entered.get(row["duplicate_of"]),
        since=date(2018, 9, 1),
    )
    for kind in filter(None, row["certificates"].split(";")):
        issuer = offices["HRSS" if kind == "vocational_licence" else "SAMR"]
        services.record_licence(
            institution, by=world.ying, kind=kind, issuer=issuer, valid_from=date(2018, 9, 1)
        )
    return institution


def settle(world, institution: Institution, later: str, offices: dict[str, Department]) -> None:
    if later == "LICENSED":
        services.record_licence(
            institution, by=world.ying, kind="school_licence", issuer=offices["EDU"],
            valid_from=date(2018, 12, 1), valid_to=date(2021, 11, 30),
        )  # fmt: skip
    elif later:
        services.dispose(
            institution, by=world.ying, outcome=Disposal.Outcome(later),
            decided_on=date(2018, 12, 10), campaign=CAMPAIGN,
        )  # fmt: skip


def counted(client, query):
    """{dimension: {word: number}} and all groups of the statistics page."""
    context = client.get(f"/stats/?{query}").context
    parts = {
        part.dimension.key: {line.word: line.figure.number for line in part.lines}
        for part in context["one_way"]
    }
    return parts, context


def test_the_survey_and_the_campaign_add_up(world, yingdong, sign_in):
    client = sign_in(world.ying)

    survey, context = counted(client, f"on={SURVEY}")
    assert context["total"].number == 113
    assert survey["category"] == {"学科类": 94, "文化艺术类": 14, "职业技能类": 5}
    assert survey["cert"] == {"有证有照": 5, "有照无证": 62, "无证无照": 46}
    assert "有证无照" not in survey["cert"]  # 113 = 5 + 62 + 46 + 0
    assert sorted(survey["duplicate"].values()) == [11, 102]
    assert survey["licensor"]["颍东区人社局"] == 5
    assert len(survey["disposal"]) == 1

    later, context = counted(client, f"on={LATER}")
    licensed = {
        word: number for word, number in later["licensor"].items() if word.startswith("颍东区")
    }
    assert licensed == {"颍东区教育局": 28, "颍东区人社局": 5}
    assert sum(licensed.values()) == later["cert"]["有证有照"] == 33
    dealt_with = later["disposal"]["整改"] + later["disposal"]["取缔"]
    assert (later["disposal"]["整改"], later["disposal"]["取缔"], dealt_with) == (12, 57, 69)
    assert context["total"].number == 113
    assert 33 + dealt_with == 113 - min(later["duplicate"].values())

    every_figure_has_its_rows(client, context)


def every_figure_has_its_rows(client, context):
    """Row for row: each group of the page is a list of the ledger with as many institutions, and
    no institution stands in two of them."""
    seen: list[int] = []
    for _words, figure in context["groups"]:
        response = client.get(f"{figure.url}&size=200")
        keys = [row["pk"] for row in response.context["rows"]]
        assert len(keys) == figure.number == response.context["page"].paginator.count
        seen += keys
    assert len(seen) == len(set(seen)) == 113
