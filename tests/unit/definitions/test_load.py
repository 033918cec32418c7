"""Reading definitions: shorthands become the normal form, every error is told at once with its place."""

import time
from pathlib import Path

import pytest

from engine.definitions.load import Loaded, load, loads
from engine.definitions.model import Ask, Branch, Definition, Rule, Tree

HEAD = """\
case_type: letter
title: Letter
version: "1"
basis: none
effective: {from: 2026-01-01}
calendar: CN
parties: {roles: {sender: {min: 1}}}
outcomes: {answered: {grade: substantive}}
"""
BODY = """\
states: {new: {initial: true}, done: {final: true}}
transitions:
  - {trigger: file, dest: new, allow: [anyone]}
  - {trigger: answer, source: new, dest: done, outcome: answered, allow: [clerk]}
"""


def definition(text: str) -> Definition:
    loaded = loads(text)
    assert loaded.findings == []
    assert loaded.definition is not None
    return loaded.definition


def told(loaded: Loaded) -> list[tuple[str, int, int]]:
    assert loaded.definition is None
    return [(f.code, f.line, f.column) for f in loaded.findings]


def only(text: str) -> tuple[str, int, int, str]:
    found = loads(text).findings
    assert len(found) == 1, [f.message() for f in found]
    return found[0].code, found[0].line, found[0].column, found[0].message()


class TestShorthands:
    def test_single_names_become_lists(self) -> None:
        read = definition(HEAD + BODY)
        assert read.transitions[1].source == ("new",)
        assert read.transitions[1].outcome == ("answered",)
        assert read.transitions[1].dest == (Branch(to="done"),)

    def test_no_dest_stays(self) -> None:
        read = definition(HEAD + BODY + "  - {trigger: nod, source: any, allow: [clerk]}\n")
        assert read.transitions[2].dest == (Branch(to="stay"),)

    def test_asks_carry_their_mark(self) -> None:
        text = HEAD + BODY.replace("allow: [anyone]", "allow: [anyone], asks: [a, b?, c+, d*]")
        assert definition(text).transitions[0].asks == (
            Ask(name="a"), Ask(name="b", mark="?"), Ask(name="c", mark="+"), Ask(name="d", mark="*"),
        )  # fmt: skip

    def test_a_guard_is_a_rule_or_brings_its_reason(self) -> None:
        text = HEAD + BODY.replace(
            "allow: [clerk]", "allow: [clerk], guard: [sworn, {that: a > 1, because: x}]"
        )
        assert definition(text).transitions[1].guard == ("sworn", Rule(that="a > 1", because="x"))

    def test_record_fields_may_be_optional(self) -> None:
        read = definition(HEAD + BODY + "records: {fine: {fields: {sum: money, note: text?}}}\n")
        record = read.records["fine"]
        assert (record.plural, record.in_) == ("fines", ("any",))
        assert [record.fields[name].optional for name in ("sum", "note")] == [False, True]

    def test_a_tree_is_specificity_by_nesting(self) -> None:
        text = (
            HEAD
            + BODY
            + "params: {watch: {by: risk, red: 15 cd, else: {by: kind, land: 30 cd, else: 7 cd}}}\n"
        )
        tree = definition(text).params["watch"]
        assert tree == Tree(
            by="risk",
            options={"red": "15 cd"},
            otherwise=Tree(by="kind", options={"land": "30 cd"}, otherwise="7 cd", has_else=True),
            has_else=True,
        )

    def test_signatures_by_a_field_keep_inner_groups(self) -> None:
        text = (
            HEAD
            + BODY
            + (
                "records: {deal: {fields: {oral: bool}, signed_by: {by: oral, true: [m], else: [party, [a, b]]}}}\n"
            )
        )
        signed = definition(text).records["deal"].signed_by
        assert isinstance(signed, Tree)
        assert signed.options == {"true": ("m",)}
        assert signed.otherwise == ("party", ("a", "b"))

    def test_money_defaults_are_exact(self) -> None:
        read = definition(HEAD + BODY + "fields: {fine: {type: money, default: 0.10}}\n")
        assert read.fields["fine"].default == "0.1"

    def test_clock_with_rungs_and_marks(self) -> None:
        text = (
            HEAD
            + BODY
            + (
                "clocks: {answer: {within: 30 cd, runs_in: new, extend: {by: 15 cd, allow: head},"
                " at: {80%: [{remind: clerk}], due+3 cd: [{fire: answer}]}}}\n"
            )
        )
        clock = definition(text).clocks["answer"]
        assert clock.runs_in == ("new",)
        assert clock.extend[0].allow == ("head",)
        assert list(clock.at) == ["80%", "due+3 cd"]

    def test_a_block_of_nothing_is_an_empty_block(self) -> None:
        read = definition(HEAD + BODY.replace("{new: {initial: true},", "{new: ,"))
        assert read.states["new"].initial is True, "the first of its siblings"


