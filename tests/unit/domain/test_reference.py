import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm

from engine.domain.reference import Ref, _damm, digits_of, make, misread, near, parse

FULL_WIDTH = "26-04127-2".translate({n: n + 0xFEE0 for n in map(ord, "0123456789-")})

refs = st.builds(make, st.integers(2001, 2099), st.integers(1, 9_999_999))


@pytest.mark.parametrize(
    ("serial", "text"),
    [(4127, "26-04127-2"), (4166, "26-04166-0"), (3512, "26-03512-4"), (123456, "26-123456-1")],
)
def test_the_check_digit_covers_year_and_serial(serial, text):
    assert str(make(2026, serial))[:-1] == text[:-1]
    assert parse(str(make(26, serial))) == Ref(26, serial)
    if serial < 100_000:
        assert str(make(2026, serial)) == text


@pytest.mark.parametrize(
    "text", ["26-04127-2", "26041272", " 26 04127 2 ", FULL_WIDTH, "26—04127—2", "26 04127-2"]
)
def test_dashes_spaces_and_full_width_digits_are_optional(text):
    assert parse(text) == Ref(26, 4127)


@pytest.mark.parametrize(
    "text", ["26-04172-2", "4127", "A-118", "", "26-00000-0", "²6-04127-2", "26-004127-2"]
)
def test_what_is_no_reference_is_none(text):
    assert parse(text) is None


def test_two_swapped_digits_come_before_one_wrong_digit():
    assert Ref(26, 4127) in near("26-04172-2")[:3]
    assert near("aux-07") == []


def test_a_slip_in_the_serial_comes_before_one_in_the_year():
    found = near("26-00012-0")
    assert all(ref.year == 26 for ref in found[:3])
    assert found[-1].year != 26


@pytest.mark.parametrize(
    ("text", "off"), [("26-04127-2", False), ("26-04127-3", True), ("4127", False), ("aux-07", False)]
)
def test_a_check_digit_that_does_not_fit_is_noticed(text, off):
    assert misread(text) is off


def test_the_last_digits_are_enough_to_mean_a_case():
    ref = make(2026, 4127)
    assert [ref.ends_with(digits) for digits in ("4127", "41272", "127", "4128")] == [True, True, True, False]
    assert digits_of("4127") == "4127"
    assert digits_of("aux-07") is None


@given(refs)
def test_every_reference_reads_back(ref):
    assert parse(str(ref)) == ref
    assert str(ref) not in {str(other) for other in near(str(ref))}


@given(refs, st.data())
def test_one_wrong_digit_or_one_swap_is_found_and_the_right_case_is_near(ref, data):
    digits = digits_of(str(ref)) or ""
    i = data.draw(st.integers(0, len(digits) - 2))
    if data.draw(st.booleans()):
        wrong = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    else:
        wrong = digits[:i] + data.draw(st.sampled_from("0123456789")) + digits[i + 1 :]
    if wrong != digits:
        assert parse(wrong) is None
        assert ref in near(wrong)


@given(st.text("0123456789", min_size=1, max_size=12))
def test_the_check_digit_is_the_one_of_another_book(digits: str) -> None:
    assert str(_damm(digits)) == damm.calc_check_digit(digits)
    assert (_damm(digits) == 0) == damm.is_valid(digits)


@pytest.mark.parametrize("digits", ["0" * 5_000, "26" + "1" * 20, "９" * 100_000])
def test_a_number_beyond_all_length_is_no_reference(digits: str) -> None:
    """More digits than Python makes a number of (4,300) arrive too; swaps of all of them would take for ever."""
    assert digits_of(digits) is None
    assert parse(digits) is None
    assert near(digits) == []
    assert not misread(digits)
