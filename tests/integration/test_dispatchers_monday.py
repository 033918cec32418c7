"""Walk-through of a dispatcher's Monday at a police station: the very commands, from the desk to the last case moved."""

import sqlite3

import pytest

from tests.support.commandline import SCREENING, Shell

LATER = {"FOLKMOOT_NOW": "2026-11-23T08:11:00+08:00"}
LATEST = {"FOLKMOOT_NOW": "2026-11-23T08:16:03+08:00"}
CREW = """persons:
  - {code: off-03, role: officer, unit: S-012}
  - {code: aux-11, role: auxiliary, unit: V-101}
  - {code: off-01, role: officer, unit: S-012}
relations:
  - {person: aux-07, other: vil-31, kind: kin}
"""
ROSTER = "unit,day,person,signed_on\n" + "".join(
    f"{unit},2026-11-23,{person},{on}\n"
    for unit, person, on in (
        ("S-012", "off-01", "yes"), ("S-012", "off-06", "yes"), ("S-012", "off-03", ""),
        ("office-021", "off-05", "yes"), ("V-101", "aux-07", "yes"), ("V-101", "aux-11", ""),
        ("V-102", "aux-08", "yes"),
    )
)  # fmt: skip


@pytest.fixture
def monday(station: Shell) -> Shell:
    """Seven on the roster, two of whom did not come; a threat in red, and what came in over the weekend."""
    for name, text, noun in (("crew.yaml", CREW, "org"), ("roster.csv", ROSTER, "duty")):
        (station.folder / name).write_text(text, "utf-8")
        done = station(noun, "import", name, "--as", "adm-01" if noun == "org" else "dsp-01")
        assert done.status == 0, done.err
    return station


def typed(shell: Shell, line: str, *, status: int = 0, env: dict[str, str] | None = None) -> str:
    said = shell(*line.split(), "--as", "dsp-01", env=env)
    assert said.status == status, (said.out, said.err)
    return said.out + said.err


def held_by(shell: Shell, person: str, count: int) -> list[str]:
    refs = [shell.file_case(f"wall {n}") for n in range(count)]
    for ref in refs:
        typed(shell, f"case assign {ref} {person}")
    return refs


def test_monday(monday: Shell) -> None:
    threat = monday(
        "case", "file", "dispute_mediation", "--place", "示例一村", "--what", "threat with a tool", "--as", "dsp-01",
        "--party", "role=claimant,name=A,person=vil-31", "--json",
    ).json["ref"]  # fmt: skip
    typed(monday, f"case do {threat} regrade --set risk=red --note telephone")
    work = held_by(monday, "off-03", 2) + held_by(monday, "aux-11", 2)

    seen = typed(monday, "desk")
    assert "ON DUTY 5 of 7: aux-11, off-03 did not sign on" in seen
    assert threat in seen.splitlines()[2]

    seen = typed(monday, "person away off-03 aux-11 --until fri --reason sick")
    assert "Away Mon 23 Nov - Fri 27 Nov  (5 working days)." in seen
    assert "4 open cases, 4 due meanwhile" in seen
    assert "next: folkmoot case reassign --from off-03,aux-11 --dry-run" in seen
    assert "ON DUTY 5 of 7: aux-11, off-03 on leave" in typed(monday, "desk")

    screen = f"case do {threat} screen --set risk=red --set category=neigh --record {SCREENING}"
    assert "Reported -> " in typed(monday, screen, env=LATER)

    seen = typed(monday, f"case assign {threat} --auto --dry-run", env=LATER)
    assert "off-03 away until Fri 27 Nov" in seen
    assert "aux-07 related to a party" in seen
    assert "Nothing saved" in seen

    seen = typed(monday, "case triage", env=LATER)
    assert [line.split("\t")[0] for line in seen.splitlines() if line.startswith("26-")] == [threat, *work]

    seen = typed(monday, "case reassign --from off-03,aux-11 --dry-run", env=LATER)
    assert "4 of 4 would move." in seen
    assert "Nothing saved" in seen

    typed(monday, f"case assign {work[1]} off-01 --reason neighbours", env=LATEST)
    for colleague in ("off-05", "off-06", "aux-07", "aux-08", "off-01"):
        if colleague != "aux-07":
            typed(monday, f"person away {colleague} --until fri")
    seen = typed(monday, f"case reassign --from off-03,aux-11 {' '.join(work)}", env=LATEST, status=7)
    assert "3 of 4 moved." in seen
    assert f"{work[1]}: taken by off-01 at 08:16" in seen
    held = {
        line["ref"]: line["holder"]
        for line in monday("case", "list", "--open", "--as", "dsp-01", "--json").json["items"]
    }
    assert [held[ref] for ref in work] == ["aux-07", "off-01", "aux-07", "aux-07"]


