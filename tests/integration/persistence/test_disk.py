"""A disk that is full, a file that may only be read, a file that is gone: told clearly, nothing lost, and on it goes."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, filing, query
from tests.support.aftermath import bound, check_store
from tests.support.deed import Say
from tests.support.town import Town
from tests.support.victim import Job, Server
from tests.support.walk import PLACE

NOBODY = 65534


def file(engine: Engine, key: str, what: str = "a wall") -> Any:
    """The answer, or the code of the error."""
    given: dict[str, Any] = {"case_type": "service_request", "place": PLACE, "what": what[:5000]}
    if len(what) > 20_000:  # no text may be as long as that, but twenty people may come with long names
        given["parties"] = [{"role": "requester", "name": what[: len(what) // 20][:19_000]}] * 20
    try:
        return engine.call(filing.file_case, engine.caller(person="dsp-01"), key=key, **given)
    except FolkmootError as error:
        return error.code


def fill(engine: Engine, say: Say, keys: Iterator[str]) -> str:
    """Files until an error comes; its code."""
    for key in keys:
        told = file(engine, key, "x" * 5000)
        if isinstance(told, str):
            return told
        say((key, told))
    raise AssertionError("keys do not end")


def fill_together(engine: Engine, say: Say, keys: Iterator[str]) -> str:
    """The same in batches."""
    given: dict[str, Any] = {"case_type": "service_request", "place": PLACE, "what": "x" * 5000}
    while True:
        clerk = engine.caller(person="dsp-01")
        sent = {
            key: engine.submit(filing.file_case, clerk, key=key, **given)
            for key, _ in zip(keys, range(20), strict=False)
        }
        codes = set()
        for key, future in sent.items():
            error = future.exception()
            if error is None:
                say((key, future.result()))
            else:
                assert isinstance(error, FolkmootError)
                codes.add(error.code)
        if codes:
            assert len(codes) == 1
            return codes.pop()


# ---- what children do --------------------------------------------------------------------------


def within_a_limit(say: Say, answered: Callable[[], None], *, path: str, threads: int) -> None:
    """No file may grow further, as under a quota; then it may again."""
    del answered
    keys = (f"limit-{n}" for n in count())
    with Store.open(path, threads=threads) as store:
        engine = Engine(store)
        say(("first", file(engine, "first")))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (os.stat(path).st_size + 300_000, hard))
        code = (fill_together if threads else fill)(engine, say, keys)
        again = file(engine, "again", "x" * 300_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        say(("last", file(engine, "last")))
        say(("codes", [code, again]))


def as_nobody(say: Say, answered: Callable[[], None], *, path: str, ref: str) -> None:
    del answered
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        with Store.open(path) as store:
            engine = Engine(store)
            say(("read", engine.read(query.show_case, engine.caller(person="dsp-01"), ref=ref)["ref"]))
            say(("write", file(engine, "nobody")))
    except FolkmootError as error:
        say(("open", error.code))


@pytest.fixture
def path(sqlite_url: str) -> Path:
    with Store.open(sqlite_url) as store:
        Town(store)
    return Path(sqlite_url.removeprefix("sqlite:///"))


def check_all(path: Path, told: dict[str, Any]) -> None:
    with Store.open(str(path)) as store:
        check_store(store)
        assert bound(store, told) == told
        assert not Path(f"{path}.part").exists()


class Disk:
    """Has room for the store and a little more; ``free`` makes some."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.file, self._ballast = folder / "store.db", folder / "ballast"
        shutil.copy(store, self.file)
        self._ballast.write_bytes(bytes(300_000))

    def enter(self, store: Store) -> None:
        """For a disk that is none."""

    def free(self, store: Store) -> None:
        self._ballast.unlink()


class Bound(Disk):
    """Where nobody may mount a disk: the file may have so many pages, and no more."""

    def enter(self, store: Store) -> None:
        store.write(lambda unit: _limit(unit, 100))

    def free(self, store: Store) -> None:
        store.write(lambda unit: _limit(unit, 1000))


def _limit(unit: Unit, more: int) -> None:
    pages = unit.connection.execute("PRAGMA page_count").fetchone()[0]
    unit.connection.execute(f"PRAGMA max_page_count = {pages + more}")


