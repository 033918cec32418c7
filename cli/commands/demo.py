"""`folkmoot demo`: a sample county at work, one story, a desk, a supervisor's answer, five commands to try."""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import prompt
from cli.call import Call
from cli.charting import Drawing
from cli.command import plain, single
from cli.commands.desk import show_desk
from cli.commands.stats.durations import show_durations
from cli.output.page import Page
from cli.output.progress import Progress
from cli.trial import commands
from engine.domain.errors import FolkmootError, UsageError
from engine.domain.messages import text
from engine.settings import Settings, database_url

if TYPE_CHECKING:
    from engine.bootstrap import Engine
    from workflows.demo import Played, Setting

app = single()
FILE = "demo.db"
MORNING = time_of_day(8, 5)
LEAST, MOST = 2, 200
HOUR = timedelta(hours=1)


@plain(app, "demo", example="folkmoot demo --db /tmp/demo.db --days 49")
def demo(
    call: Call,
    days: Annotated[int, typer.Option(help="DAYS: of work, ending this morning")] = 49,
    seed: Annotated[int, typer.Option(help="N: another county and other luck")] = 1,
    force: Annotated[bool, typer.Option("--force", help="replace an earlier demo without asking")] = False,
) -> None:
    """Make a sample county, let its people work some weeks, tell what happened. Nobody in it exists."""
    from engine.bootstrap import wall_clock
    from workflows.demo import Setting

    if not LEAST <= days <= MOST:
        raise UsageError("FM-U332", given=days, least=LEAST, most=MOST)
    path = _file(call)
    _may_replace(call, path, force=force)
    until = morning(wall_clock().astimezone(call.zone))
    played, took = _make(call, path, Setting(until, days, seed, call.lang))
    with Guide(call, path, until, played.dispatcher) as guide:
        answer = _answer(guide, path, played, took)
        call.page(answer, lambda page: _told(guide, page, answer))


def morning(now: datetime) -> datetime:
    """Five past eight of this day, or of the day before where it is earlier."""
    at = datetime.combine(now.date(), MORNING, now.tzinfo)
    return (at if at <= now else at - timedelta(days=1)).astimezone(UTC)


class Guide(Call):
    """Reads the new store as somebody there, at the moment where its virtual time ended."""

    def __init__(self, call: Call, path: Path, at: datetime, person: str) -> None:
        from engine.bootstrap import open_engine

        super().__init__(call.common, call.shared)
        self.settings = replace(call.settings, database_url=database_url(str(path)), person=person)
        self._engine = open_engine(self.settings, clock=lambda: at)


# ---- the file ----------------------------------------------------------------------------------


def _file(call: Call) -> Path:
    """Only what is typed counts: a configured database is somebody's real one."""
    typed = call.common.db or FILE
    if "://" in typed and not typed.startswith("sqlite:///"):
        raise UsageError("FM-U333", url=typed)
    return Path(typed.removeprefix("sqlite:///")).absolute()


def _may_replace(call: Call, path: Path, *, force: bool) -> None:
    if not path.exists():
        return
    if not _is_demo(path):
        raise UsageError("FM-U330", path=str(path))
    if force:
        return
    if not prompt.possible() or not prompt.yes(text("FM-U331", call.lang, path=str(path)), call.lang):
        raise UsageError("FM-U331", path=str(path))


def _is_demo(path: Path) -> bool:
    from engine.bootstrap import open_engine

    try:
        with open_engine(Settings(database_url=database_url(str(path)))) as engine:
            return engine.is_demo
    except FolkmootError:
        return False


