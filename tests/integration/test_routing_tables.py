"""Tables come in, begin on a day, give way and are taken back; what was decided by them stays as it was decided."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from engine.domain.errors import Conflict, FolkmootError, NotFound, Unsound, UsageError
from engine.persistence import table
from engine.persistence.store import Store
from engine.service import acting, audit, correcting, doctor, filing, merging, query, seat, worker
from engine.service.routing import explaining, replaying, tables
from tests.support.office import FORM
from tests.support.town import Town
from workflows.shipped import files_of

TYPE = "service_request"
SHIPPED = files_of(TYPE)["routing.yaml"]
MONDAY = date(2026, 11, 23)
VILLAGE = "230199000201"


def text(version: str, **changes: str) -> str:
    """The shipped tables under another label; ``changes``: what is written otherwise."""
    made = SHIPPED.replace('version: "2026.1"', f'version: "{version}"')
    for old, new in changes.items():
        assert old in made
        made = made.replace(old, new)
    return made


OFFICERS = text(
    "2026.2",
    **{"then: {weight: 1, acknowledge: 1 wd}": "then: {roles: officer, weight: 1, acknowledge: 1 wd}"},
)


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)  # Monday 23 November 2026, 8:00


def activate(town: Town, version: str = "2026.2", *, day: int = 0, **given: Any) -> dict[str, Any]:
    """A text of that version, unless another is given."""
    said = given or {"text": OFFICERS if version == "2026.2" else text(version)}
    start = MONDAY + timedelta(days=day)
    made: dict[str, Any] = town.do(tables.activate, "adm-01", start=start, **said)
    return made


def again(town: Town, version: str, *, day: int) -> dict[str, Any]:
    """A stored version."""
    start = MONDAY + timedelta(days=day)
    made: dict[str, Any] = town.do(tables.activate, "adm-01", name=TYPE, version=version, start=start)
    return made


def days(town: Town) -> dict[str, tuple[str, int | None, int | None]]:
    """Version -> status, first and last day counted from Monday."""

    def count(day: str | None) -> int | None:
        return None if day is None else (date.fromisoformat(day) - MONDAY).days

    items = town.ask(tables.list_tables, "adm-01", case_type=TYPE)["items"]
    return {i["version"]: (i["status"], count(i["since"]), count(i["until"])) for i in items}


def file(town: Town, what: str = "a lamp is out", **fields: Any) -> str:
    made = town.do(filing.file_case, "dsp-01", case_type=TYPE, place=VILLAGE, what=what, set=fields)
    return str(made["ref"])


def assign(town: Town, ref: str, **given: Any) -> dict[str, Any]:
    made: dict[str, Any] = town.do(seat.assign, "dsp-01", ref=ref, **({"auto": True} | given))
    return made


class TestDays:
    def test_from_a_day_on_and_what_was_there_until_the_day_before(self, town: Town) -> None:
        told = activate(town, day=7)
        assert (told["status"], told["replaces"]["version"], told["displaced"]) == ("coming", "2026.1", [])
        assert days(town) == {"2026.1": ("active", None, 6), "2026.2": ("coming", 7, None)}
        town.pass_(days=7)
        assert days(town) == {"2026.1": ("retired", None, 6), "2026.2": ("active", 7, None)}

    def test_of_several_on_one_day_there_is_never_more_than_one(self, town: Town) -> None:
        for version, day in (("2026.2", 7), ("2026.3", 3), ("2026.4", 9), ("2026.3", 5)):
            if version == "2026.3" and day == 5:
                again(town, "2026.3", day=5)
            else:
                activate(town, version, day=day)
            for after in range(12):
                on = MONDAY + timedelta(days=after)
                holds = [
                    row["version"]
                    for row in town.ask(tables.list_tables, "adm-01", case_type=TYPE)["items"]
                    if row["status"] in ("active", "coming", "retired")
                    and (row["since"] is None or date.fromisoformat(row["since"]) <= on)
                    and (row["until"] is None or on <= date.fromisoformat(row["until"]))
                ]
                assert len(holds) == 1, (version, after, holds)

    def test_what_was_to_come_later_is_told_and_stays_available(self, town: Town) -> None:
        activate(town, day=7)
        told = activate(town, "2026.3", day=3)
        assert [(d["version"], d["since"]) for d in told["displaced"]] == [("2026.2", "2026-11-30")]
        assert told["replaces"]["version"] == "2026.1"
        assert days(town)["2026.2"] == ("available", None, None)

    def test_put_off_they_leave_no_day_without_tables(self, town: Town) -> None:
        activate(town, day=3)
        again(town, "2026.2", day=9)
        assert days(town) == {"2026.1": ("active", None, 8), "2026.2": ("coming", 9, None)}

    def test_taken_back_before_their_day(self, town: Town) -> None:
        activate(town, day=7)
        told = town.do(tables.deactivate, "adm-01", name=TYPE)
        assert (told["version"], told["status"], told["until"]) == ("2026.2", "available", None)
        assert days(town) == {"2026.1": ("active", None, None), "2026.2": ("available", None, None)}

    def test_not_once_their_day_has_come(self, town: Town) -> None:
        activate(town, day=1)
        town.pass_(days=1)
        with pytest.raises(Conflict) as caught:
            town.do(tables.deactivate, "adm-01", name=TYPE, version="2026.2")
        assert caught.value.code == "FM-C055"

    def test_what_is_in_force_keeps_its_first_day(self, town: Town) -> None:
        activate(town)
        town.pass_(days=4)
        told = again(town, "2026.2", day=4)
        assert (told["since"], told["replaces"]) == (MONDAY.isoformat(), None)
        assert days(town)["2026.2"] == ("active", 0, None)

    def test_what_was_in_force_begins_no_second_time(self, town: Town) -> None:
        activate(town, day=1)
        town.pass_(days=1)
        with pytest.raises(UsageError) as caught:
            again(town, "2026.1", day=2)
        assert caught.value.code == "FM-U410"
        assert days(town) == {"2026.1": ("retired", None, 0), "2026.2": ("active", 1, None)}

    def test_no_day_that_has_passed(self, town: Town) -> None:
        with pytest.raises(UsageError) as caught:
            activate(town, day=-1)
        assert caught.value.code == "FM-D430"
        assert list(days(town)) == ["2026.1"]


class TestWhatIsTaken:
    def test_one_label_means_one_text(self, town: Town) -> None:
        activate(town)
        with pytest.raises(Conflict) as caught:
            activate(town, text=text("2026.2"))
        assert caught.value.code == "FM-C056"

    def test_the_same_text_again_is_the_same_row(self, town: Town) -> None:
        assert activate(town)["hash"] == activate(town)["hash"]
        assert len(days(town)) == 2

    def test_unsound_tables_leave_nothing_behind(self, town: Town) -> None:
        with pytest.raises(Unsound) as caught:
            activate(town, text=text("2026.2", **{"danger: danger,": "danger: dangr,"}))
        assert "FM-D301" in [reason.params["code"] for reason in caught.value.reasons]
        assert list(days(town)) == ["2026.1"]

    def test_a_text_of_another_case_type_under_this_address(self, town: Town) -> None:
        with pytest.raises(UsageError) as caught:
            activate(town, name="crime_clue", text=OFFICERS)
        assert caught.value.code == "FM-U373"

    def test_only_for_who_may(self, town: Town) -> None:
        with pytest.raises(FolkmootError) as caught:
            town.do(tables.activate, "aux-07", text=OFFICERS)
        assert caught.value.code.startswith(("FM-A", "FM-R"))
        assert list(days(town)) == ["2026.1"]

    def test_no_such_version(self, town: Town) -> None:
        with pytest.raises(NotFound) as caught:
            town.ask(tables.source, "adm-01", name=TYPE, version="2031.1")
        assert caught.value.code == "FM-N055"
        assert "2026.1" in caught.value.reasons[0].params["known"]

    def test_the_text_comes_back_word_for_word(self, town: Town) -> None:
        activate(town, day=3)
        assert town.ask(tables.source, "adm-01", name=TYPE)["text"] == SHIPPED
        assert town.ask(tables.source, "adm-01", name=TYPE, version="2026.2")["text"] == OFFICERS


class TestDecisions:
    def test_the_tables_of_the_day_decide_and_their_hash_is_kept(self, town: Town) -> None:
        first, second = file(town), file(town)
        made = activate(town, day=1)
        assign(town, first)
        town.pass_(days=1)
        assign(town, second)
        then, now = (town.ask(explaining.explain, "dsp-01", ref=ref) for ref in (first, second))
        assert (then["person"], then["table"]["version"]) == ("aux-07", "2026.1")
        assert (now["person"], now["table"]) == ("off-05", {"version": "2026.2", "hash": made["hash"]})
        assert now["wanted_of_them"]["roles"] == ["officer"]
        assert [f["unit"] for f in now["fallen"]] == ["V-101"]
        told = town.ask(replaying.replay, "adm-01")
        assert (told["decisions"], told["same"], told["differs"], told["holds"]) == (2, 2, [], True)

    def test_a_case_of_an_older_text_is_decided_by_the_tables_of_the_day(self, town: Town) -> None:
        """Cases are pinned to their workflow, not to tables."""
        ref = file(town)
        activate(town)
        assert assign(town, ref)["assignment"]["person"] == "off-05"

    def test_tables_that_do_not_fit_the_text_of_a_case_pick_nobody_and_say_so(self, town: Town) -> None:
        ref = file(town)
        _spoil(town)
        with pytest.raises(FolkmootError) as caught:
            assign(town, ref)
        assert caught.value.code == "FM-R515"
        assert caught.value.reasons[0].params["case_type"] == TYPE
        assert town.ask(query.show_case, "dsp-01", ref=ref)["seats"] == []
        assign(town, ref, auto=False, person="aux-07")  # by hand it still goes

    def test_every_decision_is_told_and_each_can_be_asked_for(self, town: Town) -> None:
        ref = file(town)
        assign(town, ref)
        assign(town, ref, auto=False, person="off-05", reason="knows the street")
        told = town.ask(explaining.explain, "dsp-01", ref=ref)
        assert [(d["no"], d["person"], d["by"]) for d in told["decisions"]] == [
            (1, "aux-07", "engine"),
            (2, "off-05", "hand"),
        ]
        assert told["sentence"] == "dsp-01 named off-05 for Handler."
        first = town.ask(explaining.explain, "dsp-01", ref=ref, decision=1)
        assert first["no"] == 1
        assert first["sentence"] == (
            "aux-07 was picked for Handler: serves nearest to the place. Rule else: a common request goes to the nearest."
        )
        assert first["inputs"] == {
            "danger": False,
            "risk": "blue",
            "need": "other",
            "frail": {"masked": True},
        }
        assert town.ask(explaining.explain, "chf-01", ref=ref, decision=1)["inputs"]["frail"] == "none"
        assert first["basis"] == "State Council Office 2022 no. 12; weights and hours are ours"
        assert sum(first["candidates"][0]["terms"]["points"].values()) <= 1000
        with pytest.raises(NotFound) as caught:
            town.ask(explaining.explain, "dsp-01", ref=ref, decision=3)
        assert caught.value.code == "FM-N056"


def _spoil(town: Town) -> None:
    """Whoever writes the database puts tables there that read what this case type does not know."""
    c = table.columns_of(table.RoutingTable)
    broken = text("2026.1", **{"danger: danger,": "danger: dangr,"})
    town.engine.store.write(
        lambda u: u.execute(update(c).where(c.c.case_type == TYPE).values(hash="f" * 64, source=broken))
    )


MEDIATOR = """case_type: dispute_mediation
title: Who mediates
version: "2026.2"
tables:
  mediator:
    title: Who mediates
    for: mediator
    hit: first
    inputs: {agency: agency}
    rules: [{id: court-1, if: {agency: court}, then: {weight: 3}, because: the court sent it}]
    else: {then: {weight: 1}, because: any of them}
