"""The acts from plan to close-out, each one transaction with its audit event."""

from inspections.services.closing import close_out, supersede, transfer
from inspections.services.extensions import ask_extension, grant_extension, refuse_extension
from inspections.services.findings import (
    confirm_dismissal,
    propose_dismissal,
    reject_dismissal,
)
from inspections.services.from_leads import make_finding
from inspections.services.hands import SeparateHands
from inspections.services.notices import approve, issue, serve
from inspections.services.planning import assign, cancel, plan
from inspections.services.pressing import press
from inspections.services.proofs import set_assurances, submit_proof
from inspections.services.rechecks import recheck
from inspections.services.recording import AlreadySigned, NotYours, receive_photo, record
from inspections.services.signing import Incomplete, finalize, sign

__all__ = [
    "AlreadySigned",
    "Incomplete",
    "NotYours",
    "SeparateHands",
    "approve",
    "ask_extension",
    "assign",
    "cancel",
    "close_out",
    "confirm_dismissal",
    "finalize",
    "grant_extension",
    "issue",
    "make_finding",
    "plan",
    "press",
    "propose_dismissal",
    "receive_photo",
    "recheck",
    "record",
    "refuse_extension",
    "reject_dismissal",
    "serve",
    "set_assurances",
    "sign",
    "submit_proof",
    "supersede",
    "transfer",
]
