"""Setting a paper: the same facts as PDF (typst) and as Word file (docxtpl).

Facts reach typst as JSON in `sys_inputs` and Word with escaping on, so nothing a user typed is
ever markup. Both files carry the verification address as a QR code.
"""

import datetime as dt
import io
import json
import re
import threading
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal

import jinja2
import pylopdf_fonts_zh_cn
import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from governance.workflow import Refused

FOLDER = Path(__file__).parent / "paper_templates"
PDF_STANDARD: Literal["a-2b"] = "a-2b"  # for the archive
QR_MM = 25
_one_at_a_time = threading.Lock()  # the font book is shared by the threads of a worker

Facts = Mapping[str, Any]
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class _Environment(jinja2.Environment):
    """Compiles each part of a Word template once; there are few templates and many papers."""

    known: ClassVar[dict[Any, jinja2.Template]] = {}  # by source: that of our own files

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> jinja2.Template:
        if source not in self.known:
            self.known[source] = super().from_string(source, *args, **kwargs)
        return self.known[source]


_ENVIRONMENT = _Environment(autoescape=True)


class NoGlyph(Refused):
    """A character that no font here can draw, such as a rare one in a name."""

    code = "no_glyph"

    def __init__(self, character: str) -> None:
        sentence = _(
            "No font here can print “%(character)s”. Ask the administrator to add one that can."
        )
        super().__init__(sentence % {"character": character})


def pdf(folder: str, facts: Facts, *, verify_url: str = "", at: dt.datetime | None = None) -> bytes:
    """The PDF/A of template folder `folder`; `at` is the moment written into the file.

    Raises `NoGlyph` rather than print an empty box in a name.
    """
    data = {**facts, "verify_url": verify_url, "qr": _qr_svg(verify_url) if verify_url else ""}
    try:
        with _one_at_a_time:
            return typst.compile(
                FOLDER / folder / "paper.typ",
                root=FOLDER,
                font_paths=_fonts(settings.MINGSHU_FONT_DIR),
                sys_inputs={"facts": json.dumps(data, ensure_ascii=False)},
                pdf_standards=[PDF_STANDARD],
                timestamp=int(at.timestamp()) if at else 0,
            )
    except typst.TypstError as error:
        if missing := _NO_GLYPH.search(str(error)):
            raise NoGlyph(missing[1]) from error
        raise


def docx(folder: str, facts: Facts, *, verify_url: str = "") -> bytes:
    """The Word file of template folder `folder`; its fonts are named, not embedded."""
    template = DocxTemplate(FOLDER / folder / "paper.docx")
    qr = InlineImage(template, _qr_png(verify_url), width=Mm(QR_MM)) if verify_url else ""
    data = {**facts, "verify_url": verify_url, "qr": qr}
    template.render(data, _ENVIRONMENT, autoescape=True)
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


def shown(fields: Iterable[Mapping[str, Any]], facts: Facts) -> dict[str, Any]:
    """Facts as the templates want them: every field present, days in words, lists of texts."""
    return {
        field["name"]: _shown(field.get("kind", "text"), facts.get(field["name"]))
        for field in fields
    }


def day_in_words(day: dt.date | str) -> str:
    """2026年3月4日, as papers write it."""
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.year}年{day.month}月{day.day}日"


def _shown(kind: str, value: Any) -> Any:
    if kind == "date":
        return day_in_words(value) if value else ""
    if kind == "list":
        return [_sentence(str(item)) for item in value or []]
    if kind == "problems":
        return [_sentence(item["text"], item.get("basis") or "") for item in value or []]
    return str(value or "")


def _sentence(text: str, basis: str = "") -> str:
    """One full stop at the end, behind the basis in brackets."""
    text = text.strip().rstrip("。；;.")
    text += f"（{basis}）" if basis else ""
    return text if text.endswith(("！", "？")) else text + "。"


@lru_cache(maxsize=2)
def _fonts(folder: str) -> typst.Fonts:
    """The county's official fonts where it gave a folder, and always the free ones."""
    folders = [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]
    if folder:
        folders.insert(0, folder)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


@lru_cache(maxsize=8)
def _qr(text: str) -> segno.QRCode:
    """The same code stands on the PDF and in the Word file of a paper."""
    return segno.make(text, error="m")


def _qr_svg(text: str) -> str:
    return _qr(text).svg_inline(border=0)


def _qr_png(text: str) -> io.BytesIO:
    target = io.BytesIO()
    _qr(text).save(target, kind="png", scale=8, border=0)
    target.seek(0)
    return target
