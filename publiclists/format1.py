"""Publication format 1 (`docs/publication.md`): pure functions, no database, no settings, no clock.

A publication is one file of canonical JSON (RFC 8785): a signed header, and the entries as the
leaves of a Merkle tree (RFC 9162) whose root stands in the header. A withdrawn entry shrinks to
its number and its leaf, so the file keeps verifying after the text is gone.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "mingshu-publication-1"
WITHDRAWALS_FORMAT = "mingshu-withdrawals-1"
KEYS_FORMAT = "mingshu-keys-1"
SALT_BYTES = 16

HASH = re.compile(r"[0-9a-f]{64}")
HEADER_SHAPE = {
    "format": re.compile(re.escape(FORMAT)),
    "county": re.compile(r"[0-9]{2,12}"),
    "kind": re.compile(r"[A-Z]{1,20}"),
    "as_of": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "published_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII),
    "merkle_root": HASH,
    "key_id": re.compile(r"[0-9a-f]{16}"),
}
HEADER_MEMBERS = {*HEADER_SHAPE, "number", "entry_count", "previous", "audit_head"}
SALT = re.compile(r"[0-9a-f]{32}")
SIGNATURE = re.compile(r"[0-9a-f]{128}")
Json = dict[str, Any]


class Broken(Exception):
    """One rule of the format does not hold; `code` is the stable name of the rule."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Check:
    """One rule that was looked at: its code, whether it held, and what was seen."""

    code: str
    ok: bool
    detail: str = ""


@dataclass
class Report:
    """The checks of one file in order; `header` as soon as it could be read."""

    name: str
    checks: list[Check] = field(default_factory=list)
    header: Json | None = None

    @property
    def ok(self) -> bool:
        return bool(self.checks) and all(check.ok for check in self.checks)


# --- hashing -------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """`value` as RFC 8785 bytes; `Broken("canonical")` for what JSON cannot say exactly."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError) as error:
        raise Broken("canonical", str(error)) from error


