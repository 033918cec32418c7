"""Chance that comes out the same again: one stream of numbers per seed and purpose."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Chance:
    """A stream of its own for each key, so that what one case does never shifts the luck of another."""

    def __init__(self, *key: int) -> None:
        self._numbers = np.random.Generator(np.random.PCG64(list(key)))

    def happens(self, share: float) -> bool:
        return bool(self._numbers.random() < share)

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self._numbers.integers(len(options)))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, in proportion to its weight."""
        point = float(self._numbers.random()) * sum(weights.values())
        for option, weight in weights.items():
            point -= weight
            if point < 0:
                return option
        return next(reversed(list(weights)))

    def whole(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return int(self._numbers.integers(least, most + 1))

    def between(self, least: timedelta, most: timedelta) -> timedelta:
        return _whole(least + (most - least) * float(self._numbers.random()))

    def about(self, median: timedelta, *, spread: float = 0.7) -> timedelta:
        """A lognormal length of time; ``spread`` is the deviation of its logarithm."""
        return _whole(median * float(self._numbers.lognormal(0.0, spread)))

    def poisson(self, mean: float) -> int:
        return int(self._numbers.poisson(mean))

    def gamma(self, shape: float) -> float:
        """Gamma distributed with mean 1."""
        return float(self._numbers.gamma(shape)) / shape


def _whole(length: timedelta) -> timedelta:
    return timedelta(seconds=round(length.total_seconds()))
