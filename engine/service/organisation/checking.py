"""What no single row shows: doubled codes, unknown references, circles in a tree and of substitutes, unknown roles
and levels."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from engine.definitions.model import Vocabulary
from engine.domain import organisation as org
from engine.service.organisation.column import SHEETS, Spec
from engine.service.organisation.difference import merged
from engine.service.organisation.reading import Parsed, Read
from engine.service.stand_in import Leave


def check(read: Read, stored: org.Organisation, vocabulary: Vocabulary | None = None) -> None:
    """Moves every row that does not hold to ``read.rejected``; rows that lean on those fall with them."""
    for spec in SHEETS:
        _drop_doubles(read, spec)
    if vocabulary is not None:
        _drop_unknown_names(read, vocabulary)
    for spec in SHEETS:
        _drop_unknown_references(read, spec, stored)
    for sheet, tree in (("units", stored.unit), ("places", stored.place)):
        if _drop_circles(read, sheet, tree):
            for after in SHEETS:
                _drop_unknown_references(read, after, stored)
    _drop_circles_of_substitutes(read, stored)


def _drop(read: Read, spec: Spec, why: Callable[[Parsed], tuple[str, str, dict[str, Any]] | None]) -> bool:
    """Leaves out the rows for which ``why`` gives (column, code, params); whether there were any."""
    kept = []
    for parsed in read.parsed[spec.name]:
        found = why(parsed)
        if found is None:
            kept.append(parsed)
        else:
            column, code, params = found
            read.reject(parsed.sheet, parsed.row, column, code, **params)
    dropped = len(kept) < len(read.parsed[spec.name])
    read.parsed[spec.name] = kept
    return dropped


def _drop_doubles(read: Read, spec: Spec) -> None:
    first: dict[Any, Parsed] = {}

    def why(parsed: Parsed) -> tuple[str, str, dict[str, Any]] | None:
        key = spec.key_of(parsed.value)
        before = first.setdefault(key, parsed)
        if before is parsed:
            return None
        told = " ".join(str(part) for part in key if part)
        return spec.key[0], "FM-I027", {"value": told, "first": f"{before.sheet} {before.row}"}

    _drop(read, spec, why)


def _drop_unknown_names(read: Read, vocabulary: Vocabulary) -> None:
    wanted = (("units", "level", vocabulary.levels), ("appointments", "role", vocabulary.roles))
    for sheet, column, names in wanted:
        if not names:
            continue

        def why(
            parsed: Parsed, column: str = column, names: Iterable[str] = names
        ) -> tuple[str, str, dict[str, Any]] | None:
            value = getattr(parsed.value, column)
            if value in names:
                return None
            near = get_close_matches(value, list(names), 1) or sorted(names)[:6]
            return column, "FM-I028", {"value": value, "near": ", ".join(near)}

        _drop(read, next(spec for spec in SHEETS if spec.name == sheet), why)


def _drop_unknown_references(read: Read, spec: Spec, stored: org.Organisation) -> None:
    """Again and again where the sheet refers to itself: a parent that falls takes its children along."""
    refers = [(c.name, c.refers) for c in spec.columns if c.refers and hasattr(spec.make, c.name)]
    again = True
    while again:
        known = {sheet: _known(read, stored, sheet) for _, sheet in refers}

        def why(
            parsed: Parsed, known: Mapping[str, set[str]] = known
        ) -> tuple[str, str, dict[str, Any]] | None:
            for column, sheet in refers:
                value = getattr(parsed.value, column)
                if value and value not in known[sheet]:
                    near = get_close_matches(value, known[sheet], 1, 0.8) if len(known[sheet]) < 3000 else []
                    params = {"value": value, "what": sheet, "near": near[0] if near else "-"}
                    return column, "FM-I029", params
            return None

        again = _drop(read, spec, why) and any(sheet == spec.name for _, sheet in refers)


def _known(read: Read, stored: org.Organisation, sheet: str) -> set[str]:
    values: Iterable[Any] = getattr(stored, sheet)
    return {v.code for v in values} | {_code(parsed) for parsed in read.parsed[sheet]}


def _code(parsed: Parsed) -> str:
    return str(getattr(parsed.value, "code", ""))


def _drop_circles(read: Read, sheet: str, stored: Mapping[str, Any]) -> bool:
    spec = next(s for s in SHEETS if s.name == sheet)
    parents: dict[str, str | None] = {code: value.parent for code, value in stored.items()}
    for parsed in read.parsed[sheet]:
        if "parent" in parsed.given:
            parents[_code(parsed)] = getattr(parsed.value, "parent", None)
    circles = _circles(parents)

    def why(parsed: Parsed) -> tuple[str, str, dict[str, Any]] | None:
        circle = circles.get(_code(parsed))
        return None if circle is None else ("parent", "FM-I030", {"circle": " > ".join(circle)})

    return _drop(read, spec, why)


def _circles(parents: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Each code that lies below itself, with the way round."""
    found: dict[str, list[str]] = {}
    settled: set[str] = set()
    for start in parents:
        way: list[str] = []
        at: str | None = start
        while at is not None and at not in settled and at not in way:
            way.append(at)
            at = parents.get(at)
        if at is not None and at in way:
            circle = way[way.index(at) :]
            found |= {code: [*circle, at] for code in circle}
        settled.update(way)
    return found


def _drop_circles_of_substitutes(read: Read, stored: org.Organisation) -> None:
    """Rows by which a way from one substitute to the next comes back to who is away. Of several the last falls."""
    spec = next(s for s in SHEETS if s.name == "absences")
    before = {spec.key_of(value): value for value in stored.absences}
    changed = {spec.key_of(parsed.value) for parsed in read.parsed[spec.name]}
    leaves: dict[str, list[Leave]] = {}

    def stands(value: Any) -> Leave:
        leave = Leave(value.since, value.until, value.substitute)
        leaves.setdefault(value.person, []).append(leave)
        return leave

    for value in stored.absences:
        if spec.key_of(value) not in changed:
            stands(value)

    def why(parsed: Parsed) -> tuple[str, str, dict[str, Any]] | None:
        was = before.get(spec.key_of(parsed.value))
        row: Any = merged(parsed, was)
        way = _way_back(leaves, row.person, Leave(row.since, row.until, row.substitute), [])
        if way is None:
            stands(row)
            return None
        if was is not None:
            stands(was)
        return "substitute", "FM-R570", {"person": row.person, "way": " > ".join([row.person, *way])}

    _drop(read, spec, why)


def _way_back(
    leaves: Mapping[str, list[Leave]], person: str, leave: Leave, way: list[str]
) -> list[str] | None:
    """From one substitute to the next, on days that all these leaves share, until it is the person again."""
    if leave.substitute is None or leave.substitute in way:
        return None
    way = [*way, leave.substitute]
    if leave.substitute == person:
        return way
    for other in leaves.get(leave.substitute, ()):
        both = other.overlap(leave.since, leave.until)
        found = _way_back(leaves, person, Leave(*both, other.substitute), way) if both else None
        if found is not None:
            return found
    return None
