"""Publication format 1: the tree of RFC 9162, the file, the withdrawal, the chain."""

import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from publiclists import format1, verification
from publiclists.format1 import Broken
from tests.publiclists.files import (
    KEY,
    KEYS,
    MOMENT,
    PUBLIC,
    chain_of,
    entry,
    file_of,
    header_of,
    items,
    three,
    withdraw,
)

# The inputs and roots of the certificate-transparency reference implementation.
CT_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
CT_INPUTS.append("606162636465666768696a6b6c6d6e6f")
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def failure(data, keys=KEYS):
    report = verification.verify_file(data, keys)
    assert not report.ok
    return report.checks[-1].code


# --- the tree ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(1, 9))
def test_the_tree_gives_the_roots_of_the_reference_implementation(size):
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(text)).digest() for text in CT_INPUTS[:size]]
    assert format1.merkle_root(leaves).hex() == CT_ROOTS[size - 1]


def test_an_empty_list_has_the_hash_of_nothing():
    assert format1.merkle_root([]).hex() == hashlib.sha256(b"").hexdigest()


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70), st.data())
def test_every_leaf_has_a_path_to_the_root_and_no_other_leaf_fits_it(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = format1.inclusion_path(leaves, index)
    root = format1.merkle_root(leaves)
    assert format1.root_from_path(leaves[index], index, len(leaves), path) == root
    stranger = hashlib.sha256(b"stranger").digest()
    assert format1.root_from_path(stranger, index, len(leaves), path) != root


@pytest.mark.parametrize("path", [[], [b"x" * 32] * 5])
def test_a_path_of_the_wrong_length_is_refused(path):
    with pytest.raises(Broken):
        format1.root_from_path(b"x" * 32, 1, 3, path)


def test_a_position_outside_the_tree_has_no_path():
    with pytest.raises(IndexError):
        format1.inclusion_path([b"x" * 32], 1)


def test_the_same_text_under_another_salt_has_another_leaf():
    assert format1.leaf_hash(entry("W-2026-000001"), b"a" * 16) != format1.leaf_hash(
        entry("W-2026-000001"), b"b" * 16
    )


# --- the file ------------------------------------------------------------------------------------


@given(items())
def test_what_is_built_verifies(entries):
    report = verification.verify_file(file_of(entries), KEYS)
    assert report.ok, report.checks
    assert [check.code for check in report.checks] == list(verification.FILE_CHECKS)
    assert report.header["entry_count"] == len(entries)


@settings(max_examples=300)
@given(items(least=1), st.data())
def test_one_flipped_bit_anywhere_fails(entries, data):
    hidden = data.draw(st.integers(0, len(entries)))
    shown = [withdraw(item) if n < hidden else item for n, item in enumerate(entries)]
    file = bytearray(file_of(entries, shown=shown))
    file[data.draw(st.integers(0, len(file) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert not verification.verify_file(bytes(file), KEYS).ok


def test_every_single_byte_counts():
    good = file_of(three(), shown=[withdraw(three()[0]), *three()[1:]])
    for position in range(len(good)):
        bad = good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :]
        assert not verification.verify_file(bad, KEYS).ok, position


@given(items(least=1), st.data())
def test_withdrawing_keeps_root_header_and_proof_and_drops_the_text(entries, data):
    header = header_of(entries)
    gone = data.draw(st.sets(st.integers(0, len(entries) - 1), min_size=1))
    shown = [withdraw(item) if n in gone else item for n, item in enumerate(entries)]
    file = file_of(entries, header, shown)
    assert verification.verify_file(file, KEYS).ok
    parsed = json.loads(file)
    assert parsed["header"] == header
    for position in gone:
        assert set(parsed["entries"][position]) == {"number", "leaf", "withdrawn_on"}


@given(items(least=2), st.randoms())
def test_the_order_of_the_rows_does_not_matter_but_that_of_the_file_does(entries, random):
    shuffled = random.sample(entries, len(entries))
    assert file_of(format1.in_order(shuffled), header_of(entries)) == file_of(entries)
    assert failure(file_of(entries[::-1], header_of(entries[::-1]))) == "entries"


def test_an_empty_list_is_a_publication():
    assert verification.verify_file(file_of([]), KEYS).ok


# --- what goes wrong has a name ------------------------------------------------------------------


def test_a_stranger_cannot_blank_an_entry_in_a_copy():
    file = json.loads(file_of(three()))
    file["entries"][0] = withdraw(three()[0])
    assert failure(format1.canonical(file)) == "withdrawals"


def test_a_stranger_cannot_countersign_a_withdrawal():
    entries = three()
    header = header_of(entries)
    shown = [withdraw(entries[0]), *entries[1:]]
    other = Ed25519PrivateKey.generate()
    forged = format1.build_file(header, format1.sign(header, KEY), shown, other)
    assert failure(forged) == "key"


def test_a_withdrawal_without_a_withdrawn_entry_is_refused():
    file = json.loads(file_of(three()))
    file["withdrawals"] = {"key_id": next(iter(KEYS)), "signature": "0" * 128}
    assert failure(format1.canonical(file)) == "withdrawals"


def test_an_unknown_key_is_named():
    assert failure(file_of(three()), {}) == "key"


def test_a_wrong_signature_is_named():
    file = json.loads(file_of(three()))
    file["header"]["as_of"] = "2026-11-21"
    assert failure(format1.canonical(file)) == "signature"


def test_a_changed_entry_breaks_the_root():
    file = json.loads(file_of(three()))
    file["entries"][1]["entry"]["name"] = "别人"
    assert failure(format1.canonical(file)) == "root"


def test_a_missing_entry_is_counted():
    file = json.loads(file_of(three()))
    file["entries"].pop()
    assert failure(format1.canonical(file)) == "entries"


def test_an_entry_twice_is_refused():
    twice = [three()[0], three()[0]]
    assert failure(file_of(twice)) == "entries"


def test_an_entry_of_another_list_is_refused():
    black = [format1.live(entry("B-2026-000001", "BLACK"), b"s" * 16)]
    assert failure(file_of(black)) == "entries"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b'{"a":1.5}', b'{"a":NaN}', b"[" * 99_999]
)
def test_what_is_no_json_is_named(data):
    assert failure(data) == "json"


@pytest.mark.parametrize(
    "data", [b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b"{}\n", b'"\\ud800"']
)
def test_what_is_not_canonical_is_named(data):
    assert failure(data) == "canonical"


def test_pretty_printing_is_not_the_file():
    pretty = json.dumps(json.loads(file_of(three())), indent=1, ensure_ascii=False).encode()
    assert failure(pretty) == "canonical"


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("header", "number"), 0),
        (("header", "number"), True),
        (("header", "entry_count"), -1),
        (("header", "as_of"), "2026-02-30"),
        (("header", "published_at"), "2026-11-22T08:30:00+08:00"),
        (("header", "merkle_root"), "A" * 64),
        (("header", "previous"), "x"),
        (("header", "extra"), 1),
        (("signature",), "0"),
        (("entries",), {}),
        (("entries", 0), {"entry": {}, "salt": "0" * 32}),
        (("entries", 0), {"number": "W", "leaf": "0" * 64}),
        (("entries", 0, "salt"), "0" * 30),
        (("extra",), 1),
        (("withdrawals",), []),
    ],
)
def test_a_wrong_shape_is_named(where, value):
    file = json.loads(file_of(three()))
    place = file
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = value
    assert failure(format1.canonical(file)) == "shape"


