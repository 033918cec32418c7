"""`serve --sandbox`: the sample county in a store that is thrown away, under a clock that programs move.

Time stands still until somebody moves it, so that a test of a deadline says the same each time.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from engine.bootstrap import Engine, open_engine, wall_clock
from engine.definitions.model import Vocabulary
from engine.domain.duration import Duration
from engine.domain.errors import UsageError
from engine.domain.instant import to_text, whole
from engine.domain.messages import text
from engine.service import calendar, fired, token, worker
from engine.service.caller import Caller
from engine.settings import Settings
from workflows.demo import Played, Setting, VirtualClock, play, prepare
from workflows.demo.cast import Local
from workflows.shipped import vocabulary

DAYS = 9  # of work before it begins: some cases of every phase, built in seconds
FARTHEST = timedelta(days=400)  # in one step
BATCH = 100
MOST_IN_A_DAY = {"min": 1440, "h": 24, "wh": 24, "cd": 1, "wd": 1, "months": 1 / 27, "years": 1 / 364}
SECOND = timedelta(seconds=1)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the sample station, and the token that speaks for that person."""

    person: str
    role: str
    role_title: str
    token: str

    def to_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("person", "role", "role_title", "token")}


@dataclass
class Sandbox:
    """An open store with its clock. ``moves``: what was answered to which key."""

    engine: Engine
    clock: VirtualClock
    people: tuple[Person, ...]
    unit: str
    place: str
    cases: int
    path: Path
    is_kept: bool
    moves: dict[str, tuple[Any, dict[str, Any]]] = field(default_factory=dict)
    _moving: Lock = field(default_factory=Lock)
    _folder: "tempfile.TemporaryDirectory[str] | None" = None

    def to_json(self) -> dict[str, Any]:
        return {
            "now": to_text(self.clock.now),
            "unit": self.unit,
            "place": self.place,
            "cases": self.cases,
            "people": [person.to_json() for person in self.people],
        }

    def close(self) -> None:
        self.engine.close()
        if self._folder is not None:
            self._folder.cleanup()

    # ---- time --------------------------------------------------------------------------------

    def target(self, caller: Caller, *, advance: str | None, to: datetime | None) -> datetime:
        """Where a step leads: a length of time ends where a clock of that length would."""
        if advance is not None and to is None:
            self._near(advance)
            to = datetime.fromisoformat(self.engine.read(calendar.when, caller, duration=advance)["due_at"])
        elif advance is not None or to is None:
            raise UsageError("FM-U391", kind="input")
        to = whole(to)
        if to < caller.at:
            raise UsageError("FM-U390", kind="input", now=to_text(caller.at), given=to_text(to))
        if to - caller.at > FARTHEST:
            raise UsageError("FM-U392", kind="input", given=advance or to_text(to), limit=FARTHEST.days)
        return to

    def _near(self, advance: str) -> None:
        """A length that is too far by its mere number is not counted out day by day."""
        length = Duration.parse(advance)
        if length.n > FARTHEST.days * MOST_IN_A_DAY[length.unit]:
            raise UsageError("FM-U392", kind="input", given=advance, limit=FARTHEST.days)

    def move(
        self, caller: Caller, *, advance: str | None, to: datetime | None, key: str | None = None
    ) -> dict[str, Any]:
        """Go there from one due mark to the next, each fired in its moment; answers what fired."""
        asked = (caller.person, advance, to)
        with self._moving:
            if key is not None and key in self.moves:
                before, answer = self.moves[key]
                if before != asked:
                    raise UsageError("FM-C002", kind="conflict", key=key, at=answer["now"])
                return answer
            caller = self._now(caller)
            answer = self._go(caller, self.target(caller, advance=advance, to=to))
            if key is not None:
                self.moves[key] = (asked, answer)
            return answer

    def would(self, caller: Caller, *, advance: str | None, to: datetime | None) -> dict[str, Any]:
        """Where a step would lead, and in how many cases something falls due on the way."""
        then = self.target(caller, advance=advance, to=to)
        there = Caller(caller.person, then, caller.lang, caller.identity)
        waiting = self.engine.read(worker.waiting, there)["waiting"]
        return {"since": to_text(caller.at), "now": to_text(then), "cases": waiting}

    def _now(self, caller: Caller) -> Caller:
        return Caller(caller.person, self.clock(), caller.lang, caller.identity)

    def _go(self, caller: Caller, to: datetime) -> dict[str, Any]:
        since = self.clock.now
        done = {"fired": 0, "lapsed": 0}
        incidents: list[dict[str, Any]] = []
        if to > since:
            self.clock.now = since + SECOND  # whatever fires now is told apart from what was before
        while True:
            swept = self._sweep(caller)
            for name in done:
                done[name] += swept[name]
            incidents = swept["incidents"]
            due = self.engine.read(worker.next_due, caller)["at"]
            following = datetime.fromisoformat(due) if due else None
            stuck = following is not None and following <= self.clock.now and not swept["fired"]
            if self.clock.now >= to and (following is None or following > to or stuck):
                break
            on_the_way = following is not None and following <= to and not stuck
            self.clock.now = max(self.clock.now, following) if following and on_the_way else to
        told = self.engine.read(fired.happened, self._now(caller), since=since)
        return {"since": to_text(since), "now": to_text(to), **done, "incidents": incidents} | {
            name: told[name] for name in ("items", "count")
        }

    def _sweep(self, caller: Caller) -> dict[str, Any]:
        return self.engine.call(worker.sweep, self.engine.caller(person=None, lang=caller.lang), limit=BATCH)


