"""Which of the facts that an expression reads may have no value, given what is surely known."""

from engine.definitions.analysis.known import Known
from engine.rules.expression import Expression
from engine.rules.reading import Path

# what is known of a clock whether or not it ever ran
CLOCK = frozenset(("running", "paused", "expired", "runs", "extensions"))
OF_THE_ACT = (("actor", "party"), ("act", "item"), ("act", "note"))


def doubtful(known: Known, expression: Expression, tokens: int) -> list[Path]:
    """The paths an expression reads that may have no value, given what is known."""
    found = {_doubt(known, path, expression.item, tokens) for path in sorted(expression.reads)}
    return sorted(path for path in found if path is not None)


def _doubt(known: Known, path: Path, item: str | None, tokens: int) -> Path | None:
    """The shortest beginning of a path that may be absent; None if it surely has a value."""
    root, rest = path[0], path[1:]
    definition = known.scope.definition
    if root in definition.fields:
        fine = definition.fields[root].has_default or known.has(tokens, (root,))
        return None if fine else (root,)
    if root in definition.records:
        if root != item and not known.has(tokens, (root,)):
            return (root,)
        return _item_doubt(known, root, path, 1, tokens if root != item else 0)
    if root in known.scope.outline.plurals:
        return _item_doubt(known, known.scope.outline.plurals[root], path, 1, 0)
    if root in ("parties", "party"):
        return _party_doubt(known, path)
    if root in ("last", "been"):
        return path[:2] if not known.has(tokens, path[:2]) else None
    if root == "clock":
        return path if rest[1:] and rest[1] not in CLOCK else None
    if root == "links":
        return path if rest[:1] == ("outcome",) else None
    return path if path in OF_THE_ACT else None


def _item_doubt(known: Known, record: str, path: Path, depth: int, tokens: int) -> Path | None:
    """A member of an item that surely exists; ``depth`` is where the member stands in the path."""
    if len(path) <= depth:
        return None
    name = path[depth]
    spec = known.scope.definition.records[record]
    if name in spec.fields:
        field = spec.fields[name]
        return path[: depth + 1] if field.optional and not field.has_default else None
    if name == "signed_at":
        return None if known.has(tokens, (record, "signed_at")) else path[: depth + 1]
    return _kept_doubt(known, path, depth)


def _kept_doubt(known: Known, path: Path, depth: int) -> Path | None:
    """Records kept per party or per record: all of them are a list, the newest may not be there."""
    name = path[depth]
    if name in known.scope.definition.records:
        return path[: depth + 1]
    if name in known.scope.outline.plurals:
        return _item_doubt(known, known.scope.outline.plurals[name], path, depth + 1, 0)
    return None


def _party_doubt(known: Known, path: Path) -> Path | None:
    if len(path) < 2:
        return None
    field = known.scope.definition.parties.fields.get(path[1])
    if field is not None:
        return None if field.has_default else path[:2]
    return _kept_doubt(known, path, 1)
