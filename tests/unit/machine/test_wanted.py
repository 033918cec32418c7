"""What a value should have been is told in the language of the reader."""

import re

import pytest

from engine.definitions.model import FieldSpec
from engine.domain.messages import tell, text
from engine.machine.typed import EXISTING, PHRASES, Wrong, typed, wrong

FITS_NOTHING: dict[str, object] = {
    "bool": "maybe", "int": "x", "number": "x", "money": "x", "text": "", "date": "x", "timestamp": "x", "duration": "x",
} | dict.fromkeys(EXISTING, "x")  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FITS_NOTHING))
def test_the_phrase_of_every_kind_has_its_chinese(kind: str) -> None:
    spec = FieldSpec.model_construct(name="f", kind=kind, options={})
    with pytest.raises(Wrong) as error:
        typed(spec, FITS_NOTHING[kind], lambda kind, code: False, lambda option: ())
    reason = wrong("f", FITS_NOTHING[kind], str(error.value), "/fields/f")
    assert tell(reason, "en").endswith(f"wanted is {error.value}.")
    assert re.search("[一-鿿]", tell(reason, "zh").partition("应为")[2])
    assert str(error.value) not in tell(reason, "zh")


@pytest.mark.parametrize("number", [2**64, 1e300])
def test_a_number_that_is_too_large_too(number: float) -> None:
    for kind in ("int", "number"):
        with pytest.raises(Wrong) as error:
            typed(
                FieldSpec.model_construct(kind=kind, options={}), str(number), lambda *_: True, lambda _: ()
            )
        assert "数" in tell(wrong("f", number, str(error.value), "/"), "zh").partition("应为")[2]


def test_names_to_choose_from_stay_names() -> None:
    reason = wrong("risk", "pink", "one of red, yellow", "/fields/risk")
    assert tell(reason, "zh").endswith("应为 red, yellow 之一。")


def test_every_phrase_is_there_and_said_once() -> None:
    said = [text(word) for word in PHRASES]
    assert len(set(said)) == len(said)
    assert not any(one.startswith("word.") for one in said)
