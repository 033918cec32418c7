"""What one case at risk weighs, S(t) / Y(t), and how much that makes from 0 up to any second.

It begins at 1/n and rises where an open case is last seen, from y at risk to the z that are left, by y / z.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from engine.analytics.estimate.arrange import Whole
from engine.analytics.estimate.stretches import Stretches

Rise = tuple[int, int]  # at risk with those that are last seen there, and without them
_PLACES = 256  # binary places of a weight
_BITS = 62  # of a sum of weights


def exact_weights(n: int, rises: Sequence[Rise]) -> tuple[list[int], int]:
    """The weight of a case in each stretch [K + 1], and by what all of them are to be divided."""
    # over the common denominator n z1 z2 .. zK the k-th is y1 .. yk z(k+1) .. zK
    behind = [1]
    for _, z in reversed(rises):
        behind.append(behind[-1] * z)
    behind.reverse()
    found, ahead = [behind[0]], 1
    for (y, _), rest in zip(rises, behind[1:], strict=True):
        ahead *= y
        found.append(ahead * rest)
    return found, n * behind[0]


class Weight:
    """Summed up to any second, in whole units of 2**-``bits``, as many as 62 bits hold: within a unit where the weight
    rises, and within one more for each second since. Never falling, so whatever was rounded, what stays that follow each
    other weigh is what they weigh as one."""

    def __init__(self, n: int, rises: Sequence[Rise], edges: Whole, tau: int) -> None:
        starts = np.concatenate([[0], edges])
        weights = [(1 << _PLACES) // n]
        for y, z in rises:
            weights.append(weights[-1] * y // z)
        widths = np.diff(starts, append=tau).tolist()
        sums = list(accumulate((w * s for w, s in zip(weights, widths, strict=True)), initial=0))
        self.bits = _BITS - (sums[-1] >> _PLACES).bit_length()
        rest = _PLACES - self.bits
        self._sum = np.array([one >> rest for one in sums[:-1]], np.int64)
        self._weight = np.array([one >> rest for one in weights], np.int64)
        self._starts = starts
        self._stretches = Stretches(starts, tau)

    def until(self, at: Whole) -> Whole:
        """int64, of seconds from 0 to tau."""
        row = self._stretches.of(at)
        found: Whole = (at - self._starts[row]) * self._weight[row]
        found += self._sum[row]
        return found
