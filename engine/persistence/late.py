"""SQLAlchemy's words and the tables: named now, imported when a statement is built.

Loading the library and mapping the tables takes longer than all the work of a command that reads one case,
and its statements stand ready as text (``engine.persistence.ready``). Statements are written as ever:

    from engine.persistence.late import Case, ClauseElement, columns_of, select

Only at the top of a module nothing may be built: ``columns_of(Case).c`` is a name, ``columns_of(Case).c.ref`` no longer.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import CTE as CTE
    from sqlalchemy import ClauseElement as ClauseElement
    from sqlalchemy import Date as Date
    from sqlalchemy import Select as Select
    from sqlalchemy import Table as Table
    from sqlalchemy import and_ as and_
    from sqlalchemy import case as case
    from sqlalchemy import delete as delete
    from sqlalchemy import exists as exists
    from sqlalchemy import func as func
    from sqlalchemy import insert as insert
    from sqlalchemy import literal as literal
    from sqlalchemy import literal_column as literal_column
    from sqlalchemy import or_ as or_
    from sqlalchemy import select as select
    from sqlalchemy import true as true
    from sqlalchemy import type_coerce as type_coerce
    from sqlalchemy import update as update

    from engine.persistence.table import METADATA as METADATA
    from engine.persistence.table import Absence as Absence
    from engine.persistence.table import Appointment as Appointment
    from engine.persistence.table import Approval as Approval
    from engine.persistence.table import Calendar as Calendar
    from engine.persistence.table import CalendarYear as CalendarYear
    from engine.persistence.table import Case as Case
    from engine.persistence.table import CaseHidden as CaseHidden
    from engine.persistence.table import CaseLink as CaseLink
    from engine.persistence.table import CaseParty as CaseParty
    from engine.persistence.table import ClockRun as ClockRun
    from engine.persistence.table import Closure as Closure
    from engine.persistence.table import CommandKey as CommandKey
    from engine.persistence.table import Counter as Counter
    from engine.persistence.table import Definition as Definition
    from engine.persistence.table import Duty as Duty
    from engine.persistence.table import Event as Event
    from engine.persistence.table import ImportBatch as ImportBatch
    from engine.persistence.table import ImportRow as ImportRow
    from engine.persistence.table import Milestone as Milestone
    from engine.persistence.table import Person as Person
    from engine.persistence.table import Place as Place
    from engine.persistence.table import Relation as Relation
    from engine.persistence.table import Report as Report
    from engine.persistence.table import RoutingTable as RoutingTable
    from engine.persistence.table import Row as Row
    from engine.persistence.table import SeatHolder as SeatHolder
    from engine.persistence.table import SeatPick as SeatPick
    from engine.persistence.table import ServiceArea as ServiceArea
    from engine.persistence.table import SettingHistory as SettingHistory
    from engine.persistence.table import Unit as Unit
    from engine.persistence.table import columns_of as columns_of

    def real(value: Table) -> Table: ...
else:
    from collections.abc import Callable

    class _Late:
        """Stands for a word, a table or its columns until it is called or asked for something."""

        __slots__ = ("_take",)
        is_clause_element = False  # SQLAlchemy asks, and then takes what stands behind it

        def __init__(self, take: Callable[[], Any]) -> None:
            self._take = take

        def __call__(self, *given: Any, **named: Any) -> Any:
            return self._take()(*map(real, given), **{name: real(value) for name, value in named.items()})

        def __getattr__(self, name: str) -> Any:
            if name == "c":
                return _Late(lambda: self._take().c)
            return getattr(self._take(), name)

        def __getitem__(self, item: Any) -> Any:
            # a column by its name; else `Select[Any]` in a signature
            return self._take()[item] if isinstance(item, str) else self

        def __contains__(self, item: Any) -> bool:
            return item in self._take()

        def __iter__(self) -> Any:
            return iter(self._take())

        def __clause_element__(self) -> Any:  # SQLAlchemy's own name
            return self._take()

    def real(value: Any) -> Any:
        """What stands behind it, for words of SQLAlchemy's that do not come from here."""
        return value._take() if isinstance(value, _Late) else value

    def columns_of(model: Any) -> Any:
        """The Core table of a model."""

        def take() -> Any:
            from engine.persistence import table

            return table.columns_of(real(model))

        return _Late(take)

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def take() -> Any:
            from engine.persistence import table

            if name in table.__all__:
                return getattr(table, name)
            import sqlalchemy

            return getattr(sqlalchemy, name)

        return _Late(take)
