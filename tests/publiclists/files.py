"""Publication files made by hand, without database."""

from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from publiclists import format1

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
KEYS = {format1.key_id(PUBLIC): PUBLIC}
DAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def entry(number, kind="WHITE", **members):
    return {"number": number, "kind": kind, "county": "990121", "name": "明川县晨光", **members}


@st.composite
def items(draw, kind="WHITE", least=0):
    serials = draw(st.sets(st.integers(1, 999_999), min_size=least, max_size=12))
    made = []
    for serial in serials:
        text = entry(f"W-2026-{serial:06}", kind, name=draw(TEXTS), note=draw(TEXTS))
        made.append(format1.live(text, draw(st.binary(min_size=16, max_size=16))))
    return format1.in_order(made)


def withdraw(item, on=DAY):
    return format1.withdrawn(item["entry"], bytes.fromhex(item["salt"]), on)


def header_of(entries, number=1, previous=None, kind="WHITE", moment=MOMENT):
    return format1.build_header(
        county="990121", kind=kind, number=number, as_of=moment.date(), published_at=moment,
        items=entries, previous=previous, audit_head=None, key=KEY,
    )  # fmt: skip


def file_of(entries, header=None, shown=None):
    header = header or header_of(entries)
    return format1.build_file(header, format1.sign(header, KEY), shown or entries, KEY)


def three():
    return [format1.live(entry(f"W-2026-00000{n}"), bytes([n]) * 16) for n in (1, 2, 3)]


def chain_of(lists):
    previous, files = None, []
    for number, entries in enumerate(lists, 1):
        header = header_of(entries, number, previous, moment=MOMENT + timedelta(days=number))
        previous = format1.header_hash(header)
        files.append((f"{number}.json", file_of(entries, header)))
    return files
