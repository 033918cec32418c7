"""Who has how much, how many were open when, where cases stood, what was done, who is next."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine.analytics.activity import activity
from engine.analytics.backlog import backlog
from engine.analytics.fairness import fairness
from engine.analytics.flow import flow
from engine.analytics.legs import LEGS, legs
from engine.analytics.load import load
from engine.analytics.oldest import deciding, oldest
from engine.domain.instant import to_text
from engine.persistence import table
from engine.routing.load import weight
from tests.support.lives import Life, at_second, forward, second
from tests.support.oracle.endings import share
from tests.support.quarrels import Quarrels

DAY = 86_400
ZONE = ZoneInfo("Asia/Shanghai")
ENDS = {"help": ("settled", "healed"), "information": ("settled", "left")}


def ages(seconds: list[int]) -> dict[str, int]:
    found = dict.fromkeys(("0-7", "8-30", "31-60", "61-90", ">90"), 0)
    for one in seconds:
        days = one // DAY
        band = next(name for name, last in zip(found, (7, 30, 60, 90, 10**9), strict=True) if days <= last)
        found[band] += 1
    return found


# ---- load ------------------------------------------------------------------------------------------


def carried(told: list[Life]) -> dict[str, list[tuple[Life, bool, int]]]:
    """Each person's open cases, each once: whether he handles it and what it weighs for him."""
    found: dict[str, list[tuple[Life, bool, int]]] = defaultdict(list)
    for life in told:
        if life.closed is None:
            mine: dict[str, tuple[bool, int]] = {}
            for seat, held in life.seats.items():
                for one in held:
                    as_ = (seat == "handler", one.get("weight") or weight(life.risk))
                    mine[one["person"]] = max(as_, mine.get(one["person"], as_))
            for person, (handles, heavy) in mine.items():
                found[person].append((life, handles, heavy))
    return found


def check_load(town: Quarrels, at: datetime, told: list[Life]) -> None:
    now = int(at.timestamp())
    answer, wanted = town.ask(load, as_of=at), carried(told)
    given, taken = Counter[str](), Counter[str]()
    for life in told:
        for one, other in pairwise(life.handlers):
            given[one] += 1
            taken[other] += 1
    assert answer["n_reassigned"] == sum(given.values())
    found = {group["key"]["holder"]: group for group in answer["groups"]}
    assert set(found) == set(wanted) | set(given) | set(taken)
    for person, group in found.items():
        age = [max(0, now - life.filed) for life, _, _ in wanted.get(person, ())]
        handled = sum(handles for _, handles, _ in wanted.get(person, ()))
        assert (group["n"], group["n_handled"]) == (len(age), handled)
        assert group["weight"] == sum(heavy for _, _, heavy in wanted.get(person, ()))
        assert group["ages"] == ages(age)
        half = round(median(age)) if len(age) >= 10 else None  # half of so few says nothing
        assert (group["oldest_s"], group["p50_s"]) == (max(age, default=None), half)
        assert (group["n_given"], group["n_taken"]) == (given[person], taken[person])
    open_ = [life for life in told if life.closed is None]
    assert answer["n_unassigned"] == sum(not life.seats.get("handler") for life in open_)
    for all_ in town.ask(load, as_of=at, by=["type"])["groups"]:
        assert (all_["n"], all_["weight"]) == (len(open_), sum(weight(life.risk) for life in open_))
        assert all_["ages"] == ages([now - life.filed for life in open_])


def check_fairness(town: Quarrels, at: datetime, told: list[Life]) -> None:
    """What is open in the week that runs, and what was decided by then."""
    answer = town.ask(fairness, as_of=at)
    wanted = {person: sum(heavy for _, _, heavy in held) for person, held in carried(told).items()}
    week = answer["weeks"][-1]
    mine = [one for one in answer["items"] if one["week"] == week["week"]]
    assert {one["person"]: one["open"] for one in mine if one["open"]} == wanted
    assert (week["load"], answer["as_of"]) == (sum(wanted.values()), to_text(at))
    first = datetime.fromisoformat(answer["weeks"][0]["from"]).replace(tzinfo=ZONE)
    seen = {life.id for life in told}
    picks = [
        (case_id, when, person)
        for case_id, when, recorded, person in decisions(town)
        if case_id in seen and first <= when <= at and recorded <= at
    ]
    assert sum(one["picks"] for one in answer["items"]) == sum(person is not None for *_, person in picks)
    held: Counter[str] = Counter()
    for life in told:
        held += Counter({who for (_, who), said in life.sat.items() if _came(said, first, at)})
    assert {one["person"] for one in answer["items"] if one["taken"]} == set(held)


def _came(said: Any, first: datetime, at: datetime) -> bool:
    """Whether somebody sat down in these weeks."""
    return any(sits and first.timestamp() <= when <= at.timestamp() for when, sits in said)


