"""A department's own templates. What a collection uses is never edited: a revision follows it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import annexes, duties
from campaigns.models import CollectionTemplate, TemplateVersion
from governance import audit, daylight
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import DutyMissing
from governance.workflow import Refused

MOST_COLUMNS = 60
Columns = Iterable[Mapping[str, Any]]  # of `TemplateColumn`, in their order, without position


@transaction.atomic
def make_template(
    *,
    name_zh: str,
    name_en: str = "",
    columns: Columns,
    by: Membership,
    **asked: Any,
) -> CollectionTemplate:
    """A new template of the actor's department; `asked` are further fields of its version."""
    owner = duties.office(by, duties.ISSUE)
    template = CollectionTemplate.objects.create(
        code=_free_code(owner.code), owner=owner, name_zh=name_zh.strip(), name_en=name_en.strip()
    )
    _add_version(template, 1, columns, by, asked)
    audit.record(Verb.COLLECTION_TEMPLATE_MADE, template, by=by)
    return template


def _free_code(owner: str) -> str:
    taken = CollectionTemplate.objects.filter(code__startswith=f"{owner}-T").count()
    return f"{owner}-T{taken + 1}"


@transaction.atomic
def revise_template(
    template: CollectionTemplate,
    *,
    name_zh: str,
    name_en: str = "",
    columns: Columns,
    by: Membership,
    was: int | None = None,
    **asked: Any,
) -> TemplateVersion:
    """Ask something else from now on: in place while no collection uses the version, else as the
    next one. `was` is the number of the version the editor saw."""
    _need_keeper(template, by)
    locked = CollectionTemplate.objects.select_for_update().get(pk=template.pk)
    newest = locked.versions.order_by("-number")[0]
    if was is not None and newest.number != was:
        raise Refused(_("Somebody revised this template after you opened it."))
    CollectionTemplate.objects.filter(pk=locked.pk).update(
        name_zh=name_zh.strip(), name_en=name_en.strip()
    )
    number = newest.number
    if newest.collections.exists():
        number += 1
    else:
        newest.delete()
    version = _add_version(locked, number, columns, by, asked)
    audit.record(Verb.COLLECTION_TEMPLATE_REVISED, locked, by=by, version=number)
    return version


@transaction.atomic
def retire_template(template: CollectionTemplate, *, by: Membership) -> None:
    """No longer offered; collections that use it go on."""
    _need_keeper(template, by)
    if template.retired_on:
        raise Refused(_("This template is no longer in use."))
    CollectionTemplate.objects.filter(pk=template.pk).update(retired_on=daylight.today())
    audit.record(Verb.COLLECTION_TEMPLATE_RETIRED, template, by=by)


def _need_keeper(template: CollectionTemplate, by: Membership) -> None:
    owner = duties.office(by, duties.ISSUE)
    if template.owner_id != owner.pk:
        raise DutyMissing(duties.ISSUE)


def _add_version(
    template: CollectionTemplate,
    number: int,
    columns: Columns,
    by: Membership,
    asked: Mapping[str, Any],
) -> TemplateVersion:
    told = [dict(column) for column in columns]
    if not 1 <= len(told) <= MOST_COLUMNS:
        raise Refused(
            _("A template has at least one column and at most %(most)s.") % {"most": MOST_COLUMNS}
        )
    version = TemplateVersion.objects.create(
        template=template, number=number, created_by=by, **asked
    )
    annexes.put_columns(version, told)
    return version
