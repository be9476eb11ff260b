"""The chain inspection → finding → rectification task, one file per link."""

from inspections.models.checklists import ChecklistItem, ChecklistVersion, Section
from inspections.models.findings import Finding, Severity
from inspections.models.inspections import (
    Inspection,
    InspectionAnswer,
    InspectionOfficer,
    InspectionPhoto,
)
from inspections.models.rectification import ExtensionRequest, Proof, Recheck, RectificationTask

__all__ = [
    "ChecklistItem",
    "ChecklistVersion",
    "ExtensionRequest",
    "Finding",
    "Inspection",
    "InspectionAnswer",
    "InspectionOfficer",
    "InspectionPhoto",
    "Proof",
    "Recheck",
    "RectificationTask",
    "Section",
    "Severity",
]
