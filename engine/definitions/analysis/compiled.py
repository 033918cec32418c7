"""FM-D301, D302, D303, D305: every expression compiled against the facts of its definition."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.site import Computed
from engine.definitions.fact import schema_of
from engine.rules.environment import Environment, ExpressionError
from engine.rules.expression import Expression


@dataclass(frozen=True)
class Compiled:
    """The expressions of a definition that hold, by path."""

    scope: Scope
    found: dict[str, tuple[Computed, Expression]] = field(default_factory=dict)
    _kept: dict[tuple[str, str, str | None, bool], Expression | ExpressionError] = field(default_factory=dict)

    @cached_property
    def environment(self) -> Environment:
        return Environment(schema_of(self.scope.outline))

    def at(self, path: str) -> Expression | None:
        return self.found[path][1] if path in self.found else None

    def condition(self, path: str, text: str) -> Expression | None:
        """A condition that was compiled at a path, or its rule's."""
        return self.at(f"rules.{text}.that") if text in self.scope.definition.rules else self.at(path)

    def of_use(self, *uses: str) -> Iterator[tuple[Computed, Expression]]:
        return (pair for pair in self.found.values() if pair[0].use in uses)

    def compile(
        self, text: str, want: str = "bool", item: str | None = None, time: bool = True
    ) -> Expression | ExpressionError:
        """Compiled once for each text and use; an error is kept as a value."""
        key = (text, want, item, time)
        held = self._kept.get(key)
        if held is None:
            try:
                held = self.environment.compile(text, want=want, item=item, time=time)
            except ExpressionError as error:
                held = error
            self._kept[key] = held
        return held


def check(scope: Scope) -> Compiled:
    compiled = Compiled(scope)
    for computed in scope.computed:
        made = compiled.compile(computed.text, computed.want, computed.item, computed.time)
        if isinstance(made, Expression):
            compiled.found[computed.path] = (computed, made)
        elif computed.rule is None:
            column = made.column if made.line == 1 else 0
            code = made.code.removeprefix("FM-")
            scope.report.tell(code, computed.path, column=column, **made.params)
        elif made.code == "FM-D305":
            scope.report.tell("D305", computed.path, **made.params)
    return compiled
