"""A sample county at work: seeded, then some weeks of virtual time, every act a command on the real engine."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.bootstrap import Engine
from engine.service import acting, clock, filing, leave, organisation, seed
from engine.service.chance import rehearsed
from workflows.calendar import calendar_ids, load_calendar
from workflows.demo import dispute, request
from workflows.demo.arrivals import Arrival, arrivals
from workflows.demo.cast import Cast
from workflows.demo.chance import Chance
from workflows.demo.dispute import Dispute
from workflows.demo.dispute.after import court
from workflows.demo.dispute.intake import daily_look
from workflows.demo.dispute.table import caucus
from workflows.demo.hours import Times
from workflows.demo.life import HOUR, MINUTE, Life
from workflows.demo.request import Request
from workflows.demo.showcase import Example, choose_example, choose_story
from workflows.demo.stage import Stage, Steps, VirtualClock, Watcher
from workflows.demo.words import Words
from workflows.harbin import build
from workflows.shipped import tables, texts, vocabulary

GRADES: Mapping[str, float] = {"red": 0.3, "orange": 5, "yellow": 76.7, "blue": 18}
BY_TYPE: Mapping[str, Mapping[str, Callable[[Any], Steps]]] = {
    "dispute_mediation": dispute.POLICIES,
    "service_request": request.POLICIES,
}
AGAIN = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Setting:
    """``until`` is the morning on which the virtual time ends."""

    until: datetime
    days: int = 49
    seed: int = 1
    lang: str = "en"

    @property
    def since(self) -> datetime:
        return self.until - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Played:
    """What was done. ``surprises``: refusals that no policy expected; a policy or a rule is wrong there."""

    since: datetime
    until: datetime
    station: str
    dispatcher: str
    head: str
    stations: int
    offices: int
    villages: int
    staff: int
    story: str | None
    example: Example | None
    cases: int
    acts: int
    refused: Mapping[str, int]
    surprises: tuple[tuple[str, str, Any], ...]


def prepare(engine: Engine, setting: Setting, clock_: VirtualClock) -> Stage:
    """The shipped law, the sample organisation and the mark of a demo, in a new store."""
    county = build(setting.seed)
    calendars = [load_calendar(name) for name in calendar_ids()]
    caller = engine.caller(person=None, lang=setting.lang)
    engine.call(
        seed.seed, caller, definitions=texts(), tables=tables(), vocabulary=vocabulary(), calendars=calendars
    )
    engine.store.write(lambda unit: organisation.put_organisation(unit, county, at=caller.at))
    engine.call(seed.mark_demo, caller)
    times = Times(load_calendar("CN"))
    return Stage(engine, clock_, Cast(county), times, Words(setting.lang), setting.until)


def play(stage: Stage, setting: Setting, watch: Watcher) -> Played:
    """All the work between the two mornings."""
    county = _County(stage, setting)
    county.begin()
    numbers = Chance(setting.seed, 5)
    with rehearsed(lambda: f"{numbers.whole(0, 2**62):032x}"):
        stage.play(watch)
    return county.told()


class _County:
    def __init__(self, stage: Stage, setting: Setting) -> None:
        self.stage, self.setting = stage, setting
        self.lives: list[Life] = []
        self.station = stage.cast.stations[0]

    def begin(self) -> None:
        setting, stage = self.setting, self.stage
        zone = stage.times.calendar.tz
        reported = arrivals(setting.seed, stage.cast.villages, setting.since, setting.until, zone)
        for number, arrival in enumerate(reported):
            stage.enter(arrival.at, self._report(arrival, Chance(setting.seed, 2, number)))
        for at, person, until in self._leaves():
            stage.enter(at, self._leave(person, until))
        stage.enter(setting.until - 3 * HOUR / 4, self._last_morning())

    def told(self) -> Played:
        stage, cast = self.stage, self.stage.cast
        local = cast.at(self.station)[0]
        return Played(
            since=self.setting.since,
            until=self.setting.until,
            station=self.station,
            dispatcher=local.dispatcher,
            head=local.head,
            stations=len(cast.stations),
            offices=cast.offices,
            villages=len(cast.villages),
            staff=cast.persons,
            story=choose_story(self.lives),
            example=choose_example(self.lives, self.station),
            cases=len(self.lives),
            acts=stage.acts,
            refused=Counter(stage.refused),
            surprises=tuple(stage.surprises),
        )

    # ---- reports -----------------------------------------------------------------------------

    def _report(self, arrival: Arrival, chance: Chance) -> Steps:
        """Somebody reports; then the case lives."""
        life = self._file(arrival, chance)
        if life is None:
            return
        if isinstance(life, Dispute):
            self._beside(life, chance)
        yield from live(life, BY_TYPE[arrival.case_type])

    def _beside(self, life: Dispute, chance: Chance) -> None:
        """What goes on beside the case's own way."""
        if life.grade == "red":
            self.stage.enter(self.stage.now + 5 * HOUR, daily_look(life))
        if chance.happens(0.08):
            self.stage.enter(life.day(4), court(life))
        if chance.happens(0.12):
            self.stage.enter(life.day(3), caucus(life))

    def _file(self, arrival: Arrival, chance: Chance, grade: str | None = None) -> Life | None:
        stage, words = self.stage, self.stage.words
        local = stage.cast.local(arrival.place)
        grade = grade or chance.weighted(GRADES)
        is_dispute = arrival.case_type == "dispute_mediation"
        reporter = words.person(chance, 0)
        field, kind = ("category", "dispute") if is_dispute else ("need", "request")
        values = {field: arrival.category}
        if is_dispute and grade in ("red", "orange"):
            values["risk"] = grade
        what = words("red") if grade == "red" and is_dispute else words.any(chance, kind, arrival.category)
        anonymous = not is_dispute and chance.happens(0.05)
        answer = stage.do(
            filing.file_case,
            local.handler if arrival.channel == "visit" else local.dispatcher,
            case_type=arrival.case_type,
            place=arrival.place,
            what=what,
            channel=arrival.channel,
            reporter=None if anonymous else {"name": reporter},
            anonymous=anonymous,
            set=values,
            parties=_parties(words, chance, arrival, reporter),
        )
        if answer is None:
            return None
        life: Life
        if is_dispute:
            life = Dispute(stage, chance, local, answer["ref"], arrival.category, grade)
        else:
            life = Request(stage, chance, local, answer["ref"], arrival.category)
        self.lives.append(life)
        return life

    # ---- leave -------------------------------------------------------------------------------

    def _leaves(self) -> list[tuple[datetime, str, date]]:
        """Somebody is on leave every now and then, two on the last days."""
        chance, calendar = Chance(self.setting.seed, 3), self.stage.times.calendar
        people = sorted({self.stage.cast.local(v).handler for v in self.stage.cast.villages})
        found = []
        last = calendar.day_of(self.setting.until)
        for begun in (*range(4, self.setting.days - 4, 9), self.setting.days - 1, self.setting.days - 1):
            first = calendar.day_of(self.setting.since + timedelta(days=begun))
            length = 3 if first + timedelta(days=1) >= last else chance.whole(1, 4)
            at = self.stage.times.awake(calendar.start_of(first), 5 * MINUTE)
            found.append((at, chance.pick(people), first + timedelta(days=length)))
        return found

    def _leave(self, person: str, until: date) -> Steps:
        stage = self.stage
        if stage.do(
            leave.away, stage.cast.local(stage.cast.villages[0]).superior, persons=[person], until=until
        ):
            stage.on_leave(person, stage.times.calendar.day_of(stage.now), until)
        yield from ()

    # ---- the last morning --------------------------------------------------------------------

    def _last_morning(self) -> Steps:
        """What a full desk shows: requests for a second person's yes, and one report that cannot wait."""
        self.station = self._busiest()
        self._ask_for_approval()
        yield self.setting.until - 17 * MINUTE
        village = self.stage.cast.at(self.station)[0].village
        arrival = Arrival(self.stage.now, village, "dispute_mediation", "water", "phone", 2)
        self._file(arrival, Chance(self.setting.seed, 4), "red")

    def _busiest(self) -> str:
        open_cases = Counter(life.local.station for life in self.lives if life.look() != "closed")
        return min(self.stage.cast.stations, key=lambda station: (-open_cases[station], station))

    def _ask_for_approval(self) -> None:
        """Two limits to be extended and a closing, nobody has answered yet."""
        wanted = {"in_progress": 2, "adjourned": 1, "assigned": 1, "follow_up": 1}
        for life in reversed(self.lives):
            state = life.look()
            if life.local.station == self.station and wanted.get(state, 0):
                wanted[state] -= 1
                self._ask(life, state)

    def _ask(self, life: Life, state: str) -> None:
        words = self.stage.words
        if state == "in_progress":
            extra: dict[str, Any] = {"clock": "handle_within", "reason": words("notes", "part")}
            self.stage.do(clock.extend, life.handler, slip=True, ask=True, ref=life.ref, **extra)
        elif state == "follow_up":
            self.stage.do(
                acting.do_act, life.handler, slip=True, ask=True, ref=life.ref, act="close",
                note=words("notes", "fine"),
            )  # fmt: skip
        else:
            extra = {"clock": "mediation_limit", "set": {"longer_agreed": True}}
            self.stage.do(
                clock.extend, life.seated("mediator") or life.handler, slip=True, ask=True, ref=life.ref,
                reason=words("notes", "longer"), **extra,
            )  # fmt: skip


def live(life: Any, policies: Mapping[str, Callable[[Any], Steps]]) -> Steps:
    """From state to state: each has its policy, which ends when the case stands elsewhere."""
    while True:
        state = life.look()
        for wake in policies[state](life):
            if life.acted == life.now and life.look() != state:
                break
            yield wake
            if life.look() != state:
                break
        if life.look() == state:
            if state == "closed":
                return
            yield life.now + AGAIN


def _parties(words: Words, chance: Chance, arrival: Arrival, reporter: str) -> list[dict[str, str]]:
    """Who is known from the first call: often both sides, sometimes only the one who calls."""
    if arrival.case_type != "dispute_mediation":
        return [{"role": "requester", "name": reporter}]
    sides = [{"role": "claimant", "name": reporter}]
    if arrival.parties == 2 and chance.happens(0.25):
        return sides
    many_claim = arrival.parties > 2 and chance.happens(0.5)
    for number in range(1, arrival.parties):
        last = number == arrival.parties - 1
        role = "claimant" if many_claim and not last else "respondent"
        sides.append({"role": role, "name": words.person(chance, number)})
    return sides
