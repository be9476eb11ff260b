import pytest

from institutions.models import LicenceKind
from tests.institutions.builders import make_institution


@pytest.fixture
def school(world):
    """A licensed arts school without a number on the platform: R47 looks at it."""
    return make_institution(
        world, licences=(LicenceKind.SCHOOL_LICENCE, LicenceKind.BUSINESS_LICENCE)
    )
