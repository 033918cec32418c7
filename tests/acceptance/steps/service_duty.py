"""谁来办、办多久、转到哪里。 Who handles a request, by when, and where it goes instead."""

from pytest_bdd import given, parsers, then, when

from tests.acceptance.steps.service import STAFF, WHO, received
from tests.acceptance.story import Story


@given("老丁已初审李大爷的诉求，反映的是小王")
def triaged_about_wang(story: Story) -> None:
    received(story)
    found = {"danger": False, "scope": "ours", "frail": "none", "complained_of": STAFF["小王"]}
    story.must(story.call("act", story.ref, "triage", by=STAFF["老丁"], fields=found))


@when(parsers.re(rf"老丁派给{WHO}"))
def sends_to(story: Story, who: str) -> None:
    story.call("act", story.ref, "dispatch", by=STAFF["老丁"], seats={"handler": [STAFF[who]]})


@when("老丁告知法定期限为二十个工作日")
def names_the_term(story: Story) -> None:
    fields = {"term": "twenty_working_days"}
    story.call("act", story.ref, "name_term", by=STAFF["老丁"], fields=fields, note="按行政许可法办理")


@when("老丁把它转为调解案件")
def makes_a_dispute(story: Story) -> None:
    reply = story.call("act", story.ref, "make_dispute", by=STAFF["老丁"], note="两家为地界争执")
    if reply.done:
        story.other = story.case["links"][0]["ref"]


@then("另有一件调解案件与它关联")
def a_dispute_is_linked(story: Story) -> None:
    other = story.driver.show(story.other, by=STAFF["老丁"])
    assert other["type"] == "dispute_mediation"
    assert [link["ref"] for link in other["links"]] == [story.ref]


@when("小王拨打110")
def calls_110(story: Story) -> None:
    story.call("act", story.ref, "call_110", by=STAFF["小王"], note="电线落地")


@then(parsers.re(r'风险为"(?P<grade>\w+)"'))
def risk_is(story: Story, grade: str) -> None:
    assert story.case["fields"]["risk"] == grade, story.reply.told


@given("老丁已办结")
def has_closed(story: Story) -> None:
    story.must(story.call("act", story.ref, "close", by=STAFF["老丁"]))


@when("老丁拆分")
def takes_apart_zh(story: Story) -> None:
    story.call("act", story.ref, "unmerge", by=STAFF["老丁"], note="两回事")
