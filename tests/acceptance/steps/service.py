"""为民办实事的步骤。 The steps of the service request, in the language of its features."""

from typing import Any

from pytest_bdd import given, parsers, when

from tests.acceptance.driver import Reply
from tests.acceptance.moment import day
from tests.acceptance.story import Story

STAFF = {"老丁": "dsp-01", "小王": "aux-07", "老欧": "off-05", "陈所长": "chf-01"}
WHO = r"(?P<who>老丁|小王|老欧|陈所长)"


# ---- 登记与派单 ------------------------------------------------------------


@given("12345已转来李大爷的一件诉求")
@when("12345转来李大爷的一件诉求")
def received(story: Story) -> None:
    filed = story.call(
        "file_case",
        by=STAFF["老丁"],
        case_type="service_request",
        place="示例一村",
        what="路灯不亮",
        channel="12345",
        reporter={"name": "李大爷"},
        external="12345:HL-88121",
    )
    story.ref = story.must(filed).body["ref"]


@given("李大爷是老人")
def is_elderly(story: Story) -> None:
    received(story)
    story.must(_triage(story, frail="elderly"))


def _triage(story: Story, *, danger: bool = False, scope: str = "ours", frail: str = "none") -> Reply:
    return _do(story, "老丁", "triage", fields={"danger": danger, "scope": scope, "frail": frail})


def _do(story: Story, who: str, act: str, **more: Any) -> Reply:
    return story.call("act", story.ref, act, by=STAFF[who], **more)


@when("老丁初审，认为正有危险")
def triaged_danger(story: Story) -> None:
    _triage(story, danger=True)


@given("老丁已初审李大爷的诉求，职责不明")
def triaged_unclear(story: Story) -> None:
    received(story)
    story.must(_triage(story, scope="unclear"))


@given("老丁已进行三方通话")
def three_way_call(story: Story) -> None:
    call = {"with_whom": "hotline", "agreed": "由12345转供电公司"}
    story.must(story.call("record", story.ref, "three_way_call", [call], by=STAFF["老丁"]))


@when("老丁转12345")
def passed_to_12345(story: Story) -> None:
    _do(story, "老丁", "pass_to_12345")


@given(parsers.re(r"老丁已把李大爷的诉求(?P<how>派|指定)给(?P<to>\w+)"))
@when(parsers.re(r"老丁把李大爷的诉求(?P<how>派)给(?P<to>\w+)"))
def dispatched(story: Story, how: str, to: str) -> None:
    if not story.ref:
        received(story)
        story.must(_triage(story))
    fields = {"designated": True} if how == "指定" else None
    story.must(_do(story, "老丁", "dispatch", fields=fields, seats={"handler": [STAFF[to]]}))


def _return(story: Story, who: str) -> Reply:
    return _do(story, who, "return_order", fields={"return_ground": "not_our_duty"}, note="归电力公司管")


@when(parsers.re(rf"{WHO}退回"))
def returned(story: Story, who: str) -> None:
    _return(story, who)


@given(parsers.re(rf"{WHO}已退回，老丁又派给(?P<to>\w+)"))
def returned_and_sent_again(story: Story, who: str, to: str) -> None:
    story.must(_return(story, who))
    dispatched(story, "派", to)


@when("小王登记上门走访")
def visited(story: Story) -> None:
    story.must(story.call("record", story.ref, "visit", [{"found": "灯泡坏了"}], by=STAFF["小王"]))


@given("小王从2024年4月1日星期一起兼任值班调度员")
def is_dispatcher_too(story: Story) -> None:
    story.arrange("appoint", STAFF["小王"], "dispatcher", "S-012", day("2024年4月1日星期一"))


# ---- 办理与答复 ------------------------------------------------------------


@given("小王已办成李大爷的诉求")
def finished(story: Story) -> None:
    dispatched(story, "派", "小王")
    story.must(_do(story, "小王", "accept"))
    _work(story)


def _work(story: Story) -> None:
    story.must(_do(story, "小王", "start"))
    story.must(_do(story, "小王", "finish", records={"result": [{"what": "换了灯泡"}]}))


@given("小王已办成李大爷的诉求并答复")
def finished_and_replied(story: Story) -> None:
    finished(story)
    _reply(story)


def _reply(story: Story) -> None:
    story.must(_do(story, "小王", "reply", records={"reply": [{"means": "phone"}]}))


@given("李大爷表示不需要答复")
def wants_no_reply(story: Story) -> None:
    story.must(_do(story, "小王", "waive_reply"))


@when("小王免去答复")
def skips_the_reply(story: Story) -> None:
    _do(story, "小王", "skip_reply")


@given(parsers.re(rf'{WHO}已延长"(?P<clock>.+)"'))
def has_extended_zh(story: Story, who: str, clock: str) -> None:
    story.must(_extend(story, who, clock))


@when(parsers.re(rf'{WHO}延长"(?P<clock>.+)"'))
def extends_zh(story: Story, who: str, clock: str) -> None:
    _extend(story, who, clock)


def _extend(story: Story, who: str, clock: str) -> Reply:
    return story.call("extend", story.ref, clock, by=STAFF[who], reason="等待配件，已告知诉求人")


# ---- 回访与办结 ------------------------------------------------------------


def _call_back(story: Story, answer: str, score: int | None = None) -> Reply:
    call: dict[str, Any] = {"answer": answer, **({"score": score} if score else {})}
    return _do(story, "老丁", "call_back", records={"call": [call]})


@when(parsers.re(r"老丁回访，李大爷(?P<said>满意|不满意)，打(?P<score>\d)分"))
def called_back(story: Story, said: str, score: str) -> None:
    _call_back(story, "satisfied" if said == "满意" else "unsatisfied", int(score))


@when("老丁回访，李大爷满意，没有打分")
def called_back_without_score(story: Story) -> None:
    _call_back(story, "satisfied")


@when("老丁回访，没联系上")
def not_reached(story: Story) -> None:
    _call_back(story, "not_reached")


@given(parsers.re(r"老丁前(?P<days>\d)天都没联系上李大爷"))
def not_reached_for_days(story: Story, days: str) -> None:
    for _ in range(int(days)):
        story.must(_call_back(story, "not_reached"))
        story.pass_days(1)


@given("老丁今天已两次没联系上李大爷")
def not_reached_twice(story: Story) -> None:
    for _ in range(2):
        story.must(_call_back(story, "not_reached"))


@given("李大爷不满意，小王已重办并答复")
def done_again(story: Story) -> None:
    story.must(_call_back(story, "unsatisfied", 2))
    _work(story)
    _reply(story)


@given(parsers.re(r"李大爷满意，打(?P<score>\d)分"))
def was_satisfied(story: Story, score: str) -> None:
    story.must(_call_back(story, "satisfied", int(score)))


@when(parsers.re(rf"{WHO}办结"))
def closed(story: Story, who: str) -> None:
    _do(story, who, "close")