def _make(call: Call, path: Path, setting: "Setting") -> tuple["Played", dict[str, int]]:
    """The whole store beside its place, put there when it is ready: an interrupted demo leaves nothing."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        made = _play(call, making, setting)
        os.replace(making, path)
    finally:
        for end in ("", "-wal", "-shm"):
            making.with_name(making.name + end).unlink(missing_ok=True)
    return made


def _play(call: Call, path: Path, setting: "Setting") -> tuple["Played", dict[str, int]]:
    from engine.bootstrap import open_engine
    from engine.service import seal
    from workflows.demo import VirtualClock, play, prepare

    began = time.monotonic()
    clock = VirtualClock(setting.since)
    with open_engine(Settings(database_url=database_url(str(path))), clock=clock, create=True) as engine:
        call.say(call.word("demo_building"))
        stage = prepare(engine, setting, clock)
        built = time.monotonic()
        call.say(call.word("demo_working", days=setting.days))
        progress = Progress(setting.days * 24, lang=call.lang)
        played = play(stage, setting, lambda at: progress(int((at - setting.since) / HOUR)))
        progress.close()
        while engine.call(seal.make, engine.caller(person=None))["more"]:
            pass
    return played, {"sample_s": round(built - began), "work_s": round(time.monotonic() - built)}


# ---- the answer --------------------------------------------------------------------------------


def _answer(guide: Guide, path: Path, played: "Played", took: Mapping[str, int]) -> dict[str, Any]:
    from engine.analytics import durations
    from engine.service import approval, desk, query

    told = asdict(played)
    told.pop("surprises")
    engine: Engine = guide.engine
    head = engine.read(approval.list_approvals, engine.caller(person=played.head, lang=guide.lang))
    return {
        "database": str(path),
        "sample": {k: told[k] for k in ("stations", "offices", "villages", "staff")}
        | {"seconds": took["sample_s"]},
        "work": {
            "since": played.since.isoformat(),
            "until": played.until.isoformat(),
            "cases": played.cases,
            "acts": played.acts,
            "refused": sum(played.refused.values()),
            "refused_by_code": dict(sorted(played.refused.items())),
            "seconds": took["work_s"],
        },
        "story": _story(guide, played.story, query, durations) if played.story else None,
        "desk": guide.read(desk.desk),
        "approvals": {
            "person": played.head,
            "items": [item for item in head["items"] if item["yours"]],
        },
        "durations": {
            "by_type": guide.read(durations.durations, by=["type"], curves=True),
            "by_unit": guide.read(durations.durations, by=["unit"]),
        },
        "try": commands(path, guide.common.lang, played),
    }


def _story(guide: Guide, ref: str, query: Any, durations: Any) -> dict[str, Any]:
    case = guide.read(query.show_case, ref=ref)
    lasted = {
        clock: guide.read(durations.durations, clock=clock, filter={"refs": [ref]})["groups"][0]["closed"][
            "p50_s"
        ]
        for clock in ("first_resolution", "final_resolution")
    }
    return {
        "ref": ref,
        "type_title": case["type_title"],
        "what": case["what"],
        "place": case["place"],
        "outcome_title": case["outcome_title"],
        "first_resolution_s": lasted["first_resolution"],
        "final_resolution_s": lasted["final_resolution"],
        "history": guide.read(query.history, ref=ref, verify=True),
    }


def _told(guide: Guide, page: Page, answer: Mapping[str, Any]) -> None:
    from cli.story import show_story

    page.line(guide.word("demo_sample", path=answer["database"], **answer["sample"]))
    work = answer["work"]
    days = {name: guide.on_day(_local(guide, work[name])) for name in ("since", "until")}
    page.line(guide.word("demo_work", **{**work, **days}, year=work["until"][:4]))
    page.line()
    if answer["story"]:
        show_story(guide, page, answer["story"])
    else:
        page.line(guide.word("demo_no_story"))
    page.line()
    page.line(guide.word("demo_desk", person=answer["desk"]["person"]), "strong")
    show_desk(guide, answer["desk"], page)
    waiting = answer["approvals"]
    if waiting["items"]:
        page.line(" " + guide.word("demo_for_yes", count=len(waiting["items"]), person=waiting["person"]))
    page.line()
    page.line(guide.word("demo_answer"), "strong")
    drawing = Drawing(guide, True, None)
    drawing.make("durations", answer["durations"]["by_type"])
    show_durations(guide, page, answer["durations"]["by_type"], drawing)
    page.line()
    show_durations(guide, page, answer["durations"]["by_unit"])
    page.line()
    page.line(guide.word("demo_five"), "strong")
    for command in answer["try"]:
        page.raw(" " + command)


def _local(guide: Guide, instant: str) -> str:
    at = guide.local(instant)
    return at.date().isoformat() if at else ""
