"""Checking publications of format 1, one file or a folder; pure functions like `format1`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from publiclists.format1 import (
    Broken,
    Check,
    Json,
    Report,
    canonical,
    check_shape,
    header_hash,
    leaf_of,
    merkle_root,
    number_of,
    parse,
    withdrawals_statement,
)

Keys = Mapping[str, bytes]
# In this order; a later one is only reached when the earlier ones held.
FILE_CHECKS = ("json", "canonical", "shape", "key", "signature", "entries", "root", "withdrawals")


def verify_file(data: bytes, keys: Keys, name: str = "") -> Report:
    """Every rule of the format that one file alone can show. Stops at the first that fails."""
    report = Report(name)
    try:
        file = parse(data)
        _held(report, "json", f"{len(data)} bytes")
        _held(report, "canonical")
        check_shape(file)
        report.header = file["header"]
        _held(report, "shape", f"{file['header']['kind']} no. {file['header']['number']}")
        for code, check in _STEPS:
            _held(report, code, check(file, keys))
    except Broken as broken:
        _failed(report, broken)
    return report


def _held(report: Report, code: str, detail: str = "") -> None:
    report.checks.append(Check(code, True, detail))


def _failed(report: Report, broken: Broken) -> None:
    if broken.code == "canonical":
        _held(report, "json")
    report.checks.append(Check(broken.code, False, broken.detail))


def _key(file: Json, keys: Keys) -> str:
    return _known(file["header"]["key_id"], keys)


def _known(key_id: str, keys: Keys) -> str:
    if key_id not in keys:
        raise Broken("key", f"{key_id} is not among the published keys")
    return key_id


def _signature(file: Json, keys: Keys) -> str:
    header = file["header"]
    _verify(keys[header["key_id"]], file["signature"], header, "signature")
    return "Ed25519"


def _verify(public: bytes, signature: str, signed: Json, code: str) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(bytes.fromhex(signature), canonical(signed))
    except InvalidSignature:
        raise Broken(code, "the signature does not belong to this text") from None


def _entries(file: Json, _keys: Keys) -> str:
    header, items = file["header"], file["entries"]
    if len(items) != header["entry_count"]:
        raise Broken("entries", f"{len(items)} entries, the header says {header['entry_count']}")
    for before, after in pairwise(number_of(item).encode() for item in items):
        if before >= after:
            raise Broken("entries", f"{after.decode()} is out of order or twice")
    strangers = [item for item in items if "entry" in item and _foreign(item["entry"], header)]
    if strangers:
        raise Broken("entries", f"{number_of(strangers[0])} belongs to another list")
    return str(len(items))


def _foreign(entry: Json, header: Json) -> bool:
    return any(name in entry and entry[name] != header[name] for name in ("county", "kind"))


def _root(file: Json, _keys: Keys) -> str:
    root = merkle_root([leaf_of(item) for item in file["entries"]]).hex()
    if root != file["header"]["merkle_root"]:
        raise Broken("root", f"the entries give {root}")
    return root


def _withdrawals(file: Json, keys: Keys) -> str:
    reduced = sum("leaf" in item for item in file["entries"])
    seal = file.get("withdrawals")
    if (seal is None) != (reduced == 0):
        raise Broken("withdrawals", "an entry was blanked without a signed withdrawal")
    if seal:
        statement = withdrawals_statement(
            file["header"], file["entries"], _known(seal["key_id"], keys)
        )
        _verify(keys[seal["key_id"]], seal["signature"], statement, "withdrawals")
    return str(reduced)


_STEPS: tuple[tuple[str, Callable[[Json, Keys], str]], ...] = (
    ("key", _key),
    ("signature", _signature),
    ("entries", _entries),
    ("root", _root),
    ("withdrawals", _withdrawals),
)


def verify_files(files: Iterable[tuple[str, bytes]], keys: Keys) -> list[Report]:
    """Each file alone, then each chain (county and kind) as one more report."""
    reports = [verify_file(data, keys, name) for name, data in files]
    chains: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for report in reports:
        if report.ok and report.header:
            chains[report.header["county"], report.header["kind"]].append(report.header)
    names = sorted(chains)
    return reports + [verify_chain(chains[name], "{} {}".format(*name)) for name in names]


def verify_chain(headers: Sequence[Json], name: str = "") -> Report:
    """Headers of one county and kind: no fork, no gap, each names the one before."""
    report = Report(name)
    try:
        chain = _without_forks(headers)
        _held(report, "fork")
        _complete(chain)
        _held(report, "gap", f"1–{len(chain)}")
        for before, after in pairwise(chain):
            _linked(before, after)
        _held(report, "chain", header_hash(chain[-1]))
        report.header = chain[-1]
    except Broken as broken:
        report.checks.append(Check(broken.code, False, broken.detail))
    return report


def _without_forks(headers: Sequence[Json]) -> list[Json]:
    by_number: dict[int, Json] = {}
    for header in headers:
        if by_number.setdefault(header["number"], header) != header:
            raise Broken("fork", f"two different publications have number {header['number']}")
    return [by_number[number] for number in sorted(by_number)]


def _complete(chain: Sequence[Json]) -> None:
    for expected, header in enumerate(chain, 1):
        if header["number"] != expected:
            raise Broken("gap", f"number {expected} is missing")
    if chain and chain[0]["previous"] is not None:
        raise Broken("chain", "the first publication names a predecessor")


def _linked(before: Json, after: Json) -> None:
    if after["previous"] != header_hash(before):
        raise Broken("chain", f"number {after['number']} does not follow number {before['number']}")
    for name in ("published_at", "as_of"):
        if after[name] < before[name]:
            raise Broken("chain", f"number {after['number']} is dated before {before['number']}")
