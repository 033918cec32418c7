"""Charts at the command line: ``--chart`` draws into the answer, ``--chart-to FILE`` into a file.

drawing = Drawing(call, chart, chart_to)                      # refuses a file it cannot write, before anything is asked
answer = call.read(measure.durations, curves=drawing.wanted, ..)
drawing.make("durations", answer)                             # as engine.analytics.registry draws it
call.page(answer, lambda page: show(page, answer, drawing))   # in which drawing.show(page) is said last
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.call import Call
from cli.output.page import Page
from engine.domain.errors import UsageError

if TYPE_CHECKING:
    from engine.analytics.chart import Chart

ChartHere = Annotated[bool, typer.Option("--chart", help="draw it")]
ChartTo = Annotated[
    str | None,
    typer.Option("--chart-to", help="FILE: draw it into a new file, FILE.svg, FILE.png or FILE.json"),
]
ENDINGS = ("svg", "png", "json")


class Drawing:
    """What was asked to be drawn, and the chart once there is one."""

    def __init__(self, call: Call, here: bool, to: str | None) -> None:
        self.call, self.here, self.to = call, here, to
        self._chart: Chart | None = None
        if to is not None:
            if to.rpartition(".")[2].lower() not in ENDINGS:
                raise UsageError("FM-U383", file=to)
            if Path(to).exists():
                raise UsageError("FM-U385", file=to)
            if not Path(to).absolute().parent.is_dir():
                raise UsageError("FM-U384", file=to)

    @property
    def wanted(self) -> bool:
        return self.here or self.to is not None

    def make(self, measure: str, answer: Mapping[str, Any]) -> None:
        """Draws the file at once: an answer for programs has it as well."""
        if not self.wanted:
            return
        from engine.analytics.report.drawing import chart_of

        call = self.call
        self._chart = call.engine.read(
            chart_of, call.caller, measure=measure, answer=answer, zone=call.settings.zone
        )
        if self.to is not None:
            from engine.analytics.chart import draw

            Path(self.to).write_bytes(draw(self._chart, self.to.rpartition(".")[2].lower()))

    def show(self, page: Page) -> None:
        if self._chart is None:
            return
        if self.here:
            from cli.output.chart import drawn

            page.raw("\n".join(["", *drawn(self._chart)]))
        if self.to is not None:
            page.talk.append(self.call.word("chart_to", file=self.to))