# ---- the start ---------------------------------------------------------------------------------


def open_sandbox(*, lang: str = "en", keep: Path | None = None, say: Say, days: int = DAYS) -> Sandbox:
    """Build the county, let it work some days, open it for many callers at the moment where that ended."""
    if keep is not None and keep.exists():
        raise UsageError("FM-U393", path=str(keep))
    folder = None if keep else tempfile.TemporaryDirectory(prefix="folkmoot-sandbox-")
    path = keep.absolute() if keep else Path(folder.name if folder else "") / "sandbox.db"
    try:
        return _opened(path, folder, lang, keep, say, days)
    except BaseException:
        if folder is not None:
            folder.cleanup()
        raise


def _opened(path: Path, folder: Any, lang: str, keep: Path | None, say: Say, days: int) -> Sandbox:
    settings = Settings(database_url=f"sqlite:///{path}")
    played, local = _build(settings, lang, say, days)
    clock = VirtualClock(played.until)
    engine = open_engine(settings, clock=clock, threads=1)
    people = _people(engine, local, vocabulary(), lang)
    return Sandbox(
        engine,
        clock,
        people,
        played.station,
        local.village,
        played.cases,
        path,
        keep is not None,
        _folder=folder,
    )


def _build(settings: Settings, lang: str, say: Say, days: int) -> tuple[Played, Local]:
    setting = Setting(_morning(wall_clock()), days=days, lang=lang)
    clock = VirtualClock(setting.since)
    say(text("word.sandbox.building", lang))
    with open_engine(settings, clock=clock, create=True) as engine:
        stage = prepare(engine, setting, clock)
        played = play(stage, setting, _progress(setting, lang, say))
        return played, stage.cast.at(played.station)[0]


def _morning(now: datetime) -> datetime:
    """09:00 in the sample county, of the day or of the one before."""
    nine = now.astimezone(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    return nine if nine <= now else nine - timedelta(days=1)


def _progress(setting: Setting, lang: str, say: Say) -> Callable[[datetime], None]:
    """A line for every fifth of the way."""
    told = 0

    def watch(at: datetime) -> None:
        nonlocal told
        share = int((at - setting.since) / (setting.until - setting.since) * 5) * 20
        if share > told:
            told = share
            say(text("word.sandbox.working", lang, days=setting.days, share=share))

    return watch


def _people(engine: Engine, local: Local, words: Vocabulary, lang: str) -> tuple[Person, ...]:
    held: Mapping[str, str | None] = {
        "dispatcher": local.dispatcher,
        "auxiliary": local.auxiliary,
        "officer": local.officer,
        "mediator": next(iter(local.mediators), None),
        "director": local.director,
        "head": local.head,
    }
    caller = engine.caller(person=local.superior, lang=lang)
    made = []
    for role, code in held.items():
        if code is None:
            continue
        title = words.roles.get(role)
        named = (title.zh if lang == "zh" and title.zh else title.title) if title else role
        secret = engine.call(token.create_token, caller, person=code, label="sandbox")["token"]
        made.append(Person(code, role, named, secret))
    return tuple(made)


def told(sandbox: Sandbox, lang: str) -> list[str]:
    """What is said at the start."""
    width = max(len(person.role_title) for person in sandbox.people)
    lines = [text("word.sandbox.ready", lang, cases=sandbox.cases, now=to_text(sandbox.clock.now))]
    lines += [
        text("word.sandbox.person", lang, role=p.role_title.ljust(width), person=p.person, token=p.token)
        for p in sandbox.people
    ]
    lines.append(text("word.sandbox.place", lang, place=sandbox.place))
    end = "kept" if sandbox.is_kept else "gone"
    return [*lines, text(f"word.sandbox.{end}", lang, path=sandbox.path)]
