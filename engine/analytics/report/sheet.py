"""Tables for documents, out of any measure's answer: heads in words, cells of a known kind, told apart from how they
are written (a page says ``3 d 4 h``, a CSV says 273600)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.analytics.registry import Measure
from engine.domain.messages import text

Answer = Mapping[str, Any]
KEPT_APART = frozenset({"few", "hidden", "curve"})
TITLED = frozenset({"part", "outcome", "clock", "state", "act", "activity"})  # their title says it
KINDS = ("text", "count", "share", "seconds", "moment", "p")


@dataclass(frozen=True, slots=True)
class Head:
    """``path``: where the value stands in a group or an item; ``kind``: one of :data:`KINDS`."""

    path: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Any, ...], ...]

    def to_json(self) -> dict[str, Any]:
        heads = [{"path": head.path, "title": head.title, "kind": head.kind} for head in self.heads]
        return {"title": self.title, "heads": heads, "rows": [list(row) for row in self.rows]}


Name = Callable[[str, Any, Answer], Any]


def _as_it_stands(_path: str, value: Any, _row: Answer) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class _Raw:
    """A table before its values are called anything."""

    title: str
    heads: tuple[Head, ...]
    rows: Sequence[Answer]

    def called(self, name: Name) -> Table:
        rows = (
            tuple(name(head.path, _value(row, head.path), row) for head in self.heads) for row in self.rows
        )
        return Table(self.title, self.heads, tuple(rows))


def tables(measure: Measure, answer: Answer, lang: str, name: Name = _as_it_stands) -> list[Table]:
    """The groups, then each list of theirs that is shown, then the answer's own lists. ``name``: what a value of a column
    is called, in which row."""
    return [table.called(name) for table in _tables(measure, answer, lang)]


def _tables(measure: Measure, answer: Answer, lang: str) -> list[_Raw]:
    groups, found = answer.get("groups") or [], []
    if measure.facts:
        found.append(_table("", measure.facts, [answer], lang))
    if groups:
        paths = measure.columns or tuple(_scalars(groups[0]))
        rows, own = [*groups, *_whole(answer, lang)], measure.at.rpartition(":")[2]
        found.append(_table("", [*_keys(groups[0]), *paths], rows, lang, within=own))
        for name in measure.lists or tuple(_lists(groups[0]) if not measure.columns else ()):
            rows = [_inside(group, one) for group in groups for one in group.get(name) or ()]
            if rows:
                found.append(
                    _table(_word(name, lang), [*_keys(rows[0]), *_scalars(rows[0])], rows, lang, within=name)
                )
                found += _inner(name, rows, lang) if measure.deep else ()
    for name in measure.items or (() if groups else tuple(_lists(answer))):
        rows = [
            _inside({"key": one["key"]} if isinstance(one.get("key"), Mapping) else {}, one)
            for one in answer.get(name) or ()
        ]
        if rows:
            title = "" if not found else _word(name, lang)
            found.append(_table(title, [*_keys(rows[0]), *_scalars(rows[0])], rows, lang, within=name))
    return found


def _whole(answer: Answer, lang: str) -> list[Answer]:
    """All groups together, as the last row, where the answer tells of them."""
    if not answer.get("whole"):
        return []
    first, *others = answer["whole"]["key"]
    key = {first: text("word.stats_whole", lang), **dict.fromkeys(others, "")}
    return [{**answer["whole"], "key": key}]


def _inside(group: Answer, one: Answer) -> dict[str, Any]:
    """An item with the key of its group; what it calls its own key, a word, stands as its name."""
    own = {
        ("part" if name == "key" else name): value
        for name, value in one.items()
        if not (name == "key" and isinstance(value, Mapping))
    }
    return {"key": group.get("key") or {}, **own}


def _inner(name: str, rows: Sequence[Answer], lang: str) -> Iterator[_Raw]:
    """Lists within lists: the buckets of a leg."""
    for inner in _lists(rows[0]):
        told = _names(rows[0])
        deep = [
            {"key": row["key"], **{one: row[one] for one in told}, **cell}
            for row in rows
            for cell in row.get(inner) or ()
        ]
        if deep:
            heads = [*_keys(deep[0]), *told, *(path for path in _scalars(deep[0]) if path not in told)]
            yield _table(f"{_word(name, lang)}: {_word(inner, lang)}", heads, deep, lang)


def _names(row: Answer) -> list[str]:
    """What a row is called: its texts before the first number."""
    return [name for name, value in row.items() if isinstance(value, str)][:1]


def _keys(row: Answer) -> list[str]:
    return [f"key.{name}" for name in row.get("key") or {}]


def _scalars(row: Answer, inside: str = "") -> Iterator[str]:
    for name, value in row.items():
        if name in KEPT_APART or (name == "key" and not inside):
            continue
        if (name in TITLED and "title" in row) or name.removesuffix("_title") in row.keys() - {name}:
            continue
        if isinstance(value, Mapping):
            yield from _scalars(value, f"{inside}{name}.")
        elif not isinstance(value, list) or all(isinstance(one, str) for one in value):
            yield f"{inside}{name}"


def _lists(row: Answer) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping) and name not in KEPT_APART:
            yield name


def _table(title: str, paths: Sequence[str], rows: Sequence[Answer], lang: str, *, within: str = "") -> _Raw:
    """``within``: the measure or the list whose rows they are; what ``n`` counts hangs on it."""
    heads = (Head(path, _title(path, lang, within), _kind(path)) for path in paths)
    return _Raw(title, tuple(heads), rows)


def _value(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = _inner_value(row, name)
    return row


def _inner_value(row: Any, name: str) -> Any:
    if isinstance(row, list):
        return row[int(name)] if int(name) < len(row) else None
    return row.get(name) if isinstance(row, Mapping) else None


def _kind(path: str) -> str:
    name = (
        path.removesuffix(".0").removesuffix(".1").rpartition(".")[2]
    )  # either end of an interval is a length
    if name == "p":
        return "p"
    if name.endswith("_s") or name == "seconds":
        return "seconds"
    if name == "share" or name.startswith("share_"):
        return "share"
    if name == "at" or name.endswith("_at"):
        return "moment"
    return "count" if name == "n" or name.startswith("n_") else "text"


def _title(path: str, lang: str, within: str = "") -> str:
    """The word of the whole path, in this list or anywhere, else the words of its parts."""
    whole = _known(f"column.{within}.{path}", lang) or _known(f"column.{path}", lang)
    parts = [part for part in path.split(".") if part != "key"]
    return whole or " ".join(_word(part, lang) for part in parts)


def _word(name: str, lang: str) -> str:
    return _known(f"column.{name}", lang) or _known(name, lang) or name.removesuffix("_s").replace("_", " ")


def _known(name: str, lang: str) -> str | None:
    found = text(f"word.{name}", lang)
    return None if found == f"word.{name}" or "{" in found else found


# ---- how cells are written ---------------------------------------------------------------------------------


def told(value: Any, kind: str, lang: str, zone: str) -> str:
    """For people; what is not known is a dash, never a zero."""
    from engine.analytics.chart.scale import chance, span

    if value is None:
        return "-"
    if kind == "seconds" and isinstance(value, int | float):
        return span(value, lang)
    if kind == "share" and isinstance(value, int | float):
        return f"{100 * value:.1f} %"
    if kind == "p" and isinstance(value, int | float):
        return chance(value)
    if kind == "moment":
        return f"{datetime.fromisoformat(str(value)).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return text(f"word.column.{'yes' if value else 'no'}", lang)
    return str(value)
