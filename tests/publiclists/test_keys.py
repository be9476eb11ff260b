"""Where the signing keys live."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from publiclists import format1, keys


def id_of(key):
    return format1.key_id(key.public_key().public_bytes_raw())


def test_the_first_key_is_made_once_and_kept(tmp_path):
    first = keys.signing_key(tmp_path / "keys", may_create=True)
    again = keys.signing_key(tmp_path / "keys", may_create=True)
    assert id_of(first) == id_of(again)


def test_a_key_file_is_for_its_owner_only(tmp_path):
    path = keys.make(tmp_path / "keys")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_new_key_takes_over(tmp_path):
    old = keys.signing_key(tmp_path, may_create=True)
    path = keys.make(tmp_path)
    new = keys.signing_key(tmp_path, may_create=False)
    assert id_of(new) != id_of(old)
    assert path.name.startswith("publication-0002-")


def test_production_does_not_invent_a_key(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="make_publication_key"):
        keys.signing_key(tmp_path, may_create=False)


def test_a_renamed_key_is_refused(tmp_path):
    path = keys.make(tmp_path)
    path.rename(tmp_path / f"publication-0009-{'0' * 16}.pem")
    with pytest.raises(ImproperlyConfigured, match="does not hold"):
        keys.signing_key(tmp_path, may_create=False)
