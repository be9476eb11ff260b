"""Official papers: a dated template and facts become a numbered PDF and Word file, for good.

The number is given when the paper is issued, in the same transaction; a preview has none and says
草稿. What was issued is never changed: a wrong paper is withdrawn with a reason, and a new one
replaces it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import rfc8785
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import audit, daylight, filestore, numbers, paper_rendering, subjects, workflow
from governance.models.numbers import Number
from governance.models.papers import Paper, PaperTemplate, new_token
from governance.models.people import Department, Membership
from governance.workflow import Refused

INDEX = paper_rendering.FOLDER / "index.json"
FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class MissingFacts(Refused):
    """The paper cannot be issued yet; `names` are the facts it lacks, in the order of the paper."""

    code = "missing_facts"

    def __init__(self, template: PaperTemplate, names: list[str]) -> None:
        self.names = names
        labels = [_label(field) for field in template.fields if field["name"] in names]
        sentence = _("“%(paper)s” cannot be issued yet. Missing: %(facts)s.")
        super().__init__(sentence % {"paper": _name(template), "facts": _("; ").join(labels)})


def template(code: str, on: dt.date | None = None) -> PaperTemplate:
    """The version of a template that counts on the day; `Refused` when there is none."""
    found = PaperTemplate.objects.in_force(code, on or daylight.today()).first()
    if found is None:
        raise Refused(_("There is no paper “%(code)s” for this day.") % {"code": code})
    return found


def missing(template: PaperTemplate, facts: Mapping[str, Any]) -> list[str]:
    """The names of required facts that are absent or empty and have no default."""
    full = _with_defaults(template, facts)
    return [
        field["name"]
        for field in template.fields
        if field.get("required") and not full.get(field["name"])
    ]


def preview(code: str, facts: Mapping[str, Any], *, department: Department) -> bytes:
    """A PDF marked 草稿, without number, of whatever facts there are; nothing is kept."""
    found = template(code)
    _refuse_unknown(found, facts)
    full = _with_defaults(found, facts)
    data = _data(found, full, department, daylight.today(), "（编号待签发）", draft=True)
    return paper_rendering.pdf(found.folder, data)


@transaction.atomic
def issue(
    template_code: str,
    subject: models.Model,
    facts: Mapping[str, Any],
    *,
    by: Membership,
    department: Department | None = None,
    replaces: Paper | None = None,
) -> Paper:
    """Issue a paper for `subject` in the name of the actor's department (or `department`).

    `facts` are the fields of the template (`PaperTemplate.fields`): texts; `date` fields as dates;
    `list` fields as lists of texts; `problems` as dicts of `text` and `basis`. Raises
    `MissingFacts` naming what is lacking, `ValueError` for a fact the template does not know.
    """
    department = department or by.department
    if department is None:
        raise Refused(_("Only a department issues papers."))
    found = template(template_code)
    _refuse_unknown(found, facts)
    if lacking := missing(found, facts):
        raise MissingFacts(found, lacking)
    full = json.loads(json.dumps(_with_defaults(found, facts), cls=DjangoJSONEncoder))
    series = numbers.document_series(department, template_code, found.number_word)
    number = numbers.reserve(series, by=by)
    paper = _set(found, full, department, number)
    return _kept(paper, subject, by=by, replaces=replaces)


@transaction.atomic
def withdraw(paper: Paper, *, by: Membership, reason: str, version: int | None = None) -> None:
    """Take a paper back; number, files and verification page stay and say so."""
    if not reason.strip():
        raise Refused(_("Say why the paper is withdrawn."))
    workflow.move(
        paper,
        Paper.Status.WITHDRAWN,
        verb=audit.Verb.PAPER_WITHDRAWN,
        by=by,
        version=version,
        also={"withdrawn_on": daylight.today(), "withdrawal_reason": reason.strip()[:200]},
        number=paper.number_text,
        reason=reason.strip(),
    )


def read(paper: Paper, form: str) -> bytes:
    """The issued file, `pdf` or `docx`, checked against its hash."""
    sha256 = paper.pdf_sha256 if form == "pdf" else paper.docx_sha256
    with filestore.originals().open(filestore.name_of(sha256)) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise OSError(f"the stored file of {paper.number_text} was changed")
    return content


def verify(paper: Paper) -> list[str]:
    """What is wrong with an issued paper: `changed pdf`, `missing docx`, `changed facts`; or []."""
    problems = [problem for form in FORMATS if (problem := _file_problem(paper, form))]
    if content_hash(paper) != paper.content_sha256:
        problems.append("changed facts")
    return problems


def find(token: str, actor: Membership) -> Paper | None:
    """The paper of this token, if the actor sees its subject."""
    found = by_token(token)
    if found and subjects.visible(found.content_type, found.object_id, actor):
        return found
    return None


def by_token(token: str) -> Paper | None:
    """The paper of this token for anybody who holds it; show no more than that it was issued."""
    rows = Paper.objects.select_related("content_type", "department")
    return rows.filter(token=token).first()


def download(paper: Paper, form: str, *, by: Membership) -> bytes:
    """The issued file; who took it is recorded with the subject."""
    content = read(paper, form)
    audit.record(
        audit.Verb.PAPER_DOWNLOADED, paper.subject, by=by, number=paper.number_text, form=form
    )
    return content


def verify_url(token: str) -> str:
    """The address in the QR code."""
    return settings.MINGSHU_BASE_URL.rstrip("/") + reverse("verify", args=[token])


def content_hash(paper: Paper) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of everything that was issued."""
    content = {
        "number": paper.number_text,
        "title": paper.title,
        "department": paper.department.code,
        "issued_on": paper.issued_on.isoformat(),
        "template": f"{paper.template.code}/{paper.template.version}",
        "facts": paper.facts,
        "pdf": paper.pdf_sha256,
        "docx": paper.docx_sha256,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def load_templates() -> int:
    """Load every version named in `paper_templates/index.json`; returns how many there are."""
    entries = json.loads(INDEX.read_text(encoding="utf-8"))
    for entry in entries:
        PaperTemplate.objects.update_or_create(
            code=entry.pop("code"), version=entry.pop("version"), defaults=entry
        )
    return len(entries)


# --- making one ------------------------------------------------------------------------------


def _set(
    found: PaperTemplate, facts: dict[str, Any], department: Department, number: Number
) -> Paper:
    """The paper with both files in the store, not yet in the database."""
    token = new_token()
    url = verify_url(token)
    data = _data(found, facts, department, daylight.today(), number.text, draft=False)
    pdf = paper_rendering.pdf(found.folder, data, verify_url=url, at=daylight.now())
    docx = paper_rendering.docx(found.folder, data, verify_url=url)
    return Paper(
        template=found,
        department=department,
        number=number,
        number_text=number.text,
        title=found.name_zh,
        issued_on=daylight.today(),
        facts=facts,
        pdf_sha256=_put(pdf),
        docx_sha256=_put(docx),
        token=token,
    )


def _kept(paper: Paper, subject: models.Model, *, by: Membership, replaces: Paper | None) -> Paper:
    paper.content_type = ContentType.objects.get_for_model(subject)
    paper.object_id = subject.pk
    paper.division_id = getattr(subject, "division_id", "") or paper.department.division_id
    paper.replaces = replaces
    paper.issued_by = by
    paper.content_sha256 = content_hash(paper)
    paper.save(force_insert=True)
    numbers.use(paper.number, paper)
    audit.record(
        audit.Verb.PAPER_ISSUED,
        subject,
        by=by,
        paper=paper.title,
        number=paper.number_text,
        sha256=paper.content_sha256,
    )
    return paper


def _data(
    found: PaperTemplate,
    facts: Mapping[str, Any],
    department: Department,
    day: dt.date,
    number: str,
    *,
    draft: bool,
) -> dict[str, Any]:
    return paper_rendering.shown(found.fields, facts) | {
        "title": found.name_zh,
        "number": number,
        "department": department.name,
        "date": paper_rendering.day_in_words(day),
        "draft": draft,
    }


def _with_defaults(template: PaperTemplate, facts: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {field["name"]: field["default"] for field in template.fields if "default" in field}
    return defaults | {name: value for name, value in facts.items() if value not in (None, "", [])}


def _refuse_unknown(template: PaperTemplate, facts: Mapping[str, Any]) -> None:
    """Facts that appear nowhere on the paper have no business in its record."""
    unknown = set(facts) - {field["name"] for field in template.fields}
    if unknown:
        raise ValueError(f"{template.code} has no fields {sorted(unknown)}")


def _put(content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    filestore.put(filestore.originals(), sha256, ContentFile(content))
    return sha256


def _file_problem(paper: Paper, form: str) -> str:
    try:
        read(paper, form)
    except FileNotFoundError:
        return f"missing {form}"
    except OSError:
        return f"changed {form}"
    return ""


def _label(field: Mapping[str, Any]) -> str:
    return field["label_en"] if get_language() == "en" else field["label_zh"]


def _name(template: PaperTemplate) -> str:
    return template.name_en if get_language() == "en" else template.name_zh
