"""Where the present request came from: for logs and audit only; the actor is an argument."""

from contextvars import ContextVar

origin: ContextVar[dict[str, str | None]] = ContextVar("origin", default={})
