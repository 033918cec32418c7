"""What stands over every chart: what was measured, how many cases, how many of them open, as of when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.instant import from_text
from engine.domain.messages import text


@dataclass(frozen=True, slots=True)
class Heading:
    """``measure``: the clock in words. ``n``: None where it may not be told. ``at``: the instant of the answer, in the
    zone in which it is told. ``n_short``: how many have not come to the moment, where these are others than the open."""

    lang: str
    measure: str
    n: int | None
    n_open: int | None
    at: datetime
    n_short: int | None = None

    def word(self, name: str, /, **params: object) -> str:
        return text(f"chart.{name}", self.lang, **params)

    @property
    def subtitle(self) -> str:
        open_ = "" if self.n_open is None else self.word("open", n_open=self.n_open)
        open_ += "" if self.n_short is None else self.word("short", n=self.n_short)
        day = (
            f"{self.at.year}年{self.at.month}月{self.at.day}日"
            if self.lang == "zh"
            else f"{self.at.day} {self.at:%b %Y}"
        )
        return self.word(
            "subtitle",
            measure=self.measure,
            n="-" if self.n is None else self.n,
            open=open_,
            at=f"{day} {self.at:%H:%M}",
        )


def heading(answer: Mapping[str, Any], *, lang: str, zone: str) -> Heading:
    """From an answer of the statistics: its ``text``, ``n``, ``n_open`` (if it counts them) and ``as_of``."""
    at = from_text(answer["as_of"]).astimezone(ZoneInfo(zone))
    return Heading(lang, answer["text"], answer["n"], answer.get("n_open"), at)
