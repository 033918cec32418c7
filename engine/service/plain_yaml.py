"""YAML that people send as data: no objects, nothing nested without end, which would end the program, and no
aliases, which can make a small text a very large value."""

from typing import Any

import yaml

MOST_DEPTH = 40


def load(text: str, *, texts: bool = False) -> Any:
    """The value; :class:`yaml.YAMLError` says where it cannot be read. ``texts``: every scalar stays text."""
    _check(text)
    loader = yaml.CBaseLoader if texts else yaml.CSafeLoader
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - neither makes objects
    except (ValueError, TypeError) as error:  # a day like 2026-02-30; a list as the key of a map
        raise yaml.YAMLError(str(error)) from error


def _check(text: str) -> None:
    """Event by event, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases (*name) are not read here", event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise _refused(f"nested deeper than {MOST_DEPTH} levels", event)


def _refused(problem: str, event: Any) -> yaml.YAMLError:
    return yaml.YAMLError(f"{problem}, line {event.start_mark.line + 1}")
