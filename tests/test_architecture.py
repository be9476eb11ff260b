"""The house rules that a reader can rely on: floors, scope, time, status, templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from governance.scoping import ScopedQuerySet
from governance.translations import KEYWORDS

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["governance", "institutions", "inspections", "campaigns", "publiclists", "desk", "config"]
DOORS = {"campaigns", "publiclists"}  # of one floor, and strangers to one another
APPS = FLOORS[:-1]
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py", "core.py"}
# Pages of the anonymous public read what is published; these are the querysets that say so.
PUBLIC_READS = {"published", "public", "live", "on_display"}
BESIDE_ROWS = {"name_of"}  # subqueries beside rows that were reached in scope


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module]
    return []


def test_imports_go_down_only():
    """A file imports its own floor and those below; the doors of floor 4 are strangers."""
    wrong = []
    for floor, app in enumerate(FLOORS):
        above = set(FLOORS[floor + 1 :]) - {"config"} if app != "config" else set()
        above |= DOORS - {app} if app in DOORS else set()
        for path in sources(app):
            for node in ast.walk(tree(path)):
                wrong += [
                    place(path, node) for name in imported(node) if name.split(".")[0] in above
                ]
    assert wrong == []


def test_imports_stand_at_the_top_of_the_file():
    wrong = [
        place(path, node)
        for path in sources(*FLOORS)
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def test_nobody_listens_to_signals_or_overrides_save():
    wrong = []
    for path in sources(*FLOORS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == "django.dispatch":
                wrong.append(place(path, node))
            if isinstance(node, ast.FunctionDef) and node.name == "save" and "models" in str(path):
                wrong.append(place(path, node))
    assert wrong == []


def is_view(path: Path) -> bool:
    if path.parent.name == "views":
        return True
    return path.name in ("views.py", "api.py") or path.name.endswith(("_views.py", "_api.py"))


def unscoped(path: Path) -> Iterator[str]:
    """`Model.objects…` of a governed model in a view without visible_to or editable_by."""
    governed = governed_models()
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
            continue
        if not (isinstance(node.value, ast.Name) and node.value.id in governed):
            continue
        statement = "\n".join(text.splitlines()[node.lineno - 1 : node.lineno + 7])
        after = statement[statement.index(f"{node.value.id}.objects") :]
        doors = "|".join(["visible_to", "editable_by", *PUBLIC_READS, *BESIDE_ROWS])
        if not re.match(rf"{node.value.id}\.objects\s*\.({doors})\b", after):
            yield place(path, node)


def governed_models() -> set[str]:
    """Names of models whose rows belong to somebody: a ScopedQuerySet is their manager."""
    return {
        model.__name__
        for model in apps.get_models()
        if isinstance(model._default_manager.all(), ScopedQuerySet)
    }


def test_views_reach_governed_rows_only_in_scope():
    wrong = [found for path in sources(*APPS) if is_view(path) for found in unscoped(path)]
    assert wrong == []


def test_words_under_any_name_of_gettext_are_collected():
    """`gettext as _x` is collected only where the catalogues know `_x` too."""
    wrong = []
    for path in sources(*APPS):
        for node in ast.walk(tree(path)):
            if imported(node) == ["django.utils.translation"]:
                names = {alias.asname or alias.name for alias in node.names}
                words = {name for name in names if name.startswith("_") or "gettext" in name}
                wrong += [f"{place(path, node)} {name}" for name in words - set(KEYWORDS)]
    assert wrong == []


def test_time_comes_from_daylight_alone():
    pattern = re.compile(
        r"timezone\.now|localdate|date\.today\(|datetime\.now\(|utcnow\(|CURRENT_DATE|\bnow\(\)"
    )
    wrong = []
    for path in sources(*FLOORS):
        if path.name == "daylight.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = pattern.search(line)
            if found and "daylight.now()" not in line:
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert wrong == []


def test_status_is_set_by_the_workflow_alone():
    """No `row.status = …` and no `.update(status=…)` outside workflow.py."""
    wrong = []
    for path in sources(*APPS):
        if path.name == "workflow.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Assign):
                wrong += [
                    place(path, node)
                    for target in node.targets
                    if isinstance(target, ast.Attribute)
                    and target.attr == "status"
                    and not (
                        isinstance(target.value, ast.Name)
                        and target.value.id in ("response", "self")
                    )
                ]
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "update"
                and any(keyword.arg == "status" for keyword in node.keywords)
            ):
                wrong.append(place(path, node))
    assert wrong == []


def test_the_environment_is_read_by_configuration_alone():
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources(*APPS)
        if "os.environ" in path.read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_no_file_is_named_after_nothing():
    assert [path for path in sources(*FLOORS) if path.name in FORBIDDEN_NAMES] == []


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=\"|javascript:", re.I)
NONCE_STYLE = re.compile(r"<style nonce=")


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_carry_no_inline_script_or_style(path):
    """The content security policy is strict; a JSON data block is no script."""
    text = re.sub(r'<script[^>]*type="application/(ld\+)?json"[^>]*>', "", path.read_text())
    assert INLINE.findall(text) == []


def test_the_product_reads_no_other_host():
    """Pages and styles name no outside address to load from."""
    loads = re.compile(r"(?:src|href|url)\s*[=(]\s*[\"']?https?://", re.I)
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("templates", "static")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".html", ".css", ".js") and loads.search(path.read_text())
    ]
    assert wrong == []
