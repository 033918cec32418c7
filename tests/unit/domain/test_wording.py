"""Two reports of one matter are written alike, two reports of two matters are not, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.repeated import ALIKE
from engine.domain.wording import percent, pieces

SAME_EN = [
    ("fence moved half a metre", "neighbour moved the fence by half a metre at night"),
    ("Loud music from the flat above every night", "music very loud at night from flat upstairs"),
    ("Two men fought outside the grain shop", "a fight between two men at the grain shop"),
    ("He owes me wages for three months of building work", "unpaid wages, three months building work"),
    ("water from the upper field floods our yard", "our yard is flooded by water of the field above"),
    ("dog bit a child near the school gate", "a child was bitten by a dog at the school gate"),
    ("Garbage is burned behind the house", "burning garbage behind our house, smoke"),
    ("broken street lamp at the crossroads", "street lamps at the crossroads do not work"),
]
SAME_ZH = [
    ("两家因宅基地边界发生争吵", "邻居两家为宅基地边界争执"),
    ("楼上住户夜间噪音扰民", "夜里楼上噪音很大,影响休息"),
    ("拖欠工资三个月", "老板拖欠三个月工资不给"),
    ("邻居家的狗咬伤孩子", "孩子被邻居家狗咬伤"),
    ("粮店门口两人打架", "两名男子在粮店门口打架"),
    ("承包地被邻居多占两垄", "邻居多占我家承包地两垄"),
    ("路口路灯坏了没人修", "村口路口的路灯坏了"),
    ("夫妻因家庭琐事争吵", "夫妻吵架,因家庭琐事"),
]


def alike(one: str, other: str) -> int:
    return percent(pieces(one), pieces(other))


@pytest.mark.parametrize(("one", "other"), [*SAME_EN, *SAME_ZH])
def test_one_matter_told_by_two_people_is_alike(one: str, other: str) -> None:
    assert alike(one, other) >= ALIKE


@pytest.mark.parametrize("told", [SAME_EN, SAME_ZH], ids=["English", "Chinese"])
def test_different_matters_are_hardly_ever_alike(told: list[tuple[str, str]]) -> None:
    apart = [alike(a, b) for i, one in enumerate(told) for other in told[i + 1 :] for a in one for b in other]
    assert len(apart) == 112
    assert sum(found >= ALIKE for found in apart) <= 2
    assert max(apart) < 25


def test_what_every_report_says_makes_none_alike() -> None:
    assert alike("the dog of the man is at the gate", "the cow of the boy is in the corn") == 0
    assert alike("他的狗", "我的牛") == 0


def test_width_case_and_punctuation_do_not_count() -> None:
    assert alike("FENCE, moved!", "fence moved") == 100
    assert alike("打架", "打 架。") == 0, "signs side by side, not apart"
    assert alike("打架。", "打架") == 100


def test_a_short_report_is_like_the_long_one_of_the_same() -> None:
    assert alike("boundary stone", "the boundary stone was moved") == 86, "13 of isqrt(13 x 18) triples"


@given(st.text(max_size=40), st.text(max_size=40))
def test_whichever_is_first(one: str, other: str) -> None:
    assert 0 <= alike(one, other) == alike(other, one) <= 100


@given(st.text(max_size=40))
def test_a_text_is_wholly_like_itself_if_it_says_anything(text: str) -> None:
    assert alike(text, text) == (100 if pieces(text) else 0)
