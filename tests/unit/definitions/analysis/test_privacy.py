"""A private fact must not show in a title, a notice or a public field."""

from engine.definitions.analysis import analyse
from engine.definitions.outline import Outline
from tests.support.sound import SOUND, VOCABULARY, changed, checked, loaded, told, translated


def test_a_private_fact_in_a_title() -> None:
    analysis = checked(
        changed(
            (
                "outcome: dropped, allow: [clerk, system]",
                "title: 'Given up after {visit.on}', outcome: dropped, allow: [clerk, system]",
            )
        )
    )
    assert told(analysis) == {("D701", "transitions.7.title")}
    open_fact = checked(
        changed(
            (
                "outcome: dropped, allow: [clerk, system]",
                "title: 'Given up, {fence}', outcome: dropped, allow: [clerk, system]",
            )
        )
    )
    assert told(open_fact) == set()


def test_a_private_record_sent_as_a_notice() -> None:
    shown = ("on: timestamp}, class: sensitive}", "on: timestamp}, class: sensitive, form: farewell}")
    assert told(checked(changed(shown))) == {("D701", "states.closed.enter.0.notice")}


def test_a_private_fact_in_a_template() -> None:
    given = loaded(SOUND).definition
    assert given is not None
    outline = Outline(translated(given))
    told_by = {
        text: [f.code for f in analyse(outline, vocabulary=VOCABULARY, forms={"farewell": text}).findings]
        for text in ("<p>{{ fence }}</p>", "<p>{{ visit.on }}</p>")
    }
    assert told_by == {"<p>{{ fence }}</p>": [], "<p>{{ visit.on }}</p>": ["FM-D701"]}


def test_a_private_fact_copied_into_a_public_one() -> None:
    copied = "asks: [visit], effects: [{set: {fit: visit.good}}]"
    public = ("fit: {type: bool, default: true}", "fit: {type: bool, default: true, class: public}")
    analysis = checked(changed(("asks: [visit]", copied), public))
    assert told(analysis) == {("D701", "transitions.4.effects.0.set.fit")}
    assert told(checked(changed(("asks: [visit]", copied)))) == set()


def test_what_is_proved_is_said_and_taken_back() -> None:
    sentences = [sentence.text("en") for sentence in checked().proved]
    assert any(text.startswith("No case can get stuck: from each of the 5 open states") for text in sentences)
    stuck = checked(
        changed(
            ("{fire: give_up}", "{remind: [clerk]}"),
            ("allow: [clerk, system], basis: s.8", "allow: [warden], basis: s.8"),
        )
    )
    assert not any("stuck" in sentence.text("en") for sentence in stuck.proved)
    limits = [sentence.text("zh") for sentence in checked().not_proved]
    assert any("clerk" in text for text in limits)
    assert any("keeper" in text for text in limits)
