"""Publications as bytes: the rows of a publication in its file, signed by the key in force."""

import datetime as dt

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from publiclists import format1, keys
from publiclists.models import Publication, PublicationEntry, SigningKey


def current_key(on: dt.date) -> Ed25519PrivateKey:
    """The key that signs now; its public half is on record from its first use."""
    key = keys.signing_key(settings.MINGSHU_KEYS_DIR, may_create=not settings.PRODUCTION)
    public = key.public_key().public_bytes_raw()
    name = format1.key_id(public)
    _row, created = SigningKey.objects.get_or_create(
        key_id=name, defaults={"public_key": public.hex(), "since": on}
    )
    if created:
        SigningKey.objects.exclude(key_id=name).filter(until=None).update(until=on)
    return key


def items_of(publication: Publication) -> list[format1.Json]:
    """The entries of a publication as its file shows them today, in the order of the leaves."""
    return format1.in_order(_item(row) for row in publication.entries.all())


def _item(row: PublicationEntry) -> format1.Json:
    salt = bytes(row.salt)
    if row.withdrawn_on:
        return format1.withdrawn(row.text, salt, row.withdrawn_on)
    return format1.live(row.text, salt)


def file_of(publication: Publication, on: dt.date) -> bytes:
    """The file to serve: the signed header for ever, the entries as they may be shown today."""
    header: format1.Json = publication.header or {}
    return format1.build_file(header, publication.signature, items_of(publication), current_key(on))


def keys_file() -> bytes:
    """`keys.json` with every public key that ever signed."""
    return format1.keys_file(
        {
            "algorithm": "Ed25519",
            "key_id": row.key_id,
            "public_key": row.public_key,
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
        }
        for row in SigningKey.objects.all()
    )