@pytest.fixture
def disk(tmp_path: Path, path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    size = path.stat().st_size + 1_500_000
    given = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        subprocess.run(given, check=True, capture_output=True)  # noqa: S603 - our own words
    except (OSError, subprocess.CalledProcessError):
        yield Bound(folder, path)
        return
    yield Disk(folder, path)
    subprocess.run(["umount", str(folder)], check=True, capture_output=True)  # noqa: S603, S607


@pytest.mark.parametrize("threads", [0, 1])
class TestFull:
    def test_no_file_may_grow(self, path: Path, victims: Server, threads: int) -> None:
        [end] = victims.run(Job(within_a_limit, {"path": str(path), "threads": threads}))
        assert end.status == 0
        told = dict(end.said)
        codes = told.pop("codes")
        assert set(codes) <= {"FM-S004", "FM-S007", "FM-S008"}
        assert len(told) > 5
        check_all(path, told)

    def test_the_disk_is_full(self, disk: Disk, threads: int) -> None:
        told: dict[str, Any] = {}
        keys = (f"disk-{n}" for n in count())
        with Store.open(str(disk.file), threads=threads) as store:
            disk.enter(store)
            engine = Engine(store)
            code = (fill_together if threads else fill)(engine, lambda pair: told.update([pair]), keys)
            assert code == "FM-S004"
            assert file(engine, "more", "x" * 900_000) == "FM-S004"
            clerk = engine.caller(person="dsp-01")
            ref = told["disk-0"]["ref"]
            assert engine.read(query.show_case, clerk, ref=ref)["ref"] == ref
            disk.free(store)
            told["more"] = file(engine, "more", "x" * 5000)
            told["note"] = engine.call(acting.note, clerk, ref=ref, text="seen", key="note")
        check_all(disk.file, told)


class TestReadOnly:
    @pytest.fixture
    def shared(self, path: Path) -> Iterator[tuple[Path, str]]:
        """A store in a folder that everybody can enter, with one case."""
        folder = Path(tempfile.mkdtemp())
        folder.chmod(0o755)
        target = folder / "store.db"
        shutil.copy(path, target)
        with Store.open(str(target)) as store:
            ref = file(Engine(store), "first")["ref"]
        target.chmod(0o644)
        yield target, ref
        folder.chmod(0o755)
        shutil.rmtree(folder)

    @pytest.mark.parametrize("lock", ["file", "folder", "both"])
    def test_it_is_told_and_nothing_is_lost(
        self, shared: tuple[Path, str], victims: Server, lock: str
    ) -> None:
        target, ref = shared
        target.chmod(0o444 if lock in ("file", "both") else 0o666)
        target.parent.chmod(0o555 if lock in ("folder", "both") else 0o777)
        [end] = victims.run(Job(as_nobody, {"path": str(target), "ref": ref}))
        assert end.status == 0
        told = dict(end.said)
        assert told.get("write", told.get("open")) == "FM-S005", told
        assert told.get("read", ref) == ref
        target.parent.chmod(0o755)
        target.chmod(0o644)
        check_all(target, {})
        with Store.open(str(target)) as store:
            assert isinstance(file(Engine(store), "after"), dict)

    def test_it_becomes_so_while_others_use_it(self, shared: tuple[Path, str], victims: Server) -> None:
        """Its owner goes on; somebody who may only read reads."""
        target, ref = shared
        with Store.open(str(target)) as store:
            engine = Engine(store)
            assert isinstance(file(engine, "second"), dict)
            [end] = victims.run(Job(as_nobody, {"path": str(target), "ref": ref}))
            told = dict(end.said)
            assert told.get("write", told.get("open")) == "FM-S005", told
            assert isinstance(file(engine, "third"), dict)


@pytest.mark.parametrize("threads", [0, 1])
class TestGone:
    def test_a_file_that_vanished(self, path: Path, threads: int) -> None:
        away = path.with_name("away.db")
        with Store.open(str(path), threads=threads) as store:
            engine = Engine(store)
            first = file(engine, "first")
            path.rename(away)
            assert file(engine, "second") == "FM-S040"
            with pytest.raises(FolkmootError) as told:
                engine.read(query.show_case, engine.caller(person="dsp-01"), ref=first["ref"])
            assert told.value.code == "FM-S040"
            assert not path.exists()
            away.rename(path)
            second = file(engine, "second")
            assert isinstance(second, dict)
        check_all(path, {"first": first, "second": second})

    def test_a_file_that_was_replaced(self, path: Path, threads: int) -> None:
        away, other = path.with_name("away.db"), path.with_name("other.db")
        shutil.copy(path, other)
        with Store.open(str(path), threads=threads) as store:
            engine = Engine(store)
            first = file(engine, "first")
            path.rename(away)
            other.rename(path)
            before = path.read_bytes()
            assert file(engine, "second") == "FM-S041"
            with pytest.raises(FolkmootError) as told:
                engine.read(query.show_case, engine.caller(person="dsp-01"), ref=first["ref"])
            assert told.value.code == "FM-S041"
            assert path.read_bytes() == before
            path.rename(other)
            away.rename(path)
            second = file(engine, "second")
            assert isinstance(second, dict)
        check_all(path, {"first": first, "second": second})

    def test_together_with_others(self, path: Path, threads: int) -> None:
        """All that wait at that moment are told."""
        away = path.with_name("away.db")
        with Store.open(str(path), threads=threads) as store:
            engine = Engine(store)
            file(engine, "first")
            path.rename(away)
            given: dict[str, Any] = {"case_type": "service_request", "place": PLACE, "what": "a lamp"}
            clerk = engine.caller(person="dsp-01")
            sent = [engine.submit(filing.file_case, clerk, key=f"k{n}", **given) for n in range(10)]
            assert {getattr(one.exception(), "code", None) for one in sent} == {"FM-S040"}
            away.rename(path)
            assert isinstance(file(engine, "k3", "a lamp"), dict)
        check_all(path, {})
