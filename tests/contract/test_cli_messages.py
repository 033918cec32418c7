"""How refusals are worded on the command line."""

from cli.failure import lines
from engine.domain.errors import Reason
from tests.support.commandline import Shell


def test_an_option_that_is_near_nothing_is_not_guessed_at(shell: Shell) -> None:
    far, near = shell.program("case", "list", "--xyzzy"), shell.program("case", "list", "--lat")
    assert "What it takes: folkmoot case list --help" in far.err
    assert "Did you mean" not in far.err
    assert "Did you mean --late?" in near.err


def test_the_statute_follows_the_sentence_after_one_space() -> None:
    params = {"because": "the notice was due on 2026-11-24. "}
    (said,) = lines(Reason("FM-R202", params, "rule", "PML art. 20"), "en", 200)
    assert said.endswith(("24 Nov 2026 (PML art. 20).", "24 Nov (PML art. 20)."))


def test_extensions_are_counted_without_grammar_slips() -> None:
    params = {"clock": "Time to mediate", "times": "1", "due": "2026-12-23"}
    said = " ".join(lines(Reason("FM-R401", params, "time"), "en", 200))
    assert "no further extension is allowed (extensions so far: 1)" in said
