"""The county's lists of governance: grounds, entries, objections, and what was published when.

Entries that national rules call serious dishonesty are another register and do not belong here.
"""

from publiclists.models.entries import (
    EntryGround,
    Evidence,
    ListEntry,
    ListEntryQuerySet,
    Objection,
    Status,
)
from publiclists.models.grounds import LETTERS, SLUGS, Ground, Kind
from publiclists.models.publications import (
    ListChain,
    Publication,
    PublicationEntry,
    PublicationEntryQuerySet,
    SigningKey,
)

__all__ = [
    "LETTERS",
    "SLUGS",
    "EntryGround",
    "Evidence",
    "Ground",
    "Kind",
    "ListChain",
    "ListEntry",
    "ListEntryQuerySet",
    "Objection",
    "Publication",
    "PublicationEntry",
    "PublicationEntryQuerySet",
    "SigningKey",
    "Status",
]
