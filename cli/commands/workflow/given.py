"""What a person named: a file (it has a `/` or ends in `.yaml`) or a workflow that is stored or shipped."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.call import Call
from engine.domain.errors import FolkmootError, NotFound

if TYPE_CHECKING:
    from engine.definitions.load import Loaded
    from engine.definitions.model import Definition
    from engine.service.seed import Shipped


def is_path(given: str) -> bool:
    return "/" in given or "\\" in given or given.endswith((".yaml", ".yml"))


def loaded(path: str) -> "Loaded":
    """A file with what it includes and the texts beside it; errors stand in its findings."""
    from engine.definitions.load import load

    if not Path(path).is_file():
        raise NotFound("FM-N010", file=path)
    return load(path)


def sound(path: str) -> "Definition":
    """The definition of a file; every error of reading it is raised."""
    from engine.service.definition_check import refuse_unsound

    read = loaded(path)
    refuse_unsound(read.findings)
    if read.definition is None:
        raise ValueError(f"{path} gave neither a definition nor an error")
    return read.definition


def definition(call: Call, given: str, version: str | None = None) -> "Definition":
    """A definition by file or name."""
    if is_path(given):
        return sound(given)
    from engine.definitions.canonical import from_json

    stored = stored_body(call, given, version)
    return shipped(given).definition if stored is None else from_json(stored["definition"])


def stored_body(call: Call, name: str, version: str | None = None) -> dict[str, Any] | None:
    """What the store holds under a name; None where there is no store."""
    from engine.service import definition as service

    try:
        return call.engine.read(service.body, call.caller, name=name, version=version)
    except NotFound as error:
        if error.code != "FM-N003" or version is not None:
            raise
        return None


def shipped(name: str) -> "Shipped":
    """A definition of the program itself. FM-N070 if it brings none of this name."""
    from workflows import shipped as package

    if name not in package.CASE_TYPES:
        raise NotFound("FM-N070", name=name, known=", ".join(package.CASE_TYPES))
    return next(one for one in package.definitions() if one.definition.case_type == name)


def others(case_type: str) -> "list[Definition]":
    """The shipped definitions of other case types, which links and conversions may lead to."""
    from workflows.shipped import definitions

    return [one.definition for one in definitions() if one.definition.case_type != case_type]


def calendars(call: Call) -> list[str]:
    """The calendars a definition may count by: those of the store, or the packaged ones where none opens."""
    from engine.service import definition as service
    from workflows.calendar import calendar_ids

    try:
        stored: list[str] = call.engine.read(service.calendars, call.caller)["items"]
    except FolkmootError:  # a file is checked without a store, too
        return calendar_ids()
    return stored
