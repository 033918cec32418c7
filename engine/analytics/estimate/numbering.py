"""Which values occur in a column of millions, and which is each row's: without a sort where they are few."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
DENSE = 1 << 22  # as many values a table of flags may have


def numbered(values: NDArray[Any], size: int) -> tuple[Whole, NDArray[np.int32]]:
    """Of integers from 0 up to but without ``size``: those that occur, ascending, and the number of each row's."""
    if size > max(DENSE, values.size):
        present, of = np.unique(values, return_inverse=True)
        return present.astype(np.int64), of.astype(np.int32)
    flags = np.zeros(size, np.bool_)
    flags[values] = True
    numbers = np.cumsum(flags, dtype=np.int32) - 1
    return np.flatnonzero(flags), numbers[values].astype(np.int32)


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Each value once, ascending; never by hashing."""
    ordered = np.sort(values)
    fresh = np.ones(ordered.size, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def ranks(values: Whole) -> Whole:
    """The number of each value among those that occur."""
    order = np.argsort(values)
    ordered = values[order]
    found = np.zeros(values.size, np.int64)
    found[order[1:]] = np.cumsum(ordered[1:] != ordered[:-1])
    return found


def again(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows have a value that a row before them has; fastest where rows are nearly in order."""
    order = np.argsort(values, kind="stable")  # of equal ones the first stays the first
    values = values[order]
    found = np.zeros(values.size, np.bool_)
    found[order[1:]] = values[1:] == values[:-1]
    return found