def decisions(town: Quarrels) -> list[tuple[int, datetime, datetime, str | None]]:
    """Of every pick its case, when it was made, when that was written down, and of whom."""
    picks, events = table.columns_of(table.SeatPick).c, table.columns_of(table.Event).c
    query = select(picks.case_id, picks.at, events.recorded_at, picks.person).where(
        picks.case_id == events.case_id, picks.seq == events.seq
    )
    found = town.store.read(lambda unit: unit.execute(query))
    return [(row["case_id"], row["at"], row["recorded_at"], row["person"]) for row in found]


# ---- backlog ---------------------------------------------------------------------------------------


def spells(life: Life) -> list[tuple[int, int | None]]:
    times = forward([life.filed, *(at for _, _, at in life.closings)])
    return [(times[n], times[n + 1] if n + 1 < len(times) else None) for n in range(0, len(times), 2)]


def check_backlog(town: Quarrels, at: datetime, told: list[Life]) -> None:
    for every in ("day", "week", "month"):
        _check_steps(town, at, told, every)


def _check_steps(town: Quarrels, at: datetime, told: list[Life], every: str) -> None:
    now, since = int(at.timestamp()), at.astimezone(ZONE).date() - timedelta(days=50)
    answer = town.ask(backlog, as_of=at, every=every, since=since)
    all_spells = [(life, *spell, n) for life in told for n, spell in enumerate(spells(life))]
    for group in answer["groups"]:
        before = group["before"]
        for step in group["steps"]:
            days = date.fromisoformat(step["from"]), date.fromisoformat(step["to"]) + timedelta(days=1)
            begin, end = (int(datetime.combine(day, time(), ZONE).timestamp()) for day in days)
            end = min(end, now + 1)
            came = [n for _, start, _, n in all_spells if begin <= start < end]
            assert (step["filed"], step["reopened"]) == (sum(n == 0 for n in came), sum(n > 0 for n in came))
            went = [until for _, _, until, _ in all_spells if until is not None and begin <= until < end]
            assert step["closed"] == len(went)
            standing = [
                life
                for life, start, until, _ in all_spells
                if start < end and (until is None or until >= end)
            ]
            assert step["open"] == len(standing)
            assert step["ages"] == ages([end - 1 - life.filed for life in standing])
            before += step["filed"] + step["reopened"] - step["closed"]
            assert step["open"] == before == sum(step["ages"].values())
        assert before == answer["n_open"] == sum(life.closed is None for life in told)
    apart = town.ask(backlog, as_of=at, every=every, since=since, by=["place"])["groups"]
    for n, step in enumerate(answer["groups"][0]["steps"] if answer["groups"] else ()):
        assert step["open"] == sum(one["steps"][n]["open"] for one in apart)


# ---- flow ------------------------------------------------------------------------------------------


def check_flow(town: Quarrels, at: datetime, told: list[Life]) -> None:
    entered, now, returns, total = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    moves: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    back = 0
    for life in told:
        since = forward([life.filed, *(at_ for _, _, at_ in life.stays[1:])])
        seen: set[str] = set()
        came_back = False
        for n, (state, _, _) in enumerate(life.stays):
            entered[state] += 1
            returns[state] += state in seen
            came_back |= state in seen
            seen.add(state)
            last = n + 1 == len(life.stays)
            lasted = (int(at.timestamp()) if last else since[n + 1]) - since[n]
            now[state] += last
            if state != "shut":
                total[state] += lasted
            if not last:
                moves[state, life.stays[n + 1][0], life.stays[n + 1][1]].append(lasted)
        back += came_back
    for group in town.ask(flow, as_of=at)["groups"]:
        assert group["total_s"] == sum(total.values())
        assert {line["state"] for line in group["states"]} == set(entered)
        for line in group["states"]:
            name = line["state"]
            assert (line["n"], line["n_now"], line["n_returns"]) == (entered[name], now[name], returns[name])
            assert line["total_s"] == (None if name == "shut" else total[name])
            assert line["share"] == (None if name == "shut" else share(total[name], sum(total.values())))
        assert {(t["from"], t["to"], t["act"]): (t["n"], t["p50_s"]) for t in group["transitions"]} == {
            key: (len(lasted), round(median(lasted)) if len(lasted) >= 10 else None)
            for key, lasted in moves.items()
        }
        assert {s["state"] for s in group["states"] if s.get("few")} == {s for s in total if entered[s] < 10}
        assert all(s["p50_s"] is None for s in group["states"] if entered[s["state"]] < 10)
        opened = sum(len(life.closings) > 1 for life in told)
        assert group["rework"] == {"n_cases": back, "n_returns": sum(returns.values()), "n_reopened": opened}
        if sum(total.values()):
            assert total[group["bottleneck"]["state"]] == max(total.values())


# ---- legs ------------------------------------------------------------------------------------------


