"""The rows of every case, kept beside the store: opened, brought up to the last event, and put away again.

A base shelf holds what was known when it was made; a second, small one the cases that changed since, whole, in the
place of theirs. Both are a cache: whoever deletes the folder loses time and nothing else, and where it cannot be
written every question makes the rows it lacks in memory. ``verify`` compares all of it with the histories.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from engine.analytics.traces import reading
from engine.analytics.traces.law import law
from engine.analytics.traces.reading import Place
from engine.analytics.traces.rows import NONE, trace
from engine.analytics.traces.shelf import Ints, Names, Rows, Shelf, Track, Writer, merged
from engine.persistence.own_history import OWN
from engine.persistence.raw import rows
from engine.persistence.unit import Unit

SMALL = 500  # ids of cases up to which nothing is kept: they are read again in a tenth of a second
WORTH = 64  # cases that changed: fewer are read again at each question rather than written down
GROWN = 4096  # replaced cases, or a tenth of all: then a new base is made

Told = Callable[[int, int], None]
progress: ContextVar[Told | None] = ContextVar(
    "progress", default=None
)  # (done, of how many) of a long first reading


class Source(Protocol):
    latest: int

    def track(self, name: str) -> Track | None: ...


class Layer(NamedTuple):
    """Rows that take the place of all rows of these cases below them."""

    source: Source
    replaced: Ints


_NO_CASES: Ints = np.zeros(0, np.int64)


class Book:
    """All rows up to now: ``tracks`` by name, ``names`` for their codes, the ids of all ``cases``."""

    def __init__(self, layers: list[Layer], names: Names) -> None:
        self.layers, self.names = layers, names
        self.latest = max((layer.source.latest for layer in layers), default=NONE)
        self._tracks: dict[str, Track | None] = {}

    def track(self, name: str) -> Track | None:
        """All rows of a track in the order of cases; None if no case has one."""
        if name not in self._tracks:
            found: Track | None = None
            for source, replaced in self.layers:
                found = merged(found, source.track(name), replaced)
            self._tracks[name] = found
        return self._tracks[name]

    @cached_property
    def cases(self) -> Ints:
        """Ids of all cases, ascending."""
        filed = self.track("filed")
        if filed is None:
            return _NO_CASES
        case = filed.case.astype(np.int64)
        return case if filed.until is None else np.unique(case)


def open_book(unit: Unit) -> Book:
    """The book of this store with everything in it that was committed before."""
    folder = _folder(unit)
    held = _read_held(unit, folder)
    if held is None:
        if reading.highest(unit) > SMALL:
            return _anew(unit, folder)
        return unit.once("book", lambda: _anew(unit, None))
    changed = reading.touched(unit, held.place)
    if not changed:
        return Book(held.layers, held.names)
    return _brought_up(unit, folder, held, changed)


def forget(unit: Unit) -> None:
    """Delete what is kept; the next question makes it again."""
    folder = _folder(unit)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


# ---- what is kept ----------------------------------------------------------------------------------


class _Held(NamedTuple):
    layers: list[Layer]
    names: Names
    place: Place
    base: str
    turn: int

    @classmethod
    def read(cls, folder: Path, unit: Unit) -> "_Held | None":
        """What the folder holds, if it is of this very store."""
        if not (folder / "book.json").exists():
            return None
        about: dict[str, Any] = json.loads((folder / "book.json").read_text())
        place = Place(*about["place"])
        if about["format"] != _format() or about["identity"] != reading.identity(unit):
            return None
        if not reading.still_there(unit, place):
            return None
        layers = [Layer(Shelf(folder / about["base"]), _NO_CASES)]
        if about["later"]:
            later = folder / about["later"]
            layers.append(Layer(Shelf(later), np.fromfile(later / "replaced", np.int64)))
        names = json.loads((folder / (about["later"] or about["base"]) / "names.json").read_text())
        return cls(layers, Names(names), place, about["base"], about["turn"])


def _read_held(unit: Unit, folder: Path | None) -> _Held | None:
    try:
        return _Held.read(folder, unit) if folder else None
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
    ):  # somebody tidied up, or it is damaged: it is only a cache
        return None


def _anew(unit: Unit, folder: Path | None) -> Book:
    """Every history read: into the folder, or into memory where that cannot be."""
    with _writing(folder, wait=True) as free:
        held = _read_held(unit, folder)
        if held is not None and not reading.touched(unit, held.place):
            return Book(held.layers, held.names)  # another process has just made it
        place, names, top = reading.last(unit), Names(), reading.highest(unit)
        if folder and free:
            with suppress(OSError):  # no room there: in memory then
                return _written(unit, folder, place, top)
        loose = Rows(names)
        _read(unit, loose, reading.every_history(unit, top), top)
        return Book([Layer(loose, _NO_CASES)], names)


def _written(unit: Unit, folder: Path, place: Place, top: int) -> Book:
    """A new base in the folder."""
    names, base = Names(), folder / f"base-{_turn(folder)}"
    shutil.rmtree(base, ignore_errors=True)
    try:
        writer = Writer(base, names)
        _read(unit, writer, reading.every_history(unit, top), top)
        writer.close()
        _settle(unit, folder, names, place, base.name, None)
    except OSError:
        shutil.rmtree(base, ignore_errors=True)
        raise
    return Book([Layer(Shelf(base), _NO_CASES)], names)


def _brought_up(unit: Unit, folder: Path | None, held: _Held, changed: list[int]) -> Book:
    """With the cases that changed read again; written down if they are many."""
    place, fresh = reading.last(unit), Rows(held.names)
    gone = _gone(unit, held) if changed[0] == OWN else []
    wanted = [case_id for case_id in changed if case_id != OWN]
    _read(unit, fresh, reading.histories(unit, wanted), wanted[-1] if wanted else 0)
    layers = [*held.layers, Layer(fresh, np.array(sorted({*wanted, *gone}), np.int64))]
    book = Book(layers, held.names)
    if folder and len(wanted) + len(gone) >= WORTH:
        with suppress(OSError), _writing(folder) as free:
            if free:
                return _put_away(unit, folder, held, book, place)
    return book


def _gone(unit: Unit, held: _Held) -> list[int]:
    """Cases that were lawfully taken out of the store again."""
    there = np.array(reading.ids(unit), np.int64)
    return [int(n) for n in np.setdiff1d(Book(held.layers, held.names).cases, there)]


def _put_away(unit: Unit, folder: Path, held: _Held, book: Book, place: Place) -> Book:
    """What changed since the base as one shelf; if that has grown, all as a new base."""
    replaced = np.unique(np.concatenate([layer.replaced for layer in book.layers]))
    grown = replaced.size > max(GROWN, len(book.cases) // 10)
    turn = held.turn + 1
    name = f"base-{turn}" if grown else f"later-{turn}"
    shutil.rmtree(folder / name, ignore_errors=True)
    writer = Writer(folder / name, book.names)
    writer.latest = book.latest
    rows_of = book if grown else Book([Layer(Rows(book.names), _NO_CASES), *book.layers[1:]], book.names)
    for track in sorted(book.names.texts):
        found = rows_of.track(track)
        if found is not None:
            writer.put(track, found)
    writer.close()
    replaced.tofile(folder / name / "replaced")
    _settle(unit, folder, book.names, place, *((name, None) if grown else (held.base, name)))
    made = _Held.read(folder, unit)
    return Book(made.layers, made.names) if made else book


def _read(unit: Unit, into: Rows, cases: Iterator[reading.Case], top: int) -> None:
    told, laws = progress.get(), lambda content_hash: law(unit, content_hash)
    for n, (case_id, events) in enumerate(cases):
        into.add(case_id, trace(events, laws))
        if told is not None and n % 1000 == 0:
            told(case_id, top)


@cache
def _format() -> str:
    """What another program would keep otherwise: the very code that makes rows and writes them."""
    here = Path(__file__).parent
    made = b"".join((here / name).read_bytes() for name in ("law.py", "rows.py", "shelf.py"))
    return hashlib.sha256(made).hexdigest()[:16]


# ---- the folder ------------------------------------------------------------------------------------


def _folder(unit: Unit) -> Path | None:
    """Beside a SQLite file; for a server, where this user keeps what can be made again."""
    if unit.dialect == "sqlite":
        path = rows(unit, "PRAGMA database_list")[0][2]
        return Path(f"{path}.figures") if path else None
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        home = Path(cache) if cache else Path.home() / ".cache"
    except RuntimeError:  # a user without a home: in memory then
        return None
    return home / "folkmoot" / reading.identity(unit).replace(":", "-")


@contextmanager
def _writing(folder: Path | None, *, wait: bool = False) -> Iterator[bool]:
    """Whether this process is the one that may write there now."""
    if folder is None:
        yield False
        return
    try:
        import fcntl

        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("a")
    except (ImportError, OSError):
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            yield False
            return
        yield True


def _turn(folder: Path) -> int:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads((folder / "book.json").read_text())["turn"]) + 1
    return 1


def _settle(unit: Unit, folder: Path, names: Names, place: Place, base: str, later: str | None) -> None:
    """From here on it counts; what the last turn but one left behind goes."""
    (folder / (later or base) / "names.json").write_text(json.dumps(names.texts, ensure_ascii=False))
    turn, about = _turn(folder), folder / "book.json"
    told = {
        "format": _format(), "identity": reading.identity(unit), "place": list(place), "base": base, "later": later,
        "turn": turn,
    }  # fmt: skip
    before: set[str] = set()
    with suppress(OSError, ValueError):
        old = json.loads(about.read_text())
        before = {old["base"], old["later"] or ""}
    made = folder / "book.json.new"
    made.write_text(json.dumps(told))
    made.replace(about)
    for path in folder.iterdir():
        if path.is_dir() and path.name not in {base, later, *before}:
            shutil.rmtree(path, ignore_errors=True)
