"""A difference in parts that add up: a waterfall from the one mean to the other."""

from collections.abc import Sequence

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.kind.common import Group, ranks
from engine.analytics.chart.model import Axis, Chart, Series
from engine.analytics.chart.scale import ticks, unit


def why_chart(parts: Sequence[Group], head: Heading, *, base: Group, total: Group, title: str = "") -> Chart:
    """``parts[]``: ``title`` and ``s``, signed seconds; ``base`` and ``total``: ``title`` and ``s`` of the two means.
    ``base`` and the parts come to ``total`` exactly, else :class:`ValueError`. Parts that would be told as 0.0 have no
    bar; how many there are is said."""
    if base["s"] + sum(part["s"] for part in parts) != total["s"]:
        raise ValueError("the parts do not add up to the difference")
    level, bars = base["s"], []
    for part in parts:
        bars.append((level, level + part["s"], part["s"]))
        level += part["s"]
    ends = [0, base["s"], total["s"], *(edge for low, high, _ in bars for edge in (low, high))]
    low, high = min(ends), max(max(ends), 1)
    size_name, size = unit(max(abs(low), high))
    felt = [number for number, (_, _, s) in enumerate(bars) if round(abs(s) / size, 1)]
    none = len(parts) - len(felt)
    parts, bars = [parts[number] for number in felt], [bars[number] for number in felt]
    room = (high - low) * 0.1  # for what is said at the end of a bar
    axis = Axis(
        head.word("why_x", unit=head.word(size_name)), "seconds", low - (room if low < 0 else 0), high + room,
        ticks(low, high, 6, size),
    )  # fmt: skip
    wholes = [(0, 0, base["s"]), (len(parts) + 1, 0, total["s"])]
    longer = [(n, a, b) for n, (a, b, s) in enumerate(bars, 1) if s >= 0]
    shorter = [(n, a, b) for n, (a, b, s) in enumerate(bars, 1) if s < 0]
    names = [str(base["title"]), *(str(part["title"]) for part in parts), str(total["title"])]

    def told(seconds: float) -> str:
        return head.word(f"in_{size_name}", n=f"{seconds / size:+.1f}")

    return Chart(
        "why",
        head.lang,
        title or head.word("why"),
        head.subtitle,
        axis,
        ranks(names),
        (
            _bars("whole", head.word("level"), wholes, [told(b).lstrip("+") for _, _, b in wholes]),
            _bars("longer", head.word("longer"), longer, [told(b - a) for _, a, b in longer]),
            _bars("shorter", head.word("shorter"), shorter, [told(b - a) for _, a, b in shorter]),
        ),
        note=(
            head.word("why_note", span=told(total["s"] - base["s"])),
            *([head.word("why_none", n=none, span=told(0).lstrip("+"))] if none else []),
        ),
        across=True,
        empty="" if any(ends) else head.word("empty"),
    )


def _bars(ident: str, title: str, bars: Sequence[tuple[int, float, float]], said: Sequence[str]) -> Series:
    points = tuple((end, rank) for rank, _, end in bars)
    return Series(ident, title, "bar", points, base=tuple(start for _, start, _ in bars), said=tuple(said))
