"""`manage verify_publication`: offline, one line per check, an exit code."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from publiclists import format1
from tests.publiclists.files import PUBLIC, chain_of, three, withdraw


@pytest.fixture
def folder(tmp_path):
    for name, data in chain_of([three(), three()[:2]]):
        (tmp_path / name).write_bytes(data)
    row = {"key_id": format1.key_id(PUBLIC), "public_key": PUBLIC.hex()}
    (tmp_path / "keys.json").write_bytes(format1.keys_file([row]))
    return tmp_path


def run(*arguments):
    out = io.StringIO()
    call_command("verify_publication", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify_publication", *map(str, arguments), stdout=out)
    return caught.value.returncode, out.getvalue()


def test_a_good_file_is_checked_line_by_line(folder):
    lines = run(folder / "1.json").splitlines()
    assert lines[0].startswith("keys: ")
    assert [line.split()[2] for line in lines[1:-1]] == [
        "json", "canonical", "shape", "key", "signature", "entries", "root", "withdrawals",
    ]  # fmt: skip
    assert lines[-1] == "verified: 1 file(s)"


def test_a_folder_is_checked_as_a_chain(folder):
    assert "ok   990121 WHITE: chain " in run(folder)


def test_one_flipped_byte_fails(folder):
    data = bytearray((folder / "2.json").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "2.json").write_bytes(data)
    code, out = refused(folder / "2.json")
    assert code == 1
    assert "FAIL 2.json: " in out


def test_a_hole_in_the_folder_fails(folder):
    (folder / "1.json").unlink()
    code, out = refused(folder)
    assert code == 1
    assert "FAIL 990121 WHITE: gap number 1 is missing" in out


def test_a_blanked_entry_fails(folder):
    file = json.loads((folder / "1.json").read_bytes())
    file["entries"][0] = withdraw(three()[0])
    (folder / "1.json").write_bytes(format1.canonical(file))
    assert "FAIL 1.json: withdrawals" in refused(folder)[1]


def test_the_wrong_keys_fail(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "keys.json"
    other.write_bytes(format1.keys_file([]))
    code, out = refused(folder / "1.json", "--keys", other)
    assert code == 1
    assert "FAIL 1.json: key" in out


def test_what_is_not_there_is_said(tmp_path):
    assert refused(tmp_path)[0] == 2
    assert refused(tmp_path / "nothing.json")[0] == 2


def test_a_broken_key_file_is_said(folder):
    (folder / "keys.json").write_bytes(b"{}")
    assert refused(folder / "1.json")[0] == 2


def test_no_keys_at_all_is_said(folder, settings, tmp_path_factory):
    (folder / "keys.json").unlink()
    settings.MINGSHU_PUBLIC_DIR = tmp_path_factory.mktemp("public")
    assert refused(folder / "1.json")[0] == 2
