"""The JSON Schema (2020-12) of the written language, shorthands included, for editors and other programs.

The loader is the authority; a test keeps the keys of both equal.
"""

from collections.abc import Sequence
from typing import Any, get_args

from engine.definitions.model import Grade, Phase
from engine.definitions.written import fact
from engine.definitions.written.effect import KEYS as EFFECT_KEYS
from engine.domain.duration import UNITS

Schema = dict[str, Any]

ID_PATTERN = "^[a-z][a-z0-9_]{0,39}$"
_DURATION = rf"[0-9]{{1,5}} ({'|'.join(UNITS)})"
TEXT: Schema = {"type": "string", "pattern": r"\S"}
NAME = TEXT
ID: Schema = {"type": "string", "pattern": ID_PATTERN}
FLAG: Schema = {"type": "boolean"}
EXPRESSION: Schema = {"$ref": "#/$defs/expression"}
NAMES: Schema = {"$ref": "#/$defs/names"}
DAY: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _block(properties: dict[str, Schema], needed: Sequence[str] = (), **more: Any) -> Schema:
    """A block with fixed keys; where none is needed, nothing at all may stand for an empty one."""
    block: Schema = {"type": "object", "properties": properties, "additionalProperties": False, **more}
    if needed:
        return {**block, "required": list(needed)}
    return {**block, "type": ["object", "null"]}


def _named(inner: Schema) -> Schema:
    """A map whose keys are the author's names."""
    return {
        "type": ["object", "null"],
        "propertyNames": {"pattern": ID_PATTERN},
        "additionalProperties": inner,
    }


def _many(inner: Schema) -> Schema:
    """One, or a list of them."""
    return {"anyOf": [inner, {"type": "array", "items": inner}]}


def _option(options: Sequence[str]) -> Schema:
    return {"enum": list(options)}


_TREE: Schema = {"type": "object", "properties": {"by": NAME}, "required": ["by"]}


def _values(leaf: Schema) -> Schema:
    """A leaf, a tree by a fact, or a column of a table."""
    told = {"table": NAME, "take": {"const": "acknowledge"}, "else": leaf}
    table = _block(told, ("table", "take", "else"))
    return {"anyOf": [leaf, table, _TREE]}


def _classes() -> Schema:
    """A class, or one by a fact."""
    return {"anyOf": [NAME, _TREE]}


