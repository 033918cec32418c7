"""Charts over HTTP: ``?chart=svg`` instead of the figures, the same figures drawn.

@router.get("/v1/stats/durations", **told("How long it takes", Durations, tag=TAG, also={304: None}, kinds=CHARTS))
async def show_durations(door: DoorDep, .., chart: ChartQuery = None) -> Response:
    answer = await door.read(measure.durations, .., curves=curves or chart is not None)
    if chart is not None:
        return await charted(door, "durations", answer, chart)
    return door.shown(answer)
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from api import download
from api.door import Door

ChartForm = Literal["svg", "png", "json"]
ChartQuery = Annotated[
    ChartForm | None,
    Query(
        description="the same figures drawn: a picture, or the chart as data (`folkmoot/1`)", examples=["svg"]
    ),
]
CHARTS = download.of_kind("svg", "png", "chart")["content"]


async def charted(door: Door, measure: str, answer: Mapping[str, Any], form: ChartForm) -> Response:
    """As ``engine.analytics.registry`` draws that measure."""
    from engine.analytics.report.drawing import chart_of

    chart = await door.read(chart_of, measure=measure, answer=answer, zone=door.house.settings.zone)

    def drawn() -> bytes:
        from engine.analytics.chart import draw

        return draw(chart, form)

    ending = "chart" if form == "json" else form
    return download.file(door, await door.in_thread(drawn), f"{measure}.{form}", shown=True, kind=ending)
