"""The acts of the list procedure, in the order in which they happen."""

from publiclists.services.deciding import decide, drop
from publiclists.services.leaving import (
    check_basis,
    expire,
    reconfirm,
    reinstate,
    remove,
    reveal,
    suspend,
    withdraw,
)
from publiclists.services.noticing import (
    close_window,
    record_objection,
    review_objection,
    serve_notice,
)
from publiclists.services.proposing import add_evidence, drop_evidence, need_proposed, propose
from publiclists.services.publishing import build, order

__all__ = [
    "add_evidence",
    "build",
    "check_basis",
    "close_window",
    "decide",
    "drop",
    "drop_evidence",
    "expire",
    "need_proposed",
    "order",
    "propose",
    "reconfirm",
    "record_objection",
    "reinstate",
    "remove",
    "reveal",
    "review_objection",
    "serve_notice",
    "suspend",
    "withdraw",
]