class TestWordsOfYaml12:
    @pytest.mark.parametrize("word", ["no", "on", "yes", "off", "y", "n"])
    def test_words_stay_words(self, word: str) -> None:
        read = definition(HEAD + BODY + f"fields: {{f: {{type: choice, of: [{word}, other]}}}}\n")
        assert read.fields["f"].options == (word, "other")

    def test_sixties_are_text(self) -> None:
        assert definition(HEAD.replace("title: Letter", "title: 1:30") + BODY).title == "1:30"

    def test_a_number_is_no_title(self) -> None:
        code, line, column, message = only(HEAD.replace("title: Letter", "title: 12") + BODY)
        assert (code, line, column) == ("FM-D001", 2, 8)
        assert "Quote it" in message


class TestRefusedText:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: &x 1\n", (1, 4)),
            ("a: *x\n", (1, 4)),
            ("a: 1\n---\nb: 2\n", (2, 1)),
            ("a: [\n", (2, 1)),
            ("a: \x00\n", (1, 4)),
            ("a: \ud800\n", (1, 4)),
            ('a: "\\0"\n', (1, 4)),
            ('a: "\\x1b[2J"\n', (1, 4)),
            ("[" * 60, (1, 41)),
            ("", (1, 1)),
            ("? [a]\n: 3", (1, 3)),
            ("%YAML 1.1\n--- {}\n", (1, 1)),
        ],
    )
    def test_not_read_at_all(self, text: str, place: tuple[int, int]) -> None:
        code, line, column, _ = only(text)
        assert (code, line, column) == ("FM-D001", *place)

    def test_a_key_twice_names_the_first(self) -> None:
        code, line, _, message = only(HEAD + BODY + "title: Other\n")
        assert (code, line) == ("FM-D001", 13)
        assert "first in line 2" in message

    def test_a_tag_outside_expressions(self) -> None:
        code, line, _, message = only(HEAD.replace("title: Letter", "title: !x Letter") + BODY)
        assert (code, line) == ("FM-D001", 2)
        assert "!x" in message

    def test_an_integer_of_more_than_63_bits(self) -> None:
        assert only(HEAD + BODY + f"params: {{p: {2**63}}}\n")[0] == "FM-D001"
        assert only(HEAD + BODY + f"params: {{p: {'9' * 5000}}}\n")[0] == "FM-D001"
        assert only(HEAD + BODY + "params: {p: .inf}\n")[0] == "FM-D001"

    def test_a_large_file_is_refused_unread(self, tmp_path: Path) -> None:
        large = tmp_path / "large.yaml"
        with large.open("wb") as stream:
            stream.truncate(50_000_000)
        begun = time.perf_counter()
        loaded = load(large)
        assert time.perf_counter() - begun < 0.5
        assert [f.detail for f in loaded.findings] == ["yaml.too_large"]

    def test_other_encodings_and_missing_files(self, tmp_path: Path) -> None:
        file = tmp_path / "workflow.yaml"
        file.write_bytes("title: 调解\n".encode("gb18030"))
        assert [(f.detail, f.line, f.column) for f in load(file).findings] == [("yaml.not_utf8", 1, 8)]
        assert [f.detail for f in load(tmp_path / "none.yaml").findings] == ["yaml.no_file"]
        assert [f.detail for f in load(tmp_path).findings] == ["yaml.no_file"]


