"""One institution of 硒城街道, with Chen acting for it."""

import pytest

from tests.conftest import make_institution_member
from tests.institutions.builders import make_institution


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Attachments and papers of a test live and die with it."""
    settings.MINGSHU_ATTACHMENTS_DIR = tmp_path / "attachments"
    settings.MINGSHU_PUBLIC_DIR = tmp_path / "public"


@pytest.fixture
def school(world):
    return make_institution(world)


@pytest.fixture
def chen(school):
    return make_institution_member(school.pk)
