"""What happened in a workflow, to be written on its drawing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Happened:
    """``fills``: the colour of a state's box; ``notes``: lines in it; ``moves``: how often an act (or what happens by
    itself, by its name) led from one leaf to another, by (name, from, to)."""

    fills: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    moves: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    def count(self, name: str, sources: Collection[str] | None, targets: Collection[str] | None) -> int:
        """Moves by that act between these leaves; None is anywhere."""
        return sum(
            n
            for (act, source, target), n in self.moves.items()
            if act == name
            and (sources is None or source in sources)
            and (targets is None or target in targets)
        )