def definition_schema() -> Schema:
    """The schema of a whole workflow file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Folkmoot workflow definition",
        **_block(_sections(), _HEADER),
        "if": {"not": {"required": ["include"]}},
        "then": {"required": list(_NEEDED)},
        "$defs": {
            "expression": {"type": ["string", "boolean", "integer", "number"]},
            "names": _many(NAME),
            "duration": _values(
                {"type": "string", "pattern": rf"^({_DURATION}|(param\.)?[a-z][a-z0-9_]{{0,39}})$"}
            ),
            "field": _field(),
            "record": _record(),
            "rule": _rule(),
            "effect": _effect(),
            "effects": _many(_ref("effect")),
            "guards": _many({"anyOf": [_ref("rule"), NAME]}),
            "state": _state(),
            "transition": _transition(),
            "clock": _clock(),
            "rung": _rung(),
            "waive": _waive(),
        },
    }


_HEADER = ("case_type", "title", "version", "basis", "effective", "calendar")
_NEEDED = ("parties", "states", "outcomes", "transitions")  # or an included file brings them


def _sections() -> dict[str, Schema]:
    transitions: Schema = {"type": "array", "items": _ref("transition")}
    track = _block(
        {"title": TEXT, "states": _states(), "transitions": transitions}, ("states", "transitions")
    )
    outcome = _block({"title": TEXT, "grade": _option(get_args(Grade))}, ("grade",))
    return {
        "case_type": ID,
        "title": TEXT,
        "version": TEXT,
        "basis": TEXT,
        "effective": _block({"from": DAY, "until": DAY}, ("from",)),
        "calendar": NAME,
        "currency": NAME,
        "include": NAMES,
        "replace": NAMES,
        "params": _named(_values({"type": ["string", "integer", "number", "boolean"]})),
        "parties": _parties(),
        "reporter": _block({"class": _classes()}, ("class",)),
        "fields": _named(_ref("field")),
        "records": _named(_ref("record")),
        "seats": _named(_seat()),
        "rules": _named(_ref("rule")),
        "states": _states(),
        "outcomes": _named(outcome),
        "transitions": transitions,
        "clocks": _named(_ref("clock")),
        "tracks": _named(track),
        "milestones": _named(NAMES),
        "counts": _named(_block(dict.fromkeys(("outcomes", "records", "of"), NAMES))),
    }


def _field() -> Schema:
    kinds = "|".join(fact.KINDS)
    kind: Schema = {"type": "string", "pattern": rf"^({kinds})\??$"}
    block = _block(
        {
            "type": kind,
            "of": _many(ID),
            "default": {"type": ["string", "integer", "number", "boolean", "array"]},
            "class": _classes(),
            "hides": _option(("person", "unit")),
            "title": TEXT,
        },
        ("type",),
    )
    return {"anyOf": [kind, block]}


def _parties() -> Schema:
    count: Schema = {"type": "integer", "minimum": 0}
    role = _block({"min": count, "max": count, "agents": NAMES, "class": _classes(), "title": TEXT})
    several: Schema = {"type": "integer", "minimum": 1}
    return _block(
        {
            "roles": _named(role),
            "max": several,
            "representatives": several,
            "fields": _named(_ref("field")),
            "changes": NAMES,
        },
        ("roles",),
    )


def _record() -> Schema:
    return _block(
        {
            "fields": _named(_ref("field")),
            "per": NAME,
            "plural": ID,
            "lasts": _option(("cycle", "case")),
            "class": _classes(),
            "by": NAMES,
            "in": NAMES,
            "signed_by": _values(_many(NAMES)),
            "agent": NAME,
            "form": NAME,
            "title": TEXT,
        },
        ("fields",),
    )


def _seat() -> Schema:
    span: Schema = {"type": "string", "pattern": r"^[0-9]{1,3}\.\.[0-9]{1,3}$"}
    count: Schema = {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 999}, span]}
    return _block({"of": NAMES, "count": count, "accept": FLAG, "title": TEXT}, ("of",))


def _rule() -> Schema:
    return _block({"that": EXPRESSION, "because": TEXT, "basis": TEXT}, ("that", "because"))


def _effect() -> Schema:
    expression_of = {"type": "object", "additionalProperties": EXPRESSION}
    types: dict[str, Schema] = {
        "set": expression_of,
        "by": _option(("lot", "routing")),
        "deadlines": _option(("join", "part")),
        "who": EXPRESSION,
        "parties": EXPRESSION,
        "carry": NAMES,
        "to": NAMES,
        "remind": NAMES,
        "purge": NAMES,
    }
    return {
        "oneOf": [
            _block({key: types.get(key, NAME) for key in (verb, *others)}, (verb, *needed))
            for verb, (others, needed) in EFFECT_KEYS.items()
        ]
    }


def _waive() -> Schema:
    return {"type": "object", "propertyNames": {"pattern": "^FM-D[0-9]{3}$"}, "additionalProperties": TEXT}


def _states() -> Schema:
    return {**_named(_ref("state")), "type": "object", "minProperties": 1}


def _state() -> Schema:
    return _block(
        {
            "initial": FLAG,
            "states": _states(),
            "final": FLAG,
            "waits_for": NAMES,
            "phase": _option(get_args(Phase)),
            "class": NAME,
            "enter": _ref("effects"),
            "title": TEXT,
            "waive": _ref("waive"),
        }
    )


def _transition() -> Schema:
    branch = _block({"when": EXPRESSION, "to": NAME, "outcome": NAME, "effects": _ref("effects")}, ("to",))
    ask: Schema = {"type": "string", "pattern": r"^[^?+*\s]+[?+*]?$"}
    properties: dict[str, Schema] = {
        "trigger": ID,
        "as_soon_as": EXPRESSION,
        "name": ID,
        "source": NAMES,
        "except": NAMES,
        "dest": {"anyOf": [NAME, branch, {"type": "array", "items": branch, "minItems": 1}]},
        "allow": NAMES,
        "asks": _many(ask),
        "requires": NAMES,
        "guard": _ref("guards"),
        "outcome": NAMES,
        "reopens": FLAG,
        "undoes": NAMES,
        "effects": _ref("effects"),
        "basis": TEXT,
        "title": TEXT,
        "waive": _ref("waive"),
    }
    filing = {"properties": {"trigger": {"const": "file"}}, "required": ["trigger", "allow"]}
    act = {"required": ["trigger", "source", "allow"]}
    join = {
        "required": ["as_soon_as", "source"],
        "not": {"anyOf": [{"required": ["allow"]}, {"required": ["asks"]}]},
    }
    one = [{"required": ["trigger"]}, {"required": ["as_soon_as"]}]
    return {**_block(properties), "type": "object", "oneOf": one, "anyOf": [filing, act, join]}


def _rung() -> Schema:
    return _block(
        {"by": _ref("duration"), "allow": NAMES, "asks": NAMES, "guard": _ref("guards")}, ("by", "allow")
    )


def _clock() -> Schema:
    mark = rf"^(due([+-]{_DURATION})?|[0-9]{{1,3}}%|{_DURATION})$"
    marks: Schema = {
        "type": ["object", "null"],
        "propertyNames": {"pattern": mark},
        "additionalProperties": _ref("effects"),
    }
    properties: dict[str, Schema] = {
        "within": _ref("duration"),
        "until": EXPRESSION,
        "from": EXPRESSION,
        "kind": _option(("limit", "wait")),
        "per": NAME,
        "runs_in": NAMES,
        "pauses_in": NAMES,
        "while": EXPRESSION,
        "restarts_on": NAMES,
        "extend": _many(_ref("rung")),
        "at": marks,
        "rolls": FLAG,
        "ends": _option(("midnight", "business")),
        "basis": TEXT,
        "title": TEXT,
        "waive": _ref("waive"),
    }
    one = [{"required": ["within"]}, {"required": ["until"]}]
    return {**_block(properties), "type": "object", "oneOf": one}
