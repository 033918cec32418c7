"""Which part of a figure is meant by a word, in both languages."""

import pytest

from engine.analytics.behind import part
from engine.analytics.reasons import Reason, side_reason
from engine.domain.errors import UsageError
from engine.domain.messages import tell

SIDES = (["parties", "committee"], ["parties", "office"], ["committee"], ["office", "agency"])


def refused(known: str) -> UsageError:
    return UsageError("FM-U725", given="?", known=known)


def meant(given: str, lang: str) -> int:
    return part(given, [side_reason(one, lang) for one in SIDES], refused)


@pytest.mark.parametrize(
    ("key", "en", "zh", "number"),
    [
        ("parties+committee", "Parties and committee", "当事人和调解组织", 0),
        ("committee", "committee", "调解组织", 2),
        ("agency", "other agency", "其他部门", 3),
    ],
)
def test_a_part_is_meant_by_its_key_its_name_or_a_word_of_either(
    key: str, en: str, zh: str, number: int
) -> None:
    assert meant(key, "en") == meant(key, "zh") == meant(en, "en") == meant(zh, "zh") == number


def test_a_word_that_several_parts_have_is_refused_with_their_names() -> None:
    said = {}
    for given, lang in (("parties", "en"), ("parties", "zh"), ("当事人", "zh")):
        with pytest.raises(UsageError) as raised:
            meant(given, lang)
        [reason] = raised.value.reasons
        assert (reason.code, reason.params["n"]) == ("FM-U726", 2)
        said[given, lang] = tell(reason, lang)
    assert said["parties", "en"] == (
        "`parties` fits 2 parts and names none of them alone. Say one by its name or its key: "
        "parties and committee (parties+committee); parties and office (parties+office)."
    )
    assert "当事人和办案单位 (parties+office); 当事人和调解组织 (parties+committee)" in said["当事人", "zh"]
    assert said["当事人", "zh"] == said["parties", "zh"].replace("parties”", "当事人”")


def test_chinese_has_no_spaces_so_a_word_is_a_piece_of_a_name() -> None:
    states = [Reason("awaiting_consent", "待同意"), Reason("in_session", "正在调解"), Reason(None, "不详")]
    assert part("同意", states, refused) == part("consent", states, refused) == 0
    with pytest.raises(UsageError) as raised:
        part("履行", states, refused)
    assert raised.value.code == "FM-U725"
    assert raised.value.reasons[0].params["known"] == "-, awaiting_consent, in_session"