def leaf_hash(entry: Json, salt: bytes) -> bytes:
    """SHA-256(0x00 ‖ salt ‖ canonical entry)."""
    return hashlib.sha256(b"\x00" + salt + canonical(entry)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 9162, 2.1.1)."""
    return 1 << ((size - 1).bit_length() - 1)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over `leaves`; SHA-256 of nothing for an empty list."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = _split(len(leaves))
    return node_hash(merkle_root(leaves[:cut]), merkle_root(leaves[cut:]))


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The sibling hashes that lead from leaf `index` to the root, nearest first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return [*inclusion_path(leaves[:cut], index), merkle_root(leaves[cut:])]
    return [*inclusion_path(leaves[cut:], index - cut), merkle_root(leaves[:cut])]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that `path` gives for leaf `index` of `size`; `Broken` when its length is wrong."""
    if size == 1:
        if path or index:
            raise Broken("path", "one leaf has an empty path")
        return leaf
    if not path or not 0 <= index < size:
        raise Broken("path", "too short")
    cut = _split(size)
    if index < cut:
        return node_hash(root_from_path(leaf, index, cut, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(leaf, index - cut, size - cut, path[:-1]))


def key_id(public: bytes) -> str:
    """The name of a public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def header_hash(header: Json) -> str:
    """What the next header of the chain carries as `previous`."""
    return hashlib.sha256(canonical(header)).hexdigest()


# --- building ------------------------------------------------------------------------------------


def live(entry: Json, salt: bytes) -> Json:
    """An entry as it stands in a file while it is public."""
    return {"entry": entry, "salt": salt.hex()}


def withdrawn(entry: Json, salt: bytes, on: date) -> Json:
    """The same entry once withdrawn: nothing of its text is left."""
    leaf = leaf_hash(entry, salt).hex()
    return {"number": entry["number"], "leaf": leaf, "withdrawn_on": on.isoformat()}


def number_of(item: Json) -> str:
    return str(item["number"] if "leaf" in item else item["entry"]["number"])


def leaf_of(item: Json) -> bytes:
    if "leaf" in item:
        return bytes.fromhex(item["leaf"])
    return leaf_hash(item["entry"], bytes.fromhex(item["salt"]))


def in_order(items: Iterable[Json]) -> list[Json]:
    """Entries by number, byte by byte: the order of the leaves."""
    return sorted(items, key=lambda item: number_of(item).encode())


def build_header(
    *,
    county: str,
    kind: str,
    number: int,
    as_of: date,
    published_at: datetime,
    items: Sequence[Json],
    previous: str | None,
    audit_head: str | None,
    key: Ed25519PrivateKey,
) -> Json:
    """The header over `items` (already in order); `published_at` in UTC, whole seconds."""
    return {
        "format": FORMAT,
        "county": county,
        "kind": kind,
        "number": number,
        "as_of": as_of.isoformat(),
        "published_at": published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "entry_count": len(items),
        "merkle_root": merkle_root([leaf_of(item) for item in items]).hex(),
        "previous": previous,
        "audit_head": audit_head,
        "key_id": key_id(key.public_key().public_bytes_raw()),
    }


def sign(header: Json, key: Ed25519PrivateKey) -> str:
    return key.sign(canonical(header)).hex()


def withdrawals_statement(header: Json, items: Sequence[Json], signer: str) -> Json:
    """What the withdrawal signature covers: this header, and every entry reduced in this copy."""
    return {
        "format": WITHDRAWALS_FORMAT,
        "header": header_hash(header),
        "key_id": signer,
        "withdrawn": [item for item in items if "leaf" in item],
    }


def build_file(
    header: Json, signature: str, items: Sequence[Json], key: Ed25519PrivateKey
) -> bytes:
    """The bytes to serve.

    Entries reduced since the header was signed are countersigned by `key`, so that nobody else
    can blank an entry in a copy and have it verify.
    """
    file: Json = {"header": header, "signature": signature, "entries": list(items)}
    if any("leaf" in item for item in items):
        signer = key_id(key.public_key().public_bytes_raw())
        statement = withdrawals_statement(header, items, signer)
        file["withdrawals"] = {"key_id": signer, "signature": sign(statement, key)}
    return canonical(file)


def keys_file(keys: Iterable[Json]) -> bytes:
    """`keys.json`: every public key that ever signed, each with its `key_id` and `public_key`."""
    return canonical({"format": KEYS_FORMAT, "keys": list(keys)})


# --- reading -------------------------------------------------------------------------------------


def parse(data: bytes) -> Json:
    """The file behind `data`; `Broken("json")`, or "canonical" when a byte could differ."""
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError) as error:
        raise Broken("json", str(error)[:200]) from error
    if canonical(value) != data:
        raise Broken("canonical", "not the canonical form of its content")
    if not isinstance(value, dict):
        raise Broken("shape", "not an object")
    return value


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is not allowed")


def parse_keys(data: bytes) -> dict[str, bytes]:
    """Public keys by key id from a `keys.json`; `Broken("keys")` when one is not what it says."""
    try:
        value = json.loads(data.decode("utf-8"))
        keys = {str(row["key_id"]): bytes.fromhex(row["public_key"]) for row in value["keys"]}
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise Broken("keys", "not a list of public keys") from error
    for name, public in keys.items():
        if len(public) != 32 or key_id(public) != name:
            raise Broken("keys", f"key {name} does not match its id")
    return keys


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise Broken("shape", what)


def _text(value: Any, pattern: re.Pattern[str], what: str) -> None:
    _need(isinstance(value, str) and bool(pattern.fullmatch(value)), what)


def _whole(value: Any, least: int, what: str) -> None:
    _need(type(value) is int and value >= least, what)


def _day(value: Any, what: str) -> None:
    _text(value, HEADER_SHAPE["as_of"], what)
    _calendar(value, what)


def _calendar(value: str, what: str) -> None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise Broken("shape", f"{what} is no date") from None


def check_shape(file: Json) -> None:
    """Exactly the members of the format; `Broken("shape")` names the first odd one."""
    _need({"header", "signature", "entries"} <= set(file), "members of the file")
    _need(set(file) <= {"header", "signature", "entries", "withdrawals"}, "members of the file")
    _check_header(file["header"])
    _text(file["signature"], SIGNATURE, "signature")
    _need(isinstance(file["entries"], list), "entries")
    for position, item in enumerate(file["entries"], 1):
        _check_item(item, f"entry {position}")
    _check_withdrawals(file.get("withdrawals"))


def _check_header(header: Any) -> None:
    _need(isinstance(header, dict) and set(header) == HEADER_MEMBERS, "members of the header")
    if header["format"] != FORMAT:
        raise Broken("format", str(header["format"])[:60])
    for name, pattern in HEADER_SHAPE.items():
        _text(header[name], pattern, name)
    for name in ("previous", "audit_head"):
        if header[name] is not None:
            _text(header[name], HASH, name)
    _whole(header["number"], 1, "number")
    _whole(header["entry_count"], 0, "entry_count")
    _calendar(header["as_of"], "as_of")
    _calendar(header["published_at"].removesuffix("Z"), "published_at")


def _check_item(item: Any, what: str) -> None:
    _need(isinstance(item, dict), what)
    if set(item) == {"entry", "salt"}:
        _text(item["salt"], SALT, f"{what}, salt")
        _need(isinstance(item["entry"], dict), what)
        _need(isinstance(item["entry"].get("number"), str), f"{what}, number")
        return
    _need(set(item) == {"number", "leaf", "withdrawn_on"}, f"{what}, members")
    _need(isinstance(item["number"], str), f"{what}, number")
    _text(item["leaf"], HASH, f"{what}, leaf")
    _day(item["withdrawn_on"], f"{what}, withdrawn_on")


def _check_withdrawals(value: Any) -> None:
    if value is not None:
        _need(isinstance(value, dict) and set(value) == {"key_id", "signature"}, "withdrawals")
        _text(value["key_id"], HEADER_SHAPE["key_id"], "withdrawals, key_id")
        _text(value["signature"], SIGNATURE, "withdrawals, signature")