def moments(life: Life) -> list[int | None]:
    sent, came = life.acts.get("send"), life.acts.get("visit")
    return [life.filed, life.acts.get("accept"), sent, came, life.reached("kept", "shut")]


def check_legs(town: Quarrels, at: datetime, told: list[Life]) -> None:
    for from_receipt in (False, True):
        for group in town.ask(legs, as_of=at, from_receipt=from_receipt)["groups"]:
            for number, line in enumerate(group["legs"]):
                _check_leg(line, number, told, from_receipt=from_receipt)


def _check_leg(line: Any, number: int, told: list[Life], *, from_receipt: bool) -> None:
    counts, lasted = Counter[str](), []
    for life in told:
        at = moments(life)
        begun, ended, later = at[0 if from_receipt else number], at[number + 1], at[number + 2 :]
        if begun is not None and ended is not None:
            counts["n" if ended >= begun else "n_backwards"] += 1
            lasted += [ended - begun] if ended >= begun else []
        elif begun is not None and life.closed is None and not any(one is not None for one in later):
            counts["n_waiting"] += 1
        else:
            counts["n_blank"] += 1
    names = ("n", "n_waiting", "n_blank", "n_backwards")
    assert {name: line[name] for name in names} == {name: counts[name] for name in names}
    bounds = LEGS[number].bounds
    edges = list(pairwise([0, *bounds, None])) if bounds else []
    assert [(one["from_s"], one["until_s"], one["n"]) for one in line["buckets"]] == [
        (low, high, sum(low <= s and (high is None or s < high) for s in lasted)) for low, high in edges
    ]


# ---- activity --------------------------------------------------------------------------------------

Deed = tuple[str, str, int, tuple[str, ...]]  # of which case, what, when, who took part


def deeds(life: Life) -> list[Deed]:
    found = []
    if life.closed is not None:
        for kind, names in ENDS.items():
            sat = [one["person"] for name in ("handler", "helper") for one in life.seats.get(name, ())]
            people = sat if kind == "help" else [life.reporter] if life.reporter else []
            if life.outcome in names:
                found.append((life.ref, kind, life.closed, tuple(sorted(set(people)))))
    for at, by in life.visits:
        sat = [who for (seat, who), said in life.sat.items() if seat == "helper" and at_second(said, at)]
        found.append((life.ref, "traffic", at, tuple(sorted({by, *sat}))))
    return found


def check_activity(town: Quarrels, at: datetime, told: list[Life]) -> None:
    wanted = [deed for life in told for deed in deeds(life)]
    answer = town.ask(activity, as_of=at, cases=True)
    found = [(one["ref"], one["activity"], second(one["at"]), tuple(one["people"])) for one in answer["acts"]]
    assert sorted(found) == sorted(wanted)
    parts = Counter(who for _, _, _, people in wanted for who in people)
    assert (answer["n"], answer["n_cases"], answer["n_parts"]) == (
        len(wanted), len({ref for ref, *_ in wanted}), sum(parts.values()),
    )  # fmt: skip
    each = Counter[str]()
    for group in town.ask(activity, as_of=at, by=["person"])["groups"]:
        each[group["key"]["person"]] += group["n"]
    assert each == parts


# ---- who is next -----------------------------------------------------------------------------------


def why_look(life: Life, now: int) -> list[str]:
    due = [second(run["due"]) for run in life.limits.values() if run["status"] == "running" and "due" in run]
    why = {
        "late": bool(due) and min(due) <= now,
        "unassigned": not life.seats.get("handler"),
        "leader": life.stays[-1][0] == "rest",
        "grave": life.risk in ("red", "orange"),
    }
    return [name for name, holds in why.items() if holds]


def check_lists(town: Quarrels, at: datetime, told: list[Life]) -> None:
    now = int(at.timestamp())
    open_ = sorted((life for life in told if life.closed is None), key=lambda life: (life.filed, life.id))
    lines = [(life, why_look(life, now)) for life in open_]
    urgent = [
        (life, why)
        for life, why in lines
        if {"late", "leader"} & set(why) or {"grave", "unassigned"} <= set(why)
    ]
    for measure, wanted in ((oldest, lines), (deciding, urgent)):
        answer = town.ask(measure, as_of=at, limit=7)
        assert (answer["n"], answer["n_more"]) == (len(wanted), max(0, len(wanted) - 7))
        assert [
            (one["ref"], one["state"], one["risk"], one["filed_at"], one["age_s"], one["why"])
            for one in answer["items"]
        ] == [
            (
                life.ref, life.stays[-1][0], life.risk or None, to_text(datetime.fromtimestamp(life.filed, UTC)),
                now - life.filed, why,
            )
            for life, why in wanted[:7]
        ]  # fmt: skip
        held = [one["holder"] for one in answer["items"]]
        assert held == [
            next((one["person"] for one in life.seats.get("handler", ())), None) for life, _ in wanted[:7]
        ]
