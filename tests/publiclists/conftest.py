"""Keys and public files in a folder of the test."""

import pytest


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MINGSHU_KEYS_DIR = tmp_path / "keys"
    settings.MINGSHU_PUBLIC_DIR = tmp_path / "public"
