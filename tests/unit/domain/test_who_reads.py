"""Who reads what of a case: one line for each class and each kind of reader."""

import pytest

from engine.domain.access import CLASSES, Reader, closer, sight

VISITOR = Reader()
VOLUNTEER = Reader(frozenset({"volunteer", "volunteer@village"}))
AUXILIARY = Reader(frozenset({"auxiliary"}))
HANDLER = Reader(frozenset({"auxiliary"}), frozenset({"handler"}))
MEDIATOR = Reader(frozenset({"mediator_post"}), frozenset({"mediator"}))
DESK = Reader(frozenset({"dispatcher", "dispatcher@station"}))
OFFICER = Reader(frozenset({"officer", "officer@station"}))
NAMED = Reader(frozenset({"officer"}), frozenset({"handler"}))
HEAD = Reader(frozenset({"head"}))
COUNTY = Reader(frozenset({"superior"}))
INSPECTOR = Reader(frozenset({"inspector"}))
PRIVACY = Reader(frozenset({"privacy_officer"}))
ALL = (
    VISITOR,
    VOLUNTEER,
    AUXILIARY,
    HANDLER,
    MEDIATOR,
    DESK,
    OFFICER,
    NAMED,
    HEAD,
    COUNTY,
    INSPECTOR,
    PRIVACY,
)


@pytest.mark.parametrize("class_", ["public", "contact", "narrative"])
def test_up_to_what_happened_nothing_is_closed(class_: str) -> None:
    assert {sight(class_, reader) for reader in ALL} == {"all"}


@pytest.mark.parametrize(
    ("class_", "readers", "flags"),
    [
        ("sensitive", (HANDLER, MEDIATOR, OFFICER, NAMED, HEAD, COUNTY, PRIVACY), (AUXILIARY, DESK)),
        ("protected", (OFFICER, NAMED, HEAD, COUNTY), ()),
        ("caucus", (), ()),
        ("informant", (NAMED, HEAD, COUNTY), ()),
        ("sealed", (HEAD, COUNTY, PRIVACY), ()),
        ("a word of somebody's own", (HEAD, COUNTY, PRIVACY), ()),
    ],
)
def test_who_reads_a_closer_class(
    class_: str, readers: tuple[Reader, ...], flags: tuple[Reader, ...]
) -> None:
    expected = {r: "all" if r in readers else "flags" if r in flags else "nothing" for r in ALL}
    assert {reader: sight(class_, reader) for reader in ALL} == expected


@pytest.mark.parametrize(
    ("class_", "seen"),
    [
        ("sensitive", "all"),
        ("protected", "all"),
        ("caucus", "all"),
        ("informant", "nothing"),
        ("sealed", "nothing"),
    ],
)
def test_what_he_brought_himself(class_: str, seen: str) -> None:
    assert sight(class_, AUXILIARY, own=True) == seen


def test_the_closer_of_classes() -> None:
    assert closer() == "public"
    assert closer("contact", "informant", "sensitive") == "informant"
    assert [closer(*CLASSES[: n + 1]) for n in range(len(CLASSES))] == list(CLASSES)
