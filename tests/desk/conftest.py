"""What tests of the desk share."""

from tests.institutions.conftest import picture

__all__ = ["picture"]
