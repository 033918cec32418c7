"""The command line, run in this process: what a dispatcher types, read back as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.testing import CliRunner

from cli.exit_codes import DONE
from cli.main import app
from tests.acceptance.driver import Fields, Items, Reply, of_one_result


class CliDriver:
    def __init__(self, database_url: str, now: datetime) -> None:
        self.now = now
        self.lang = "en"
        self.database_url = database_url
        self._runner = CliRunner()

    def close(self) -> None:
        """Each command opens and closes the store itself."""

    # ---- writing -------------------------------------------------------------------------------

    def file_case(
        self,
        *,
        by: str,
        case_type: str,
        place: str,
        what: str,
        channel: str = "desk",
        reporter: Fields | None = None,
        fields: Fields | None = None,
        parties: Items = (),
        external: str | None = None,
    ) -> Reply:
        typed = ["case", "file", case_type, "--place", place, "--what", what, "--channel", channel]
        typed += _each("--party", map(_pairs, parties)) + _each("--set", _settings(fields))
        typed += _given("--reporter", _pairs(reporter) if reporter else None)
        typed += _given("--external", external)
        return self._type(by, *typed)

    def act(
        self,
        ref: str,
        act: str,
        *,
        by: str,
        done_by: str | None = None,
        fields: Fields | None = None,
        records: Mapping[str, Items] | None = None,
        parties: Items = (),
        seats: Mapping[str, Sequence[str]] | None = None,
        note: str | None = None,
        item: str | None = None,
        at: datetime | None = None,
        if_version: int | None = None,
        ask: bool = False,
    ) -> Reply:
        kinds = (records or {}).items()
        typed = ["case", "do", ref, act, *_each("--set", _settings(fields))]
        typed += _each("--record", (f"{kind}:{_pairs(item)}" for kind, items in kinds for item in items))
        typed += _each("--seat", (f"{seat}={','.join(people)}" for seat, people in (seats or {}).items()))
        typed += _each("--party", map(_pairs, parties))
        typed += _given("--note", note) + _given("--item", item) + _given("--done-by", done_by)
        typed += _given("--at", at.isoformat() if at else None)
        typed += _given("--if-version", str(if_version) if if_version is not None else None)
        return self._type(by, *typed, *(["--ask"] if ask else []))

    def record(
        self,
        ref: str,
        kind: str,
        items: Items,
        *,
        by: str,
        done_by: str | None = None,
        at: datetime | None = None,
    ) -> Reply:
        """``P1=given`` where that says it all, else ``k=v`` of the one item."""
        short = [f"{item['party']}={_word(v)}" for item in items if len(item) == 2 and "party" in item
                 for k, v in item.items() if k != "party"]  # fmt: skip
        values = short if len(short) == len(items) else _settings(items[0])
        typed = ["case", "record", ref, kind, *values]
        typed += _given("--done-by", done_by) + _given("--at", at.isoformat() if at else None)
        return self._type(by, *typed)

    def note(self, ref: str, text: str, *, by: str, at: datetime | None = None) -> Reply:
        return self._type(by, "case", "note", ref, text, *_given("--at", at.isoformat() if at else None))

    def assign(
        self,
        ref: str,
        seat: str,
        person: str | None,
        *,
        by: str,
        reason: str | None = None,
        if_version: int | None = None,
    ) -> Reply:
        typed = ["case", "assign", ref, *([person] if person else ["--auto"]), "--seat", seat]
        typed += _given("--reason", reason)
        typed += _given("--if-version", str(if_version) if if_version is not None else None)
        return self._type(by, *typed)

    def assign_batch(self, refs: Sequence[str], *, by: str, dry_run: bool = False) -> Reply:
        typed = ["case", "assign", "--batch", "--yes", *_each("--ref", refs)]
        return Reply(self._answer(by, *typed, *(["--dry-run"] if dry_run else []))[1])

    def reassign(self, persons: Sequence[str], *, by: str, dry_run: bool = False) -> Reply:
        look = ["--dry-run"] if dry_run else []
        return Reply(self._answer(by, "case", "reassign", "--from", ",".join(persons), *look)[1])

    def take(self, ref: str, seat: str, *, by: str) -> Reply:
        return self._type(by, "case", "take", ref, "--seat", seat)

    def extend(
        self,
        ref: str,
        clock: str,
        *,
        by: str,
        reason: str,
        fields: Fields | None = None,
        ask: bool = False,
    ) -> Reply:
        typed = ["clock", "extend", ref, clock, "--reason", reason, *(["--ask"] if ask else [])]
        return self._type(by, *typed, *_each("--set", _settings(fields)))

    def merge(self, ref: str, into: str, *, by: str, reason: str) -> Reply:
        return self._type(by, "case", "merge", ref, "--into", into, "--reason", reason)

    def unmerge(self, ref: str, *, by: str, reason: str) -> Reply:
        return self._type(by, "case", "unmerge", ref, "--reason", reason)

    def not_the_same(self, ref: str, other: str, *, by: str, reason: str) -> Reply:
        kind = ("--kind", "not_the_same_as")
        return self._type(by, "case", "link", ref, other, *kind, "--reason", reason)

    def similar(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._type(by, "case", "similar", ref).body["items"])

    def status(self, receipt: str, *, by: str) -> Reply:
        return self._type(by, "case", "status", receipt)

    def grant(self, approval: str, *, by: str) -> Reply:
        return self._type(by, "approval", "grant", approval)

    def forward(self, approval: str, *, by: str, reason: str) -> Reply:
        return self._type(by, "approval", "forward", approval, "--reason", reason)

    def withdraw(self, approval: str, *, by: str, reason: str) -> Reply:
        return self._type(by, "approval", "withdraw", approval, "--reason", reason)

    def correct(
        self,
        ref: str,
        number: int,
        *,
        by: str,
        reason: str,
        fields: Fields | None = None,
        at: datetime | None = None,
        take_back: bool = False,
    ) -> Reply:
        typed = ["case", "correct", ref, str(number), "--reason", reason, *_each("--set", _settings(fields))]
        typed += ["--take-back"] if take_back else []
        return self._type(by, *typed, *_given("--at", at.isoformat() if at else None))

    def sweep(self) -> Reply:
        return self._type(None, "worker", "--once")

    # ---- reading -------------------------------------------------------------------------------

    def put_tables(self, text: str, *, by: str, start: date) -> Reply:
        with self._file(text) as file:
            return self._type(by, "routing", "activate", file, "--from", start.isoformat())

    def try_tables(self, text: str, *, by: str, since: date) -> Reply:
        with self._file(text) as file:
            return self._type(by, "routing", "try", file, "--since", since.isoformat())

    def replay(self, *, by: str) -> Mapping[str, Any]:
        return self._type(by, "routing", "replay").body

    def explain(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._type(by, "routing", "explain", ref).body

    def proposals(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._type(by, "case", "proposals", ref).body["items"])

    def show(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._type(by, "case", "show", ref).body

    def listed(self, *, by: str) -> list[str]:
        return [item["ref"] for item in self._type(by, "case", "list").body["items"]]

    def clocks(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._type(by, "clock", "list", ref).body["items"])

    def history(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._type(by, "case", "history", ref, "--verify").body

    def next_acts(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._type(by, "case", "next", ref, "--all").body["items"])

    def measure(self, name: str, given: Mapping[str, str], *, by: str) -> Mapping[str, Any]:
        options = [part for key, value in given.items() for part in (f"--{key.replace('_', '-')}", value)]
        return self._type(by, "stats", name, *options).body

    def fairness(self, since: date, *, by: str) -> Reply:
        return self._type(by, "stats", "fairness", "--since", since.isoformat())

    # ---- the one way in ------------------------------------------------------------------------

    @contextmanager
    def _file(self, text: str) -> Iterator[str]:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "routing.yaml"
            path.write_text(text, "utf-8")
            yield str(path)

    def _type(self, by: str | None, *typed: str) -> Reply:
        status, body = self._answer(by, *typed)
        if "results" in body:
            return of_one_result(body, self.lang)
        if status == DONE:
            return Reply(body)
        return Reply({}, tuple(body["problem"]["reasons"]))

    def _answer(self, by: str | None, *typed: str) -> tuple[int, dict[str, Any]]:
        """The exit status and the document."""
        words = [*typed, "--json", "--lang", self.lang, "--db", self.database_url, *_given("--as", by)]
        result = self._runner.invoke(app, words, env={"FOLKMOOT_NOW": self.now.isoformat()})
        assert result.stdout, f"{' '.join(words)}\n{result.stderr}"
        return result.exit_code, json.loads(result.stdout)


# ---- as people type it -------------------------------------------------------------------------


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_word, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _settings(fields: Fields | None) -> list[str]:
    return [f"{name}={_word(value)}" for name, value in (fields or {}).items()]


def _pairs(fields: Fields) -> str:
    return ",".join(_settings(fields))


def _each(option: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _given(option: str, value: str | None) -> list[str]:
    return [] if value is None else [option, value]
