"""FM-D101, D103: names that stand twice or are taken by the language."""

from collections.abc import Iterable, Iterator

from engine.definitions.analysis import site
from engine.definitions.analysis.report import phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.who import SPECIAL

CEL_WORDS = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "null",
        "package",
        "namespace",
        "return",
        "true",
        "var",
        "void",
        "while",
    ]
)
RESERVED = CEL_WORDS | {"back", "stay", "any", "due", "note"}
# variables of the expressions; no fact may hide one
ENVIRONMENT = frozenset(
    (
        "parties",
        "seat",
        "clock",
        "inside",
        "been",
        "last",
        "links",
        "case",
        "actor",
        "act",
        "param",
        "now",
        "today",
    )
)
OF_ITEM = frozenset(("id", "at", "by", "signed", "signed_at", "party", "role", "of"))
OF_PARTY = frozenset(("id", "role", "active"))


def check(scope: Scope) -> None:
    _states_once(scope)
    _fact_names(scope)
    _other_names(scope)


def _states_once(scope: Scope) -> None:
    seen: dict[str, str] = {}
    for stated in site.states(scope.definition):
        if stated.name in seen:
            scope.report.tell("D101", stated.path, name=stated.name)
        seen.setdefault(stated.name, stated.path)
        _reserved(scope, stated.path, stated.name, RESERVED)


def _reserved(scope: Scope, path: str, name: str, words: Iterable[str]) -> None:
    if name in words:
        scope.report.tell("D103", path, name=name, why=phrase("name.reserved"))


def _once(scope: Scope, named: Iterable[tuple[str, str]]) -> None:
    """(name, path) pairs of one name space."""
    seen: dict[str, str] = {}
    for name, path in named:
        if name in seen:
            scope.report.tell("D103", path, name=name, why=phrase("name.twice", first=seen[name]))
        seen.setdefault(name, path)


def _fact_names(scope: Scope) -> None:
    definition = scope.definition
    _once(scope, _facts(scope))
    for name, path in _facts(scope):
        _reserved(scope, path, name, RESERVED | ENVIRONMENT)
    for name in definition.parties.fields:
        _reserved(scope, f"parties.fields.{name}", name, CEL_WORDS | OF_PARTY | {"person"})
    for record, spec in definition.records.items():
        for name in spec.fields:
            _reserved(scope, f"records.{record}.fields.{name}", name, CEL_WORDS | OF_ITEM)
    per_party = [(n, s) for n, s in definition.records.items() if s.per == "party"]
    _once(
        scope,
        [
            *((n, f"parties.fields.{n}") for n in definition.parties.fields),
            *((n, f"records.{n}") for n, _ in per_party),
            *((s.plural, f"records.{n}.plural") for n, s in per_party),
        ],
    )


def _facts(scope: Scope) -> Iterator[tuple[str, str]]:
    definition = scope.definition
    for name in definition.fields:
        yield name, f"fields.{name}"
    for name, spec in definition.records.items():
        yield name, f"records.{name}"
        yield spec.plural, f"records.{name}.plural"
    for name in definition.rules:
        yield name, f"rules.{name}"


def _other_names(scope: Scope) -> None:
    definition = scope.definition
    who = [
        *((name, f"parties.roles.{name}") for name in definition.parties.roles),
        *((name, f"seats.{name}") for name in definition.seats),
    ]
    _once(scope, who)
    for name, path in who:
        _reserved(scope, path, name, RESERVED | set(SPECIAL))
        if name in scope.vocabulary.roles:
            scope.report.tell("D103", path, name=name, why=phrase("name.role"))
    # what may be asked for shares one list, so a seat must not be named like a fact
    for name in definition.seats.keys() & (definition.fields.keys() | definition.records.keys()):
        first = f"fields.{name}" if name in definition.fields else f"records.{name}"
        scope.report.tell("D103", f"seats.{name}", name=name, why=phrase("name.twice", first=first))
    for section in ("params", "clocks", "outcomes", "tracks"):
        for name in getattr(definition, section):
            _reserved(scope, f"{section}.{name}", name, CEL_WORDS)
    _triggers(scope)


def _triggers(scope: Scope) -> None:
    regions: dict[str, str] = {}
    for written in scope.written:
        trigger = written.transition.trigger
        if trigger is None:
            continue
        path = f"{written.path}.trigger"
        _reserved(scope, path, trigger, RESERVED)
        if regions.setdefault(trigger, written.region) != written.region:
            why = phrase("name.region", first=regions[trigger])
            scope.report.tell("D103", path, name=trigger, why=why)
        if trigger in scope.outline.generated:
            scope.report.tell("D103", path, name=trigger, why=phrase("name.generated"))