@pytest.mark.parametrize("value", ["[]", "1", '"x"', "{}", "null"])
def test_json_that_is_no_publication_is_named(value):
    assert failure(value.encode()) == "shape"


def test_another_format_is_named():
    file = json.loads(file_of(three()))
    file["header"]["format"] = "mingshu-publication-2"
    assert failure(format1.canonical(file)) == "format"


# --- keys ----------------------------------------------------------------------------------------


def test_keys_survive_their_file():
    row = {"key_id": format1.key_id(PUBLIC), "public_key": PUBLIC.hex(), "algorithm": "Ed25519"}
    assert format1.parse_keys(format1.keys_file([row])) == KEYS


@pytest.mark.parametrize("data", [b"", b"[]", b'{"keys":[{"key_id":"00","public_key":"zz"}]}'])
def test_a_broken_key_file_is_refused(data):
    with pytest.raises(Broken, match="keys"):
        format1.parse_keys(data)


def test_a_key_under_a_false_id_is_refused():
    row = {"key_id": "0" * 16, "public_key": PUBLIC.hex()}
    with pytest.raises(Broken, match="does not match"):
        format1.parse_keys(format1.keys_file([row]))


# --- the chain -----------------------------------------------------------------------------------


def last(files):
    report = verification.verify_files(files, KEYS)[-1]
    return report.ok, report.checks[-1].code


@given(st.lists(items(), min_size=1, max_size=6), st.randoms())
def test_a_whole_chain_verifies_in_any_order(lists, random):
    files = chain_of(lists)
    random.shuffle(files)
    assert last(files) == (True, "chain")


@given(st.lists(items(), min_size=2, max_size=5), st.data())
def test_a_missing_link_is_found(lists, data):
    files = chain_of(lists)
    files.pop(data.draw(st.integers(0, len(files) - 2)))
    assert last(files) == (False, "gap")


def test_two_publications_under_one_number_are_a_fork():
    files = chain_of([three(), three()[:2]])
    other = chain_of([three(), three()[:1]])[1]
    assert last([*files, other]) == (False, "fork")


def test_the_same_publication_before_and_after_a_withdrawal_is_no_fork():
    files = chain_of([three()])
    header = json.loads(files[0][1])["header"]
    later = file_of(three(), header, [withdraw(three()[0]), *three()[1:]])
    assert last([*files, ("later.json", later)]) == (True, "chain")


def test_a_replaced_predecessor_breaks_the_chain():
    files = chain_of([three(), three()])
    files[0] = chain_of([three()[:1]])[0]
    assert last(files) == (False, "chain")


def test_a_first_publication_with_a_predecessor_breaks_the_chain():
    header = header_of(three(), previous="0" * 64)
    assert last([("1.json", file_of(three(), header))]) == (False, "chain")


def test_a_chain_that_goes_back_in_time_is_broken():
    first = header_of(three())
    second = header_of(three(), 2, format1.header_hash(first), moment=MOMENT - timedelta(days=1))
    assert verification.verify_chain([first, second]).checks[-1].code == "chain"


def test_lists_of_two_kinds_are_two_chains():
    black = header_of([], kind="BLACK")
    reports = verification.verify_files([("b", file_of([], black)), *chain_of([three()])], KEYS)
    assert [report.name for report in reports[-2:]] == ["990121 BLACK", "990121 WHITE"]
    assert all(report.ok for report in reports)
