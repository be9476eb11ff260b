"""The documents are true where a machine can tell."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

from desk.demo import county
from launcher.accounts import ACCOUNTS
from launcher.cli import COMMANDS, HELP

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks/README.md"]
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    broken = [x for x in LINK.findall(document.read_text()) if not (document.parent / x).exists()]
    assert broken == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_name_every_command(name):
    text = (ROOT / name).read_text()
    assert "python3 run.py\n" in text
    assert all(f"run.py {command}" in text for command in COMMANDS)


def test_the_help_names_every_command():
    assert all(f"run.py {command}" in HELP for command in COMMANDS)


def test_both_readmes_show_the_same_pages():
    rows = [re.findall(r"^\| `(/[^`<]*)", (ROOT / name).read_text(), re.M) for name in _readmes()]
    assert rows[0] == rows[1] != []


def test_the_pages_of_the_tour_exist():
    """`resolve` raises for an address that the product does not have."""
    text = (ROOT / "README.md").read_text()
    pages = re.findall(r"^\| `(/[^`<]*)`", text, re.M)
    assert [resolve(page).func for page in pages]


def test_the_start_prints_the_accounts_that_are_seeded():
    assert list(ACCOUNTS) == county.SHOWN


def _readmes():
    return "README.md", "README.zh-CN.md"