"""


class TestWhatIsNotKnown:
    """What a table reads and the case does not have: told with the fact and the rule, nobody is picked."""

    def in_mediation(self, town: Town) -> str:
        parties = ({"role": "claimant", "name": "A"}, {"role": "respondent", "name": "B"})
        told = {"case_type": "dispute_mediation", "place": VILLAGE, "what": "a wall", "parties": parties}
        ref = str(town.do(filing.file_case, "dsp-01", **told)["ref"])
        form = {"screening_form": [{**FORM, "prior_reports": 0}]}
        screened = {"risk": "yellow", "category": "neigh"}
        town.do(acting.do_act, "dsp-01", ref=ref, act="screen", records=form, set=screened)
        town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
        assign(town, ref)
        yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
        town.do(acting.record, "dsp-01", ref=ref, kind="consent", items=yes, done_by="aux-07")
        activate(town, text=MEDIATOR)
        return ref

    def test_asked_by_somebody_it_is_refused_with_the_way_out(self, town: Town) -> None:
        ref = self.in_mediation(town)
        handler = MEDIATOR.replace("mediator:", "handler:").replace("for: mediator", "for: handler")
        activate(town, text=handler.replace("2026.2", "2026.3"))
        before = town.ask(query.show_case, "dsp-01", ref=ref)
        with pytest.raises(FolkmootError) as caught:
            assign(town, ref, reason="anew")
        assert caught.value.code == "FM-R511"
        params = caught.value.reasons[0].params
        assert (params["fact"], params["rule"]) == ("agency", "court-1")
        assert params["way"]
        after = town.ask(query.show_case, "dsp-01", ref=ref)
        assert (after["version"], after["seats"]) == (before["version"], before["seats"])
        assign(town, ref, auto=False, person="off-05", reason="by hand it still goes")

    def test_where_an_act_would_fill_it_who_asks_is_refused_all_the_same(self, town: Town) -> None:
        ref = self.in_mediation(town)
        before = town.ask(query.show_case, "dsp-01", ref=ref)
        with pytest.raises(FolkmootError) as caught:
            town.do(seat.assign, "dir-02", ref=ref, seat="mediator", auto=True)
        [reason] = caught.value.reasons
        assert (reason.code, reason.params["fact"], reason.params["rule"]) == ("FM-R511", "agency", "court-1")
        after = town.ask(query.show_case, "dsp-01", ref=ref)
        assert (after["version"], after["seats"]) == (before["version"], before["seats"])

    def test_where_the_engine_fills_it_by_itself_the_incident_keeps_why(self, town: Town) -> None:
        ref = self.in_mediation(town)
        town.pass_(days=2)
        town.do(worker.sweep, "adm-01")
        told = town.ask(explaining.explain, "chf-01", ref=ref, seat="mediator")
        assert (told["person"], told["reason"], told["rule"]) == (None, "unruled", None)
        assert "agency" in told["against"]
        assert told["sentence"].startswith("Nobody was picked for Mediator.")
        seats = town.ask(query.show_case, "dsp-01", ref=ref)["seats"]
        assert [one["seat"] for one in seats] == ["handler"]
        assert town.ask(replaying.replay, "adm-01")["holds"]


class TestReplay:
    def test_later_work_corrections_and_people_change_nothing(self, town: Town) -> None:
        from engine.service import leave

        refs = [file(town) for _ in range(4)]
        for ref in refs:
            assign(town, ref)
        town.do(leave.away, "dsp-01", persons=["aux-07"], since=MONDAY, until=MONDAY + timedelta(days=3))
        assign(town, file(town))
        town.do(acting.note, "dsp-01", ref=refs[0], text="called again")
        activate(town)
        assign(town, refs[1], reason="anew")
        told = town.ask(replaying.replay, "adm-01")
        assert (told["decisions"], told["differs"], told["untold"]) == (6, [], 0)

    def test_corrected_and_merged_it_is_the_same(self, town: Town) -> None:
        told = {"case_type": "dispute_mediation", "place": VILLAGE, "what": "the wall again"}
        refs = [TestWhatIsNotKnown().in_mediation(town), town.do(filing.file_case, "dsp-01", **told)["ref"]]
        assign(town, refs[1])
        screened = next(
            e["seq"] for e in town.ask(query.history, "dsp-01", ref=refs[0])["items"] if e["act"] == "screen"
        )
        town.do(
            correcting.correct,
            "dsp-01",
            ref=refs[0],
            seq=screened,
            reason="misheard",
            set={"category": "land"},
        )
        town.do(merging.merge, "dsp-01", ref=refs[1], into=refs[0], reason="one wall")
        told = town.ask(replaying.replay, "adm-01")
        assert (told["decisions"], told["differs"]) == (2, [])
        assert town.ask(explaining.explain, "chf-01", ref=refs[1])["person"] == "aux-07"

    def test_a_day_and_a_case(self, town: Town) -> None:
        one = file(town)
        assign(town, one)
        town.pass_(days=2)
        assign(town, file(town))
        count = lambda **given: town.ask(replaying.replay, "adm-01", **given)["decisions"]  # noqa: E731
        assert (count(), count(ref=one)) == (2, 1)
        assert (count(since=MONDAY), count(until=MONDAY), count(since=MONDAY + timedelta(days=1))) == (
            2,
            1,
            1,
        )
        assert count(since=MONDAY + timedelta(days=3)) == 0
        assert town.ask(replaying.size, "adm-01", since=MONDAY) == {"decisions": 2}
        with pytest.raises(UsageError) as caught:
            count(since=MONDAY, until=MONDAY - timedelta(days=1))
        assert caught.value.code == "FM-U411"

    def test_a_decision_that_was_altered_is_named(self, town: Town) -> None:
        """The person in the event is another than the facts give."""
        ref = file(town)
        assign(town, ref)
        _forge(town, '"do":"seat","person":"aux-07"', '"do":"seat","person":"off-05"')
        told = town.ask(replaying.replay, "adm-01")
        assert not told["holds"]
        assert [(d["ref"], d["now"]["person"]) for d in told["differs"]] == [(ref, "aux-07")]
        for quick in (True, False):
            checks = {one["id"]: one for one in town.ask(doctor.examine, "adm-01", quick=quick)["checks"]}
            assert checks["decisions"]["found"] == [
                {"ref": ref, "text": f"{ref}: act 2 fills handler otherwise than its own facts give"}
            ]
            assert checks["tables"]["ok"]

    def test_tables_that_were_altered_are_found(self, town: Town) -> None:
        assign(town, file(town))
        c = table.columns_of(table.RoutingTable).c
        altered = SHIPPED.replace("weight: 4", "weight: 1", 1)
        town.engine.store.write(
            lambda u: u.execute(update(table.columns_of(table.RoutingTable)).where(c.case_type == TYPE).values(source=altered))
        )  # fmt: skip
        told = town.ask(audit.verify, "adm-01")
        assert ([one["kind"] for one in told["breaks"]], told["first"]["code"]) == (["routing"], "FM-V012")
        checks = {one["id"]: one for one in town.ask(doctor.examine, "adm-01")["checks"]}
        assert (checks["tables"]["ok"], checks["decisions"]["ok"]) == (False, True)
        gone = delete(table.columns_of(table.RoutingTable)).where(c.case_type == TYPE)
        town.engine.store.write(lambda u: u.execute(gone))
        assert "missing" in town.ask(audit.verify, "adm-01")["first"]["text"]


def _forge(town: Town, old: str, new: str) -> None:
    c = table.columns_of(table.Event)

    def write(u: Any) -> None:
        for row in u.execute(select(c.c.case_id, c.c.seq, c.c.body)):
            body = row["body"]
            if isinstance(body, str) and old in body:
                here = (c.c.case_id == row["case_id"], c.c.seq == row["seq"])
                u.execute(update(c).where(*here).values(body=body.replace(old, new)))

    town.engine.store.write(write)


class TestTry:
    def test_which_would_have_gone_to_somebody_else(self, town: Town) -> None:
        common, papers = file(town), file(town, need="certificate")
        for ref in (common, papers):
            assign(town, ref)
        told = town.ask(replaying.try_text, "adm-01", text=OFFICERS, since=MONDAY)
        assert (told["decisions"], told["same"], told["count"], told["untold"]) == (2, 1, 1, 0)
        [one] = told["differs"]
        assert (one["ref"], one["seat"]) == (common, "handler")
        assert (one["then"]["person"], one["then"]["rule"]) == ("aux-07", "else")
        assert (one["now"]["person"], one["now"]["rule"]) == ("off-05", "else")
        assert one["load_unknown"] == []
        assert told["table"]["version"] == "2026.2"

    def test_the_same_tables_change_nothing(self, town: Town) -> None:
        for need in ("certificate", "other", "other"):
            assign(town, file(town, need=need))
        told = town.ask(replaying.try_text, "adm-01", text=SHIPPED, since=MONDAY)
        assert (told["decisions"], told["same"], told["other_rule"], told["differs"]) == (3, 3, 0, [])

    def test_another_rule_with_the_same_person_is_counted(self, town: Town) -> None:
        assign(town, file(town))
        renamed = text(
            "2026.3",
            **{"      - id: orange-1": "      - id: lamp-1\n        if: {need: other}\n        then: {weight: 2}\n"
               "        because: lamps\n        zh: 灯\n      - id: orange-1"},
        )  # fmt: skip
        told = town.ask(replaying.try_text, "adm-01", text=renamed, since=MONDAY)
        assert (told["same"], told["other_rule"]) == (1, 1)

    def test_unsound_tables_are_refused_with_every_error(self, town: Town) -> None:
        with pytest.raises(Unsound):
            town.ask(
                replaying.try_text, "adm-01", text=text("9", **{"risk: red}": "risk: pink}"}), since=MONDAY
            )

    def test_nothing_in_the_store_moves(self, town: Town) -> None:
        for _ in range(3):
            assign(town, file(town))
        before = _everything(town)
        town.ask(replaying.try_text, "adm-01", text=OFFICERS, since=MONDAY)
        town.ask(replaying.replay, "adm-01")
        assert _everything(town) == before


def _everything(town: Town) -> dict[str, Any]:
    """Every row of every table."""
    names = list(table.METADATA.tables.values())
    return {
        one.name: town.engine.store.read(lambda u, one=one: sorted(map(repr, u.execute(select(one)))))
        for one in names
    }
