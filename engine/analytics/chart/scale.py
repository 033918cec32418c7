"""Round numbers for axes, and lengths of time in words."""

from collections.abc import Iterator
from datetime import date
from math import ceil, floor, log10

from engine.analytics.chart.model import Tick
from engine.domain.messages import text

DAY, HOUR, MINUTE = 86_400, 3_600, 60
UNITS = (("days", DAY), ("hours", HOUR), ("minutes", MINUTE), ("seconds", 1))


def unit(seconds: float) -> tuple[str, int]:
    """The unit in which lengths up to this one are told, and its seconds: the largest of which there are two."""
    return next(((name, size) for name, size in UNITS if seconds >= 2 * size), UNITS[-1])


def step(span: float, most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten with which ``span`` is passed in at most ``most`` steps."""
    if span <= 0:
        return 1.0
    size: float = 10.0 ** floor(log10(span / most))
    return next(s * size for s in (1, 2, 5, 10, 20) if span / (s * size) <= most + 1e-9)


def ticks(low: float, high: float, most: int = 8, size: float = 1, least: float = 0) -> tuple[Tick, ...]:
    """Round places from ``low`` to ``high``, written in units of ``size``; none nearer than ``least`` units. ``most``
    is 3 at least."""
    by = max(step((high - low) / size, most), least)
    first, last = ceil(low / size / by - 1e-9), floor(high / size / by + 1e-9)
    return tuple(Tick(_exact(n * by * size), number(n * by)) for n in range(first, last + 1))


def _exact(value: float) -> float:
    return round(value) if abs(value - round(value)) < 1e-6 else value


def number(value: float) -> str:
    """``0.5``, ``12``, ``1200``; no exponent, no -0."""
    said = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if said == "-0" else said


def shares(most: int = 5) -> tuple[Tick, ...]:
    return tuple(Tick(n / most, percent(n / most)) for n in range(most + 1))


def percent(share: float) -> str:
    return f"{number(round(100 * share, 1))} %"


def chance(p: float) -> str:
    """A p value; one too small for three digits is not 0."""
    return f"{p:.3f}" if p >= 0.0005 else "< 0.001"


def span(seconds: float, lang: str) -> str:
    """``6.1 d``, ``3.4 h``, ``12 min``; ``6.1 天``."""
    size = abs(seconds)
    name, unit_s = next(((n, s) for n, s in UNITS if size >= s), UNITS[-1])
    said = seconds / unit_s
    return text(f"chart.in_{name}", lang, n=number(round(said, 0 if abs(said) >= 100 else 1)))


def days(first: date, last: date, most: int = 8) -> tuple[Tick, ...]:
    """Ticks by date: beginnings of days, weeks, months or years, whatever gives at most ``most``."""
    for every in (1, 2, 7, 14):
        if (last - first).days / every <= most:
            return tuple(
                Tick(n, date.fromordinal(n).isoformat())
                for n in range(first.toordinal(), last.toordinal() + 1, every)
            )
    for months in (1, 2, 3, 6, 12, 24, 60, 120, 240):
        found = tuple(_firsts(first, last, months))
        if len(found) <= most:
            break
    return tuple(Tick(one.toordinal(), one.isoformat()[: 4 if months >= 12 else 7]) for one in found)


def _firsts(first: date, last: date, months: int) -> Iterator[date]:
    number = first.year * 12 + first.month - 1
    number = -(-number // months) * months
    while (one := date(number // 12, number % 12 + 1, 1)) <= last:
        if one >= first:
            yield one
        number += months
