"""Filters kept under a name. A view is a page and its query string; only its owner changes it.

What others do to the filters of a shared view stays in their address bar until they save a view of
their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit
from governance.models.people import Membership, Role
from governance.models.views import SavedView
from governance.scoping import Duty, DutyMissing, require
from governance.workflow import Refused, StaleVersion

Visibility = SavedView.Visibility
PUBLISH = Duty(
    "views.publish", gettext_lazy("Publish a view for everybody"), frozenset({Role.LEADER})
)
PASSING = {"page", "cursor", "peek", "view", "csrfmiddlewaretoken"}  # not part of what is shown
LONGEST = 2_000  # characters of a query string


def cleaned(query: str) -> str:
    """The lasting part of a query string, in its order, without empty fields."""
    pairs = parse_qsl(query.lstrip("?"))
    return urlencode([(name, value) for name, value in pairs if name not in PASSING])


def is_changed(view: SavedView, query: str) -> bool:
    """Whether the filters on the screen are no longer those of the view."""
    return sorted(parse_qsl(cleaned(query))) != sorted(parse_qsl(view.query))


@transaction.atomic
def save(
    page: str, name: str, query: str, *, by: Membership, visibility: str = Visibility.MINE
) -> SavedView:
    """Keep the filters of a page; `page` is the name of its URL."""
    _check(name, query, visibility, by)
    with _one_name(name):
        view = SavedView.objects.create(
            owner=by,
            department=by.department,
            page=page,
            name=name.strip(),
            query=cleaned(query),
            visibility=visibility,
        )
    audit.record(audit.Verb.VIEW_SAVED, view, by=by, page=page, visibility=str(visibility))
    return view


@transaction.atomic
def change(
    view: SavedView,
    *,
    by: Membership,
    version: int,
    name: str | None = None,
    query: str | None = None,
    visibility: str | None = None,
) -> None:
    """Change a view of one's own; what is None stays."""
    _require_owner(view, by)
    fields = {
        "name": view.name if name is None else name.strip(),
        "query": view.query if query is None else cleaned(query),
        "visibility": visibility or view.visibility,
    }
    _check(fields["name"], fields["query"], fields["visibility"], by)
    with _one_name(fields["name"]):
        rows = SavedView.objects.filter(pk=view.pk, version=version)
        changed = rows.update(version=F("version") + 1, **fields)
    if not changed:
        view.refresh_from_db()
        raise StaleVersion(view, version)
    view.refresh_from_db()
    audit.record(audit.Verb.VIEW_CHANGED, view, by=by, visibility=str(view.visibility))


@transaction.atomic
def make_default(view: SavedView, *, by: Membership) -> None:
    """Show this view first on its page to its owner."""
    _require_owner(view, by)
    SavedView.objects.filter(owner=by, page=view.page, is_default=True).update(is_default=False)
    SavedView.objects.filter(pk=view.pk).update(is_default=True)


@transaction.atomic
def remove(view: SavedView, *, by: Membership) -> None:
    """Really delete a view of one's own; nothing else hangs on it."""
    _require_owner(view, by)
    audit.record(audit.Verb.VIEW_DELETED, view, by=by, page=view.page)
    view.delete()


@contextmanager
def _one_name(name: str) -> Iterator[None]:
    """The database knows best whether the owner has a view of this name on the page."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(_("You have a view “%(name)s” already.") % {"name": name.strip()}) from error


def _check(name: str, query: str, visibility: str, by: Membership) -> None:
    if not name.strip():
        raise Refused(_("Give the view a name."))
    if len(query) > LONGEST:
        raise Refused(_("These filters are too long to be kept."))
    if visibility == Visibility.PUBLIC:
        require(by, PUBLISH)


def _require_owner(view: SavedView, by: Membership) -> None:
    if view.owner_id != by.pk:
        raise DutyMissing(Duty("views.own", str(_("Owner of the view"))))
