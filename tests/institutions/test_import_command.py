"""`manage.py import_ledger`: the same door, and exactly the JSON that was promised."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from institutions.models import Institution
from tests.governance.files import LEDGERS, bomb, ledger, protected

KEYS = ["rows", "new", "changed", "unchanged", "duplicates", "sites", "errors"]


def run(path, *args):
    out = StringIO()
    call_command("import_ledger", str(path), "--division", "520121", *args, stdout=out)
    return out.getvalue()


def report(path, *args):
    return json.loads(run(path, "--json", *args))


def test_the_report_has_exactly_these_keys(world):
    found = report(ledger("zhengzhou"))
    assert list(found) == KEYS
    assert list(found["errors"][0]) == ["row", "column", "value", "message"]
    assert (found["errors"][0]["row"], found["errors"][0]["column"]) == (5, "查处日期")
    assert found["errors"][0]["value"] == "1月5日"


def test_without_apply_nothing_is_written(world):
    report(ledger("lanzhou"))
    assert not Institution.objects.exists()


def test_with_apply_the_rows_are_written(world):
    assert report(ledger("lanzhou"), "--apply")["new"] == 14
    assert Institution.objects.count() == 14


def test_the_year_comes_by_map(world):
    assert report(ledger("jinzhou"), "--map", '{"year": 2020}')["errors"] == []


def test_the_map_may_be_a_file(world, tmp_path):
    path = tmp_path / "answers.json"
    path.write_text('{"years": {"查处时间": 2020}}', encoding="utf-8")
    assert report(ledger("jinzhou"), "--map", str(path))["new"] == 5


def test_a_sheet_is_named_by_number_or_name(world):
    assert report(ledger("beijing"), "--sheet", "1")["rows"] == 19
    with pytest.raises(CommandError):
        run(ledger("beijing"), "--sheet", "说明")


def test_people_see_counts_errors_and_rows_passed_over(world):
    said = run(ledger("zhengzhou"))
    assert "21 (footer): 填表人" in said
    assert "Nothing was written" in said


def test_the_county_is_asked_when_there_are_several(world):
    with pytest.raises(CommandError, match="--division"):
        call_command("import_ledger", str(ledger("lanzhou")), stdout=StringIO())


@pytest.mark.parametrize(
    "args", [["--map", "{"], ["--map", '{"x": 1}'], ["--map", "[]"], ["--division", "999999"]]
)
def test_bad_arguments_are_answered_with_a_sentence(world, args):
    with pytest.raises((CommandError, OSError)) as caught:
        run(ledger("lanzhou"), *args)
    assert str(caught.value)


BAD = {
    "empty": lambda: b"",
    "truncated": lambda: (LEDGERS / "zhengzhou_cases.xlsx").read_bytes()[:3000],
    "protected": lambda: protected().read(),
    "bomb": lambda: bomb(20).read(),
    "program": lambda: b"MZ\x90\0\x03\0\0\0" + bytes(100),
    "too big": lambda: b"PK\x03\x04" + bytes(21 * 1024 * 1024),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_answered_with_a_sentence(world, tmp_path, what):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(BAD[what]())
    with pytest.raises(CommandError) as caught:
        run(path, "--json")
    assert len(str(caught.value)) > 10


def test_a_file_that_is_not_there_is_named(world, tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere.xlsx")