class TestUnknownKeys:
    def test_with_the_nearest_known(self) -> None:
        text = HEAD + BODY.replace("allow: [clerk]", "allow: [clerk], gaurd: x")
        code, line, column, message = only(text)
        assert (code, line, column) == ("FM-D002", 12, 83)
        assert "`gaurd`" in message
        assert "Did you mean `guard`?" in message

    def test_a_misspelt_needed_key_is_told_once(self) -> None:
        code, _, _, message = only(HEAD + BODY.replace("allow: [clerk]", "alow: [clerk]"))
        assert code == "FM-D002"
        assert "`allow`" in message

    @pytest.mark.parametrize(
        "line",
        [
            "  - {as_soon_as: x.exists(d, d.ok), source: new, dest: done}",
            "  - {trigger: go, source: new, allow: [a], guard: !x }",
            "  - {trigger: go, source: new, allow: [a], guard: {that: !x || y, because: z}}",
            "  - {as_soon_as: !has(x), source: new}",
            '  - {as_soon_as: "a" in b, source: new}',
            "  - {trigger: go, source: new, allow: [a], guard: [{that: [a].all(x, x > 1), because: z}]}",
        ],
    )
    def test_half_an_expression_is_to_be_quoted(self, line: str) -> None:
        found = loads(HEAD + BODY + line + "\n").findings
        assert {f.code for f in found} == {"FM-D002"}
        assert any("Quote the expression" in f.message() for f in found)
        assert any("请给表达式加引号" in f.message("zh") for f in found)

    def test_all_errors_at_once(self) -> None:
        text = (
            HEAD.replace("calendar: CN\n", "")
            + BODY
            + (
                "fields: {a: {type: choise, of: [b]}}\n"
                "clocks: {c: {within: 30, at: {80: []}}, d: {runs_in: new}}\n"
                "records: {r: {fields: {x: text}, lasts: ever}}\n"
            )
        )
        assert told(loads(text)) == [
            ("FM-D001", 1, 1),
            ("FM-D001", 12, 20),
            ("FM-D001", 13, 22),
            ("FM-D001", 13, 31),
            ("FM-D001", 13, 44),
            ("FM-D001", 14, 41),
        ]


class TestPlaces:
    def test_parts_are_found_by_their_path_in_normal_form(self) -> None:
        places = loads(
            HEAD + BODY.replace("allow: [clerk]", "allow: [clerk], guard: {that: 'it''s > 1', because: x}")
        ).positions
        assert (places.find("transitions.1.guard.0.that").line) == 12
        that = places.find("transitions.1.guard.0.that")
        assert places.at("transitions.1.guard.0.that", 6).column == that.column + 6
        assert places.find("transitions.1.dest.0.to").column == 42
        assert places.find("states.new.nothing.here") == places.find("states.new")
        assert places.find("nowhere").line == 1


def long(states: int, acts: int) -> str:
    """A definition in block style; act n leads from one state to a later one."""
    lines = [HEAD, "states:"]
    for n in range(states):
        lines += [f"  s{n}:", f"    title: State {n}", "    waits_for: [head]", "    phase: work"]
    lines += [
        "  done:",
        "    final: true",
        "transitions:",
        "  - trigger: file",
        "    dest: s0",
        "    allow: [anyone]",
    ]
    for n in range(acts):
        source = n % (states - 1)
        lines += [
            f"  - trigger: t{n}",
            f"    title: Act {n}",
            f"    source: s{source}",
            f"    dest: s{source + 1}",
        ]
        lines += [
            "    allow: [head]",
            "    guard: {that: 'x > 1', because: it is small}",
            "    asks: [note?]",
        ]
    return "\n".join(lines) + "\n"


def test_a_very_long_definition_is_read_in_a_moment() -> None:
    text = long(200, 1000)
    taken = []
    for _ in range(3):
        begun = time.process_time()
        loaded = loads(text)
        taken.append(time.process_time() - begun)
        assert loaded.definition is not None
        assert len(loaded.definition.transitions) == 1001
    assert min(taken) < 1.0, "a fifth of it is usual"
