"""Each group against all others: is it slower or faster with the same cases, by more than chance makes of it.

The log-rank test within strata of the mix of cases: those of one type, kind and grade are compared among themselves.
What the groups are told apart by is no part of the mix, else they would never meet; a kind is one of its type.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

MIX = ("type", "category", "risk")  # what makes cases hard or easy whoever has them
CHANCE = 0.05


def mix_of(by: Sequence[str]) -> list[str]:
    """What of the mix can be held the same between groups told apart so."""
    gone = {*by, *(("category",) if "type" in by else ())}
    return [name for name in MIX if name not in gone]


def compare(
    frame: "Frame",
    unit: Unit,
    groups: "Groups",
    by: Sequence[str],
    ended: "Ints",
    lasted: "Ints",
    made: list[dict[str, Any]],
    *,
    public: bool,
) -> list[dict[str, Any]]:
    """Each group with ``against`` {which, p, reason, mix}: ``which`` is slower, faster or alike, below :data:`CHANCE`;
    null where too little can be compared, and ``reason`` says why: ``few_in_common`` cases of it or of the others that
    meet their like on the other side (suppress.LEAST), or ``none_reached`` the moment among them.
    """
    from engine.analytics.estimate.logrank import against_rest
    from engine.analytics.grouping import group_cases
    from engine.analytics.suppress import LEAST, SMALLEST

    if len(groups) < 2 or not len(frame):
        return made
    mix = mix_of(by)
    strata = group_cases(frame, unit, mix, ZoneInfo("UTC"))
    over = ended >= 0
    found = against_rest(lasted, over, groups.of, len(groups), strata.of)
    met = _met(groups, strata, over)
    for group, z, p, (own, others, ends) in zip(made, found.z.tolist(), found.p.tolist(), met, strict=True):
        reason = "few_in_common" if min(own, others) < LEAST else None if ends and z == z else "none_reached"
        if public and group["n_reached"] < SMALLEST:
            reason = "few_in_common"
        which = None if reason else "alike" if p >= CHANCE else "faster" if z > 0 else "slower"
        told = {"which": which, "p": None if reason else round(p, 6), "reason": reason, "mix": mix}
        group["against"] = told
    return made


def _met(groups: "Groups", strata: "Groups", over: Any) -> list[tuple[int, int, int]]:
    """Of each group: how many of its cases have their like among the others, how many of the others among them, and how
    many of both have reached the moment."""
    import numpy as np

    size = len(groups)
    cell = strata.of.astype(np.int64) * size + groups.of
    shape = (len(strata), size)
    n, ends = (
        np.bincount(cell[which], minlength=shape[0] * size).reshape(shape) for which in (over | True, over)
    )
    rest = n.sum(axis=1, keepdims=True) - n
    both = (n > 0) & (rest > 0)
    whole = np.broadcast_to(ends.sum(axis=1, keepdims=True), shape)
    columns = ((np.where(both, part, 0).sum(axis=0)).tolist() for part in (n, rest, whole))
    return list(zip(*columns, strict=True))
