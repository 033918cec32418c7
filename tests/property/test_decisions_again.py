"""Random small histories through the real store: whatever happens later, every decision on a seat gives the same pick
when it is made again; nobody gets work who is away or shut out; where nobody is left it is said and nothing is done."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import appointment, filing, leave, query, seat
from engine.service.routing import explaining, replaying, tables
from tests.support.town import Town
from workflows.shipped import files_of

TYPE = "service_request"
WORKERS = ("aux-07", "aux-08", "off-05", "off-06")
VILLAGES = ("230199000201", "230199000202")
NEEDS = ("certificate", "other", "household")
OFFICERS = (
    files_of(TYPE)["routing.yaml"]
    .replace('version: "2026.1"', 'version: "2026.2"')
    .replace("then: {weight: 1, acknowledge: 1 wd}", "then: {roles: officer, weight: 1, acknowledge: 1 wd}")
)
OTHERS_MAY = frozenset(
    {"FM-R502", "FM-R504", "FM-C003"}
)  # nobody left, he has it already, somebody else was faster

cases, workers = st.integers(0, 5), st.sampled_from(WORKERS)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("file"), st.sampled_from(VILLAGES), st.sampled_from(NEEDS)),
        st.tuples(st.just("auto"), cases),
        st.tuples(st.just("auto"), cases),
        st.tuples(st.just("auto"), cases),
        st.tuples(st.just("hand"), cases, workers),
        st.tuples(st.just("hand_back"), cases),
        st.tuples(st.just("away"), workers, st.integers(0, 2), st.integers(0, 4)),
        st.tuples(st.just("all_away"), st.integers(0, 2)),
        st.tuples(st.just("end"), workers),
        st.tuples(st.just("appoint"), workers, st.sampled_from(("V-101", "V-102", "office-021", "S-012"))),
        st.tuples(st.just("days"), st.integers(1, 3)),
        st.tuples(st.just("tables"), st.integers(0, 2)),
    ),
    min_size=8,
    max_size=24,
)


@pytest.fixture(scope="module")
def station(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("station") / "store.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        Town(store)
    return path


@dataclass
class Life:
    """What is done, with a model of who is away beside the store."""

    town: Town
    refs: list[str] = field(default_factory=list)
    absences: list[tuple[str, date, date]] = field(default_factory=list)
    picks: int = 0

    @property
    def day(self) -> date:
        return (self.town.now + timedelta(hours=8)).date()

    def do(self, step: tuple[Any, ...]) -> None:
        name, *about = step
        getattr(self, name)(*about)

    def tried(self, service: Any, /, by: str = "dsp-01", **told: Any) -> Any:
        try:
            return self.town.do(service, by, **told)
        except FolkmootError:
            return None

    def ref(self, n: int) -> str | None:
        return self.refs[n % len(self.refs)] if self.refs else None

    # ---- steps -----------------------------------------------------------------------------------

    def file(self, place: str, need: str) -> None:
        told = {"case_type": TYPE, "place": place, "what": "a lamp", "set": {"need": need}}
        self.refs.append(self.town.do(filing.file_case, "dsp-01", **told)["ref"])

    def auto(self, n: int) -> None:
        ref = self.ref(n)
        if ref is None:
            return
        before = self.town.ask(query.show_case, "dsp-01", ref=ref)
        try:
            told = self.town.do(seat.assign, "dsp-01", ref=ref, auto=True, reason="anew")
        except FolkmootError as error:
            code = error.code
        else:
            code = None
            self.picks += 1
            self.sound(ref, told["assignment"]["person"])
        if code is not None:
            assert code in OTHERS_MAY
            after = self.town.ask(query.show_case, "dsp-01", ref=ref)
            assert (after["version"], after["seats"]) == (before["version"], before["seats"])

    def hand(self, n: int, person: str) -> None:
        ref = self.ref(n)
        done = ref and self.tried(seat.assign, ref=ref, person=person, reason="knows the street")
        if done:
            assert not self.is_away(person)

    def hand_back(self, n: int) -> None:
        ref = self.ref(n)
        if ref is None:
            return
        holders = [s["person"] for s in self.town.ask(query.show_case, "dsp-01", ref=ref)["seats"]]
        for person in holders[:1]:
            try:
                self.town.do(seat.handback, person, ref=ref, reason="too much")
            except FolkmootError:
                return

    def away(self, person: str, after: int, days: int) -> None:
        since, until = self.day + timedelta(days=after), self.day + timedelta(days=after + days)
        if self.tried(leave.away, persons=[person], since=since, until=until):
            # a leave that covers the first day already gets the new end
            over = [one for one in self.absences if one[0] == person and one[1] <= since <= one[2]]
            self.absences = [one for one in self.absences if one not in over]
            self.absences += [(person, one[1], until) for one in over] or [(person, since, until)]

    def all_away(self, days: int) -> None:
        for person in WORKERS:
            self.away(person, 0, days)

    def end(self, person: str) -> None:
        role = "auxiliary" if person.startswith("aux") else "officer"
        self.tried(appointment.end, by="adm-01", person=person, role=role, until=self.day)

    def appoint(self, person: str, unit: str) -> None:
        self.tried(appointment.appoint, by="adm-01", person=person, role="officer", unit_code=unit)

    def days(self, n: int) -> None:
        self.town.pass_(days=n)

    def tables(self, after: int) -> None:
        try:
            start = self.day + timedelta(days=after)
            self.town.do(tables.activate, "adm-01", text=OFFICERS, start=start)
        except FolkmootError:
            return

    # ---- what always holds -------------------------------------------------------------------------

    def is_away(self, person: str) -> bool:
        return any(who == person and since <= self.day <= until for who, since, until in self.absences)

    def sound(self, ref: str, person: str) -> None:
        assert not self.is_away(person)
        told = self.town.ask(explaining.explain, "chf-01", ref=ref)
        assert (told["person"], told["candidates"][0]["person"]) == (person, person)
        assert person not in [out["person"] for out in told["excluded"]]
        terms, wanted = told["candidates"][0]["terms"], told["wanted_of_them"]
        assert terms["load"] < terms["cap"]
        assert terms["role"] in wanted.get("roles", [terms["role"]])
        assert terms["level"] in wanted.get("levels", [terms["level"]])
        away = {out["person"] for out in told["excluded"] if out["because"].startswith("away")}
        assert away == {one["person"] for one in told["excluded"] if self.is_away(one["person"])} - {
            one["person"] for one in told["excluded"] if one["because"] in ("holds", "declined")
        }


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_every_decision_replays_whatever_came_later(station: Path, steps: list[tuple[Any, ...]]) -> None:
    for life in _lives(station):
        for village in VILLAGES:
            life.file(village, "other")
        for step in steps:
            life.do(step)
        told = life.town.ask(replaying.replay, "adm-01")
        assert (told["differs"], told["untold"]) == ([], 0)
        assert told["decisions"] == told["same"] == life.picks


def _lives(station: Path) -> Iterator[Life]:
    with TemporaryDirectory(dir=station.parent) as folder:
        path = Path(folder) / "store.db"
        shutil.copy(station, path)
        with Store.open(f"sqlite:///{path}") as store:
            yield Life(Town(store, seeded=True))
