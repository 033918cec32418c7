"""What a rule covers, as a box: for each axis the set of classes of values, kept as the bits of a number.

Exact and cheap where running through every combination would not be: a table of ten yes-or-no columns has a
thousand combinations and a dozen boxes.
"""

from collections.abc import Iterable, Iterator

Box = tuple[int, ...]

MOST_BOXES = 4096


def empty(box: Box) -> bool:
    return not all(box)


def meet(one: Box, other: Box) -> Box:
    return tuple(a & b for a, b in zip(one, other, strict=True))


def within(one: Box, other: Box) -> bool:
    """Whether the first lies in the second altogether."""
    return all(a & ~b == 0 for a, b in zip(one, other, strict=True))


def without(box: Box, other: Box) -> Iterator[Box]:
    """What is left of a box, in boxes that do not overlap."""
    if empty(meet(box, other)):
        yield box
        return
    shared: list[int] = []
    for axis, (own, taken) in enumerate(zip(box, other, strict=True)):
        left = own & ~taken
        if left:
            yield (*shared, left, *box[axis + 1 :])
        shared.append(own & taken)


def remainder(box: Box, covers: Iterable[Box]) -> list[Box] | None:
    """What is left of a box when others are taken away; None beyond ``MOST_BOXES`` pieces."""
    left = [] if empty(box) else [box]
    for cover in covers:
        left = [piece for one in left for piece in without(one, cover)]
        if len(left) > MOST_BOXES:
            return None
    return left
