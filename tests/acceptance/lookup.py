"""Which step a line of a feature means, found once in a process.

pytest-bdd holds each line of each scenario against every fixture there is, a fifth of the time that the features
take, and has no hook for it. All steps are fixtures of one ``conftest.py`` here, so that a line means the same
wherever it stands.
"""

from collections.abc import Callable, Iterable
from typing import Any

from pytest_bdd.parser import Step

Find = Callable[..., Iterable[Any]]


def once(find: Find) -> Find:
    """The same definitions for the same line, without looking again."""
    found: dict[tuple[str, str], list[Any]] = {}

    def look(step: Step, fixturemanager: Any, node: Any) -> list[Any]:
        line = (step.type, step.name)
        if line not in found:
            found[line] = list(find(step, fixturemanager, node))
        return found[line]

    return look
