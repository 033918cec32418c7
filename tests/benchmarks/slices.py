"""Contenders take turns in short slices, the order rotated, so that a drifting machine moves all of them."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter, process_time


@dataclass
class Contender:
    """``work`` does one slice and gives how many operations it did."""

    work: Callable[[], int]
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def slice(self) -> None:
        wall, spent = perf_counter(), process_time()
        done = self.work()
        spent, wall = process_time() - spent, perf_counter() - wall
        self.rates.append(done / wall)
        self.cpu.append(spent / done)

    def forget(self) -> None:
        self.rates.clear()
        self.cpu.clear()


def take_turns(contenders: Mapping[str, Contender], rounds: int, *, warm: int = 1) -> None:
    """Every contender once a round; the first rounds only warm up."""
    names = list(contenders)
    for number in range(warm + rounds):
        if number == warm:
            for contender in contenders.values():
                contender.forget()
        for name in names[number % len(names) :] + names[: number % len(names)]:
            contenders[name].slice()


def figures(ours: Contender, base: Contender) -> dict[str, float]:
    """The ratio of the rates (median of the rounds' ratios), CPU per operation and the median rate."""
    return {
        "ratio": statistics.median(a / b for a, b in zip(ours.rates, base.rates, strict=True)),
        "cpu_us": statistics.median(ours.cpu) * 1e6,
        "per_s": statistics.median(ours.rates),
        "by_hand_cpu_us": statistics.median(base.cpu) * 1e6,
        "by_hand_per_s": statistics.median(base.rates),
    }
