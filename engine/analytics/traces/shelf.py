"""Columns on disk: of each track one file per column, ordered by case; read by mapping, written once.

A shelf is a folder that nobody changes after it is whole. It holds what is known up to one place of the event table;
what came later lies on a second, small shelf whose cases take the place of theirs (``engine.analytics.traces.book``).
"""

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.traces.rows import ALWAYS, NONE, Known

Ints = NDArray[np.int64]
FLUSH = 1 << 16  # rows of a track in memory before they go to its files
VALUED = frozenset({"act", "record", "seat", "limit", "party"})  # tracks whose rows have a value
NAMED = frozenset({"act", "record", "seat"})  # and whose value is somebody's code
PERSONS = "@person"  # the space of those codes
_TYPES = {"case": np.uint32, "code": np.int32, "at": np.int64, "since": np.int64, "value": np.int64}


class Track(NamedTuple):
    """Rows of one track in the order of cases, and of events within a case. ``case``: ids; ``at`` and ``since``:
    seconds since 1970; ``code`` and ``value``: numbers of names, ``value`` of limits the due second; ``until``: None
    where nothing was ever taken back."""

    case: NDArray[np.uint32]
    code: NDArray[np.int32]
    at: Ints
    since: Ints
    until: Ints | None
    value: Ints | None

    def take(self, which: Any) -> "Track":
        columns: Any = [column if column is None else column[which] for column in self]
        return Track(*columns)


class Names:
    """Texts by number, a space of its own for each track; a number is never given twice."""

    def __init__(self, held: Mapping[str, list[str]] | None = None) -> None:
        self.texts: dict[str, list[str]] = {space: list(texts) for space, texts in (held or {}).items()}
        self._numbers = {space: {t: n for n, t in enumerate(texts)} for space, texts in self.texts.items()}

    def number(self, space: str, text: str) -> int:
        numbers = self._numbers.setdefault(space, {})
        found = numbers.get(text)
        if found is None:
            texts = self.texts.setdefault(space, [])
            found = numbers[text] = len(texts)
            texts.append(text)
        return found

    def of(self, space: str) -> list[str]:
        return self.texts.get(space, [])

    def known(self, space: str, text: str) -> int:
        """The number of a text, -1 if nothing has that name."""
        return self._numbers.get(space, {}).get(text, -1)


class _Open:
    """The rows of one track that are not on disk yet."""

    def __init__(self, valued: bool) -> None:
        self.case, self.code, self.at, self.since = array("I"), array("i"), array("q"), array("q")
        self.value = array("q") if valued else None
        self.ends: list[tuple[int, int]] = []  # number of a row, until when it was believed
        self.written = 0

    def columns(self) -> Iterable[tuple[str, "array[int]"]]:
        yield from (("case", self.case), ("code", self.code), ("at", self.at), ("since", self.since))
        if self.value is not None:
            yield "value", self.value


