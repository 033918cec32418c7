"""A whole copy of a SQLite file while others write to it: one consistent moment, in one step."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from engine.domain.errors import Conflict, NotFound
from engine.persistence.failure import translate

BACKUPS = "backups"


def stamped(path: Path, now: datetime, *, folder: str = "", mark: str = "") -> Path:
    """``folkmoot.db`` -> ``backups/folkmoot-20261123-0914.db``; with seconds, or a number, if that is taken."""
    place = path.parent / folder
    stem = f"{path.stem}-{mark}{now:%Y%m%d-%H%M}"
    names = (stem, f"{stem}{now:%S}", *(f"{stem}{now:%S}-{n}" for n in range(2, 100)))
    return next(p for name in names if not (p := place / f"{name}{path.suffix}").exists())


def duplicate(source: Path, target: Path) -> None:
    """Copies into a file that was not there before (FM-C021); it appears only when it is complete.

    The copy is a single file without a write-ahead log, readable by its owner alone.
    """
    if not source.is_file():
        raise NotFound("FM-N010", kind="store", file=str(source))
    if not target.parent.is_dir():
        raise NotFound("FM-N004", kind="store", path=str(target.parent))
    _reserve(target)
    part = target.with_name(target.name + ".part")
    try:
        _copy(source, part)
        os.replace(part, target)
        _sync(target.parent)
    except BaseException as error:
        part.unlink(missing_ok=True)
        target.unlink()
        if isinstance(error, Exception):
            raise translate(error) from error
        raise


def _reserve(target: Path) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise Conflict("FM-C021", kind="store", path=str(target)) from error


def _copy(source: Path, part: Path) -> None:
    os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    with (
        closing(sqlite3.connect(f"file:{quote(str(source))}?mode=rw", uri=True, timeout=5)) as held,
        closing(sqlite3.connect(part)) as made,
    ):
        # all pages at once: page by page, every commit in between would start it over
        held.backup(made, pages=-1)
        made.execute("PRAGMA journal_mode = DELETE")


def _sync(folder: Path) -> None:
    """The new name must survive a power cut as the pages do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
