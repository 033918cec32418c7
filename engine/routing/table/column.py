"""The columns of a table: what each reads from a case, of which type, with which options."""

from dataclasses import dataclass

from engine.routing.table.cell import Shape
from engine.rules.environment import Environment
from engine.rules.expression import Expression
from engine.rules.reading import Path

_SHAPES: dict[str, Shape] = {
    "BOOL": "bool",
    "STRING": "string",
    "INT": "int",
    "DOUBLE": "double",
    "LIST<STRING>": "strings",
}


@dataclass(frozen=True, slots=True)
class Column:
    """``shape`` is None for what no cell can be set against (an instant, a person). ``fact``: the path, where
    the expression is nothing but the name of one; ``options`` then are those of its field."""

    name: str
    text: str
    expression: Expression
    shape: Shape | None
    fact: Path | None = None
    options: tuple[str, ...] = ()


def column(environment: Environment, name: str, text: str) -> Column:
    """Raises :class:`engine.rules.problem.ExpressionError`."""
    expression = environment.compile(text, want="any")
    shape = _SHAPES.get(environment.type_of(text))
    fact = _fact(expression, text)
    known = None if fact is None else environment.fact_type(fact)
    return Column(name, text, expression, shape, fact, () if known is None else known.options)


def _fact(expression: Expression, text: str) -> Path | None:
    if len(expression.reads) != 1:
        return None
    path = next(iter(expression.reads))
    return path if text.strip().removeprefix("case.") == ".".join(path) else None
