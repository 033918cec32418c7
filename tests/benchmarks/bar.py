"""What each figure has to reach. The first of a figure's values that stands here is the one that is judged."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    value: str
    bound: float
    at_least: bool = True

    def met(self, found: float) -> bool:
        return found >= self.bound if self.at_least else found <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


BARS: Mapping[str, tuple[Bar, ...]] = {
    "advance_single": (Bar("ratio", 0.70),),
    "advance_16_callers": (Bar("ratio", 1.3), Bar("worst_stall_ms", 50, at_least=False)),
    "http_16": (Bar("ratio", 0.65),),
    "bulk_100": (Bar("ratio", 0.65),),
    "million_cases": (Bar("ratio", 0.75),),
    "postgres_8": (Bar("ratio", 0.85),),
    "help": (Bar("ratio", 1.2, at_least=False),),
    "case_show_ms": (Bar("ms", 450, at_least=False),),
    "routing_city": (Bar("p99_ms", 20, at_least=False),),
    "batch_1000x500": (Bar("s", 2, at_least=False),),
    "worker_rss_mb": (Bar("mb", 110, at_least=False),),
}


def verdicts(name: str, values: Mapping[str, float]) -> str:
    """Each bar of a figure, and whether it was met; nothing for a figure without one."""
    told = []
    for bar in BARS.get(name, ()):
        found = values.get(bar.value)
        if found is not None:
            told.append(f"{bar.value} {bar}: {'met' if bar.met(found) else 'MISSED'}")
    return ", ".join(told)
