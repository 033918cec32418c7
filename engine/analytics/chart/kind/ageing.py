"""Open cases by age, today: one bar for each band."""

from collections.abc import Sequence

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.kind.common import Group, age, counts, ranks
from engine.analytics.chart.model import Chart, Series


def ageing_chart(bands: Sequence[Group], head: Heading, *, title: str = "", axis: str = "") -> Chart:
    """``bands[]``: ``from_s``, ``to_s`` (null: and older) or ``title``, and ``n``. A histogram of anything in bands
    has its own ``title`` and ``axis``."""
    numbers = [band["n"] for band in bands]
    bars = Series(
        "n",
        head.word("n"),
        "bar",
        tuple(enumerate(numbers)),
        base=(0.0,) * len(numbers),
        said=tuple(map(str, numbers)),
    )
    return Chart(
        "ageing",
        head.lang,
        title or head.word("ageing"),
        head.subtitle,
        ranks([age(band, head) for band in bands], axis or head.word("ageing_x")),
        counts(head.word("backlog_y"), max(numbers, default=0) * 1.08),
        (bars,),
        empty="" if any(numbers) else head.word("empty"),
    )
