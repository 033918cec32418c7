"""What is known of an expression from its text alone."""

from dataclasses import dataclass, field

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A path set against a constant: ``risk == "red"``, ``"hired" in exclusions`` (operator ``in``)."""

    path: Path
    operator: str
    literal: bool | int | float | str
    column: int


@dataclass(slots=True)
class Reading:
    """All that one walk over a tree finds. Columns count from 1 in the text of the expression.

    ``reads`` has each path once at its greatest length; an element of a list has the list's path, so that
    ``parties.all(p, p.age > 17)`` reads ``parties`` and ``parties.age``. ``tests`` are those only asked
    about by ``has``; ``whole`` those whose value is used as it is, and not only member by member, element by
    element or by its size; ``free`` the variables used, ``calls`` the functions.
    """

    reads: dict[Path, int] = field(default_factory=dict)
    tests: set[Path] = field(default_factory=set)
    compared: list[Comparison] = field(default_factory=list)
    free: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    nulls: list[int] = field(default_factory=list)
    whole: set[Path] = field(default_factory=set)
    equated: list[tuple[Path, int]] = field(default_factory=list)
