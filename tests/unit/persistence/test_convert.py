"""The quick converters say exactly what SQLAlchemy's say."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import UTCDateTime

from engine.persistence.compiler import dialect_of
from engine.persistence.convert import BINDERS, READERS, instant_to_text, text_to_instant

zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))])
instants = st.datetimes(
    min_value=datetime(1900, 1, 2), max_value=datetime(2999, 1, 1), timezones=zones  # noqa: DTZ001
)  # fmt: skip
theirs = UTCDateTime().dialect_impl(dialect_of("sqlite"))


@given(instants)
def test_the_same_text_and_the_same_instant(instant: datetime) -> None:
    bind = theirs.bind_processor(dialect_of("sqlite"))
    read = theirs.result_processor(dialect_of("sqlite"), None)
    assert bind is not None
    assert read is not None
    text = instant_to_text(instant)
    assert text == bind(instant)
    found = text_to_instant(text)
    assert found == read(text) == instant
    assert found is not None
    assert found.tzinfo is UTC


@given(instants, instants)
def test_texts_sort_as_instants_do(one: datetime, other: datetime) -> None:
    assert (str(instant_to_text(one)) < str(instant_to_text(other))) == (one < other)


def test_nothing_stays_nothing() -> None:
    assert instant_to_text(None) is None
    assert text_to_instant(None) is None


def test_a_naive_instant_is_a_bug() -> None:
    with pytest.raises(ValueError, match="naive"):
        instant_to_text(datetime(2026, 11, 24))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("name", ["Date", "Boolean", "JSON"])
@given(data=st.data())
def test_the_others_say_what_sqlalchemy_says(name: str, data: st.DataObject) -> None:
    dialect = dialect_of("sqlite")
    kind = getattr(sqlalchemy, name)().dialect_impl(dialect)
    value = data.draw(VALUES[name])
    bind, read = kind.bind_processor(dialect), kind.result_processor(dialect, None)
    held = bind(value)
    if name in BINDERS:
        own = BINDERS[name]
        assert own is not None
        assert own(value) == held
    assert READERS[name](held) == read(held) == value
    assert READERS[name](None) is None


VALUES = {
    "Date": st.dates(),
    "Boolean": st.booleans(),
    "JSON": st.lists(st.text(st.characters(exclude_categories=["Cs"]))),
}
