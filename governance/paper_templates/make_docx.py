"""Writes `rectify_notice_1/paper.docx`, the Word template, with the measures of GB/T 9704.

`python governance/paper_templates/make_docx.py` was run once; the template may afterwards be
edited in office software, as long as its `{{ }}` places stay those of `index.json`.
"""

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FANGSONG, TITLE, HEITI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
PITCH = 28.95  # points: 22 lines in 225 mm
LINE_TWIPS, CHAR_SPACE = 579, -848  # 28.95 pt; 28 characters in 156 mm, in 4096ths of a point

HEAD = ["{{ department }}", "{{ title }}"]
BODY = [
    "{%p if party_code %}",
    "统一社会信用代码：{{ party_code }}",
    "{%p endif %}",
    "{%p if party_address %}",
    "地址：{{ party_address }}",
    "{%p endif %}",
    "{%p if principal %}",
    "法定代表人（负责人）：{{ principal }}",
    "{%p endif %}",
    "{{ found_on }}，本机关在{{ place }}检查时，发现你单位存在下列问题：",
    "{%p for item in problems %}",
    "{{ loop.index }}．{{ item }}",
    "{%p endfor %}",
    "#一、依据",
    "{%p for item in legal_basis %}",
    "{{ loop.index }}．{{ item }}",
    "{%p endfor %}",
    "#二、期限",
    "你单位应当{{ deadline }}完成改正"
    "{% if due_on %}，即于{{ due_on }}前（含当日）完成{% endif %}。",
    "{%p for line in counting %}",
    "{{ line }}",
    "{%p endfor %}",
    "#三、要求",
    "{%p for item in requirements %}",
    "{{ loop.index }}．{{ item }}",
    "{%p endfor %}",
    "改正完成后，应当向本机关提交书面报告和证明材料，由本机关复查。"
    "逾期不改正或者复查不合格的，本机关将依法处理。",
    "#四、权利",
    "{{ remedies }}",
    "#五、联系方式",
    "联系人：{{ contact_person }}　电话：{{ contact_phone }}",
    "地址：{{ contact_address }}",
]
SERVED = [
    "受送达人（签名或者盖章）：__________　送达日期：______年____月____日",
    "送达人：____________、____________　送达方式：______________",
    "拒收事由：______________　见证人：______________",
    "本通知书一式两份，一份送达当事人，一份由本机关存档。",
]


def main() -> None:
    document = Document()
    _page(document)
    for line in HEAD:
        _line(document, line, font=TITLE, size=22, align=ALIGN.CENTER, pitch=2 * PITCH)
    _line(document, "{{ number }}", align=ALIGN.RIGHT)
    _line(document, "{{ party_name }}：")
    for line in BODY:
        heading = line.startswith("#")
        _line(document, line.lstrip("#"), font=HEITI if heading else FANGSONG, indent=True)
    _signature(document)
    _line(document, "送达记录", font=HEITI, size=12)
    for line in SERVED:
        _line(document, line, size=12)
    document.save(str(Path(__file__).with_name("rectify_notice_1") / "paper.docx"))


def _page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))
    grid.set(qn("w:charSpace"), str(CHAR_SPACE))
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    _font(paragraph.add_run("— "), SONG, 14)
    for kind in ("begin", "PAGE", "end"):
        run = paragraph.add_run()
        _font(run, SONG, 14)
        run._r.append(_instruction(kind) if kind == "PAGE" else _field_mark(kind))
    _font(paragraph.add_run(" —"), SONG, 14)


def _instruction(text: str):
    field = OxmlElement("w:instrText")
    field.text = text
    return field


def _field_mark(kind: str):
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _signature(document) -> None:
    _line(document, "{{ qr }}", pitch=None)
    _line(document, "{% if verify_url %}扫码核验本文书：{{ verify_url }}{% endif %}", size=9)
    for text in ("{{ department }}", "{{ date }}", "（印章）"):
        _line(document, text, align=ALIGN.RIGHT)


def _line(document, text, *, font=FANGSONG, size=16, align=None, indent=False, pitch=PITCH) -> None:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    if pitch is not None:
        shape.line_spacing, shape.line_spacing_rule = Pt(pitch), WD_LINE_SPACING.EXACTLY
    if indent:
        shape.first_line_indent = Pt(31.6)
    paragraph.alignment = align
    _font(paragraph.add_run(text), font, size)


def _font(run, name: str, size: int) -> None:
    run.font.name, run.font.size = name, Pt(size)
    run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), name)


if __name__ == "__main__":
    main()
