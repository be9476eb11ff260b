"""Where the present request came from: for logs and audit only; the actor is an argument."""

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

NOWHERE: Mapping[str, str | None] = MappingProxyType({})
origin: ContextVar[Mapping[str, str | None]] = ContextVar("origin", default=NOWHERE)
