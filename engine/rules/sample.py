"""The finite domain of conditions: every combination of the values that can make a difference.

Flags and choices have their options; of a number only the constants it is set against matter, and their
neighbours one below and one above, and of two constants of a fractional number what lies between.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from math import prod
from typing import Any

from engine.rules.expression import Atom, Expression
from engine.rules.reading import Path

MOST = 4096


def values(atom: Atom) -> tuple[Any, ...]:
    """The values of one fact that can make a difference; a number that is set against nothing has one, 0."""
    if atom.fact.kind == "bool":
        return (False, True)
    if atom.fact.kind == "choice":
        return atom.fact.options
    numbers = [n for n in atom.literals if isinstance(n, int | float)] or [0]
    found = {n + step for n in numbers for step in (-1, 0, 1)}
    if atom.fact.kind != "int":  # between 5.0 and 5.5 lie values too
        found |= {(low + high) / 2 for low, high in pairwise(sorted(set(numbers)))}
    return tuple(sorted(found))


def domain(
    expressions: Iterable[Expression], fixed: Mapping[Path, Any] | None = None, *, most: int = MOST
) -> dict[Path, tuple[Any, ...]] | None:
    """Each fact that the expressions read, with its values; ``fixed`` facts have one.

    None if one of the expressions also depends on what has no finite domain (a list, a text, an instant,
    a function), or if there are more than ``most`` combinations.
    """
    atoms: dict[Path, Atom] = {}
    for expression in expressions:
        if not expression.finite:
            return None
        for path, atom in expression.atoms.items():
            held = atoms.get(path, Atom(atom.fact))
            atoms[path] = Atom(atom.fact, tuple(dict.fromkeys((*held.literals, *atom.literals))))
    given = fixed or {}
    found = {path: (given[path],) if path in given else values(atom) for path, atom in atoms.items()}
    return found if prod(len(v) for v in found.values()) <= most else None


def assignments(found: Mapping[Path, tuple[Any, ...]]) -> Iterator[dict[Path, Any]]:
    """Every combination, for :meth:`engine.rules.environment.Environment.sample_facts`."""
    for combination in product(*found.values()):
        yield dict(zip(found, combination, strict=True))
