"""The four real workbooks, row by row, into the register and back."""

from collections import Counter

import pytest

from governance.import_books import report
from institutions.imports import shown
from institutions.models import CertStatus, Institution, InstitutionPeriod, SitePeriod
from tests.governance.files import ledger
from tests.institutions.ledgers import bring_in, real, results

YEARS = {"jinzhou": 2020, "zhengzhou": 2022}
EXPECTED = {
    "beijing": {"new": 16, "site": 2, "duplicate": 1},
    "jinzhou": {"new": 5},
    "lanzhou": {"new": 14},
    "zhengzhou": {"new": 14, "duplicate": 1},
}


def answers(name):
    return {"year": YEARS[name]} if name in YEARS else {}


def into_register(name, world):
    with ledger(name).open("rb") as file:
        return bring_in(file, by=world.lin, **answers(name))


def cert_of(name):
    rows = Institution.objects.with_cert_status()
    return rows.get(periods__name__contains=name).cert_status


@pytest.mark.parametrize("name", EXPECTED)
def test_every_data_row_is_accounted_for(world, name):
    steps = real(name, by=world.lin, **answers(name))
    assert Counter(results(steps)) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_counts_of_the_report_add_up(world, name):
    for said in ({}, answers(name)):
        found = report(real(name, by=world.lin, **said))
        wrong = len({error["row"] for error in found["errors"]})
        parts = ("new", "changed", "unchanged", "duplicates", "sites")
        assert sum(found[part] for part in parts) + wrong == found["rows"]


@pytest.mark.parametrize("name", EXPECTED)
def test_coming_twice_changes_nothing(world, name):
    into_register(name, world)
    steps = real(name, by=world.lin, **answers(name))
    assert set(results(steps)) <= {"unchanged", "duplicate"}
    assert results(steps).count("duplicate") == EXPECTED[name].get("duplicate", 0)


@pytest.mark.parametrize("name", YEARS)
def test_dates_without_a_year_are_asked_cell_by_cell(world, name):
    steps = real(name, by=world.lin)
    assert set(results(steps)) == {"error"}
    assert {fault.code for step in steps for fault in step.row.faults} == {"no_year"}


def test_jinzhou_takes_the_certificates_from_the_section_title(world):
    into_register("jinzhou", world)
    assert cert_of("晨光教育培训中心") == CertStatus.FULL
    assert Institution.objects.count() == 5


def test_jinzhou_row_6_keeps_its_address(world):
    into_register("jinzhou", world)
    site = SitePeriod.objects.get(site__institution__periods__name="太和区芊芊才艺培训学校")
    assert site.address == "太和区石化新区C区"


def test_lanzhou_is_deregistered_where_the_decision_is_one_word(world):
    into_register("lanzhou", world)
    found = Counter(InstitutionPeriod.objects.values_list("operating_status", flat=True))
    assert found == {"DEREGISTERED": 11, "OPERATING": 3}


def test_beijing_puts_further_sites_below_one_institution(world):
    into_register("beijing", world)
    places = SitePeriod.objects.filter(site__institution__periods__name__contains="北外壹佳英语")
    assert sorted(places.values_list("name", flat=True)) == ["双井校区", "广安门校区"]
    school = Institution.objects.with_multi_site().get(periods__name__contains="博弈文化艺术")
    assert school.multi_site


def test_beijing_row_16_may_be_the_company_of_row_3(world):
    step = next(step for step in real("beijing", by=world.lin) if step.result == "duplicate")
    assert (step.row.number, step.target_row, step.reason) == (16, 3, "near_name")


def test_beijing_reads_the_hidden_column_and_keeps_foreign_places_as_words(world):
    steps = real("beijing", by=world.lin)
    assert steps[0].row.cells[2] == "西城区"
    assert "foreign_place" in steps[0].row.notes
    assert {step.facts.get("township_id") for step in steps if step.facts} == {"520121"}


ZHENGZHOU_CERTS = {
    "八一艺术培训机构": CertStatus.REG_ONLY,
    "天辅星": CertStatus.NONE,
    "乐学堂": CertStatus.REG_ONLY,
    "百跃托管": CertStatus.REG_ONLY,
    "易歌外语培训中心": CertStatus.FULL,
    "启智学前班": CertStatus.REG_ONLY,
    "方德教育": CertStatus.NONE,
}


def test_zhengzhou_says_of_each_which_certificates_it_has(world):
    into_register("zhengzhou", world)
    assert {name: cert_of(name) for name in ZHENGZHOU_CERTS} == ZHENGZHOU_CERTS


def test_zhengzhou_nameless_places_are_told_apart_by_address(world):
    into_register("zhengzhou", world)
    nameless = InstitutionPeriod.objects.filter(name="")
    assert nameless.count() == 5
    assert all(period.institution.sites.count() == 1 for period in nameless)
    note = "无名（全日制学科类培训机构）"
    assert nameless.get(institution__note=note)


def test_zhengzhou_row_16_bears_the_name_of_row_15_at_another_place(world):
    step = next(step for step in real("zhengzhou", by=world.lin, year=2022) if step.target_row)
    doubtful = [s for s in real("zhengzhou", by=world.lin, year=2022) if s.result == "duplicate"]
    assert [(s.row.number, s.target_row, s.reason) for s in doubtful] == [(16, 15, "same_name")]
    assert step.known


def test_zhengzhou_counts_only_exact_numbers(world):
    into_register("zhengzhou", world)
    learners = dict(InstitutionPeriod.objects.exclude(name="").values_list("name", "learners"))
    assert learners["乐学堂(河南星空教育)"] is None  # 20余名
    assert learners["方德教育"] is None  # 50余人
    assert learners["启智学前班"] == 60
    assert learners["易歌外语培训中心"] == 31  # full width


def test_zhengzhou_row_11_goes_in_without_an_address(world):
    into_register("zhengzhou", world)
    assert not SitePeriod.objects.filter(
        site__institution__periods__name__contains="优思学"
    ).exists()


def test_what_the_ledger_says_beyond_the_fields_stays_with_the_institution(world):
    into_register("zhengzhou", world)
    school = Institution.objects.get(periods__name="启智学前班")
    (origin,) = shown.origins(school, world.lin)
    assert (origin.number, dict(origin.cells)["查处日期"]) == (14, "3月7日")
    assert dict(origin.cells)["问题"].startswith("以“托管服务”名义")
    assert shown.origins(school, world.ying) == []
