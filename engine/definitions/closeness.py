"""How closely a fact is kept: its class, which may hang on another fact of the case.

The classes and who reads them are fixed for all case types in ``engine.domain.access``; what they are called
stands in the vocabulary.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.model import Definition, Tree
from engine.domain.access import closer

USUAL = ("contact", "narrative")  # of people, and of everything else, where nothing is written


def branches(given: str | Tree | None) -> Iterator[str]:
    """Every class that may come of it."""
    if isinstance(given, str):
        yield given
    elif given is not None:
        for inner in (*given.options.values(), given.otherwise):
            yield from branches(inner if isinstance(inner, str | Tree) else None)


def strictest(*given: str | Tree | None) -> str:
    """The closest class that any of them may give: what a paper or a title has to reckon with."""
    return closer(*(name for one in given for name in branches(one)))


def class_now(definition: Definition, given: str | Tree, values: Mapping[str, Any]) -> str:
    """The class as the facts of a case stand; where what it hangs on is not known, the closest it may be."""
    while isinstance(given, Tree):
        spec = definition.fields.get(given.by)
        value = values.get(given.by, spec.default if spec is not None else None)
        key = str(value).lower() if isinstance(value, bool) else str(value)
        inner = given.options.get(key, given.otherwise)
        if value is None or not isinstance(inner, str | Tree):
            return strictest(given)
        given = inner
    return given
