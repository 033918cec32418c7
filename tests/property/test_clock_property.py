"""Clocks against an oracle that walks day by day and minute by minute and knows no shortcut."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.domain import instant
from engine.domain.calendar import Calendar, Year
from engine.domain.clock import intervals, plan, planned, rebase, steps
from engine.domain.duration import Duration

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BASE = date(2026, 2, 1)
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"]

days_of_2026 = st.integers(0, 333).map(lambda n: BASE + n * DAY)


@st.composite
def calendars(draw):
    off = draw(st.frozensets(days_of_2026, max_size=60))
    work = draw(st.frozensets(days_of_2026, max_size=20)) - off
    edges = sorted(draw(st.lists(st.integers(0, 96), unique=True, min_size=2, max_size=4)))
    office = [(a * 15, b * 15) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return Calendar(
        id="X",
        zone=draw(st.sampled_from(ZONES)),
        weekend=draw(st.frozensets(st.integers(0, 6), max_size=3)),
        years={2026: Year(off, work, "drawn")},
        office=tuple(office),
        rolls=draw(st.booleans()),
        closures=draw(st.frozensets(days_of_2026, max_size=5)),
    )


@st.composite
def runs(draw, lengths, *, most_days=60, zone="UTC"):
    """A run from spring 2026 on, with pauses at minutes and up to two extensions of the same family."""
    start = datetime(2026, 3, 1, tzinfo=UTC) + draw(st.integers(0, 60 * 24 * 60)) * MINUTE
    edges = draw(st.lists(st.integers(0, most_days * 24 * 60), max_size=6))
    edges = sorted(set(edges))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    pauses = [[instant.to_text(start + a * MINUTE), instant.to_text(start + b * MINUTE)] for a, b in pairs]
    return {
        "name": "x", "run": 1, "kind": "limit", "start": instant.to_text(start),
        "within": draw(lengths), "extensions": draw(st.lists(lengths, max_size=2)), "pauses": pauses,
        "rolls": draw(st.booleans()), "ends": "midnight", "status": "running", "fired": {}, "marks": {},
    }  # fmt: skip


in_days = st.one_of(
    st.builds("{} cd".format, st.integers(0, 40)),
    st.builds("{} wd".format, st.integers(0, 20)),
    st.builds("{} months".format, st.integers(0, 3)),
)
in_hours = st.one_of(
    st.builds("{} h".format, st.integers(0, 48)), st.builds("{} min".format, st.integers(0, 90))
)
in_office = st.builds("{} wh".format, st.integers(0, 12))


# ---- the oracle ---------------------------------------------------------------------------------


def local_day(calendar, text):
    return instant.from_text(text).astimezone(calendar.tz).date()


def paused_days(calendar, run):
    days = set()
    for begins, ends in run["pauses"]:
        last = (instant.from_text(ends) - timedelta(seconds=1)).astimezone(calendar.tz).date()
        day = local_day(calendar, begins)
        while day <= last:
            days.add(day)
            day += DAY
    return days


def is_working(calendar, day):
    year = calendar.years.get(day.year)
    if day in calendar.closures or (year and day in year.off):
        return False
    return bool(year and day in year.work) or day.weekday() not in calendar.weekend


def plus_months(day, months):
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def counted_days(calendar, run):
    """All counted days in order, walking one by one."""
    paused, day = paused_days(calendar, run), local_day(calendar, run["start"])
    lengths = []
    for text in [run["within"], *run["extensions"]]:
        n, unit = text.split()
        if lengths and lengths[-1][1] == unit:
            lengths[-1] = (lengths[-1][0] + int(n), unit)
        else:
            lengths.append((int(n), unit))
    found = []
    for n, unit in lengths:
        left = (plus_months(day, n) - day).days if unit == "months" else n
        while left:
            day += DAY
            if day not in paused and (unit != "wd" or is_working(calendar, day)):
                left -= 1
                found.append(day)
    return found


def due_day(calendar, run):
    found = counted_days(calendar, run)
    day = found[-1] if found else local_day(calendar, run["start"])
    paused = paused_days(calendar, run)
    if run["rolls"] and not is_working(calendar, day):
        while not is_working(calendar, day) or day in paused:
            day += DAY
    return day


def end_of(calendar, day):
    return datetime.combine(day + DAY, time(), calendar.tz).astimezone(UTC)


def is_open(calendar, at):
    here = at.astimezone(calendar.tz)
    if not is_working(calendar, here.date()):
        return False
    for opens, closes in calendar.office:
        begins = datetime.combine(here.date(), time(opens // 60, opens % 60), calendar.tz).astimezone(UTC)
        ends = (
            end_of(calendar, here.date())
            if closes == 1440
            else datetime.combine(here.date(), time(closes // 60, closes % 60), calendar.tz).astimezone(UTC)
        )
        if begins <= at < ends:
            return True
    return False


def due_minute(calendar, run, *, office):
    at = instant.from_text(run["start"])
    lengths = [Duration.parse(text) for text in [run["within"], *run["extensions"]]]
    left = sum(length.seconds for length in lengths) // 60
    pauses = [(instant.from_text(a), instant.from_text(b)) for a, b in run["pauses"]]
    while left:
        held = any(a <= at < b for a, b in pauses)
        left -= not held and (not office or is_open(calendar, at))
        at += MINUTE
    return at


# ---- the properties --------------------------------------------------------------------------------


@given(calendars(), runs(in_days))
def test_the_due_day_is_the_one_that_walking_day_by_day_finds(calendar, run):
    made = plan(calendar, run)
    assert made.due_date == due_day(calendar, run)
    assert made.due == end_of(calendar, made.due_date)


@given(calendars(), runs(in_hours, most_days=5))
def test_hours_are_due_at_the_minute_that_walking_finds(calendar, run):
    assert plan(calendar, run).due == due_minute(calendar, run, office=False)


@given(calendars(), runs(in_office, most_days=10))
def test_office_hours_are_due_at_the_minute_that_walking_finds(calendar, run):
    assert plan(calendar, run).due == due_minute(calendar, run, office=True)


@given(calendars(), runs(in_days), st.integers(1, 100))
def test_a_share_of_days_is_the_end_of_the_day_in_which_it_is_reached(calendar, run, percent):
    found = counted_days(calendar, run)
    if not found:
        return
    wanted = -(-len(found) * percent // 100)
    falls = plan(calendar, run, [f"{percent}%"]).marks[f"{percent}%"]
    assert falls == max(end_of(calendar, found[wanted - 1]), instant.from_text(run["start"]))


@given(
    calendars(), runs(st.one_of(in_days, in_hours, in_office), most_days=20), st.integers(-10, 60 * 24 * 40)
)
def test_the_pieces_add_up_to_the_second_and_leave_no_gap(calendar, run, minutes):
    start = instant.from_text(run["start"])
    upto = start + minutes * MINUTE + timedelta(seconds=17)
    pieces = intervals(calendar, run, upto)
    assert sum((piece.end - piece.start).total_seconds() for piece in pieces) == max(
        0, (upto - start).total_seconds()
    )
    for before, after in pairwise(pieces):
        assert before.end == after.start
        assert (before.counted, before.why) != (after.counted, after.why)
    for piece in pieces:
        assert piece.counted_s == ((piece.end - piece.start).total_seconds() if piece.counted else 0)


@given(calendars(), runs(in_days), st.one_of(in_days, in_hours, in_office), st.integers(0, 60 * 24 * 40))
def test_after_a_change_of_length_the_pieces_still_add_up(calendar, run, within, minutes):
    """What a changed grade does to a deadline: another length, from the old start, with the old pauses."""
    changed = rebase(planned(calendar, {**run, "extensions": []}, ["due"]), within)
    start = instant.from_text(run["start"])
    upto = start + minutes * MINUTE + timedelta(seconds=31)
    pieces = intervals(calendar, changed, upto)
    assert (
        sum((piece.end - piece.start).total_seconds() for piece in pieces) == (upto - start).total_seconds()
    )
    assert all(before.end == after.start for before, after in pairwise(pieces))
    assert [piece.start for piece in pieces[:1]] == [start]


@given(calendars(), runs(in_days))
def test_what_counts_until_the_due_moment_are_exactly_the_counted_days(calendar, run):
    made = plan(calendar, run)
    counted = set()
    for piece in intervals(calendar, run, made.due):
        day, last = calendar.day_of(piece.start), calendar.last_day_of(piece.end)
        while piece.counted and day <= last:
            counted.add(day)
            day += DAY
    assert counted == set(counted_days(calendar, run))


@given(calendars(), runs(st.one_of(in_hours, in_office), most_days=10))
def test_mixed_hours_count_exactly_their_length_until_due(calendar, run):
    made = plan(calendar, run)
    total = sum(Duration.parse(text).seconds for text in [run["within"], *run["extensions"]])
    assert sum(piece.counted_s for piece in intervals(calendar, run, made.due)) == total


@given(calendars(), runs(in_days), st.integers(0, 5))
def test_a_longer_clock_is_never_due_earlier(calendar, run, more):
    n, unit = run["within"].split()
    plain = {**run, "extensions": []}
    longer = {**plain, "within": f"{int(n) + more} {unit}"}
    assert plan(calendar, longer).due >= plan(calendar, plain).due
    extended = {**run, "extensions": [*run["extensions"], f"{more} {unit}"]}
    assert plan(calendar, extended).due >= plan(calendar, run).due


@given(calendars(), runs(in_days), st.lists(st.integers(1, 100), min_size=2, max_size=2))
def test_shares_come_in_order_and_none_after_the_due_moment(calendar, run, percents):
    a, b = sorted(percents)
    made = plan(calendar, run, [f"{a}%", f"{b}%", "due", "due-2 cd", "due+1 wd"])
    assert made.marks[f"{a}%"] <= made.marks[f"{b}%"] <= made.marks["due"] == made.due
    assert made.marks["due-2 cd"] <= made.due <= made.marks["due+1 wd"]


@given(calendars(), runs(in_days), in_days)
def test_a_rebased_run_equals_one_that_always_had_that_length(calendar, run, within):
    marks = ["50%", "due"]
    rebased = rebase(planned(calendar, run, marks), within)
    always = {**run, "within": str(Duration.parse(within))}
    assert planned(calendar, rebased, marks) == planned(calendar, always, marks)


@given(calendars(), runs(in_days))
def test_an_open_pause_before_the_due_moment_leaves_nothing_due(calendar, run):
    made = plan(calendar, run)
    start = instant.from_text(run["start"])
    at = max(start, made.due - timedelta(hours=1))
    shut = [pause for pause in run["pauses"] if instant.from_text(pause[1]) <= at]
    held = {**run, "pauses": [*shut, [instant.to_text(at), None]]}
    if held["pauses"][:-1] == run["pauses"] and counted_days(calendar, run) and start < at:
        assert plan(calendar, held, ["due", "due+1 cd"]).marks == {}


@given(calendars())
def test_a_calendar_reads_back_from_json_with_its_hash(calendar):
    again = Calendar.from_json(calendar.to_json())
    assert (again, again.hash) == (calendar, calendar.hash)


@given(calendars(), st.integers(0, 333), st.integers(-40, 40))
def test_counting_working_days_agrees_with_walking(calendar, start, n):
    day, left, step = BASE + start * DAY, abs(n), DAY if n > 0 else -DAY
    at = day
    while left:
        at += step
        left -= is_working(calendar, at)
    assert calendar.nth_working(day, n) == at
    if n > 0:
        assert calendar.working_between(day, at) == n


@given(calendars(), days_of_2026, in_days)
def test_the_calculator_ends_where_the_clock_ends(calendar, day, within):
    start = datetime.combine(day, time(10), calendar.tz)
    found = steps(calendar, start, Duration.parse(within))
    run = {
        "start": instant.to_text(start), "within": within, "pauses": [], "extensions": [],
        "rolls": calendar.rolls, "ends": "midnight",
    }  # fmt: skip
    assert found[-1].last == due_day(calendar, run)
    assert [step.day_to for step in found if step.kind == "count"][-1:] in (
        [],
        [len(counted_days(calendar, run))],
    )