class Rows:
    """Takes cases in the order of their ids, and can be asked for their tracks: a shelf in memory."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.tracks: dict[str, _Open] = {}
        self.latest = NONE

    def add(self, case_id: int, found: Iterable[Known]) -> None:
        for (name, code, at, _, value), since, until in found:
            track = self.tracks.get(name)
            if track is None:
                track = self.tracks[name] = _Open(name in VALUED)
            if until != ALWAYS:
                track.ends.append((track.written + len(track.case), until))
                self.latest = max(self.latest, until)
            track.case.append(case_id)
            track.code.append(self.names.number(name, code))
            track.at.append(at)
            track.since.append(since)
            if track.value is not None:
                track.value.append(
                    self.names.number(PERSONS, str(value)) if name in NAMED else int(value or 0)
                )
            self.latest = max(self.latest, since, at)
            if len(track.case) >= FLUSH:
                self._full(name, track)

    def _full(self, name: str, track: _Open) -> None:
        """Called when a track has grown."""

    def track(self, name: str) -> Track | None:
        found = self.tracks.get(name)
        if found is None:
            return None
        held = {column: np.array(values, _TYPES[column]) for column, values in found.columns()}
        until = _until(len(found.case), found.ends)
        return Track(held["case"], held["code"], held["at"], held["since"], until, held.get("value"))


def _until(rows: int, ends: Sequence[Sequence[int]]) -> Ints | None:
    if not ends:
        return None
    until = np.full(rows, ALWAYS, np.int64)
    which, believed = zip(*ends, strict=True)
    until[list(which)] = believed
    return until


class Writer(Rows):
    """The same into a folder; :meth:`close` makes the shelf whole."""

    def __init__(self, folder: Path, names: Names) -> None:
        super().__init__(names)
        self.folder = folder
        folder.mkdir(parents=True)

    def put(self, name: str, track: Track) -> None:
        """A whole track at once, as another shelf had it."""
        opened = self.tracks[name] = _Open(track.value is not None)
        for column in ("case", "code", "at", "since", "value"):
            given = getattr(track, column)
            if given is not None:
                np.ascontiguousarray(given).tofile(self._file(name, column))
        opened.written = len(track.case)
        if track.until is not None:
            rows = np.flatnonzero(track.until != ALWAYS)
            opened.ends = list(zip(rows.tolist(), track.until[rows].tolist(), strict=True))

    def close(self) -> None:
        for name, track in self.tracks.items():
            self._full(name, track)
        about = {name: {"rows": t.written, "ends": t.ends} for name, t in self.tracks.items()}
        (self.folder / "tracks.json").write_text(json.dumps({"tracks": about, "latest": self.latest}))

    def _full(self, name: str, track: _Open) -> None:
        for column, values in track.columns():
            with self._file(name, column).open("ab") as file:
                values.tofile(file)
        track.written += len(track.case)
        for _, values in track.columns():
            del values[:]

    def _file(self, name: str, column: str) -> Path:
        return self.folder / f"{name.replace('/', '.')}.{column}"


class Shelf:
    """A whole shelf, to be read. Columns are mapped, so that only what a question needs is read at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        about: dict[str, Any] = json.loads((folder / "tracks.json").read_text())
        self.tracks: dict[str, dict[str, Any]] = about["tracks"]
        self.latest: int = about["latest"]  # the last second that any row speaks of

    def track(self, name: str) -> Track | None:
        about = self.tracks.get(name)
        if about is None:
            return None
        rows = about["rows"]
        until = _until(rows, about["ends"])
        case, code, at, since = (
            self._column(name, column, rows) for column in ("case", "code", "at", "since")
        )
        return Track(
            case, code, at, since, until, self._column(name, "value", rows) if name in VALUED else None
        )

    def _column(self, name: str, column: str, rows: int) -> Any:
        path = self.folder / f"{name.replace('/', '.')}.{column}"
        if not rows:
            return np.zeros(0, _TYPES[column])
        return np.memmap(path, _TYPES[column], "r", shape=(rows,)).view(np.ndarray)


def merged(base: Track | None, later: Track | None, replaced: Ints) -> Track | None:
    """The rows of a track with those of the replaced cases taken out and the later ones put where they belong."""
    if base is None or (later is None and not replaced.size):
        return base if base is not None else later
    kept = base
    if replaced.size:
        out = np.isin(base.case, replaced.astype(np.uint32), kind="sort" if replaced.size < 1000 else None)
        kept = base.take(~out) if out.any() else base
    if later is None or not len(later.case):
        return kept
    if kept.until is None and later.until is not None:
        kept = kept._replace(until=np.full(len(kept.case), ALWAYS, np.int64))
    if later.until is None and kept.until is not None:
        later = later._replace(until=np.full(len(later.case), ALWAYS, np.int64))
    places = np.searchsorted(kept.case, later.case, side="right")
    columns: Any = [
        None if was is None or more is None else np.insert(was, places, more)
        for was, more in zip(kept, later, strict=True)
    ]
    return Track(*columns)
