"""What is too little to say: groups too small to compare, and cells so small that they would name somebody.

Two rules, with different ends. A group of fewer than :data:`LEAST` cases is shown with its counts alone, since a
percentile of seven cases misleads. For readers outside (``public``) every count below :data:`SMALLEST` is left out
together with whatever would give it away by subtraction.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.analytics.heap import uncollected

LEAST = 10
SMALLEST = 5
SAID = frozenset({"key", "n"})  # what a group says of itself, however small


def finish(
    answer: dict[str, Any],
    *,
    by: Sequence[str],
    public: bool,
    counts: Iterable[str],
    also: Iterable[str] = (),
    groups: str = "groups",
) -> dict[str, Any]:
    """The answer with what is too little taken out. ``counts``: of each group's ``n``, those that are something;
    ``also``: what else a group says however small, since no share and no percentile is in it."""
    told: list[dict[str, Any]] = answer[groups]
    names = tuple(counts)
    if by:
        answer[groups] = told = _without_few(told, frozenset((*SAID, *names, *also)))
    if public:
        _for_all(answer, told, names)
        answer["public"] = True
    return answer


@uncollected()
def _without_few(groups: list[dict[str, Any]], kept: frozenset[str]) -> list[dict[str, Any]]:
    """There may be tens of thousands: those of one shape share what says nothing."""
    empty: dict[tuple[str, ...], dict[str, Any]] = {}
    told = []
    for group in groups:
        if group["n"] < LEAST:
            shape = tuple(group)
            if shape not in empty:
                blank = {name: value if name in kept else nothing(value) for name, value in group.items()}
                empty[shape] = blank | {"few": True}
            group = empty[shape] | {name: group[name] for name in kept if name in group}
        told.append(group)
    return told


def half(seconds: int | None, *, of: int) -> dict[str, Any]:
    """Half of so many stays being over by then; of fewer than :data:`LEAST` no such figure is told."""
    return {"p50_s": None, "few": True} if of < LEAST else {"p50_s": seconds}


def silence(told: dict[str, Any], names: Iterable[str]) -> None:
    """What ``told`` says under these names is taken out: it rests on too few."""
    told.update({name: nothing(told[name]) for name in names if name in told})


def telling(counts: Sequence[int], of: int, total: int) -> list[int]:
    """Of counts that rise (so many of ``of`` by day 7, by day 30 .., ``total`` in the end) the places of those that may
    be told outside: nobody is alone before the first, between two, behind the last, or among those who are left."""
    kept, last = [], 0
    for place, count in enumerate(counts):
        if not any(0 < part < SMALLEST for part in (count - last, total - count, of - count)):
            kept.append(place)
            last = count
    return kept


def nothing(value: Any) -> Any:
    """The same shape with nothing in it."""
    if isinstance(value, Mapping):
        return {name: nothing(inner) for name, inner in value.items()}
    return [] if isinstance(value, list) else None


def _for_all(answer: dict[str, Any], groups: list[dict[str, Any]], counts: Sequence[str]) -> None:
    """Groups too small go; the total may not tell by subtraction what is gone, so it takes at least one more along."""
    gone = hidden([group["n"] for group in groups])
    for number in gone:
        group = groups[number]
        groups[number] = {name: value if name == "key" else nothing(value) for name, value in group.items()}
        groups[number]["hidden"] = True
    if (len(groups) == 1 and gone) or 0 < (answer.get("n") or 0) < SMALLEST:  # nothing to hide behind
        answer.update({name: None for name in ("n", *counts) if name in answer})
    for name in counts:
        _parts(answer, groups, name)


def _parts(answer: dict[str, Any], groups: list[dict[str, Any]], name: str) -> None:
    """A count within a group gives away as much as what is left of the group without it, and so do sums of them."""
    total, of = answer.get(name), answer["n"]
    for group in groups:
        if not group.get("hidden") and tells(group.get(name), group["n"]):
            group[name] = None
    said = [group for group in groups if isinstance(group.get(name), int)]
    if not isinstance(total, int) or of is None:
        return
    rest, rest_of = total - sum(g[name] for g in said), of - sum(g["n"] for g in said)
    if tells(total, of) or tells(rest, rest_of) or len(groups) - len(said) == 1:
        answer[name] = None


def tells(count: Any, n: int) -> bool:
    """Whether so many of n, or what is left of n without them, are a small cell."""
    return isinstance(count, int) and (0 < count < SMALLEST or 0 < n - count < SMALLEST)


def hidden(sizes: Sequence[int]) -> list[int]:
    """Numbers of the cells to leave out: those below :data:`SMALLEST` that are not empty, and so many of the next
    smallest that neither one of them nor their sum can be had from the total."""
    order = sorted((size, number) for number, size in enumerate(sizes) if size > 0)
    gone = [number for size, number in order if size < SMALLEST]
    if not gone:
        return []
    rest = [number for _, number in order if number not in set(gone)]
    while rest and (len(gone) < 2 or sum(sizes[number] for number in gone) < SMALLEST):
        gone.append(rest.pop(0))
    return sorted(gone)
