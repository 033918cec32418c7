"""One call of one command: who calls, with what, how the answer is written."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import typer

from cli import exit_codes, given, option, prompt
from cli.globals import Globals
from cli.output import document, moment
from cli.output.colour import paint
from cli.output.page import Page
from cli.output.table import Column, Row, lines, tabbed
from cli.output.width import screen
from engine.domain import spoken
from engine.domain.errors import FolkmootError, NotFound, UsageError
from engine.domain.messages import text
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.bootstrap import Engine
    from engine.service.caller import Caller

Service = Callable[..., dict[str, Any]]
SAVED = "saved"  # note on an exception that came after the commit


class Call:
    """``shared`` holds the options that the command's family adds, by parameter name."""

    def __init__(self, common: Globals, shared: Mapping[str, Any]) -> None:
        self.common = common
        self.shared = dict(shared)
        self.settings: Settings = common.settings()
        self._engine: Engine | None = None
        self._collected: list[Any] | None = None
        self._saved = False
        if self.settings.server and self.settings.origins["server"] == "flag":
            raise UsageError("FM-U070")

    @property
    def lang(self) -> str:
        return self.settings.lang

    @property
    def person(self) -> str | None:
        return self.settings.person

    @property
    def for_program(self) -> bool:
        """The answer goes to a program, which wants no talk."""
        return self.common.json or bool(self.shared.get("jsonl")) or bool(self.shared.get("csv"))

    def end(self, status: int) -> None:
        """Leave with another status than 0 after the answer was written."""
        raise typer.Exit(status)

    @property
    def dry_run(self) -> bool:
        return bool(self.shared.get("dry_run"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if error is not None and self._saved:
            error.add_note(SAVED)
        if self._engine is not None:
            self._engine.close()

    # ---- words -------------------------------------------------------------------------------

    def word(self, name: str, /, **params: Any) -> str:
        """The word ``word.<name>`` in the person's language."""
        return text(f"word.{name}", self.lang, **params)

    def say(self, said: str) -> None:
        """Talk: to stderr, so that stdout holds nothing but the answer."""
        if said:
            sys.stdout.flush()  # the answer first, where both go to one terminal
            print(said, file=sys.stderr)

    # ---- the engine --------------------------------------------------------------------------

    @property
    def engine(self) -> "Engine":
        """Opened on first use: help and settings need no database."""
        if self._engine is None:
            from engine.bootstrap import open_engine

            self._engine = open_engine(self.settings)
        return self._engine

    @property
    def caller(self) -> "Caller":
        return self.engine.caller(person=self.person, lang=self.lang)

    # ---- times as people read them -----------------------------------------------------------

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.zone)

    @property
    def now(self) -> datetime:
        """The engine's clock, in the reader's zone."""
        at: datetime = self.caller.now
        return at.astimezone(self.zone)

    def local(self, instant: str | None) -> datetime | None:
        return datetime.fromisoformat(instant).astimezone(self.zone) if instant else None

    def time(self, instant: str | None) -> str:
        """`Tue 24 Nov 10:05`; nothing for nothing."""
        return moment.moment(self.local(instant), self.lang, now=self.now) if instant else ""

    def dated(self, instant: str | None) -> str:
        """`Tue 24 Nov 2026 10:05`: as of when a figure is, which is kept and read in another year."""
        return moment.moment(self.local(instant), self.lang, dated=True) if instant else ""

    def clock(self, instant: str) -> str:
        """`10:05` for today, else with its day."""
        at = self.local(instant)
        return f"{at:%H:%M}" if at is not None and at.date() == self.now.date() else self.time(instant)

    def humane(self, said: str) -> str:
        """A sentence with its instants and dates as people read them."""
        return moment.humane(said, self.settings.zone, self.lang, self.now)

    def on_day(self, day: str | None) -> str:
        """`Fri 27 Nov`."""
        return moment.day(day, self.lang, now=self.now) if day else ""

    def read(self, function: Service, /, **arguments: Any) -> dict[str, Any]:
        given = self._with_shared(function, arguments, option.LOOKING_BACK)
        return self.engine.read(function, self.caller, **given)

    def write(self, function: Service, /, **arguments: Any) -> dict[str, Any]:
        """Do it once, or only look where --dry-run is given."""
        given = self._with_shared(function, arguments, option.WRITING)
        answer = self.engine.call(function, self.caller, dry_run=self.dry_run, **given)
        self._saved = self._saved or not self.dry_run
        return answer

    def by_portions(self, work: Callable[..., dict[str, Any]], /, **arguments: Any) -> dict[str, Any]:
        """Work of many commits: it is given the engine and asks it piece by piece."""
        given = self._with_shared(work, arguments, option.WRITING)
        answer = work(self.engine, self.caller, dry_run=self.dry_run, **given)
        self._saved = self._saved or not self.dry_run
        return answer

    def _with_shared(
        self, function: Service, arguments: Mapping[str, Any], family: option.Family
    ) -> dict[str, Any]:
        """The arguments, and the family's options that the service function takes; one that was typed and
        fits nowhere is refused."""
        takes = inspect.signature(function).parameters
        given = dict(arguments)
        for name in family.keys() & self.shared.keys() - option.OF_THE_DOOR - given.keys():
            if name in takes:
                given[name] = self._shared_value(name, self.shared[name])
            elif self.shared[name] != family[name][1]:
                raise UsageError("FM-U071", option="--" + name.replace("_", "-"))
        return given

    def _shared_value(self, name: str, value: Any) -> Any:
        if name == "limit":
            return self.limit
        return self.instant(value) if name in ("at", "as_of") and value else value

    # ---- values that people type -------------------------------------------------------------

    @property
    def limit(self) -> int | None:
        """None for all."""
        given = str(self.shared.get("limit") or "all")
        if given == "all":
            return None
        if not given.isdigit() or int(given) < 1:
            raise UsageError("FM-U072", given=given)
        return int(given)

    def known_as_of(self) -> datetime | None:
        """What --as-of means; FM-U441 where it is still to come: figures of it would be of nothing known."""
        from engine.domain.filter import refuse_future

        given = self.shared.get("as_of")
        at = self.instant(given) if given else None
        refuse_future(at, self.caller.now)
        return at

    def instant(self, given: str, *, ahead: bool = False) -> datetime:
        """An instant as people write it: `10:00`, `tue 10:05`, `yesterday 10:00`, RFC 3339."""
        return spoken.moment(given, now=self.caller.now, zone=self.settings.zone, ahead=ahead)

    def day(self, given: str | None, *, ahead: bool = False) -> date | None:
        """A day as people write it: `fri` (``ahead``: the coming one), `2026-11-27`, `today`."""
        if given is None:
            return None
        return spoken.day(given, now=self.caller.now, zone=self.settings.zone, ahead=ahead)

    def references(self, given: Sequence[str]) -> list[str]:
        """References as typed; ``-`` reads them from stdin, the first word of each line."""
        if list(given) != ["-"]:
            return list(given)
        return [line.split()[0] for line in sys.stdin if line.strip()]

    def each(self, ref: str, work: Callable[[str], None]) -> None:
        """Do it for the reference, or for each one that stdin brings; then one failure does not stop the rest
        and the command ends with 7, done in part."""
        refs = self.references([ref])
        if len(refs) == 1:
            work(refs[0])
            return
        self._collected = []
        failed: list[FolkmootError] = []
        for one in refs:
            try:
                work(one)
            except FolkmootError as error:
                failed.append(error)
                self._told_of(one, error)
        if self.common.json:
            results = {"results": self._collected, "done": len(refs) - len(failed), "failed": len(failed)}
            document.write(document.to_json(results))
        if failed:
            self.end(exit_codes.of_code(failed[0].code) if len(failed) == len(refs) else exit_codes.IN_PART)

    def _told_of(self, ref: str, error: FolkmootError) -> None:
        from cli.failure import lines, problem

        if self._collected is not None and self.common.json:
            self._collected.append({"ref": ref, "problem": problem(error.reasons, self.lang)})
            return
        for reason in error.reasons:
            self.say("\n".join([ref, *lines(reason, self.lang)]))

    def _document(self, answer: Any) -> None:
        """The one document, or one of the results of many references."""
        if self._collected is None:
            document.write(document.to_json(answer))
        else:
            self._collected.append(answer)

    def narrative(self, source: str | None, question: str | None = None) -> str | None:
        """Text from a file, stdin (``-``) or the keyboard; None where nobody can be asked."""
        if source == "-":
            return sys.stdin.read().strip()
        if source is not None:
            path = Path(source)
            if not path.is_file():
                raise NotFound("FM-N010", file=source)
            return given.text_of(path).strip()
        if question and prompt.possible():
            return prompt.paragraph(question)
        return None

    # ---- confirmation at three levels: nothing, y, the database's name ------------------------

    def agree(self, code: str = "FM-U004", /, **params: Any) -> None:
        """Go on only after `y` or --yes; a dry run changes nothing and is not asked."""
        if self.dry_run or self.shared.get("yes"):
            return
        if not prompt.possible() or not prompt.yes(text(code, self.lang, **params), self.lang):
            raise UsageError(code, **params)

    def agree_by_name(self, name: str, what: str) -> None:
        """Go on only after the database's name was typed; --yes does not replace it."""
        if self.dry_run:
            return
        if prompt.line(self.word("type_name", what=what, name=name) + " ") != name:
            raise UsageError("FM-U073", name=name)

    # ---- the answer --------------------------------------------------------------------------

    def table(
        self,
        answer: Mapping[str, Any],
        columns: Sequence[Column],
        *,
        empty: str,
        items: str = "items",
        after: str = "",
    ) -> None:
        """A list; ``empty`` says why there is none and what next, ``after`` is talk below it."""
        rows = answer[items]
        if self.common.json:
            self._document(answer)
        elif self.shared.get("jsonl"):
            document.write(document.to_json_lines(rows))
        elif self.shared.get("csv"):
            document.write(document.to_csv(columns, rows))
        elif not rows:
            self.say(empty) if not sys.stdout.isatty() else document.write(empty)
        elif not sys.stdout.isatty():
            document.write("\n".join(tabbed(columns, rows)))
        else:
            self._tabulate(answer, columns, rows)
            self.say(after)

    def _tabulate(self, answer: Mapping[str, Any], columns: Sequence[Column], rows: Sequence[Row]) -> None:
        heads = [self.word(column.head or column.key) for column in columns]
        made, missing = lines(columns, rows, heads, screen())
        document.write("\n".join([paint(made[0], "dim"), *made[1:]]))
        if missing:
            self.say(self.word("narrow", columns=", ".join(missing)))
        if answer.get("count", 0) > len(rows):
            self.say(self.word("more", shown=len(rows), count=answer["count"]))

    def figures(
        self, answer: Mapping[str, Any], write: Callable[[Page], None], *, none: str = "stats_none"
    ) -> None:
        """What was measured: a page for people, groups as rows for programs (see ``engine.analytics.flat``)."""
        if self.common.json or not self.for_program:
            self.page(answer, write, narrow="narrow_rows")
            return
        from engine.analytics.flat import flat, lines

        rows = lines(answer)
        if not rows:
            self.say(self.word(none))
        elif self.shared.get("csv"):
            document.write(document.csv_of(*flat(answer)))
        else:
            document.write(document.to_json_lines(rows))

    def blank(self, cells: int | None, narrow: str = "narrow") -> Page:
        """A page to write on."""
        return Page(cells, lambda columns: self.word(narrow, columns=columns))

    def no_rows(self, **instead: str) -> None:
        """FM-U074 where rows are asked for of what has none; called before anything is done where it is written
        elsewhere than on stdout. ``instead``: the way out by the option's name, else --json."""
        for name in ("csv", "jsonl"):
            if self.shared.get(name):
                raise UsageError("FM-U074", option=f"--{name}", instead=instead.get(name, "--json"))

    def page(
        self, answer: Mapping[str, Any], write: Callable[[Page], None], *, narrow: str = "narrow"
    ) -> None:
        """Anything but a list: JSON when asked, else what ``write`` puts on the page."""
        if self.shared.get("csv"):
            raise UsageError("FM-U074", option="--csv", instead="--json")
        if self.common.json:
            self._document(answer)
        elif self.shared.get("jsonl"):
            document.write(document.to_json_lines([answer]))
        else:
            page = self.blank(screen() if sys.stdout.isatty() else None, narrow)
            write(page)
            document.write(str(page))
            for said in page.talk:
                self.say(said)
            if self.dry_run:
                self.say(self.word("nothing_saved"))
