"""What the expressions of a definition may name: its facts with their types."""

from collections.abc import Iterator, Mapping

from engine.definitions.model import Definition, FieldSpec, TableRef, Tree, Value
from engine.definitions.outline import Outline
from engine.domain.duration import is_duration
from engine.rules.schema import FactSchema, FactType, RecordShape

_PARAM = "param."


def schema_of(outline: Outline) -> FactSchema:
    """The fact schema of a definition, generated acts and the seat every case has included."""
    definition = outline.definition
    return FactSchema(
        fields=_types(definition.fields),
        records={
            name: RecordShape(
                name=name,
                plural=spec.plural,
                fields=_types(spec.fields),
                per=spec.per,
                lasts=spec.lasts,
                signed=spec.signed_by is not None,
            )
            for name, spec in definition.records.items()
        },
        party_fields=_types(definition.parties.fields),
        seats=tuple(outline.seats),
        clocks=tuple(definition.clocks),
        states=tuple(outline.specs),
        triggers=tuple(dict.fromkeys((*outline.triggers, *outline.generated))),
        params={name: _param_type(definition, value) for name, value in definition.params.items()},
        paths={leaf.name: leaf.path for leaf in outline.leaves.values()},
        roles=tuple(definition.parties.roles),
    )


def _types(fields: Mapping[str, FieldSpec]) -> dict[str, FactType]:
    return {
        name: FactType(spec.kind, spec.options, spec.default if spec.has_default else None)
        for name, spec in fields.items()
    }


def _param_type(definition: Definition, value: Value) -> FactType:
    """By its values: a tree has the type of its leaves; a leaf that names a fact has that fact's type."""
    for leaf in leaves(value):
        kind = _kind(definition, leaf, 0)
        if kind is not None:
            return FactType(kind)
    return FactType("text")


def leaves(value: object) -> Iterator[object]:
    """Every value a tree may give, itself if it is none."""
    if isinstance(value, Tree):
        for option in value.options.values():
            yield from leaves(option)
        if value.has_else:
            yield from leaves(value.otherwise)
    elif isinstance(value, TableRef):
        yield from leaves(value.otherwise)
    else:
        yield value


def _kind(definition: Definition, leaf: object, depth: int) -> str | None:
    if isinstance(leaf, bool):
        return "bool"
    if isinstance(leaf, int | float):
        return "int" if isinstance(leaf, int) else "number"
    if not isinstance(leaf, str):
        return None
    if is_duration(leaf):
        return "duration"
    if leaf.startswith(_PARAM):
        other = definition.params.get(leaf.removeprefix(_PARAM))
        inner = next(leaves(other), None) if other is not None and depth < 5 else None
        return None if inner is None else _kind(definition, inner, depth + 1)
    return definition.fields[leaf].kind if leaf in definition.fields else "text"
