"""In which stretch of time millions of seconds lie."""

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Whole

_TABLE = 20  # bits of the table at most
_FINE = 4  # pieces of time to a stretch, as a power of two
_STEPS = 16  # from where the table leads, a search is faster than more steps


class Stretches:
    """``starts`` int64, ascending, each stretch up to the next one. A table tells of each short piece of time in which
    one it begins; from there it is a step or two, where a search among all would look at ten or twenty."""

    def __init__(self, starts: Whole, last: int) -> None:
        """``last``: no second is asked for that is behind it or before the first start."""
        self._starts, self._ends = starts, np.append(starts[1:], np.iinfo(np.int64).max)
        self._from = int(starts[0])
        span = max(last, int(starts[-1])) - self._from
        self._shift = max(0, span.bit_length() - min(_TABLE, starts.size.bit_length() + _FINE))
        begun = np.bincount((starts - self._from) >> self._shift, minlength=(span >> self._shift) + 1)
        self._near = int(begun.max()) <= _STEPS
        self._first: NDArray[np.int32] = np.maximum(np.cumsum(begun) - begun - 1, 0).astype(np.int32)

    def of(self, at: Whole) -> NDArray[np.signedinteger]:
        """The number of the stretch of each second."""
        if not self._near:
            found: Whole = np.searchsorted(self._starts, at, side="right") - 1
            return found
        row: NDArray[np.int32] = self._first[(at - self._from) >> self._shift]
        rest = np.flatnonzero(self._ends[row] <= at)
        while rest.size:
            row[rest] += 1
            rest = rest[self._ends[row[rest]] <= at[rest]]
        return row
