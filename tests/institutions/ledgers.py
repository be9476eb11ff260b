"""Ledgers for tests: rows under the usual heads, planned or brought in."""

from typing import Any

from governance.imports import Answers
from governance.models import Division, Membership
from institutions.imports import acts
from tests.governance.files import ledger, xlsx

COUNTY = "520121"
HEADS = ("序号", "乡镇", "机构名称", "地址", "统一社会信用代码", "证照情况", "备注")
CODE = "52520121MJ0000001P"
OTHER_CODE = "91520121MA6DXXXX1H"


def sheet(*rows: Any, heads: Any = HEADS, merges: Any = ()) -> Any:
    """A workbook: every row is a dict by head, or a list."""
    lines = [[row.get(head) for head in heads] if isinstance(row, dict) else row for row in rows]
    return xlsx([list(heads), *lines], merges)


def row(name: str, address: str | None = "人民路1号", **more: Any) -> dict[str, Any]:
    return {"机构名称": name, "地址": address, **more}


def look(file: Any, *, by: Membership, county: str = COUNTY, **answers: Any) -> list[Any]:
    place = Division.objects.get(pk=county)
    return acts.look(file, place, Answers.of(answers), by=by)[1]


def previewed(world: Any, file: Any, **answers: Any) -> Any:
    """A batch that waits for Lin's confirmation."""
    place = Division.objects.get(pk=COUNTY)
    return acts.preview(file, place, by=world.lin, name="台账.xlsx", answers=Answers.of(answers))


def bring_in(file: Any, *, by: Membership, county: str = COUNTY, **answers: Any) -> Any:
    """The batch after everything that could go in went in."""
    place = Division.objects.get(pk=county)
    batch = acts.preview(file, place, by=by, name="台账.xlsx", answers=Answers.of(answers))
    return acts.apply(batch, by=by)


def real(name: str, *, by: Membership, **answers: Any) -> list[Any]:
    with ledger(name).open("rb") as file:
        return look(file, by=by, **answers)


def results(steps: list[Any]) -> list[str]:
    return [str(step.result) for step in steps]


def only_fault(steps: list[Any]) -> Any:
    (fault,) = [fault for step in steps for fault in step.row.faults]
    return fault
