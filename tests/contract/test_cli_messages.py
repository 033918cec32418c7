"""How refusals are worded on the command line."""

from api.twin import tell_over_http
from cli.failure import lines
from engine.domain.errors import Reason
from engine.domain.messages import tell
from tests.support.commandline import Shell


def test_an_option_that_is_near_nothing_is_not_guessed_at(shell: Shell) -> None:
    far, near = shell.program("case", "list", "--xyzzy"), shell.program("case", "list", "--lat")
    assert "What it takes: folkmoot case list --help" in far.err
    assert "Did you mean" not in far.err
    assert "Did you mean --late?" in near.err
    dashes_alone = shell.program("case", "file", "--type")
    assert "What it takes: folkmoot case file --help" in dashes_alone.err


def test_nothing_near_is_no_hole_in_a_sentence(station: Shell) -> None:
    def said(*line: str) -> str:
        return " ".join(station(*line, "--as", "dsp-01").err.split())

    ref = station.file_case()
    assert "No act `egg` in this case type. All of them:" in said("case", "do", ref, "egg")
    assert "No case 26-99999-9 that you may see: its check digit" in said("case", "show", "26-99999-9")
    assert "No place `Atlantis`. Search:" in said(
        "case", "file", "dispute_mediation", "--place", "Atlantis", "--what", "x"
    )
    assert "There are: `blue`, `orange`, `red`, `yellow`." in said("case", "list", "--risk", "violet")
    assert "Near: `service_request`" in said("case", "list", "--type", "service")


def test_what_is_lacking_is_named_as_it_is_typed(station: Shell) -> None:
    assert "lacks ID." in station("approval", "show").err
    assert "lacks ID." in station("help", "bug").err
    assert "lacks TEXT | --from FILE." in station("case", "note", "39", "--as", "dsp-01").err
    swapped = " ".join(station("case", "party", "add", "39", "--as", "dsp-01").err.split())
    assert "DO is one of add, change, leave. Example: folkmoot case party 26-04102-0 add" in swapped


def test_a_file_that_is_no_text_is_told_with_its_place(station: Shell) -> None:
    for name in ("x.yaml", "x.csv", "note.txt"):
        (station.folder / name).write_bytes(b"a: \xff\xfe")
    by = ("--as", "chf-01")
    assert "FM-U056" in station("calendar", "import", "x.yaml", *by).err
    assert (
        "x.csv is neither UTF-8 nor GB18030 (byte 3 fits neither)"
        in station("duty", "import", "x.csv", *by).err
    )
    ref = station.file_case()
    assert "FM-U056" in station("case", "note", ref, "--from", "note.txt", *by).err


def test_a_day_too_far_is_told_so(station: Shell) -> None:
    assert "FM-U365" in station("case", "list", "--due", "9999-12-31").err
    assert "FM-U365" in station("clock", "when", "3 wd", "--from", "9999-12-31").err
    assert "FM-U366" in station("clock", "when", "99999999 days").err


def test_an_empty_last_place_leaves_no_blank() -> None:
    reason = Reason(
        "FM-R101", {"act": "Screen", "who": "x", "actor": "y", "holds": "z", "day": "2026-11-23", "way": ""}
    )
    assert tell(reason).endswith("on 2026-11-23.")
    assert tell_over_http(reason).endswith("on 2026-11-23.")


def test_the_statute_follows_the_sentence_after_one_space() -> None:
    params = {"because": "the notice was due on 2026-11-24. "}
    (said,) = lines(Reason("FM-R202", params, "rule", "PML art. 20"), "en", 200)
    assert said.endswith(("24 Nov 2026 (PML art. 20).", "24 Nov (PML art. 20)."))


def test_extensions_are_counted_without_grammar_slips() -> None:
    params = {"clock": "Time to mediate", "times": "1", "due": "2026-12-23"}
    said = " ".join(lines(Reason("FM-R401", params, "time"), "en", 200))
    assert "no further extension is allowed (extensions so far: 1)" in said
