"""人民调解与法治宣传的中文步骤。 The dispute and the talk on the law, told in Chinese and answered in Chinese."""

from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import day
from tests.acceptance.station import PARTIES
from tests.acceptance.station import STAFF as CODES
from tests.acceptance.steps.dispute import has_come_to
from tests.acceptance.story import Story

# 中文称呼 -> 英文场景中的称呼
CALLED = {
    "老丁": "Ding", "小王": "Wang", "老欧": "Ou", "陈所长": "Chen", "马调解员": "Ma", "杜主任": "Du",
    "张三": "Asha", "李四": "Bram",
}  # fmt: skip
WHO_ZH = rf"(?P<who>{'|'.join(CALLED)})"
STAGES_ZH = {"待同意": "waiting for consent", "在马调解员手中": "in Ma's hands", "正在调解": "in session"}
SAID = {"同意调解": "given", "拒绝调解": "refused", "撤回同意": "withdrawn"}


# ---- 当事人与进展 ------------------------------------------------------------------------------------


@given(parsers.re(r"李四(?P<years>\d+)岁(?P<wages>，以自己的劳动收入为生)?"))
def is_years_old_zh(story: Story, years: str, wages: str | None) -> None:
    story.sides[1].update(age=int(years), **({"own_income": True} if wages else {}))


@given(parsers.re(rf"张三与李四的纠纷(?P<stage>{'|'.join(STAGES_ZH)})"))
def has_come_to_zh(story: Story, stage: str) -> None:
    life.reach(story, STAGES_ZH[stage])


@given(parsers.re(r"李四应于(?P<due>.+)前付给张三(?P<amount>\d+)元"))
def owes_zh(story: Story, due: str, amount: str) -> None:
    owed = {"debtor": PARTIES["Bram"], "act": "付款", "amount": amount, "due": day(due).isoformat()}
    story.obligations.append(owed)


@given("张三与李四的协议已生效")
@when("张三与李四的协议生效")
def comes_into_force_zh(story: Story) -> None:
    has_come_to(story, "being performed")


def _consent(story: Story, who: str, decision: str) -> Reply:
    name = CALLED[who]
    return story.record(name, "consent", {"party": PARTIES[name], "decision": decision})


@given(parsers.re(r"(?P<who>张三|李四)已同意"))
def has_consented_zh(story: Story, who: str) -> None:
    story.must(_consent(story, who, "given"))


@when(parsers.re(rf"(?P<who>张三|李四)(?P<said>{'|'.join(SAID)})"))
def answers_zh(story: Story, who: str, said: str) -> None:
    _consent(story, who, SAID[said])


@given(parsers.re(rf"{WHO_ZH}已标记家庭暴力"))
def has_flagged_zh(story: Story, who: str) -> None:
    story.must(story.act(CALLED[who], "flag_dv"))


@when(parsers.re(rf"{WHO_ZH}开始调解"))
def opens_zh(story: Story, who: str) -> None:
    story.act(CALLED[who], "open_session")


@then(parsers.re(rf"{WHO_ZH}不能开始调解"))
def cannot_open_zh(story: Story, who: str) -> None:
    assert not story.act(CALLED[who], "open_session").done


def _extend(story: Story, who: str, clock: str) -> Reply:
    given = {"by": CODES[CALLED[who]], "reason": "接近达成协议", "fields": {"longer_agreed": True}}
    return story.call("extend", story.ref, clock, **given)


@given(parsers.re(rf'{WHO_ZH}经双方同意已延长"(?P<clock>.+)"'))
def has_extended_agreed_zh(story: Story, who: str, clock: str) -> None:
    story.must(_extend(story, who, clock))


@when(parsers.re(rf'{WHO_ZH}经双方同意延长"(?P<clock>.+)"'))
def extends_agreed_zh(story: Story, who: str, clock: str) -> None:
    _extend(story, who, clock)


@then(parsers.re(r'张三和李四收到"(?P<title>.+)"'))
def parties_have_zh(story: Story, title: str) -> None:
    served = {
        person for notice in story.told("notice") if notice["title"] == title for person in notice["to"]
    }
    assert {PARTIES["Asha"], PARTIES["Bram"]} <= served


# ---- 法治宣传 ----------------------------------------------------------------------------------------


@given("小王已申报一场防诈骗宣传")
@when("小王申报一场防诈骗宣传")
def proposed_zh(story: Story) -> None:
    filed = story.call(
        "file_case",
        by=CODES["Wang"],
        case_type="legal_education",
        place="示例一村",
        what="集市上的防诈骗宣传",
        reporter={"person": CODES["Wang"]},
    )
    story.ref = story.must(filed).body["ref"]


def _approve(story: Story) -> Reply:
    return story.act("Chen", "approve", fields={"topic": "fraud"})


@given("陈所长已批准小王的防诈骗宣传")
def has_approved_zh(story: Story) -> None:
    proposed_zh(story)
    story.must(_approve(story))


@when("陈所长批准")
def approves_zh(story: Story) -> None:
    _approve(story)


@when("陈所长不批准")
def turns_down_zh(story: Story) -> None:
    story.act("Chen", "turn_down", fields={"refusal_ground": "held_recently"}, note="上周刚办过")


def _held(story: Story, count: str) -> Reply:
    """讲了一小时，两小时前开始。"""
    began = story.driver.now - timedelta(hours=2)
    session: dict[str, Any] = {
        "started": began.isoformat(), "ended": (began + timedelta(hours=1)).isoformat(),
        "where": "集市", "counted": int(count), "speaker": "老欧",
    }  # fmt: skip
    seats = {"handler": [CODES["Ou"]]}
    return story.act("Ou", "hold", records={"session": [session]}, seats=seats)


@given(parsers.re(r"老欧已报告举办，到场(?P<count>\d+)人"))
def has_reported_held_zh(story: Story, count: str) -> None:
    story.must(_held(story, count))


@when(parsers.re(r"老欧报告已举办，到场(?P<count>\d+)人"))
def reports_held_zh(story: Story, count: str) -> None:
    _held(story, count)


@when("老欧提交材料，照片里认得出孩子")
def hands_in_zh(story: Story) -> None:
    photo = {"image": "photo-1.jpg", "taken": story.driver.now.isoformat(), "minors_identifiable": True}
    story.act("Ou", "hand_in", records={"photo": [photo]})


@then(parsers.re(r'申报人收到"(?P<title>.+)"'))
def proposer_is_told_zh(story: Story, title: str) -> None:
    assert [n["to"] for n in story.told("notice") if n["title"] == title] == [[CODES["Wang"]]]
