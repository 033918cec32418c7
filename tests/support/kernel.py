"""A table kernel: the moves of a definition worked out a second way, straight from its blocks.

It shares no code with the outline or with ``transitions`` and serves as their oracle. Conditions are
given as a function; nothing here knows CEL.
"""

from collections.abc import Callable, Iterator, Mapping

from engine.definitions.model import Definition, StateSpec, Transition

Path = tuple[str, ...]


def paths(states: Mapping[str, StateSpec], above: Path = ()) -> Iterator[tuple[Path, StateSpec]]:
    for name, spec in states.items():
        yield (*above, name), spec
        yield from paths(spec.states, (*above, name))


class Kernel:
    """``step`` gives (branch index, leaf after) or None if the trigger does nothing there."""

    def __init__(self, definition: Definition) -> None:
        self.all = dict(paths(definition.states))
        self.leaves = {path[-1]: path for path, spec in self.all.items() if not spec.states}
        self.table: dict[tuple[str, str], tuple[int, Transition]] = {}
        for transition in definition.transitions:
            if transition.trigger and transition.trigger != "file":
                for leaf in self.leaves:
                    self._enter(leaf, transition)

    def _enter(self, leaf: str, transition: Transition) -> None:
        path = self.leaves[leaf]
        if any(name in path for name in transition.except_) or "any" in transition.except_:
            return
        depths = [path.index(name) + 1 for name in transition.source if name in path]
        if "any" in transition.source and not self.all[path].final:
            depths.append(0)
        if not depths:
            return
        held = self.table.get((leaf, str(transition.trigger)))
        if held is None or max(depths) > held[0]:
            self.table[leaf, str(transition.trigger)] = (max(depths), transition)

    def step(
        self, leaf: str, trigger: str, back: str | None, holds: Callable[[str], bool]
    ) -> tuple[int, str] | None:
        row = self.table.get((leaf, trigger))
        if row is None:
            return None
        for index, branch in enumerate(row[1].dest):
            if branch.when is not None and not holds(branch.when):
                continue
            if branch.to == "back":
                if back is None:
                    continue
                return index, back
            return index, leaf if branch.to == "stay" else self.initial(branch.to)
        return None

    def initial(self, state: str) -> str:
        path = next(path for path in self.all if path[-1] == state)
        while self.all[path].states:
            children = self.all[path].states
            chosen = next((n for n, s in children.items() if s.initial), next(iter(children)))
            path = (*path, chosen)
        return path[-1]
