"""Fields whose values are unreadable in the database: AES-256-GCM, and a keyed hash to find them.

A stored value is `key id:base64url(nonce ‖ ciphertext)`; the name of its column is authenticated
with it, so a value copied into another column does not open. Keys come from `settings.FIELD_KEYS`
(newest first): a new key is put in front, `manage.py rotate_field_keys` re-encrypts, then the old
one may go. The search hash has a key of its own, which does not rotate.
"""

import base64
import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models

NONCE = 12  # bytes, as NIST SP 800-38D recommends
SHORTEST_KEY = 32  # characters of key material
_IGNORED = str.maketrans("", "", " -\t\u3000()（）—")


class Unreadable(Exception):
    """The value was tampered with, or its key is not in the ring."""


@lru_cache(maxsize=4)
def _ring(material: str) -> dict[str, AESGCM]:
    keys = material.split()
    if not keys or any(len(key) < SHORTEST_KEY for key in keys):
        raise ImproperlyConfigured(f"field keys need {SHORTEST_KEY} characters each")
    return {_key_id(key): AESGCM(_derived(key)) for key in keys}


def _key_id(key: str) -> str:
    """A name for the key that says nothing about it."""
    return _derived(key, b"mingshu key id").hex()[:8]


def _derived(key: str, purpose: bytes = b"mingshu private field") -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(key.encode())


def current_key_id() -> str:
    """The key under which values are written now."""
    return next(iter(_ring(settings.FIELD_KEYS)))


def encrypt(text: str, place: str) -> str:
    """The stored form of `text` for the column named `place`."""
    key_id = current_key_id()
    nonce = os.urandom(NONCE)
    sealed = _ring(settings.FIELD_KEYS)[key_id].encrypt(nonce, text.encode(), place.encode())
    return f"{key_id}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, place: str) -> str:
    """The text behind a stored form; `Unreadable` when it was touched or its key is gone."""
    key_id, _, body = stored.partition(":")
    key = _ring(settings.FIELD_KEYS).get(key_id)
    if key is None:
        raise Unreadable(f"{place}: no key {key_id}")
    try:
        sealed = base64.urlsafe_b64decode(body.encode())
        return key.decrypt(sealed[:NONCE], sealed[NONCE:], place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"{place}: the value does not open") from error


def search_hash(value: str, purpose: str) -> str:
    """The keyed hash under which a phone, id or account is found; "" for nothing.

    Spelling does not matter: full width, spaces, hyphens and case are levelled first. `purpose`
    keeps the same value in two kinds of columns apart.
    """
    plain = normalised(value)
    if not plain:
        return ""
    message = f"{purpose}\x00{plain}".encode()
    return hmac.new(settings.SEARCH_KEY.encode(), message, hashlib.sha256).hexdigest()


def normalised(value: str) -> str:
    """One spelling of a number that people write in many ways."""
    return unicodedata.normalize("NFKC", value or "").translate(_IGNORED).upper()


class EncryptedTextField(models.TextField):
    """Text stored encrypted: it can be written, read and tested for NULL, never searched."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value, self.place) if value else value

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return encrypt(plain, self.place) if plain else plain

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.place} is encrypted; search by its SearchHashField")
        return super().get_lookup(lookup_name)

    @property
    def place(self) -> str:
        """What binds a value to its column."""
        return f"{self.model._meta.label_lower}.{self.name}"


class SearchHashField(models.CharField):
    """The keyed hash of the private field `of`, kept with it on every save of the row.

    `QuerySet.update` does not pass here: set both columns with `columns(model, field=value)`.
    """

    def __init__(self, *args: Any, of: str = "", purpose: str = "", **kwargs: Any) -> None:
        self.of, self.purpose = of, purpose or of
        kwargs |= {"max_length": 64, "blank": True, "editable": False, "db_index": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for known in ("max_length", "blank", "editable", "db_index"):
            kwargs.pop(known, None)
        return name, path, args, kwargs | {"of": self.of, "purpose": self.purpose}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = search_hash(getattr(model_instance, self.of) or "", self.purpose)
        setattr(model_instance, self.attname, value)
        return value


def is_private(model: type[models.Model], name: str) -> bool:
    """Whether audit and exports may name the field but not its value."""
    if name in getattr(model, "PRIVATE_FIELDS", ()):
        return True
    fields = {field.name: field for field in model._meta.get_fields()}
    return isinstance(fields.get(name), EncryptedTextField | SearchHashField)


def columns(model: type[models.Model], **values: Any) -> dict[str, Any]:
    """`values` with the search hashes that belong to them, for `QuerySet.update`."""
    hashes_of = [field for field in model._meta.fields if isinstance(field, SearchHashField)]
    found = {
        field.name: search_hash(values[field.of], field.purpose)
        for field in hashes_of
        if field.of in values
    }
    return values | found


def withheld(model: type[models.Model], changes: dict[str, Any]) -> dict[str, Any]:
    """`changes` as audit may keep them: of a private field only that it changed."""
    return {
        name: "changed" if is_private(model, name) else change for name, change in changes.items()
    }


def private_columns(model: type[models.Model]) -> list[EncryptedTextField]:
    """The encrypted columns of a model's own table."""
    return [field for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]


def rotate(model: type[models.Model], batch: int = 500) -> int:
    """Re-encrypt what is not under the newest key; returns how many values. May run again."""
    return sum(_rotate_column(model, field, batch) for field in private_columns(model))


def _rotate_column(model: type[models.Model], field: EncryptedTextField, batch: int) -> int:
    done = 0
    while rows := _outdated(model, field, batch):
        for pk, stored in rows:
            _replace(model, field, pk, stored)
        done += len(rows)
    return done


def _outdated(model: type[models.Model], field: EncryptedTextField, batch: int) -> list[Any]:
    """(key, stored form) of values under an older key; SQL, because the ORM would open them."""
    key = model._meta.pk.column
    statement = (
        f'SELECT "{key}", "{field.column}" FROM "{model._meta.db_table}" '
        f'WHERE "{field.column}" > \'\' AND "{field.column}" NOT LIKE %s LIMIT {int(batch)}'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"{current_key_id()}:%"])
        return cursor.fetchall()


def _replace(model: type[models.Model], field: EncryptedTextField, pk: Any, stored: str) -> None:
    """Only while the value is the one read: an act in between wins over the rotation."""
    fresh = encrypt(decrypt(stored, field.place), field.place)
    statement = (
        f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s '
        f'WHERE "{model._meta.pk.column}" = %s AND "{field.column}" = %s'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [fresh, pk, stored])
