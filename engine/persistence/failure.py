"""What a driver's error means to people. Drivers are told apart by name, so that only one is imported."""

from typing import Any

from engine.domain.errors import Conflict, FolkmootError, Unavailable
from engine.persistence import boundary

WAITED_S = 5  # how long the drivers themselves wait for a busy file


class Again(Exception):
    """Somebody was first: the runner runs the work again, to decide on what is there now.

    Raised by work that found its case changed between reading and saving, and by the store when the
    command's key was bound meanwhile (the work then finds the stored answer).
    """


class ConnectionLost(Exception):
    """The database went away. ``committing``: it may have committed, nobody here knows."""

    def __init__(self, *, committing: bool = False) -> None:
        super().__init__(committing)
        self.committing = committing


_SQLITE = {
    "SQLITE_BUSY": "FM-S001",
    "SQLITE_LOCKED": "FM-S001",
    "SQLITE_FULL": "FM-S004",
    "SQLITE_READONLY": "FM-S005",
    "SQLITE_CANTOPEN": "FM-S006",
    "SQLITE_IOERR": "FM-S007",
    "SQLITE_CORRUPT": "FM-S009",
    "SQLITE_NOTADB": "FM-S009",
}
_POSTGRESQL = {
    "53100": "FM-S004",
    "25006": "FM-S005",
    "53": "FM-S001",
    "55P03": "FM-S001",
    "57014": "FM-S001",
    "58": "FM-S007",
}


def translate(error: Exception) -> Exception:
    """The error to raise instead: ours if people can mend it, else the very same (a bug)."""
    refused = boundary.refusal(error)
    if refused is not None:
        return refused
    driver = type(error).__module__.partition(".")[0]
    if driver == "sqlite3":
        return _from_sqlite(error)
    if driver == "psycopg":
        return _from_postgresql(error)
    return error


def _from_sqlite(error: Any) -> Exception:
    name: str = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith("SQLITE_CONSTRAINT"):
        return _taken(str(error), "command_key.key", "case_file.external_id") or error
    # extended names carry their family: SQLITE_IOERR_WRITE
    family = "_".join(name.split("_")[:2])
    code = _SQLITE.get(family)
    return _unavailable(code, error) if code else error


def _from_postgresql(error: Any) -> Exception:
    state: str = getattr(error, "sqlstate", None) or ""
    if state == "23505":
        return _taken(error.diag.constraint_name, "pk_command_key", "ix_case_file_external") or error
    if state in ("40P01", "40001"):  # two commands waited for each other's cases
        return Again()
    # 25P03: the transaction was left open too long, and its connection is closed
    if state.startswith(("08", "57P", "25P03")) or (
        not state and type(error).__name__ in ("OperationalError", "InterfaceError")
    ):
        return ConnectionLost()
    if state in ("22021", "22P05") or "NUL" in str(error):
        return boundary.refused_text()
    code = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    return _unavailable(code, error) if code else error


def _taken(told: str, key: str, external: str) -> Exception | None:
    """Two unique values are people's own: a command's key, and another system's number of a case."""
    if key in told:
        return Again()
    return Conflict("FM-C023", kind="conflict") if external in told else None


def _unavailable(code: str, error: Exception) -> FolkmootError:
    return Unavailable(code, kind="store", detail=str(error).strip(), wait=WAITED_S)
