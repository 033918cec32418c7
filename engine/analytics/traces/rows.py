"""From the history of one case to rows of columns: a pure function, so that what is kept can always be made again.

A row says on which *track* something happened (``state``, ``milestone/first_resolution``, ``risk``, ``act`` ...), what
(``code``, a text), when it occurred, since when that was known and until when it was believed. What an act said that
was taken back later is a row with an end; what it was corrected to, another row. A figure as of an instant takes the
rows that were believed then, so it never changes afterwards.

Tracks: ``filed``; ``type definition channel place unit cycle outcome`` and ``field/NAME`` of every choice (the last
row holds); ``state`` (code ``HASH:LEAF``, of the main region) and
``via`` (row by row beside it, the act that led there); ``closing`` (``closed|OUTCOME|GRADE``,
``open`` again); ``milestone/NAME``;
``reporter`` (code: who of the organisation told it, unless that is secret); ``holder`` (who has the seat of the
handler, "" for nobody); ``seat`` (code ``SEAT|in``, ``SEAT|WEIGHT|in`` where the case weighed so much then, or
``SEAT|out``; value: who);
``still`` (1 while a limit is paused and none runs);
``limit`` (code ``CLOCK|ITEM|RUN|VERDICT``, value: due second); ``extension`` (code ``CLOCK|ITEM|RUN``, a row for each);
``same`` (1 while the case goes on in another); ``act`` (value: who); ``record`` (value: who);
``party`` (value: a digest of whom).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from engine.analytics.traces.law import Law
from engine.definitions.outline import HANDLER_SEAT, MAIN
from engine.domain.likeness import party_keys
from engine.machine.believed import believed, corrected
from engine.machine.program import UNFILED

ALWAYS = (1 << 62) - 1
NONE = -(1 << 62)  # no due second
SAME = frozenset({"duplicate_of", "merged_into"})  # links by which a case goes on in another
EPOCH = date(1970, 1, 1).toordinal()

Laws = Callable[[str], Law]
Event = Mapping[str, Any]


class Row(NamedTuple):
    """``at`` and ``due`` are seconds since 1970, whole as in the history; ``seq`` the event that said it."""

    track: str
    code: str
    at: int
    seq: int
    value: str | int | None = None


class Known(NamedTuple):
    """A row with the seconds since when it was known and, taken back, until when it was believed."""

    row: Row
    since: int
    until: int


def trace(events: Sequence[Event], laws: Laws) -> list[Known]:
    """All that was ever believed of a case, in the order of its events."""
    recorded = {event["seq"]: second(event["recorded"]) for event in events}
    if not corrected(events):
        return [Known(row, recorded[row.seq], ALWAYS) for row in told(events, laws)]
    return _with_ends(events, laws, recorded)


def _with_ends(events: Sequence[Event], laws: Laws, recorded: Mapping[int, int]) -> list[Known]:
    """What was believed from one correction to the next; a row that goes on being believed is one row."""
    bounds = [n for n, event in enumerate(events) if corrected([event])]
    ends = [*bounds, len(events)]
    held: dict[tuple[Row, int], int] = {}  # a row and its number among equal ones, since when it is known
    made: list[Known] = []
    for n, end in enumerate(ends):
        since = recorded[events[bounds[n - 1]]["seq"]] if n else NONE
        now = _numbered(told(believed(events[:end]), laws))
        made += [Known(key[0], held.pop(key), since) for key in list(held) if key not in now]
        for key in now:
            held.setdefault(key, max(since, recorded[key[0].seq]))
    made += [Known(row, since, ALWAYS) for (row, _), since in held.items()]
    return sorted((known for known in made if known.since < known.until), key=lambda known: known.row.seq)


def _numbered(found: Iterable[Row]) -> dict[tuple[Row, int], None]:
    times: dict[Row, int] = {}
    made: dict[tuple[Row, int], None] = {}
    for row in found:
        times[row] = times.get(row, -1) + 1
        made[row, times[row]] = None
    return made


def told(events: Iterable[Event], laws: Laws) -> list[Row]:
    """What these events say, each of them believed."""
    teller = _Teller(laws)
    for event in events:
        teller.read(event)
    return teller.rows


class _Teller:
    """Reads one case; ``held`` is what each track said last, where only a change is a row."""

    def __init__(self, laws: Laws) -> None:
        self.laws = laws
        self.rows: list[Row] = []
        self.held: dict[str, str] = {}
        self.clocks: dict[tuple[Any, ...], str] = {}  # of each limit whether it runs
        self.limits: dict[tuple[Any, ...], tuple[str, int]] = {}
        self.extended: dict[tuple[Any, ...], int] = {}
        self.same: list[tuple[str, str]] = []
        self.seats: dict[str, Mapping[str, int | None]] = {}
        self.parties: set[tuple[str, str]] = set()
        self.closed = False

    def read(self, event: Event) -> None:
        self.at, self.seq, self.law = second(event["at"]), event["seq"], self.laws(event["definition"])
        self.act = event["act"]
        was = self.closed
        self.add("act", event["act"], event["actor"])
        self.reach(event["act"])
        for change in event["changes"]:
            reader = _READ.get(change["do"])
            if reader is not None:
                reader(self, change)
        if self.closed != was:
            self.add("closing", self.closing())

    def closing(self) -> str:
        outcome = self.held.get("outcome", "")
        return f"closed|{outcome}|{self.law.grades.get(outcome, '')}" if self.closed else "open"

    def add(self, track: str, code: str, value: str | int | None = None) -> None:
        self.rows.append(Row(track, code, self.at, self.seq, value))

    def hold(self, track: str, code: str) -> None:
        if self.held.get(track) != code:
            self.held[track] = code
            self.add(track, code)

    def reach(self, name: str) -> None:
        for milestone in self.law.milestones.get(name, ()):
            self.add(f"milestone/{milestone}", "")

    # ---- what single changes say -------------------------------------------------------------------

    def file(self, change: Mapping[str, Any]) -> None:
        case = change["case"]
        self.rows.append(Row("filed", "", second(case["filed_at"]), self.seq))
        for track, name in (
            ("type", "case_type"),
            ("channel", "channel"),
            ("place", "place"),
            ("unit", "unit"),
        ):
            self.hold(track, case[name])
        self.hold("definition", case["definition"])
        self.whole(case)

    def whole(self, case: Mapping[str, Any]) -> None:
        """The parts of a whole case: as it was filed, or what a correction gives back."""
        if case.get("states", {}).get(MAIN, UNFILED) != UNFILED:
            self.enter(case["states"][MAIN])
        self.plain(case)
        for seat, holders in case.get("seats", {}).items():
            self.sit(seat, {holder["person"]: holder.get("weight") for holder in holders})
        for party in case.get("parties", ()):
            self.party(party)
        if "links" in case:
            self.same = [(link["kind"], link["ref"]) for link in case["links"]]
            self.goes_on()
        if "clocks" in case:
            self.clocks.clear()
            for run in case["clocks"]:
                self.clock(run)
            self.stand()

    def plain(self, case: Mapping[str, Any]) -> None:
        """Its parts of one value each."""
        told = case.get("reporter", {})
        if told.get("person") and not told.get("confidential"):
            self.hold("reporter", told["person"])
        for name, value in case.get("fields", {}).items():
            self.set(name, value)
        for track in ("outcome", "cycle"):
            if track in case:
                self.hold(track, str(case[track]))

    def restore(self, change: Mapping[str, Any]) -> None:
        """What a correction states is where the case stands now. When it got there the believed events say."""
        self.whole(change["to"])
        if "outcome" in change["gone"]:
            self.hold("outcome", "")

    def move(self, change: Mapping[str, Any]) -> None:
        for name in change["entered"]:
            self.reach(name)
        if change["region"] == MAIN:
            self.enter(change["to"])

    def enter(self, leaf: str) -> None:
        code = f"{self.law.hash}:{leaf}"
        if self.held.get("state") != code:
            self.hold("state", code)
            self.add("via", self.act)
        self.closed = self.law.is_final(leaf)

    def set(self, name: str, value: Any) -> None:
        if name in self.law.choices:
            self.hold(f"field/{name}", "" if value is None else str(value))

    def record(self, item: Mapping[str, Any]) -> None:
        self.add("record", item["kind"], item["by"])
        self.reach(item["kind"])

    def seat(self, change: Mapping[str, Any]) -> None:
        self.reach(change["seat"])
        self.sit(
            change["seat"],
            {**self.seats.get(change["seat"], {}), change["person"]: change.get("weight")},
        )

    def unseat(self, change: Mapping[str, Any]) -> None:
        was = self.seats.get(change["seat"], {})
        self.sit(change["seat"], {person: w for person, w in was.items() if person != change["person"]})

    def sit(self, seat: str, holders: Mapping[str, int | None]) -> None:
        """``holders``: in their order, each with what the case weighed when he took it, if that was said."""
        was = self.seats.get(seat, {})
        for person in was:
            if person not in holders:
                self.add("seat", f"{seat}|out", person)
        for person, weight in holders.items():
            if person not in was:
                self.add("seat", f"{seat}|{weight}|in" if weight else f"{seat}|in", person)
        self.seats[seat] = holders
        if seat == HANDLER_SEAT:
            self.hold("holder", next(iter(holders), ""))

    def link(self, change: Mapping[str, Any]) -> None:
        self.same.append((change["kind"], change["ref"]))
        self.goes_on()

    def unlink(self, change: Mapping[str, Any]) -> None:
        self.same = [link for link in self.same if link != (change["kind"], change["ref"])]
        self.goes_on()

    def goes_on(self) -> None:
        now = "1" if any(kind in SAME for kind, _ in self.same) else ""
        if now or "same" in self.held:
            self.hold("same", now)

    def party(self, party: Mapping[str, Any]) -> None:
        for key in party_keys(party):
            if (party["no"], key) not in self.parties:
                self.parties.add((party["no"], key))
                self.add("party", party["no"], int(key[-15:], 16))

    def clock(self, run: Mapping[str, Any]) -> None:
        if run["kind"] != "limit":
            return
        key = (run["name"], run.get("item", ""), run["run"])
        self.clocks[key] = run["status"]
        for _ in range(self.extended.get(key, 0), len(run.get("extensions", ()))):
            self.add("extension", "|".join(map(str, key)))
        self.extended[key] = len(run.get("extensions", ()))
        due = second(run["due"]) if "due" in run else NONE
        verdict = run.get("verdict") or run["status"]
        if self.limits.get(key) != (verdict, due):
            self.limits[key] = (verdict, due)
            self.add("limit", "|".join([*map(str, key), verdict]), due)

    def stand(self) -> None:
        """Whether the time that the law gives stands still: a limit is paused, and none runs."""
        going = self.clocks.values()
        self.hold("still", "1" if "paused" in going and "running" not in going else "0")

    def run(self, run: Mapping[str, Any]) -> None:
        self.clock(run)
        self.stand()

    def reopen(self, change: Mapping[str, Any]) -> None:
        self.hold("outcome", "")
        self.hold("cycle", str(change["cycle"]))

    def reached(self, change: Mapping[str, Any]) -> None:
        """What an import says itself of the past."""
        self.rows.append(Row(f"milestone/{change['milestone']}", "", second(change["at"]), self.seq))

    def migrate(self, change: Mapping[str, Any]) -> None:
        self.law = self.laws(change["definition"])
        self.hold("definition", change["definition"])
        self.enter(change["states"][MAIN])


_READ: dict[str, Callable[[_Teller, Mapping[str, Any]], None]] = {
    "file": _Teller.file,
    "move": _Teller.move,
    "set": lambda teller, change: teller.set(change["field"], change["value"]),
    "record": lambda teller, change: teller.record(change["item"]),
    "seat": _Teller.seat,
    "unseat": _Teller.unseat,
    "party": lambda teller, change: teller.party(change["party"]),
    "party_change": lambda teller, change: teller.party(change),  # under another name
    "clock": lambda teller, change: teller.run(change["run"]),
    "link": _Teller.link,
    "unlink": _Teller.unlink,
    "outcome": lambda teller, change: teller.hold("outcome", change["outcome"]),
    "reopen": _Teller.reopen,
    "reached": _Teller.reached,
    "restore": _Teller.restore,
    "migrate": _Teller.migrate,
}

_DAYS: dict[str, int] = {}  # a day as text to its midnight


def second(text: str) -> int:
    """An instant of a history, ``2026-11-24T00:21:00Z``, as seconds since 1970."""
    day = text[:10]
    midnight = _DAYS.get(day)
    if midnight is None:
        if len(_DAYS) > 50_000:
            _DAYS.clear()
        midnight = _DAYS[day] = (date.fromisoformat(day).toordinal() - EPOCH) * 86_400
    return midnight + int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])
