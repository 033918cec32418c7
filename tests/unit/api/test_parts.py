"""The door's own small parts: languages, tags, cursors, statuses."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import body, header
from api.exchange import language
from api.page import about, seal, unseal
from api.problem import BY_LETTER, FIRST_OF, leading, status_of_code
from api.sent import ACT, checked
from api.serve import is_loopback
from api.settings import ServeSettings
from engine.domain.errors import FolkmootError, Reason, UsageError
from engine.domain.messages import catalogue

AT = datetime(2026, 11, 23, tzinfo=UTC)


class TestLanguage:
    @pytest.mark.parametrize(
        ("accepted", "lang"),
        [
            ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
            ("en-GB", "en"),
            ("de", "en"),
            ("de, zh;q=0.1", "zh"),
            ("zh;q=0, en", "en"),
            ("zh;q=0", "en"),
            ("zh;q=nonsense", "en"),
            ("", "en"),
            ("*", "en"),
            ("ZH-hans", "zh"),
            ("en, zh", "en"),
        ],
    )
    def test_the_one_that_is_liked_better(self, accepted: str, lang: str) -> None:
        assert language(accepted.encode(), "en") == lang

    @given(st.binary(max_size=60), st.sampled_from(["en", "zh"]))
    def test_nonsense_is_one_of_the_two(self, accepted: bytes, default: str) -> None:
        assert language(accepted, default) in ("en", "zh")


class TestTags:
    @pytest.mark.parametrize(
        ("given_", "version"), [(b'"4"', 4), (b' W/"4-ab_c" ', 4), (b"*", None), (None, None)]
    )
    def test_versions(self, given_: bytes | None, version: int | None) -> None:
        assert header.version(given_) == version

    @pytest.mark.parametrize(
        "given_", [b"4", b'"4', b'"-4"', b'"4","5"', b"", b'"99999999999999999999"', b'"\xb2"']
    )
    def test_no_versions(self, given_: bytes) -> None:
        with pytest.raises(UsageError):
            header.version(given_)

    @pytest.mark.parametrize(
        ("none_match", "same"),
        [
            (b'"a"', True),
            (b'W/"a"', True),
            (b'"b", "a"', True),
            (b"*", True),
            (b'"b"', False),
            (b"a", False),
            (None, False),
        ],
    )
    def test_known_ones(self, none_match: bytes | None, same: bool) -> None:
        assert header.matches(none_match, '"a"') is same

    @pytest.mark.parametrize(
        ("prefer", "less"),
        [
            (b"return=minimal", True),
            (b"a, Return = minimal;x", True),
            (b"return=representation", False),
            (None, False),
        ],
    )
    def test_preferences(self, prefer: bytes | None, less: bool) -> None:
        assert header.minimal(prefer) is less


class TestCursors:
    @given(
        st.text(max_size=40), st.datetimes(timezones=st.just(UTC)), st.lists(st.tuples(st.text(), st.text()))
    )
    def test_what_was_sealed_is_read(self, inner: str, at: datetime, asked: list[tuple[str, str]]) -> None:
        where = about("/v1/cases", asked)
        assert unseal(where, seal(where, inner, at)) == (inner, at)

    @given(st.integers(min_value=0, max_value=200), st.integers(min_value=1, max_value=63))
    def test_no_letter_can_be_changed(self, place: int, step: int) -> None:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        where = about("/v1/cases", [("phase", "work")])
        cursor = seal(where, '["2026-11-24", 7]', AT)
        place %= len(cursor) - 1  # the last letter has bits to spare
        other = letters[(letters.index(cursor[place]) + step) % 64]
        with pytest.raises(UsageError):
            unseal(where, cursor[:place] + other + cursor[place + 1 :])

    @given(st.text(max_size=30))
    def test_nonsense_is_refused(self, cursor: str) -> None:
        with pytest.raises(UsageError):
            unseal(about("/", []), cursor)


class TestStatus:
    @pytest.mark.parametrize("code", [code for code in catalogue() if code.startswith("FM-")])
    def test_every_code_has_one_and_an_exit(self, code: str) -> None:
        entry = catalogue()[code]
        status = status_of_code(code)
        assert status in {400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503}
        assert entry["http"] in (None, status)
        assert isinstance(entry["exit"], int)
        assert code[3] in BY_LETTER

    def test_every_letter_of_errors_has_one(self) -> None:
        assert {error.letter for error in FolkmootError.__subclasses__()} <= set(BY_LETTER)

    def test_who_may_not_comes_first_then_where_then_what(self) -> None:
        reasons = [Reason(code) for code in ("FM-R301", "FM-R201", "FM-R101")]
        assert leading(reasons).code == "FM-R101"
        assert leading(reasons[:2]).code == "FM-R201"
        assert leading(reasons[:1]).code == "FM-R301"
        assert FIRST_OF[0] == 403


class TestBodies:
    @given(st.recursive(
        st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3, alphabet="ab"), inner, max_size=3),
        max_leaves=12,
    ))  # fmt: skip
    def test_json_is_read_as_it_was_written(self, value: object) -> None:
        import json

        for ascii_only in (True, False):
            assert body.parse(json.dumps(value, ensure_ascii=ascii_only).encode(), ServeSettings()) == value

    @given(st.binary(max_size=60))
    def test_nonsense_is_told(self, sent: bytes) -> None:
        told = refusal(lambda: body.parse(sent, ServeSettings()))
        assert told <= {"FM-U041", "FM-U042", "FM-U043", "FM-U342", "FM-U343", "FM-U345"}

    @given(st.integers(1, 40), st.sampled_from(['{"a":%s}', "[%s]", '["[[", %s]']))
    def test_depth_is_what_brackets_make(self, depth: int, form: str) -> None:
        text = "1"
        for _ in range(depth):
            text = form % text
        if depth <= 32:
            body.parse(text.encode(), ServeSettings())
        else:
            with pytest.raises(UsageError) as told:
                body.parse(text.encode(), ServeSettings())
            assert told.value.code == "FM-U345"

    @given(st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([*ACT, "x"]), inner, max_size=4),
        max_leaves=8,
    ))  # fmt: skip
    def test_an_act_is_read_or_told(self, value: object) -> None:
        told = refusal(lambda: checked(value, ACT))
        assert told <= {"FM-U005", "FM-U006"}
        if not told:
            assert isinstance(value, dict)
            assert len(checked(value, ACT)) == len([one for one in value.values() if one is not None])


def refusal(work: Callable[[], object]) -> set[str]:
    """The codes of what a work refuses; none where it is done."""
    try:
        work()
    except UsageError as error:
        return {reason.code for reason in error.reasons}
    return set()


class TestReach:
    @pytest.mark.parametrize(
        ("host", "near"),
        [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.8.8", True), ("0.0.0.0", False),  # noqa: S104
         ("::", False), ("192.168.1.4", False), ("example.org", False), ("", False)],
    )  # fmt: skip
    def test_loopback_is_this_machine(self, host: str, near: bool) -> None:
        assert is_loopback(host) is near
