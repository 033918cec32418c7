"""How much of something an expression reads: some members, each with what is wanted of it, or the whole.

``parties.all(p, p.consent.decision == "given")`` wants of each party the consent, and of that the decision.
What is compared, returned or handed on as it is, is wanted whole.
"""

from collections.abc import Collection

from engine.rules.reading import Path, Reading


class Want:
    """``members``: None is all of it."""

    __slots__ = ("members",)

    def __init__(self, members: "dict[str, Want] | None") -> None:
        self.members = members

    def of(self, name: str) -> "Want | None":
        """What is wanted of a member; None if it is not wanted."""
        return self if self.members is None else self.members.get(name)

    def among(self, names: Collection[str]) -> Collection[str]:
        """Those of the names that are wanted."""
        return names if self.members is None else [name for name in self.members if name in names]


WHOLE = Want(None)


def wants_of(reading: Reading) -> dict[str, Want]:
    """Each variable of an expression with what is wanted of it."""
    found: dict[str, Want] = {}
    for path in sorted(reading.reads):  # what is wanted whole comes before its members
        _put(Want(found), path, whole=path in reading.whole)
    return found


def _put(want: Want, path: Path, *, whole: bool) -> None:
    for depth, name in enumerate(path, 1):
        if want.members is None:
            return
        if whole and depth == len(path):
            want.members[name] = WHOLE
        want = want.members.setdefault(name, Want({}))
