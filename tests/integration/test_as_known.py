"""A figure as of a past instant is the same whatever calendars, units and words became since; a later one is not."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from engine.analytics.compliance import compliance
from engine.analytics.durations import durations
from engine.analytics.fairness import fairness
from engine.analytics.load import load
from engine.analytics.outcomes import outcomes
from engine.analytics.report import document, listing, running
from engine.analytics.report.drawing import chart_of
from engine.analytics.waiting import waiting
from engine.analytics.why import why
from engine.definitions.load import loads
from engine.domain.errors import Conflict, NotFound, UsageError
from engine.persistence import setting_history
from engine.persistence.as_known import Known, as_known
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import appointment, calendar_import, definition, leave, organisation, report, seed
from tests.support.sown import grown
from tests.support.town import Town
from tests.support.two_units import BEGIN, DAY, HERE, TEXT, THERE, TwoUnits, hours, through
from workflows.shipped import vocabulary

THEN, LATER = BEGIN + 20 * DAY, BEGIN + 40 * DAY
WORKING = {"measure": "durations", "title": "Office hours", "with": {"by": "unit", "working": True}}
PLACES = {"measure": "durations", "title": "Places", "with": {"by": "place"}}


def asked(town: TwoUnits, at: datetime) -> dict[str, bytes]:
    """What each of these says as of an instant."""
    page = {"name": "unit-review", "in_unit": "S-012", "as_of": at}
    told = {
        "durations": town.ask(durations, by=["unit"], as_of=at),
        "working": town.ask(durations, by=["unit"], working=True, as_of=at),
        "of county": town.ask(durations, filter={"unit": "county-99"}, as_of=at),
        "waiting": town.ask(waiting, by=["unit"], working=True, as_of=at),
        "outcomes": town.ask(outcomes, as_of=at),
        "compliance": town.ask(compliance, as_of=at),
        "side": town.ask(waiting, per="side", as_of=at),
        "why": town.ask(why, filter={"unit": "S-012"}, against="county-99", by=["category"], days=6, as_of=at),
        "load": town.ask(load, as_of=at),
        "fairness": town.ask(fairness, as_of=at, since=BEGIN.date(), role="dispatcher"),
        "own report": town.ask(running.answered, name="ours", as_of=at),
        "unit-review json": town.ask(running.answered, **page),
    }  # fmt: skip
    files = {
        f"unit-review {form}": town.ask(document.written, **page, form=form)["content"]
        for form in ("html", "csv")
    }
    return {name: json.dumps(answer, ensure_ascii=False).encode() for name, answer in told.items()} | files


def imported(text: str, file: str = "units.csv") -> Callable[[TwoUnits], Any]:
    return lambda town: town.do(organisation.import_organisation, files={file: text.encode()})


def calendar(**given: Any) -> Callable[[TwoUnits], Any]:
    return lambda town: town.do(calendar_import.import_, document={"id": "CN", **given})


def _off(*days: str) -> dict[str, Any]:
    return {"years": {2026: {"source": "an amendment", "days_off": [*days], "make_up_days": []}}}


def other_words(town: TwoUnits) -> None:
    """Dispatchers stand outside from now on."""
    words = vocabulary()
    roles = {
        name: role.model_copy(update={"outside": True} if name == "dispatcher" else {})
        for name, role in words.roles.items()
    }
    town.do(seed.seed, definitions=[], calendars=[], vocabulary=words.model_copy(update={"roles": roles}))


OFFICE_HOURS = {"working", "waiting", "own report"}
JSON = "unit-review json"  # who is missing is told there alone
PAGE = {JSON, "unit-review html", "unit-review csv"}
HEAD = "code,name,level,parent,desk\n"
CHANGES: dict[str, tuple[Callable[[TwoUnits], Any], set[str]]] = {
    "a unit under another one": (
        imported(f"{HEAD}county-98,邻县,county,,yes\nS-012,示例派出所,station,county-98,yes\n"),
        {"of county", *PAGE},
    ),
    "a unit renamed": (imported(f"{HEAD}S-012,新名派出所,station,county-99,yes\n"), {"own report", *PAGE}),
    "a place renamed": (
        imported(f"code,name,kind,parent\n{HERE},新名村,village,230199000\n", "places.csv"),
        {"own report"},
    ),
    "a place that is none any more": (
        imported(
            f"code,name,kind,parent,until\n{HERE},示例一村,village,230199000,2026-03-01\n", "places.csv"
        ),
        {"why", JSON},
    ),
    "a place that another unit serves": (
        imported(
            "unit,place,function,until\n"
            + "".join(
                f"{unit},{place},all,2026-03-01\n"
                for unit, place in (("S-012", "230199000"), ("office-021", HERE), ("V-101", HERE))
            ),
            "areas.csv",
        ),
        {"why", JSON},
    ),
    "nobody there any more": (
        lambda town: [
            town.do(appointment.end, person=one, role="dispatcher", until=BEGIN.date())
            for one in ("dsp-01", "dsp-02")
        ],
        {"why", "fairness", JSON},
    ),
    "one more there": (
        lambda town: town.do(
            appointment.appoint, person="chf-01", role="dispatcher", unit_code="S-012", since=BEGIN.date()
        ),
        {"fairness"},
    ),
    "away": (
        lambda town: town.do(
            leave.away, persons=["dsp-01"], since=BEGIN.date(), until=LATER.date() + 9 * DAY
        ),
        {"fairness"},
    ),
    "a year amended": (calendar(**_off("2026-03-03", "2026-03-04")), OFFICE_HOURS),
    "an office shut": (calendar(closures=[{"unit": "S-012", "days": ["2026-03-03"]}]), OFFICE_HOURS),
    "other office hours": (calendar(office=["08:00-20:00"]), OFFICE_HOURS),
    "other words": (other_words, {"side", "why", *PAGE}),
}


@pytest.fixture
def town(store: Store) -> TwoUnits:
    return grown(store, "what was known", _lived, lambda there: TwoUnits(there, seeded=True))


def _lived(store: Store) -> TwoUnits:
    made = TwoUnits(store)
    for n in range(11):
        made.live(HERE, ("land", "noise")[n % 2], through(5, 40 + 9 * n, 20))
        made.live(THERE, "noise", through(4, 20 + n, 10))
    made.live(HERE, "land", [("new", hours(30)[0]), ("resting", DAY)])
    made.now = LATER - DAY
    body = listing.checked("ours", {"title": "Ours", "parts": [WORKING, PLACES]})
    made.do(report.save, name="ours", body=body)
    return made


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_asked_of_the_past_stays_to_the_byte(town: TwoUnits, change: str) -> None:
    alter, touched = CHANGES[change]
    then, still = asked(town, THEN), asked(town, LATER)
    alter(town)
    assert asked(town, THEN) == then
    town.now = LATER + 300 * DAY
    assert asked(town, THEN) == then
    now = asked(town, LATER)
    assert {name for name, told in now.items() if told != still[name]} == touched


def test_all_changes_together_and_years_later(town: TwoUnits) -> None:
    then = asked(town, THEN)
    for n, (alter, _) in enumerate(CHANGES.values()):
        town.now += n * DAY
        alter(town)
    town.now += 800 * DAY
    assert asked(town, THEN) == then


def test_a_text_that_came_later_calls_nothing_otherwise(town: TwoUnits) -> None:
    then = asked(town, THEN)
    text = TEXT.replace('version: "1"', 'version: "2"').replace("settled: {", "settled: {title: At peace, ")
    town.do(definition.activate, loaded=loads(text.replace("whole: {", "whole: {title: The whole, ")))
    town.live(HERE, "land", through(2, 3, 2), begin=town.now)
    assert asked(town, THEN) == then
    told = [json.loads(asked(town, at)[name]) for at in (THEN, LATER) for name in ("outcomes", "compliance")]
    titles = [{one["title"] for group in each["groups"] for one in group["outcomes" if n % 2 == 0 else "clocks"]} for n, each in enumerate(told)]  # fmt: skip
    assert titles == [{"settled"}, {"consent", "whole"}, {"At peace"}, {"consent", "The whole"}]


def test_charts_call_units_by_the_names_they_had_then(town: TwoUnits) -> None:
    def legend(at: datetime) -> list[list[str]]:
        told = []
        for by in ("unit", "place", "type"):
            answer = town.ask(durations, by=[by], as_of=at, curves=True)
            chart = town.ask(chart_of, measure="durations", answer=answer, zone="Asia/Shanghai")
            told.append([one.title for one in chart.series])
        answer = town.ask(why, filter={"unit": "S-012"}, against="county-99", days=6, as_of=at)
        axis = town.ask(chart_of, measure="why", answer=answer, zone="Asia/Shanghai").y.ticks
        return [*told, [axis[0].text, axis[-1].text]]

    names = [f"{{}} (n {n})" for n in (12, 11)]
    first = legend(THEN)
    assert first[0] == [names[0].format("示例派出所"), names[1].format("示例县公安局")]
    assert first[2:] == [["Quarrel (n 23)"], ["示例县公安局 without it", "示例派出所"]]
    imported(f"{HEAD}S-012,示例县公安局,station,county-99,yes\n")(town)  # as the county is called
    assert legend(THEN) == first
    town.now = LATER + DAY
    second = legend(town.now)
    assert second[0] == [
        names[0].format("示例县公安局 (S-012)"),
        names[1].format("示例县公安局 (county-99)"),
    ]
    assert second[3] == ["示例县公安局 (county-99) without it", "示例县公安局 (S-012)"]


def test_a_unit_that_nobody_knew_yet_is_refused_as_it_was_then(town: TwoUnits) -> None:
    def refusal() -> str:
        with pytest.raises(UsageError) as refused:
            town.ask(durations, filter={"unit": "county-98"}, as_of=THEN)
        return refused.value.code

    assert refusal() == "FM-U305"
    CHANGES["a unit under another one"][0](town)
    assert refusal() == "FM-U305"
    town.now = LATER + DAY
    assert town.ask(durations, filter={"unit": "county-98"}, as_of=town.now)["n"] == 12


# ---- what is written down --------------------------------------------------------------------------


def rows(store: Store) -> list[tuple[str, str, datetime, Any]]:
    return [
        (kind, id_, at, body and json.loads(body)) for kind, id_, at, body in store.read(_read)
    ]  # fmt: skip


def _read(unit: Unit) -> list[tuple[str, str, datetime, str | None]]:
    return list(setting_history.read(unit))


def test_each_change_is_a_row_and_what_changes_nothing_is_none(store: Store) -> None:
    town = Town(store)
    before = rows(store)
    assert {at for _, _, at, _ in before} == {town.now}
    assert {id_ for kind, id_, _, _ in before if kind == "unit"} == {
        "county-99", "S-012", "office-021", "V-101", "V-102", "M-12", "B-01",
    }  # fmt: skip
    town.pass_(days=1)
    shut = [{"unit": "S-012", "days": ["2026-12-31"], "reason": "market day"}]
    for _ in range(2):  # the second time there is nothing to write
        town.do(calendar_import.import_, "adm-01", document={"id": "CN", "closures": shut})
    back = [{"unit": "S-012", "reopen": ["2026-12-31"]}]
    town.pass_(days=1)
    town.do(calendar_import.import_, "adm-01", document={"id": "CN", "closures": back})
    unit = "code,name,level,parent\nV-101,另一岗,village,office-021\n"
    town.do(organisation.import_organisation, "adm-01", files={"units.csv": unit.encode()})
    day = timedelta(days=1)
    closure = {"calendar": "CN", "unit": "S-012", "day": "2026-12-31", "reason": "market day"}
    assert rows(store)[len(before) :] == [
        ("closure", "CN|S-012|2026-12-31", town.now - day, closure),
        ("closure", "CN|S-012|2026-12-31", town.now, None),
        ("unit", "V-101", town.now, {
            "code": "V-101", "name": "另一岗", "level": "village", "parent": "office-021", "desk": False,
            "volunteers": 0, "since": None, "until": None,
        }),
    ]  # fmt: skip
    assert store.read(setting_history.unlike) == []


def test_a_dry_run_writes_nothing_down(store: Store) -> None:
    town = Town(store)
    before = rows(store)
    caller = town.as_("adm-01")
    text = {"units.csv": f"{HEAD}S-012,新名,station,,yes\n".encode()}

    def change(unit: Unit) -> Any:
        calendar_import.import_(unit, caller, document={"id": "CN", **_off("2026-03-03")})
        return organisation.import_organisation(unit, caller, files=text)

    store.write(change, dry_run=True)
    assert rows(store) == before


def test_a_calendar_of_which_nothing_was_written_yet_counts_as_it_was_at_first(store: Store) -> None:
    """It was brought in under a clock that ran ahead."""
    town = Town(store)
    town.do(calendar_import.import_, "adm-01", document={"id": "CN", **_off("2026-03-03")})
    early = town.now - timedelta(days=1)

    def first(unit: Unit) -> Any:
        return as_known(unit, early).calendar("CN", "S-012").why(date(2026, 10, 1))

    assert store.read(first) == "holiday"
    with pytest.raises(NotFound) as refused:
        store.read(lambda unit: as_known(unit, early).calendar("XX"))
    assert refused.value.code == "FM-N005"


# ---- random changes --------------------------------------------------------------------------------


def seen(known: Known) -> dict[str, Any]:
    codes = ["county-99", "S-012", "office-021", "V-101", "V-102", "M-12", "B-01", "N-1", "N-2"]
    there = [code for code in codes if known.is_unit(code)]
    tree = {code: (known.above(code), known.level(code), sorted(known.below(code))) for code in there}
    offices = ("", "S-012", "office-021")
    return {
        "tree": tree,
        "calendars": {(name, code): known.calendar(name, code).to_json() for name in ("CN", "PH") for code in offices},
        "words": known.vocabulary().model_dump(),
        "held": sorted(map(str, _held(known.appointments()))),
        "heads": sorted(map(str, _held(known.appointments({"head"})))),
        "away": sorted((one.person, one.since, one.until) for one in known.absences()),
        "places": sorted(map(str, known.places().values())), "areas": sorted(map(str, known.areas())),
    }  # fmt: skip


def _held(appointments: Any) -> Any:
    """What is told of an appointment."""
    return [(one.person, one.role, one.unit, one.since, one.until) for one in appointments]


def alter(town: Town, random: Random) -> None:
    """Anything that may happen to a calendar, a unit, a place or a person."""
    day = town.now.date() + timedelta(days=random.randrange(-9, 9))
    match random.randrange(8):
        case 4:
            post = {"person": random.choice(["off-05", "aux-08"]), "role": random.choice(["head", "officer"])}
            _tried(town, appointment.appoint, **post, unit_code=random.choice(["S-012", "V-101"]), since=day)
        case 5:
            _tried(
                town, appointment.end, person=random.choice(["off-05", "aux-08"]), role="officer", until=day
            )
        case 6:
            person = random.choice(["off-05", "aux-08"])
            if random.random() < 0.5:
                _tried(town, leave.away, persons=[person], since=day, until=day + timedelta(days=3))
            else:
                _tried(town, leave.back, persons=[person], on=day)
        case 7:
            text = random.choice(
                [
                    "places: [{code: 230199000201, name: elsewhere, kind: village, parent: '230199'}]",
                    f"areas: [{{unit: S-012, place: '230199000202', function: all, until: {day}}}]",
                ]
            )
            town.do(organisation.import_organisation, "adm-01", files={"more.yaml": text.encode()})
        case 0:
            code = random.choice(["S-012", "office-021", "V-101", "M-12", "N-1", "N-2"])
            above = random.choice(["", "county-99", "B-01"])
            text = (
                f"{HEAD}{code},name {random.randrange(9)},{random.choice(['station', 'office'])},{above},\n"
            )
            town.do(organisation.import_organisation, "adm-01", files={"units.csv": text.encode()})
        case 1:
            days = sorted(
                {f"2026-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}" for _ in range(3)}
            )
            town.do(
                calendar_import.import_, "adm-01", document={"id": random.choice(["CN", "PH"]), **_off(*days)}
            )
        case 2:
            do = random.choice(["days", "reopen"])
            entry = {
                "unit": random.choice([None, "S-012", "office-021"]),
                do: [f"2026-12-{random.randrange(1, 4):02}"],
            }
            town.do(calendar_import.import_, "adm-01", document={"id": "CN", "closures": [entry]})
        case _:
            office = random.choice([["08:00-20:00"], ["09:00-17:00"]])
            town.do(calendar_import.import_, "adm-01", document={"id": "CN", "office": office})  # fmt: skip


def _tried(town: Town, service: Any, /, **given: Any) -> None:
    """Or refused: held already, not away."""
    with suppress(Conflict, NotFound, UsageError):
        town.do(service, "adm-01", **given)


@pytest.mark.parametrize("number", range(3))
def test_as_known_is_what_stood_there(store: Store, number: int) -> None:
    town, random = Town(store), Random(number)
    stood = []
    for _ in range(40):
        stood.append((town.now, store.read(lambda unit: seen(as_known(unit, town.now)))))
        town.pass_(hours=random.randrange(1, 40))
        alter(town, random)
        assert store.read(setting_history.unlike) == []
    assert (
        len({json.dumps(told, sort_keys=True, default=str) for _, told in ((n, str(t)) for n, t in stood)})
        > 10
    )
    for at, told in stood:
        assert store.read(lambda unit, at=at: seen(as_known(unit, at))) == told
        late = at + timedelta(minutes=59)
        assert store.read(lambda unit, at=late: seen(as_known(unit, at))) == told
