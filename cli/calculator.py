"""The date calculator's answer for people: where it starts, what counts, where it rolls, when it is due."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cli.call import Call
from cli.output.page import Page
from cli.show import joined
from engine.domain import display
from engine.domain.errors import UsageError

WIDE = 9


def start(call: Call, given: str | None) -> date | datetime | None:
    """A day or an instant, as typed."""
    if given is None:
        return None
    try:
        return call.day(given)
    except UsageError:
        return call.instant(given)


def told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    counts = [step for step in answer["steps"] if step["kind"] in ("count", "skip")]
    for step in answer["steps"]:
        if step in counts and len(counts) == 1:
            continue  # one stretch without a gap says nothing that start and end do not
        name, said = _line(call, answer, step)
        page.item(name, joined(said, f"({step['basis']})" if step["basis"] else "", by=" "), WIDE)
    if answer["provisional"]:
        page.line(
            call.word("provisional_until", calendar=answer["calendar"], year=answer["published_until"] or "-")
        )


def _line(call: Call, answer: Mapping[str, Any], step: Mapping[str, Any]) -> tuple[str, str]:
    zone, in_days = answer["zone"], answer["duration"].split()[1] not in ("min", "h", "wh")
    first, last = date.fromisoformat(step["first_date"]), date.fromisoformat(step["last_date"])
    match step["kind"]:
        case "start":
            day = _day(call, first) if in_days else _moment(call, step["begins_at"], zone)
            return call.word("when_start"), joined(
                day, call.word("not_counted") if in_days else "", by=_comma(call)
            )
        case "due":
            due = datetime.fromisoformat(step["ends_at"])
            return call.word("when_due"), display.due(due, zone, call.lang)
        case "rolled":
            return _rolled(call, answer, step, first, last)
        case _:
            return _counted(call, step, zone, first, last)


def _rolled(
    call: Call, answer: Mapping[str, Any], step: Mapping[str, Any], first: date, last: date
) -> tuple[str, str]:
    """The last counted day and the days off around it: `day 20  Thu 1 Oct, holiday 1-7 Oct`."""
    counted = [s for s in answer["steps"] if s["kind"] in ("count", "start")][-1]
    off = joined(call.word(f"why_{step['why']}"), display.days(first, last, call.lang), by=" ")
    day = _day(call, date.fromisoformat(counted["last_date"]))
    number = counted["day_to"]
    return call.word("day_number", day=number) if number else call.word(
        "when_start"
    ), f"{day}{_comma(call)}{off}"


def _counted(call: Call, step: Mapping[str, Any], zone: str, first: date, last: date) -> tuple[str, str]:
    if step["day_from"] is None and _has_times(step, zone):
        begins = _moment(call, step["begins_at"], zone)
        ends = display.due(datetime.fromisoformat(step["ends_at"]), zone, call.lang, now=call.now)
        return "" if step["kind"] == "skip" else call.word("counts"), f"{begins} - {ends}  {_why(call, step)}"
    days = _day(call, first) if first == last else f"{_day(call, first)} - {_day(call, last)}"
    if step["kind"] == "skip":
        return "", f"{days}  {_why(call, step)}"
    numbers = str(step["day_from"]) if first == last else f"{step['day_from']}-{step['day_to']}"
    plain = step["why"] == "counted"
    return call.word("day_number", day=numbers), days if plain else f"{days}  {_why(call, step)}"


def _has_times(step: Mapping[str, Any], zone: str) -> bool:
    """Whether it begins or ends within a day."""
    at = (datetime.fromisoformat(step[key]).astimezone(ZoneInfo(zone)) for key in ("begins_at", "ends_at"))
    return any(moment - moment.replace(hour=0, minute=0, second=0) != timedelta(0) for moment in at)


def _comma(call: Call) -> str:
    return "," if call.lang == "zh" else ", "


def _why(call: Call, step: Mapping[str, Any]) -> str:
    return call.word(f"why_{step['why']}")


def _day(call: Call, on: date) -> str:
    return display.day(on, call.lang, today=call.now.date())


def _moment(call: Call, at: str, zone: str) -> str:
    return display.moment(datetime.fromisoformat(at), zone, call.lang, now=call.now)
