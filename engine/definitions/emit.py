"""A definition as YAML again, in block style, with the shorthands a person would use.

What is written loads as an equal definition. Comments and includes of the text it came from are gone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from engine.definitions.model import (
    Ask,
    Block,
    Branch,
    ClockSpec,
    Definition,
    Effect,
    FieldSpec,
    OpenEffect,
    RecordSpec,
    Rule,
    SetEffect,
    StateSpec,
    TableRef,
    Transition,
    Tree,
)

Plain = dict[str, Any]
_FIRST = ("trigger", "as_soon_as", "name", "title")  # keys of an act that stand at its top


def emit(definition: Definition) -> str:
    """The text of ``workflow.yaml``; translations are not part of it (see :func:`emit_texts`)."""
    return _dump(written(definition))


def emit_texts(texts: Mapping[str, str]) -> str:
    """The text of ``<lang>.yaml``: path to text, nested by name."""
    tree: Plain = {}
    for path, text in texts.items():
        *outer, last = path.split(".")
        inner: Any = tree
        for name in outer:
            inner = inner.setdefault(name, {}) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and not isinstance(inner.get(last), dict):
            inner[last] = text
        else:
            tree[path] = text
    return _dump(tree)


def written(definition: Definition) -> Plain:
    """The definition as plain maps and lists under the keys of the language."""
    effective = {"from": definition.effective.from_}
    if definition.effective.until is not None:
        effective["until"] = definition.effective.until
    made: Plain = {
        "case_type": definition.case_type,
        "title": definition.title,
        "version": definition.version,
        "basis": definition.basis,
        "effective": effective,
        "calendar": definition.calendar,
        "currency": definition.currency,
        "parties": _parties(definition),
        "reporter": _given(definition.reporter),
        "params": {name: value(inner) for name, inner in definition.params.items()},
        "fields": {name: _field(spec) for name, spec in definition.fields.items()},
        "records": {name: _record(name, spec) for name, spec in definition.records.items()},
        "seats": {name: _seat(spec) for name, spec in definition.seats.items()},
        "rules": {name: rule(spec) for name, spec in definition.rules.items()},
        "states": states(definition.states),
        "outcomes": {name: _given(spec) for name, spec in definition.outcomes.items()},
        "transitions": [transition(one) for one in definition.transitions],
        "clocks": {name: clock(spec) for name, spec in definition.clocks.items()},
        "tracks": {
            name: _filled(
                {
                    "title": track.title,
                    "states": states(track.states),
                    "transitions": [transition(one) for one in track.transitions],
                }
            )
            for name, track in definition.tracks.items()
        },
        "milestones": {name: list(by) for name, by in definition.milestones.items()},
        "counts": {name: _given(spec) for name, spec in definition.counts.items()},
    }
    needed = ("parties", "states", "outcomes", "transitions")
    return {key: inner for key, inner in made.items() if key in needed or inner not in (None, {}, [])}


# ---- facts -------------------------------------------------------------------------------------------


def _parties(definition: Definition) -> Plain:
    parties = definition.parties
    return {
        "roles": {name: _given(role) for name, role in parties.roles.items()},
        **_filled(
            {
                "max": parties.max,
                "representatives": parties.representatives,
                "fields": {name: _field(spec) for name, spec in parties.fields.items()},
                "changes": list(parties.changes),
            }
        ),
    }


def _field(spec: FieldSpec) -> str | Plain:
    kind = spec.kind + ("?" if spec.optional else "")
    made = _filled(
        {
            "title": spec.title,
            "type": kind,
            "of": list(spec.options),
            "class": None if spec.class_ == "narrative" else value(spec.class_),
            "hides": spec.hides,
        }
    )
    if spec.has_default:
        made["default"] = _number(spec.default) if spec.kind in ("number", "money") else spec.default
    return kind if list(made) == ["type"] else made


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _record(name: str, spec: RecordSpec) -> Plain:
    made = _given(spec, "fields", "plural", "in_", "signed_by")
    made["fields"] = {field: _field(inner) for field, inner in spec.fields.items()}
    made = {key: made[key] for key in ("title", "per", "fields", *made) if key in made}
    if spec.plural != f"{name}s":
        made["plural"] = spec.plural
    if spec.in_ != ("any",):
        made["in"] = list(spec.in_)
    if spec.signed_by is not None:
        made["signed_by"] = value(spec.signed_by)
    return made


def _seat(spec: Any) -> Plain:
    made = _given(spec, "least", "most")
    if (spec.least, spec.most) != (1, 1):
        made["count"] = spec.least if spec.least == spec.most else f"{spec.least}..{spec.most}"
    return made


def rule(spec: Rule) -> Plain:
    return _given(spec, "name")


def value(given: object) -> Any:
    """A value that may branch, as written."""
    if isinstance(given, Tree):
        made: Plain = {"by": given.by, **{option: value(inner) for option, inner in given.options.items()}}
        if given.has_else:
            made["else"] = value(given.otherwise)
        return made
    if isinstance(given, TableRef):
        return {"table": given.table, "take": given.take, "else": value(given.otherwise)}
    return [value(inner) for inner in given] if isinstance(given, tuple) else given


# ---- flow --------------------------------------------------------------------------------------------


def states(given: Mapping[str, StateSpec]) -> Plain:
    return {name: _state(spec, first=name == next(iter(given))) for name, spec in given.items()}


def _state(spec: StateSpec, *, first: bool) -> Plain:
    made = _given(spec, "states", "enter", "initial")
    if spec.waits_for == ():
        made["waits_for"] = []
    if spec.initial and not first:
        made["initial"] = True
    if spec.enter:
        made["enter"] = effects(spec.enter)
    if spec.states:
        made["states"] = states(spec.states)
    return made


def transition(given: Transition) -> Plain:
    made = _given(given, "dest", "asks", "guard", "effects")
    made = {"except" if key == "except_" else key: inner for key, inner in made.items()}
    for key in ("source", "outcome"):
        if len(made.get(key, ())) == 1:
            made[key] = made[key][0]
    if given.dest != (Branch(),):
        made["dest"] = _dest(given.dest)
    if given.asks:
        made["asks"] = asks(given.asks)
    if given.guard:
        made["guard"] = guards(given.guard)
    if given.effects:
        made["effects"] = effects(given.effects)
    order = [
        *_FIRST,
        "source",
        "except",
        "dest",
        "allow",
        "asks",
        "requires",
        "guard",
        "outcome",
        "reopens",
        "undoes",
    ]
    return {key: made[key] for key in (*order, *made) if key in made}


def _dest(branches: tuple[Branch, ...]) -> str | list[Plain]:
    if len(branches) == 1 and branches[0] == Branch(to=branches[0].to):
        return branches[0].to
    made = []
    for branch in branches:
        plain = {"when": branch.when} if branch.when is not None else {}
        made.append({**plain, "to": branch.to, **_given(branch, "when", "to", "effects")})
        if branch.effects:
            made[-1]["effects"] = effects(branch.effects)
    return made


def asks(given: Iterable[Ask]) -> list[str]:
    return [ask.name + ask.mark for ask in given]


def guards(given: Iterable[str | Rule]) -> list[Any]:
    return [rule(guard) if isinstance(guard, Rule) else guard for guard in given]


def effects(given: Iterable[Effect]) -> list[Plain]:
    return [effect(one) for one in given]


def effect(given: Block) -> Plain:
    """``{verb: what it is about, other keys}`` of one of the blocks of :data:`Effect`."""
    if isinstance(given, SetEffect):
        return {"set": dict(given.values)}
    subject, *others = [name for name in type(given).model_fields if name != "verb"]
    made: Plain = {str(getattr(given, "verb", "")): value(getattr(given, subject))}
    for name in others:
        inner = getattr(given, name)
        if inner is not None and (inner != () or not isinstance(given, OpenEffect)):
            made[name] = value(inner)
    return made


# ---- clocks ------------------------------------------------------------------------------------------


def clock(spec: ClockSpec) -> Plain:
    made = _given(spec, "within", "extend", "at")
    made = {key.rstrip("_"): inner for key, inner in made.items()}
    if spec.within is not None:
        made = {"within": value(spec.within), **made}
    if spec.runs_in == ():
        made["runs_in"] = []
    if spec.extend:
        made["extend"] = [
            _filled(
                {
                    "by": value(rung.by),
                    "allow": list(rung.allow),
                    "asks": asks(rung.asks),
                    "guard": guards(rung.guard),
                }
            )
            for rung in spec.extend
        ]
    if spec.at:
        made["at"] = {mark: effects(done) for mark, done in spec.at.items()}
    return made


# ---- plain values ------------------------------------------------------------------------------------


def _given(block: Block, *left_out: str) -> Plain:
    """The properties that differ from their default, the title first, tuples as lists."""
    made: Plain = {}
    fields = type(block).model_fields
    for name in sorted(fields, key=lambda name: name != "title"):
        field, inner = fields[name], getattr(block, name)
        if name in left_out or (inner == field.default and not field.is_required()):
            continue
        made["class" if name == "class_" else name] = value(inner)
    return made


def _filled(made: Plain) -> Plain:
    return {key: inner for key, inner in made.items() if inner not in (None, {}, [])}


class _Dumper(yaml.SafeDumper):
    """Block style, short lists of words on one line, quotes wherever a reader might see something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    plain = text.isidentifier() or text.replace(" ", "").replace("-", "").isalnum()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else "'")


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    short = all(isinstance(item, str) for item in items) and sum(len(item) + 2 for item in items) < 80
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def _dump(made: Plain) -> str:
    return yaml.dump(
        made, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )
