"""The tables, by concern. Each repeats nothing that another owns, except what queries need of the body."""

from engine.persistence.table.case import (
    Case,
    CaseHidden,
    CaseLink,
    CaseParty,
    ClockRun,
    CommandKey,
    Counter,
    Event,
    Milestone,
    SeatHolder,
    SeatPick,
)
from engine.persistence.table.evidence import Seal
from engine.persistence.table.law import Calendar, CalendarYear, Closure, Definition, RoutingTable
from engine.persistence.table.organisation import (
    Absence,
    Appointment,
    Duty,
    Person,
    Place,
    Relation,
    ServiceArea,
    Unit,
)
from engine.persistence.table.report import Report
from engine.persistence.table.row import Row, columns_of
from engine.persistence.table.setting import SettingHistory
from engine.persistence.table.token import Token
from engine.persistence.table.work import Approval, ImportBatch, ImportReject, ImportRow

METADATA = Row.metadata

__all__ = [
    "METADATA", "Absence", "Appointment", "Approval", "Calendar", "CalendarYear", "Case", "CaseHidden", "CaseLink",
    "CaseParty",
    "ClockRun", "Closure", "CommandKey", "Counter", "Definition", "Duty", "Event", "ImportBatch", "ImportReject",
    "ImportRow", "Milestone", "Person", "Place", "Relation", "Report", "RoutingTable", "Row", "Seal", "SeatHolder", "SeatPick", "ServiceArea",
    "SettingHistory", "Token", "Unit",
    "columns_of",
]  # fmt: skip
