"""Files that belong together: what is included, what replaces it, and the texts in other languages."""

from pathlib import Path

from engine.definitions.load import load, loads

MAIN = """\
include: shared/recusal.yaml
case_type: letter
title: Letter
version: "1"
basis: none
effective: {from: 2026-01-01}
calendar: CN
parties: {roles: {sender: {min: 1}}}
outcomes: {answered: {grade: substantive}}
states: {new: {initial: true}, done: {final: true}}
transitions:
  - {trigger: file, dest: new, allow: [anyone]}
  - {trigger: answer, source: new, dest: done, outcome: answered, allow: [clerk]}
"""
RECUSAL = """\
parties: {fields: {age: int}}
rules: {calm: {that: 'true', because: somebody is upset}}
clocks: {reply: {within: 5 cd, at: {due: [{remind: [clerk]}]}}}
transitions:
  - {trigger: recuse, source: new, allow: [clerk]}
"""
WHOLE = MAIN.replace("include: shared/recusal.yaml\n", "")


class TestInclude:
    def test_maps_merge_by_name_and_transitions_append(self) -> None:
        loaded = loads(MAIN, includes={"shared/recusal.yaml": RECUSAL})
        read = loaded.definition
        assert read is not None
        assert list(read.parties.fields) == ["age"]
        assert list(read.parties.roles) == ["sender"]
        assert [t.trigger for t in read.transitions] == ["recuse", "file", "answer"]
        assert loaded.positions.find("clocks.reply.within").file == "shared/recusal.yaml"
        assert loaded.positions.find("transitions.1.allow.0").file == "workflow.yaml"
        assert list(loaded.source) == ["workflow.yaml", "shared/recusal.yaml"]

    def test_a_whole_definition_may_be_included_its_header_stays_out(self) -> None:
        later = 'include: 2025.yaml\ncase_type: letter\ntitle: New letter\nversion: "2"\nbasis: x\n'
        later += "effective: {from: 2027-01-01}\ncalendar: CN\nreplace: [transitions.answer, clocks.reply]\n"
        later += "transitions:\n  - {trigger: answer, source: new, dest: done, outcome: answered, allow: [judge]}\n"
        later += "clocks: {reply: {within: 9 cd}}\n"
        old = WHOLE + "clocks: {reply: {within: 5 cd}}\n"
        read = loads(later, includes={"2025.yaml": old}).definition
        assert read is not None
        assert (read.title, read.version, read.clocks["reply"].within) == ("New letter", "2", "9 cd")
        assert [(t.trigger, t.allow) for t in read.transitions] == [
            ("file", ("anyone",)),
            ("answer", ("judge",)),
        ]

    def test_the_same_name_twice_needs_replace(self) -> None:
        own = MAIN + "  - {trigger: recuse, source: new, allow: [judge]}\nclocks: {reply: {within: 9 cd}}\n"
        found = loads(own, includes={"shared/recusal.yaml": RECUSAL}).findings
        assert [(f.code, f.line, f.path) for f in found] == [
            ("FM-D003", 14, "transitions.recuse"),
            ("FM-D003", 15, "clocks.reply"),
        ]
        assert found[1].params["file"] == "shared/recusal.yaml"

    def test_replacing_nothing_is_told(self) -> None:
        found = loads("replace: clocks.other\n" + MAIN, includes={"shared/recusal.yaml": RECUSAL}).findings
        assert [(f.code, f.line) for f in found] == [("FM-D003", 1)]

    def test_unknown_circular_and_absolute_includes(self) -> None:
        assert [f.detail for f in loads(MAIN).findings] == ["yaml.no_include"]
        circle = loads(MAIN, includes={"shared/recusal.yaml": "include: ../workflow.yaml\n"})
        assert [f.detail for f in circle.findings] == ["yaml.include_circle"]
        absolute = loads(MAIN.replace("shared/recusal.yaml", "/etc/hostname"))
        assert [f.detail for f in absolute.findings] == ["yaml.no_include"]

    def test_included_files_bring_the_texts_beside_them(self) -> None:
        beside = "rules.calm.because: 有人不满\nclocks.other.title: 别的\ntitle: 回避\n"
        given = {"shared/recusal.yaml": RECUSAL, "shared/zh.yaml": beside}
        loaded = loads(MAIN, includes=given, translations={"zh": "title: 信件\n"})
        assert loaded.findings == []
        assert loaded.definition is not None
        assert loaded.definition.translations == {"zh": {"title": "信件", "rules.calm.because": "有人不满"}}

    def test_an_error_in_an_included_file_is_told_there(self) -> None:
        wrong = RECUSAL.replace("within: 5 cd", "wihtin: 5 cd") + "cloks: {}\n"
        found = loads(MAIN, includes={"shared/recusal.yaml": wrong}).findings
        places = [(f.file, f.line, f.code) for f in found]
        assert ("shared/recusal.yaml", 3, "FM-D002") in places
        assert ("shared/recusal.yaml", 6, "FM-D002") in places

    def test_from_disk_and_again_from_its_source(self, tmp_path: Path) -> None:
        (tmp_path / "shared").mkdir()
        (tmp_path / "shared" / "recusal.yaml").write_text(RECUSAL)
        (tmp_path / "workflow.yaml").write_text(MAIN)
        loaded = load(tmp_path / "workflow.yaml")
        assert loaded.definition is not None
        main, *others = loaded.source.items()
        again = loads(main[1], name=main[0], includes=dict(others))
        assert again.definition == loaded.definition


class TestTranslations:
    ZH = "title: 信件\nstates.new.title: 新建\nstates:\n  done: {title: 办结}\nrules.calm.because: 有人不满\n"

    def test_nested_and_dotted_keys_are_one(self) -> None:
        read = loads(
            WHOLE, translations={"zh": self.ZH.replace("rules.calm.because: 有人不满\n", "")}
        ).definition
        assert read is not None
        assert read.translations == {
            "zh": {"title": "信件", "states.new.title": "新建", "states.done.title": "办结"}
        }
        assert read.text("states.done.title", "zh") == "办结"
        assert read.text("states.done.title", "en") == "done"

    def test_a_text_for_nothing_is_told(self) -> None:
        found = loads(WHOLE, translations={"zh": self.ZH + "states.don.title: 办结\n"}).findings
        assert [(f.code, f.file, f.line, f.params["key"]) for f in found] == [
            ("FM-D002", "zh.yaml", 5, "rules.calm"),
            ("FM-D002", "zh.yaml", 6, "states.don"),
        ]
        assert found[1].params["near"] == "states.done"

    def test_twice_or_no_text(self) -> None:
        assert [f.detail for f in loads(WHOLE, translations={"zh": "title: 信\ntitle: 件\n"}).findings] == [
            "yaml.duplicate"
        ]
        assert [f.detail for f in loads(WHOLE, translations={"zh": "title: [信]\n"}).findings] == [
            "wanted.text"
        ]

    def test_beside_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "workflow.yaml").write_text(WHOLE)
        (tmp_path / "zh.yaml").write_text("title: 信件\n", "utf-8")
        loaded = load(tmp_path / "workflow.yaml")
        assert loaded.definition is not None
        assert loaded.definition.text("title", "zh") == "信件"
        assert [Path(name).name for name in loaded.source] == ["workflow.yaml", "zh.yaml"]
