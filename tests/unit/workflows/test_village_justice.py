"""Village justice of the Philippines: every step of RA 7160 s. 399-422, with its days worked out by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.definitions.analysis import Analysis, analyse
from engine.definitions.load import loads
from engine.definitions.outline import Outline
from tests.support.barangay import BOTH, LUPON, Complaint, on
from workflows import shipped

TEXT = Path(shipped.__file__).with_name("katarungang_pambarangay") / "workflow.yaml"


class TestWhetherItBelongsHere:
    @pytest.mark.parametrize(
        ("more", "rule"),
        [
            ({"venue": "wrong"}, "right_venue"),
            ({"nature": "criminal", "penalty_months": 13}, "petty"),
            ({"nature": "criminal", "fine": "5001"}, "petty"),
            ({"bar": "vaw"}, "not_excluded"),
            ({"bar": "official_act"}, "not_excluded"),
            ({"bar": "land_elsewhere"}, "not_excluded"),
        ],
    )
    def test_what_the_law_excludes_is_not_admitted(self, more: dict[str, Any], rule: str) -> None:
        fields = {"venue": "same_barangay", "nature": "civil", **more}
        assert Complaint().refused("pilar", "admit", fields=fields) == [rule]

    def test_one_year_and_five_thousand_are_still_petty(self) -> None:
        case = Complaint().admitted(nature="criminal", penalty_months=12, fine="5000")
        assert case.leaf == "admitted"

    @pytest.mark.parametrize(
        ("flag", "rule"), [("juridical", "natural_only"), ("government", "no_government")]
    )
    def test_only_natural_persons_and_no_government(self, flag: str, rule: str) -> None:
        case = Complaint(({"role": "complainant"}, {"role": "respondent", flag: True}))
        assert case.refused("pilar", "admit", fields={"venue": "same_barangay", "nature": "civil"}) == [rule]

    def test_a_court_may_refer_what_is_otherwise_outside_but_no_violence_against_women(self) -> None:
        given = {"venue": "of_land", "nature": "civil"}
        assert Complaint(court_referred=True).admitted(bar="land_elsewhere").leaf == "admitted"
        refused = Complaint(court_referred=True).refused("pilar", "admit", fields={**given, "bar": "vaw"})
        assert refused == ["not_excluded"]

    def test_to_turn_away_the_ground_is_named_and_told(self) -> None:
        case = Complaint()
        assert case.refused("pilar", "turn_away", note="not ours") == ["named_class"]
        case.done("pilar", "turn_away", fields={"bar": "urgent"}, note="he sits in jail")
        assert (case.leaf, case.outcome) == ("closed", "not_covered")
        assert set(BOTH) <= set(case.told("not_covered"))

    def test_violence_against_a_woman_is_stopped_at_any_stage_and_she_is_told_of_protection(self) -> None:
        case = Complaint().convened()
        case.done("luz", "stop_for_violence", note="he struck her")
        assert (case.outcome, case.told("protection_notice")) == ("not_covered", ["P1"])

    def test_an_objection_to_the_venue_is_waived_once_the_punong_barangay_is_done(self) -> None:
        objection = {"venue_objection": [{"party": "P2", "ground": "the land lies over the river"}]}
        early = Complaint().met()
        early.done("P2", "object_to_venue", records=objection)
        ruled = {"venue_ruling": [{"ruled_by": "punong_barangay", "why": "it does"}]}
        early.done("pilar", "rule_on_venue", records=ruled, fields={"venue": "wrong"})
        assert early.outcome == "not_covered"
        assert Complaint().constituted().refused("P2", "object_to_venue", records=objection) == [
            "venue_in_time"
        ]


class TestTheFirstFifteenDays:
    def test_scenario_18_the_days_before_the_punong_barangay(self) -> None:
        case = Complaint()
        assert (case.due("summons"), case.due("interruption")) == ("2024-06-10", "2024-08-06")
        case.met()
        assert case.due("mediation") == "2024-06-29"
        case.goes_to(on(6, 29, 23))
        assert case.leaf == "mediation"
        case.goes_to(on(6, 30, 0))
        assert case.leaf == "forming"
        assert set(case.told("panel_meeting")) == set(BOTH)

    def test_both_sides_are_called(self) -> None:
        case = Complaint().admitted()
        one = {"summons": [{"party": "P2", "hearing": on(6, 14).isoformat()}]}
        assert case.refused("pilar", "summon", records=one) == ["all_summoned"]

    @pytest.mark.parametrize(
        ("more", "rule"),
        [
            ({"lawyers": True}, "in_person"),
            ({"present": ["P1"]}, "both_sides"),
            ({"open_doors": False}, "open_or_reason"),
        ],
    )
    def test_how_the_parties_meet(self, more: dict[str, Any], rule: str) -> None:
        case = Complaint().summoned()
        case.now = on(6, 14)
        assert case.refused("pilar", "meet", records={"meeting": [case.meeting(**more)]}) == [rule]
        closed = case.meeting(open_doors=False, closed_for="privacy")
        case.done("pilar", "meet", records={"meeting": [closed]})

    def test_a_minor_is_helped_by_kin_who_is_no_lawyer(self) -> None:
        case = Complaint(({"role": "complainant"}, {"role": "respondent", "needs_help": True})).summoned()
        helper = {"party": "P2", "helper": "her aunt", "kinship": "aunt", "lawyer": True}
        meeting = {"meeting": [case.meeting()]}
        assert case.refused("pilar", "meet", records=meeting) == ["helped"]
        case.done("pilar", "add_assistance", records={"assistance": [helper]})
        assert case.refused("pilar", "meet", records=meeting) == ["helped"]
        case.done("pilar", "add_assistance", records={"assistance": [{**helper, "lawyer": False}]})
        case.done("pilar", "meet", records=meeting)

    def test_who_is_in_jail_goes_to_court_at_once(self) -> None:
        case = Complaint().met()
        case.done("P1", "go_directly", fields={"direct_ground": "detention"})
        assert case.outcome == "direct_to_court"


def absent(party: str, *, wilful: bool = True, heard: bool = True) -> dict[str, Any]:
    return {"records": {"absence": [{"party": party, "heard": heard, "wilful": wilful}]}}


def explain(case: Complaint, chair: str, party: str) -> None:
    called = {"party": party, "missed": case.now.isoformat(), "hearing": case.now.isoformat()}
    case.done(chair, "call_to_explain", records={"show_cause": [called]})


class TestWhoStaysAway:
    def test_nobody_loses_a_right_before_he_could_explain(self) -> None:
        case = Complaint().met()
        assert case.refused("pilar", "dismiss", **absent("P1")) == ["explained"]
        explain(case, "pilar", "P2")
        assert case.refused("pilar", "dismiss", **absent("P1")) == ["explained"]
        assert case.refused("pilar", "default_respondent", **absent("P2", heard=False)) == ["explained"]
        assert case.refused("pilar", "default_respondent", **absent("P2", wilful=False)) == ["wilful"]
        case.done("pilar", "excuse", **absent("P2", wilful=False))
        assert case.leaf == "mediation"

    def test_a_complainant_wilfully_absent_is_barred_from_court(self) -> None:
        case = Complaint().met()
        explain(case, "pilar", "P1")
        assert case.refused("pilar", "default_respondent", **absent("P1")) == ["respondent_away"]
        case.done("pilar", "dismiss", **absent("P1"))
        assert case.outcome == "dismissed_barred"
        assert set(case.told("action_barred")) == set(BOTH)

    def test_a_respondent_absent_before_the_panel_sits_still_gets_a_panel(self) -> None:
        case = Complaint().summoned()
        explain(case, "pilar", "P2")
        case.done("pilar", "default_respondent", **absent("P2"))
        assert (case.leaf, case.state["fields"]["counterclaim_barred"]) == ("forming", True)

    def test_a_respondent_absent_before_the_panel_opens_the_way_to_court(self) -> None:
        case = Complaint().convened()
        explain(case, "luz", "P2")
        case.done("luz", "default_respondent", **absent("P2"))
        assert (case.leaf, case.state["fields"]["ground"]) == ("unsettled", "absence")
        case.done("lando", "certify", records={"certificate": [{"variant": "absence"}]})
        for name in ("lando", "luz"):
            case.done(name, "sign_certificate")
        assert case.outcome == "certified"


class TestThePanelOfThree:
    def test_without_agreement_of_both_nobody_is_chosen(self) -> None:
        case = Complaint().met()
        case.goes_to(on(7, 1))
        given = {"seats": {"pangkat": ["luz"]}, "records": {"panel_agreement": [{"agreed_by": ["P1"]}]}}
        assert case.refused("pilar", "choose_panel", **given) == ["panel_agreed"]

    def test_after_three_days_the_lot_decides(self) -> None:
        case = Complaint().met()
        case.goes_to(on(7, 2, 23))
        assert case.leaf == "forming"
        case.goes_to(on(7, 3, 0))
        drawn = case.seated("pangkat")
        assert (case.leaf, len(drawn), len(set(drawn))) == ("formed", 3, 3)
        assert set(drawn) <= set(LUPON)
        assert set(BOTH) <= set(case.told("panel_named"))

    @pytest.mark.parametrize(("chair", "scribe"), [(1, 3), (3, 1)])
    def test_the_posts_need_a_majority(self, chair: int, scribe: int) -> None:
        votes = {"election": [{"chair_votes": chair, "secretary_votes": scribe}]}
        seats = {"chair": ["luz"], "secretary": ["lando"]}
        assert Complaint().constituted().refused("lina", "elect", seats=seats, records=votes) == ["elected"]

    def test_chair_and_secretary_are_two_of_the_three(self) -> None:
        votes = {"election": [{"chair_votes": 2, "secretary_votes": 2}]}
        case = Complaint().constituted()
        both = {"chair": ["luz"], "secretary": ["luz"]}
        assert case.refused("lina", "elect", seats=both, records=votes) == ["two_people"]
        outside = {"chair": ["luis"], "secretary": ["luz"]}
        assert case.refused("lina", "elect", seats=outside, records=votes)

    def test_it_convenes_within_three_days_and_with_its_posts_filled(self) -> None:
        case = Complaint().constituted()
        assert case.due("convene") == "2024-07-04"
        assert case.refused("pilar", "convene")

    def test_a_member_is_disqualified_by_a_majority_and_does_not_come_back_by_lot(self) -> None:
        case = Complaint().convened()
        vote = {"vote": [{"member": "lina", "in_favour": 2}]}
        assert case.refused("lando", "disqualify", records=vote) == ["challenged"]
        motion = {"party": "P2", "member": "lina", "ground": "relationship"}
        case.done("P2", "add_challenge", records={"challenge": [motion]})
        one = {"vote": [{"member": "lina", "in_favour": 1}]}
        assert case.refused("lando", "disqualify", records=one) == ["majority"]
        case.done("lando", "disqualify", records=vote)
        assert (case.leaf, case.seated("pangkat")) == ("forming", ["luz", "lando"])
        case.goes_to(on(7, 8))
        assert case.leaf == "formed"
        assert set(case.seated("pangkat")) - {"luz", "lando"} <= {"leo", "luis"}
        assert (case.seated("chair"), case.seated("secretary")) == (["luz"], ["lando"])

    def test_the_chair_who_leaves_the_panel_leaves_the_chair(self) -> None:
        case = Complaint().convened()
        case.done("pilar", "vacate", records={"vacancy": [{"member": "luz", "reason": "moved away"}]})
        assert (case.leaf, case.seated("chair")) == ("forming", [])
        again = {"seats": {"pangkat": ["leo"]}, "records": {"panel_agreement": [{"agreed_by": list(BOTH)}]}}
        case.done("pilar", "choose_panel", **again)
        assert (case.leaf, case.seated("pangkat")) == ("formed", ["lando", "lina", "leo"])

    def test_scenario_18_one_extension_and_another_only_if_clearly_meritorious(self) -> None:
        case = Complaint().convened()
        assert case.due("conciliation") == "2024-07-18"
        case.now = on(7, 17)
        case.done("luz", "extend_conciliation", note="they are close")
        assert case.due("conciliation") == "2024-08-02"
        case.now = on(8, 1)
        given = {"fields": {"meritorious": False}, "note": "still close"}
        assert case.refused("luz", "extend_conciliation", **given) == ["worthy"]
        case.done("luz", "extend_conciliation", fields={"meritorious": True}, note="one child ill")
        assert case.due("conciliation") == "2024-08-17"

    def test_limitation_is_interrupted_for_sixty_days_and_then_runs(self) -> None:
        case = Complaint().convened()
        case.now = on(7, 17)
        case.done("luz", "extend_conciliation", note="they are close")
        case.goes_to(on(8, 2))
        case.done("luz", "extend_conciliation", fields={"meritorious": True}, note="one child ill")
        case.goes_to(on(8, 6, 23))
        assert case.told("limitation_runs") == []
        case.goes_to(on(8, 7, 0))
        assert case.told("limitation_runs") == list(BOTH)


class TestArbitration:
    def agreed(self, arbiter: str = "punong_barangay") -> Complaint:
        """On Friday 21 June, before the Punong Barangay."""
        case = Complaint().met()
        case.now = on(6, 21)
        deed = {"arbitration_deed": [{"arbiter": arbiter, "matter": "what the corn was worth"}]}
        case.done("pilar", "agree_to_arbitrate", records=deed)
        for party in BOTH:
            case.done(party, "sign_arbitration_deed")
        return case

    def test_five_days_to_repudiate_then_ten_for_the_award(self) -> None:
        case = self.agreed()
        assert (case.leaf, case.due("cooling")) == ("cooling", "2024-06-26")
        case.goes_to(on(6, 27, 9))
        assert (case.leaf, case.due("award")) == ("arbitrating", "2024-07-06")

    def test_it_is_repudiated_under_oath_only(self) -> None:
        case = self.agreed()
        said = {"party": "P2", "by_reason_of": "intimidation", "sworn": False}
        assert case.refused("P2", "repudiate_arbitration", records={"repudiation": [said]}) == ["sworn"]
        case.done("P2", "repudiate_arbitration", records={"repudiation": [{**said, "sworn": True}]})
        assert case.leaf == "unsettled"

    def awarded(self) -> Complaint:
        case = self.agreed()
        case.goes_to(on(6, 28))
        award = {"arbiter": "punong_barangay", "terms": "PHP 2,000", "language": "Tagalog"}
        owed = {"debtor": "P2", "act": "pay", "amount": "2000", "due": "2024-06-28"}
        wrong = {"award": [{**award, "arbiter": "pangkat"}], "obligation": [owed]}
        assert case.refused("pilar", "make_award", records=wrong) == ["as_agreed"]
        case.done("pilar", "make_award", records={"award": [award], "obligation": [owed]})
        case.done("pilar", "sign_award")
        return case

    def test_an_award_binds_after_ten_days_without_a_petition(self) -> None:
        case = self.awarded()
        assert (case.due("nullity"), case.due("transmit")) == ("2024-07-08", "2024-07-03")
        case.goes_to(on(7, 9))
        assert (case.leaf, case.due("execution")) == ("in_force", "2024-12-28")

    def test_a_petition_leaves_it_to_the_court(self) -> None:
        case = self.awarded()
        petition = {"party": "P2", "court": "MTC", "filed": "2024-07-05"}
        case.now = on(7, 5)
        case.done("P2", "petition_nullity", records={"nullity": [petition]})
        order = {"court_order": [{"approves": False, "number": "88"}]}
        case.done("selya", "court_replies", records=order)
        assert case.outcome == "left_to_court"

    def test_no_panel_cannot_be_made_arbiter(self) -> None:
        case = Complaint().met()
        deed = {"arbitration_deed": [{"arbiter": "pangkat", "matter": "the corn"}]}
        assert case.refused("pilar", "agree_to_arbitrate", records=deed) == ["arbiter_there"]


class TestTheSettlement:
    def test_scenario_19_ten_days_to_repudiate_and_six_months_to_execute(self) -> None:
        case = Complaint().settled()
        assert (case.leaf, case.due("repudiation")) == ("settled", "2024-07-20")
        case.goes_to(on(7, 20, 23))
        assert case.leaf == "settled"
        case.goes_to(on(7, 21, 0))
        assert (case.leaf, case.due("execution")) == ("in_force", "2025-01-10")
        assert case.due("transmit") == "2024-07-25"
        assert case.told("now_final") == list(BOTH)

    def test_a_later_due_date_is_where_the_six_months_begin(self) -> None:
        case = Complaint().settled(due="2024-09-30")
        case.goes_to(on(7, 22))
        assert case.due("execution") == "2025-03-30"

    @pytest.mark.parametrize("reason", ["fraud", "violence", "intimidation"])
    def test_it_is_repudiated_for_three_reasons_and_under_oath(self, reason: str) -> None:
        case = Complaint().settled()
        said = {"party": "P2", "by_reason_of": reason, "sworn": False}
        assert case.refused("P2", "repudiate", records={"repudiation": [said]}) == ["sworn"]
        case.done("P2", "repudiate", records={"repudiation": [{**said, "sworn": True}]})
        wrong = {"certificate": [{"variant": "unsettled"}]}
        assert case.refused("selya", "certify", records=wrong) == ["true_ground"]
        case.done("selya", "certify", records={"certificate": [{"variant": "repudiation"}]})
        for name in ("selya", "pilar"):
            case.done(name, "sign_certificate")
        assert (case.outcome, case.told("certificate_copy")) == ("certified", ["P1"])

    def test_a_change_of_mind_is_no_reason(self) -> None:
        said = {"party": "P2", "by_reason_of": "regret", "sworn": True}
        assert Complaint().settled().refused("P2", "repudiate", records={"repudiation": [said]})

    def test_after_the_ten_days_nobody_repudiates(self) -> None:
        case = Complaint().settled()
        case.goes_to(on(7, 21))
        said = {"party": "P2", "by_reason_of": "fraud", "sworn": True}
        assert case.refused("P2", "repudiate", records={"repudiation": [said]})

    def test_a_settlement_counts_when_both_have_signed_and_it_is_attested(self) -> None:
        case = Complaint().convened()
        terms = {"settlement": [{"terms": "a new fence", "language": "Tagalog"}]}
        case.done("luz", "settle", records=terms)
        case.done("P1", "sign_settlement")
        case.done("luz", "sign_settlement", fields={"by": "luz"})
        assert case.leaf == "conciliation"
        case.done("P2", "sign_settlement")
        assert case.leaf == "settled"

    def test_what_a_court_referred_becomes_final_when_that_court_approves(self) -> None:
        case = Complaint(court_referred=True).met()
        case.now = on(6, 20)
        case.write_settlement("pilar", due="2024-06-20")
        case.goes_to(on(7, 1))
        assert case.leaf == "awaiting_court"
        no = {"court_order": [{"approves": False, "number": "91"}]}
        case.done("selya", "court_replies", records=no)
        assert case.refused("selya", "certify", records={"certificate": [{"variant": "unsettled"}]}) == [
            "not_from_court"
        ]
        case.done("selya", "return_to_court")
        assert case.outcome == "returned_to_court"


class TestExecution:
    def moved(self) -> Complaint:
        case = Complaint().settled()
        case.goes_to(on(8, 1))
        case.done("P1", "move_execution", records={"motion": [{"party": "P1", "unpaid": "PHP 3,000"}]})
        return case

    def test_hearing_compliance_notice_and_only_then_the_goods(self) -> None:
        case = self.moved()
        assert (case.leaf, case.due("hearing")) == ("execution_hearing", "2024-08-06")
        case.now = on(8, 5)
        heard = {"held": case.now.isoformat(), "owing": True, "minutes": "he promises"}
        case.done("pilar", "hear_motion", records={"execution_hearing_minutes": [heard]})
        assert case.due("comply") == "2024-08-10"
        case.goes_to(on(8, 11))
        assert (case.leaf, case.due("levy")) == ("execution_notice", "2024-08-15")
        assert case.told("execution") == list(BOTH)
        goods = {"levy": [{"manner": "money", "goods": "one carabao"}]}
        assert case.refused("pilar", "levy", records=goods) == ["time_to_pay"]
        case.goes_to(on(8, 16))
        case.done("pilar", "levy", records=goods)
        assert case.outcome == "executed"

    def test_who_pays_in_the_last_days_has_complied(self) -> None:
        case = self.moved()
        sent = {"transmittal": [{"court": "MTC", "sent": "2024-07-24"}]}
        case.done("selya", "transmit", records=sent)
        assert case.leaf == "execution_hearing"
        paid = {"performance": [{"of": "O1", "on": "2024-08-02", "receipt": "OR 120"}]}
        case.done("selya", "add_performance", records=paid)
        assert case.outcome == "complied"

    def test_who_has_been_paid_has_nothing_to_execute(self) -> None:
        case = Complaint().settled()
        case.goes_to(on(8, 1))
        paid = {"performance": [{"of": "O1", "on": "2024-08-01"}]}
        case.done("selya", "add_performance", records=paid)
        motion = {"motion": [{"party": "P1", "unpaid": "PHP 3,000"}]}
        assert case.refused("P1", "move_execution", records=motion) == ["still_owing"]

    def test_after_six_months_it_is_a_matter_for_the_court(self) -> None:
        case = Complaint().settled()
        case.goes_to(on(1, 10, 23, year=2025))
        assert case.leaf == "in_force"
        case.goes_to(on(1, 11, 0, year=2025))
        assert case.outcome == "left_to_court"
        motion = {"motion": [{"party": "P1", "unpaid": "PHP 3,000"}]}
        assert case.refused("P1", "move_execution", records=motion)


class TestTheCertificate:
    def test_without_a_confrontation_there_is_none(self) -> None:
        case = Complaint().summoned()
        case.goes_to(on(7, 1))
        case.goes_to(on(7, 30))
        assert case.leaf == "unsettled"
        given = {"certificate": [{"variant": "unsettled"}]}
        assert case.refused("selya", "certify", records=given) == ["confronted"]
        case.done("pilar", "drop", note="nobody ever came")
        assert case.outcome == "dropped"

    def test_what_failed_before_the_panel_is_certified_by_its_secretary_and_chair(self) -> None:
        case = Complaint().convened()
        case.goes_to(on(7, 19))
        case.done("lando", "certify", records={"certificate": [{"variant": "unsettled"}]})
        case.done("lando", "sign_certificate")
        assert case.leaf == "unsettled"
        case.done("luz", "sign_certificate")
        assert case.outcome == "certified"


class TestAgain:
    def test_a_withdrawn_complaint_is_taken_up_again_within_its_own_sixty_days(self) -> None:
        case = Complaint().met()
        case.done("P1", "withdraw")
        case.now = on(7, 1)
        case.done("pilar", "reopen", note="he took the corn again")
        assert (case.leaf, case.due("interruption")) == ("filed", "2024-08-06")

    def test_what_was_dismissed_is_not(self) -> None:
        case = Complaint().met()
        explain(case, "pilar", "P1")
        case.done("pilar", "dismiss", **absent("P1"))
        assert case.refused("pilar", "reopen", note="please") == ["came_back"]


class TestTheProof:
    """What careful drafts of this law forgot is found."""

    def analysed(self, *changes: tuple[str, str]) -> Analysis:
        text = TEXT.read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, (old, text.count(old))
            text = text.replace(old, new)
        loaded = loads(text)
        assert loaded.definition is not None, [f.message() for f in loaded.findings]
        return analyse(Outline(loaded.definition), vocabulary=shipped.vocabulary())

    def stuck(self, *changes: tuple[str, str]) -> Sequence[str]:
        findings = self.analysed(*changes).findings
        return [str(f.params["name"]) for f in findings if f.code == "FM-D202"]

    def test_an_award_that_is_never_made(self) -> None:
        fired = ("      due+10 cd:\n        - fire: no_award\n", "      due+10 cd:\n        - remind: [pb]\n")
        moot = ("confrontation, arbitration, settled, awarded", "confrontation, settled, awarded")
        assert self.stuck(fired, moot) == ["arbitrating"]
        assert self.analysed(moot).ways_out["arbitrating"].text == "no_award, by clock award"

    def test_a_certificate_that_nobody_asks_for(self) -> None:
        text = TEXT.read_text("utf-8")
        start = text.index("  - trigger: drop\n")
        dropped = text[start : text.index("  - trigger: end_moot\n")]
        assert self.stuck((dropped, "")) == ["unsettled"]
