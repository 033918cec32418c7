"""Whole shares of a published total."""

from collections.abc import Sequence
from itertools import pairwise


def by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Shares in proportion to the weights that add up to the total; ties go to the earlier."""
    whole = sum(weights)
    shares = [total * w // whole for w in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in rest[: total - sum(shares)]:
        shares[i] += 1
    return shares


def one_each_then_largest(total: int, weights: Sequence[int]) -> list[int]:
    """One each, every further one to whom the most weight falls per share; never more than the weight."""
    if not len(weights) <= total <= sum(weights):
        raise ValueError(f"{total} shares do not fit {len(weights)} weights of {sum(weights)}")
    steps = sorted((-w / share, i, share) for i, w in enumerate(weights) for share in range(2, w + 1))
    shares = [1] * len(weights)
    for _, i, _ in steps[: total - len(weights)]:
        shares[i] += 1
    return shares


def split(items: Sequence[str], parts: int) -> list[Sequence[str]]:
    """Runs of neighbours, their lengths differing by one at most."""
    size, more = divmod(len(items), parts)
    cuts = [0]
    for n in range(parts):
        cuts.append(cuts[-1] + size + (n < more))
    return [items[a:b] for a, b in pairwise(cuts)]
