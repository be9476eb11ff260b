"""Keys of partner systems: 256 random bits, stored as a hash, scoped, at most a year."""

import datetime as dt
import hashlib
import ipaddress
import secrets
from collections.abc import Sequence

from django.db import transaction

from governance import audit, daylight
from governance.models import ActorKind, Department, Membership
from governance.models.api import ApiKey, PartnerSystem
from governance.workflow import Refused

LONGEST = dt.timedelta(days=365)
SCOPES = (
    "institutions:read",
    "licences:read",
    "inspections:read",
    "findings:read",
    "rectification-tasks:read",
    "list-entries:read",
    "publications:read",
    "collections:read",
    "returns:read",
)


class UnknownScope(Refused):
    """A scope that the API does not have."""

    code = "unknown_scope"


@transaction.atomic
def issue(
    system_name: str,
    department: Department,
    scopes: Sequence[str],
    *,
    by: Membership,
    days: int = 365,
    networks: Sequence[str] = (),
) -> str:
    """Make a key for a partner system of a department; the text is returned once and not kept."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise UnknownScope(f"unknown scope: {', '.join(unknown) or '(none given)'}")
    text = f"ms_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        system=_system(system_name, department),
        prefix=text[:10],
        digest=digest(text),
        scopes=sorted(set(scopes)),
        networks=[str(ipaddress.ip_network(network)) for network in networks],
        issued_by=by,
        expires_on=daylight.today() + min(dt.timedelta(days=days), LONGEST),
    )
    audit.record(audit.Verb.API_KEY_ISSUED, key, by=by, scopes=key.scopes)
    return text


@transaction.atomic
def revoke(key: ApiKey, *, by: Membership, reason: str) -> None:
    """End a key at once."""
    key.revoked_at = daylight.now()
    key.save(update_fields=["revoked_at"])
    audit.record(audit.Verb.API_KEY_REVOKED, key, by=by, reason=reason)


def digest(text: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def valid_key(text: str, address: str) -> ApiKey | None:
    """The key, when it counts today and may be used from this address."""
    key = (
        ApiKey.objects.filter(digest=digest(text), revoked_at=None)
        .select_related("system__membership__department")
        .first()
    )
    if key is None or key.expires_on < daylight.today():
        return None
    here = ipaddress.ip_address(address or "0.0.0.0")
    inside = any(here in ipaddress.ip_network(network) for network in key.networks)
    return key if inside or not key.networks else None


def _system(name: str, department: Department) -> PartnerSystem:
    found = PartnerSystem.objects.filter(name=name, membership__department=department).first()
    if found:
        return found
    membership = Membership.objects.create(
        kind=ActorKind.PARTNER, department=department, label=name
    )
    return PartnerSystem.objects.create(name=name, membership=membership)
