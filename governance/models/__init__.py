"""The kernel's rows, one file per subject."""

from governance.models.api import ApiKey, PartnerSystem
from governance.models.attachments import Attachment
from governance.models.audit import AuditEvent, AuditSeal, AuditWitness
from governance.models.calendar import CalendarDay, CalendarNotice, SchoolHours, SchoolTerm
from governance.models.clocks import Clock, ClockEvent, ClockStep, DeadlineRule, Unit
from governance.models.competence import CompetenceRule, DepartmentKind, ProblemCode
from governance.models.imports import ImportBatch, ImportMapping, ImportPiece, ImportRow
from governance.models.installation import Installation
from governance.models.notices import Notice
from governance.models.notifications import Heartbeat, Notification
from governance.models.numbers import Number, NumberSeries
from governance.models.orders import ExportOrder, ExportPiece
from governance.models.papers import Paper, PaperTemplate
from governance.models.people import ActorKind, Department, Division, Membership, Role, User
from governance.models.reports import FrozenReport
from governance.models.settings import Setting
from governance.models.shares import Share
from governance.models.views import SavedView

__all__ = [
    "ActorKind",
    "ApiKey",
    "Attachment",
    "AuditEvent",
    "AuditSeal",
    "AuditWitness",
    "CalendarDay",
    "CalendarNotice",
    "Clock",
    "ClockEvent",
    "ClockStep",
    "CompetenceRule",
    "DeadlineRule",
    "Department",
    "DepartmentKind",
    "Division",
    "ExportOrder",
    "ExportPiece",
    "FrozenReport",
    "Heartbeat",
    "ImportBatch",
    "ImportMapping",
    "ImportPiece",
    "ImportRow",
    "Installation",
    "Membership",
    "Notice",
    "Notification",
    "Number",
    "NumberSeries",
    "Paper",
    "PaperTemplate",
    "PartnerSystem",
    "ProblemCode",
    "Role",
    "SavedView",
    "SchoolHours",
    "SchoolTerm",
    "Setting",
    "Share",
    "Unit",
    "User",
]
