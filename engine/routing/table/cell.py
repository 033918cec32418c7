"""One cell of a decision table: from what is written to a value, and from there to CEL over its column.

``red`` · ``[red, orange]`` · ``{not: [blue]}`` · ``'>= 5'`` · ``'3..7'`` · ``'[80..90)'`` · ``-``
"""

import json
import re
from typing import Literal

from engine.routing.table.model import Cell, Plain

ANY = Cell("any")
Shape = Literal["string", "strings", "bool", "int", "double"]

_NUMBER = r"-?\d{1,15}(?:\.\d{1,6})?"
_COMPARED = re.compile(rf"(<=|>=|<|>|==|!=)\s*({_NUMBER})")
_RANGE = re.compile(rf"([\[(]?)\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])]?)")
CLOSED = "[]"


def parse(text: str) -> Cell | None:
    """The cell that a word of a cell stands for, where it is more than a value: ``-``, ``>= 5``, ``3..7``."""
    text = text.strip()
    if text == "-":
        return ANY
    if found := _COMPARED.fullmatch(text):
        value = number(found[2])
        if found[1] == "==":
            return Cell("of", (value,))
        return Cell("not", (value,)) if found[1] == "!=" else Cell("compare", (value,), found[1])
    if found := _RANGE.fullmatch(text):
        if bool(found[1]) != bool(found[4]):
            return None
        return Cell("range", (number(found[2]), number(found[3])), (found[1] + found[4]) or CLOSED)
    return None


def number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def fits(cell: Cell, shape: Shape) -> bool:
    """Whether a column of this shape can be asked that."""
    if cell.kind == "any":
        return True
    if cell.kind in ("compare", "range") and shape not in ("int", "double"):
        return False
    return all(_value_fits(value, shape) for value in cell.values)


def _value_fits(value: Plain, shape: Shape) -> bool:
    if shape == "bool":
        return isinstance(value, bool)
    if shape in ("string", "strings"):
        return isinstance(value, str)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (shape == "double" and isinstance(value, float))


def to_cel(cell: Cell, column: str, shape: Shape) -> str:
    """The condition, over the expression of a column."""
    over, literals = f"({column})", [literal(value, shape) for value in cell.values]
    if cell.kind == "any":
        return "true"
    if cell.kind == "compare":
        return f"{over} {cell.op} {literals[0]}"
    if cell.kind == "range":
        low, high = _limits(cell)
        return f"{over} {low} {literals[0]} && {over} {high} {literals[1]}"
    if shape == "strings":
        among = " || ".join(f"{one} in {over}" for one in literals)
    elif len(literals) == 1 or shape in ("int", "double"):
        among = " || ".join(f"{over} == {one}" for one in literals)
    else:
        among = f"{over} in [{', '.join(literals)}]"
    return f"!({among})" if cell.kind == "not" else among


def _limits(cell: Cell) -> tuple[str, str]:
    """The comparisons of a range: a square bracket takes its end in, a round one leaves it out."""
    return (">" if cell.op[0] == "(" else ">="), ("<" if cell.op[1] == ")" else "<=")


def literal(value: Plain, shape: Shape) -> str:
    """A constant as CEL writes it; whole numbers too are fractional ones in a column of such."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(float(value)) if shape == "double" else str(value)


def holds(cell: Cell, value: object) -> bool:
    """The same for a value at hand: a scalar, or a list of words."""
    if cell.kind == "any":
        return True
    if cell.kind == "compare":
        return _compared(cell.op, value, cell.values[0])
    if cell.kind == "range":
        low, high = _limits(cell)
        return _compared(low, value, cell.values[0]) and _compared(high, value, cell.values[1])
    among = (
        any(one in value for one in cell.values)
        if isinstance(value, list | tuple)
        else any(one == value and isinstance(one, bool) == isinstance(value, bool) for one in cell.values)
    )
    return among == (cell.kind == "of")


def _compared(op: str, one: object, other: object) -> bool:
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]


def written(cell: Cell) -> str:
    """As a person writes it: ``red, orange``, ``not blue``, ``>= 5``, ``3..7``, ``-``."""
    words = [_word(value) for value in cell.values]
    if cell.kind == "any":
        return "-"
    if cell.kind == "compare":
        return f"{cell.op} {words[0]}"
    if cell.kind == "range":
        between = f"{words[0]}..{words[1]}"
        return between if cell.op == CLOSED else f"{cell.op[0]}{between}{cell.op[1]}"
    return f"not {', '.join(words)}" if cell.kind == "not" else ", ".join(words)


def _word(value: Plain) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