def test_nobody_left_is_told_and_stands_on_the_heads_list(monday: Shell) -> None:
    (ref,) = held_by(monday, "off-03", 1)
    everybody = "off-03 off-05 off-06 off-01 aux-07 aux-11"
    typed(monday, f"person away {everybody} --until fri")
    assert f"{ref}: nobody left, on the head's list" in typed(monday, "case reassign --from off-03", status=3)
    listed = monday("case", "list", "--holder-away", "--as", "chf-01", "--json").json["items"]
    assert [one["ref"] for one in listed] == [ref]


def test_the_same_key_moves_nothing_twice(monday: Shell) -> None:
    held_by(monday, "off-03", 2)
    typed(monday, "person away off-03 --until fri")
    first = typed(monday, "case reassign --from off-03 --key monday --json")
    with sqlite3.connect(monday.folder / "folkmoot.db") as store:
        events = store.execute("SELECT count(*) FROM event").fetchone()
    assert typed(monday, "case reassign --from off-03 --key monday --json") == first
    with sqlite3.connect(monday.folder / "folkmoot.db") as store:
        assert store.execute("SELECT count(*) FROM event").fetchone() == events


def test_who_holds_nothing_and_who_is_unknown_are_told(monday: Shell) -> None:
    assert "hold no open case" in typed(monday, "case reassign --from aux-08")
    assert "FM-N022" in typed(monday, "case reassign --from nob-01", status=4)
    assert "FM-U380" in typed(monday, "case reassign --from off-03 --to off-03", status=2)
    assert "FM-U071" in typed(monday, "case reassign --from off-03 --ask", status=2)


def test_many_are_told_as_they_go(monday: Shell) -> None:
    held_by(monday, "off-03", 20)
    said = monday("case", "reassign", "--from", "off-03", "--to", "off-01", "--as", "dsp-01")
    assert said.status == 0
    assert "20/20" in said.err or "100" in said.err
    assert "20 of 20 moved." in said.out


def test_a_loser_is_told_to_the_second(monday: Shell) -> None:
    ref = monday.file_case()
    typed(monday, f"case assign {ref} aux-07", env=LATEST)
    said = monday("case", "take", ref, "--as", "off-05", env=LATEST)
    assert said.status == 5
    assert "aux-07 has this case since Mon 23 Nov 08:16:03" in said.err
    assert "case list --unassigned" in said.err


def test_leave_page_and_return_say_the_same_number_and_which_seats(monday: Shell) -> None:
    (own,) = held_by(monday, "off-05", 1)
    (red,) = held_by(monday, "off-03", 1)
    typed(monday, f"case do {red} regrade --set risk=red --note knife")
    seats = "Handler 1, Support from the central-village office 1"
    seen = typed(monday, "person away off-05 --until fri")
    assert "2 open cases" in seen
    assert seats in " ".join(seen.split())
    seen = typed(monday, "person show off-05")
    assert f"2: {seats}" in " ".join(seen.split())
    assert [line.split()[0] for line in seen.splitlines() if line.strip().startswith("26-")] == [red, own]
    seen = typed(monday, "person back off-05")
    assert "holds 2 open cases." in seen
    assert seats in seen
    said = typed(monday, "case reassign --from off-05")
    assert "2 of 2 moved." in said
