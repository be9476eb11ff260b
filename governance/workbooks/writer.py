"""Writes one sheet as xlsx, row by row, in flat memory.

Only what an export needs: a title, a note, a bold head that stays in view, typed columns. Texts are
stored as text whatever they look like, so a code keeps its zeros and a formula stays words. Six
times as fast as the general libraries, which is why it exists (`benchmarks/registry.py`).
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any, Final
from xml.sax.saxutils import escape

from governance.daylight import ZONE
from governance.workbooks.sheets import letter

TEXT: Final = "text"
NUMBER: Final = "number"
MONEY: Final = "money"  # yuan, two places
DATE: Final = "date"
MOMENT: Final = "moment"
STYLES = {TEXT: 1, NUMBER: 0, MONEY: 2, DATE: 3, MOMENT: 4}
HEAD_STYLE, TITLE_STYLE, NOTE_STYLE, DISARMED_STYLE = 5, 6, 7, 8
LONGEST_TEXT = 32_767  # characters a cell may hold
BUFFERED_ROWS = 500

# Signs a spreadsheet takes for the beginning of a formula, also in their full-width forms.
ARMED = ("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
         "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip

_EPOCH = dt.date(1899, 12, 30)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACK}/content-types">'
    f'<Default Extension="rels" ContentType="{_RELS_TYPE}"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACK}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACK}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="16"/><name val="宋体"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF3"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="9">'
    '<xf xfId="0"/>'
    '<xf xfId="0" numFmtId="49" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="4" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="165" applyNumberFormat="1"/>'
    '<xf xfId="0" fontId="1" fillId="2" applyFont="1" applyFill="1"/>'
    '<xf xfId="0" fontId="2" applyFont="1"/>'
    '<xf xfId="0" applyAlignment="1"><alignment wrapText="0"/></xf>'
    '<xf xfId="0" numFmtId="49" quotePrefix="1" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}  # fmt: skip


class SheetWriter:
    """`with SheetWriter(out, "机构台账", columns) as sheet: sheet.row(values)`.

    `columns` are (label, kind, width in characters); `out` is a binary file open for writing.
    """

    def __init__(
        self,
        out: IO[bytes],
        sheet: str,
        columns: Sequence[tuple[str, str, int]],
        *,
        title: str = "",
        notes: Iterable[str] = (),
    ) -> None:
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=2)
        for name, content in PARTS.items():
            self.zip.writestr(name, content)
        self.zip.writestr("xl/workbook.xml", workbook_part(sheet))
        self.part = self.zip.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        self.kinds = [kind for _, kind, _ in columns]
        self.letters = [letter(column) for column in range(len(columns))]
        self.number, self.lines = 0, []  # type: int, list[str]
        head = [(words, TITLE_STYLE) for words in [title] if words]
        head += [(words, NOTE_STYLE) for words in notes]
        self.lines.append(opening([width for _, _, width in columns], len(head) + 1))
        for words, style in head:
            self.styled([words], style)
        self.styled([label for label, _, _ in columns], HEAD_STYLE)

    def styled(self, words: Sequence[str], style: int) -> None:
        self.number += 1
        cells = [
            inline(f"{name}{self.number}", text, style)
            for name, text in zip(self.letters, words, strict=False)
        ]
        self.lines.append(f'<row r="{self.number}">{"".join(cells)}</row>')

    def row(self, values: Iterable[Any]) -> None:
        self.number += 1
        number = self.number
        cells = [
            cell(f"{name}{number}", value, kind)
            for name, value, kind in zip(self.letters, values, self.kinds, strict=True)
            if value is not None and value != ""
        ]
        self.lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(self.lines) > BUFFERED_ROWS:
            self.flush()

    def note(self, words: str) -> None:
        """A line of words below the table."""
        self.styled([words], NOTE_STYLE)

    def flush(self) -> None:
        self.part.write("".join(self.lines).encode())
        self.lines.clear()

    def close(self) -> None:
        self.lines.append("</sheetData></worksheet>")
        self.flush()
        self.part.close()
        self.zip.close()

    def __enter__(self) -> "SheetWriter":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def opening(widths: Sequence[int], frozen: int) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{frozen}" topLeftCell="A{frozen + 1}" activePane="bottomLeft"'
        f' state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'
    )


def workbook_part(sheet: str) -> str:
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31], {'"': "&quot;"})
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def cell(place: str, value: Any, kind: str) -> str:
    """One cell; a value that is not of the column's kind is written as text."""
    if isinstance(value, str):
        style = DISARMED_STYLE if value.startswith(ARMED) else 1
        return inline(place, value, style)
    if isinstance(value, bool) or kind == TEXT:
        return inline(place, str(value), 1)
    if isinstance(value, int | float | Decimal):
        return f'<c r="{place}" s="{STYLES[kind]}"><v>{value}</v></c>'
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="{STYLES[kind]}"><v>{serial(value)}</v></c>'
    return inline(place, str(value), 1)


def inline(place: str, text: str, style: int) -> str:
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text)
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = escape(text[:LONGEST_TEXT])
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


def serial(value: dt.date) -> float | int:
    """Days since the spreadsheet epoch; an aware moment is shown in Asia/Shanghai."""
    if not isinstance(value, dt.datetime):
        return (value - _EPOCH).days
    local = value.astimezone(ZONE) if value.tzinfo else value
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return (local.date() - _EPOCH).days + round(seconds / 86_400, 8)
