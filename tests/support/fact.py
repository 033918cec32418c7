"""Facts for tests of expressions: three schemas of real procedures, and cases made of a few words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.domain.calendar import Calendar, Year
from engine.domain.case import CaseState, RecordItem
from engine.rules.facts import Extra
from engine.rules.schema import FactSchema, FactType, RecordShape

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)  # a Wednesday, 09:00 in Harbin
SHANGHAI = Calendar(
    id="CN",
    zone="Asia/Shanghai",
    weekend=frozenset({5, 6}),
    years={2026: Year(frozenset(), frozenset(), "test")},
)


def fact(written: str) -> FactType:
    """``money``, ``choice red blue``, ``bool=false``, ``choices a b=``: kind, options, default."""
    left, equals, default = written.partition("=")
    kind, *options = left.split()
    value: Any = {"true": True, "false": False, "": []}.get(default, default) if equals else None
    return FactType(kind, tuple(options), value)


def facts_of(**written: str) -> dict[str, FactType]:
    return {name: fact(text) for name, text in written.items()}


def record(
    name: str,
    plural: str = "",
    /,
    per: str | None = None,
    lasts: str = "cycle",
    signed: bool = False,
    **fields: str,
) -> RecordShape:
    return RecordShape(name, plural or f"{name}s", facts_of(**fields), per, lasts, signed)


def records(*shapes: RecordShape) -> dict[str, RecordShape]:
    return {shape.name: shape for shape in shapes}


# ---- three procedures ------------------------------------------------------------------------------

BARANGAY = FactSchema(
    fields=facts_of(
        nature="choice civil criminal other",
        venue="choice same_barangay of_respondent of_land of_workplace adjoining_agreed wrong",
        penalty_months="int=0",
        fine="money=0",
        bar="choice none official_act no_victim vaw=none",
        court_referred="bool=false",
        counterclaim_barred="bool=false",
        meritorious="bool=false",
        owed_since="timestamp",
        ground="choice unsettled absence repudiation no_panel",
    ),
    records=records(
        record("complaint", story="text", oral="bool", fee_receipt="text"),
        record("summons", "summonses", per="party", served="timestamp", hearing="timestamp"),
        record("meeting", held="timestamp", open_doors="bool", lawyers="bool", minutes="text"),
        record("absence", per="party", heard="bool", wilful="bool", reason="text"),
        record("vote", member="person", in_favour="int"),
        record("arbitration_deed", signed=True, terms="text"),
        record("settlement", signed=True, terms="text", language="text"),
        record("award", signed=True, terms="text"),
        record("obligation", per="party", act="text", amount="money", due="date"),
        record("performance", per="obligation", on="date", receipt="text"),
        record("repudiation", by_reason_of="choice fraud violence intimidation", sworn="bool"),
        record("transmittal", court="text", sent="date"),
        record("certificate", signed=True, text="text"),
        record("court_order", approves="bool", number="text"),
    ),
    party_fields=facts_of(natural="bool", government="bool=false"),
    seats=("pangkat", "chair", "secretary"),
    clocks=("execution", "repudiation"),
    states=("confrontation", "summoned", "formed", "conciliation", "settled"),
    triggers=("file", "settle"),
    roles=("complainant", "respondent"),
)
PUBLIC_SECURITY = FactSchema(
    fields=facts_of(
        conduct="choice assault injury insult",
        exclusions="choices hired gang repeated other=",
        injury="choice none slight minor serious=none",
        ours="bool",
    ),
    records=records(
        record("willing", per="party", decision="choice yea nay"),
        record("guardian_notice", per="party", guardian="text", attended="bool"),
        record("appraisal", institution="text", result="choice none slight minor serious"),
        record("mediation", present="persons", recording="file", course="text"),
        record("agreement", signed=True, cause="text", terms="text", due="date", how="text"),
        record("request", signed=True, performed="bool"),
        record("challenge", member="person", ground="text"),
    ),
    party_fields=facts_of(age="int", own_income="bool=false", in_person="bool=false"),
    seats=("handler",),
    states=("mediating", "first_mediation", "second_mediation"),
    triggers=("propose_mediation",),
    roles=("suspect", "victim"),
)
DISPUTE = FactSchema(
    fields=facts_of(
        category="choice neigh fam land other",
        risk="choice red orange yellow blue=yellow",
        dv="bool=false",
        identity_matter="bool=false",
        court_confirms="bool",
        leavers="parties",
        same_as="case",
        claim="money",
    ),
    records=records(
        record("consent", per="party", decision="choice given refused withdrawn"),
        record("guardian_notice", per="party", guardian="text"),
        record("objection", member="person", ground="text"),
        record("session", starts="timestamp", place="text", outcome="choice held adjourned no_show"),
        record("caucus", "caucuses", per="party", notes="text"),
        record("agreement", lasts="case", signed=True, facts="text", oral="bool", partial="bool"),
        record(
            "obligation",
            per="agreement",
            lasts="case",
            debtor="party",
            act="text",
            amount="money",
            due="date",
        ),
        record("performance", per="obligation", lasts="case", on="date", receipt="file"),
        record("application", per="party", court="text"),
        record("visit", satisfied="bool", latent_risk="bool", notes="text"),
    ),
    party_fields=facts_of(age="int", own_income="bool=false"),
    seats=("mediator",),
    clocks=("reopen_window", "performance", "mediation_limit"),
    states=("mediation", "handling", "in_session", "performing", "unopened"),
    triggers=("file", "clear_dv", "close_visit", "open_session"),
    params=facts_of(triage="duration", most_cases="int"),
    paths={"in_session": ("mediation", "handling", "in_session"), "performing": ("performing",)},
    roles=("claimant", "respondent"),
)


# ---- cases -----------------------------------------------------------------------------------------


def case(**given: Any) -> CaseState:
    """A dispute with two parties in mediation; what is given replaces its part."""
    state: dict[str, Any] = {
        "ref": "26-04127-2",
        "case_type": "dispute_mediation",
        "definition": "-",
        "place": "songbei-1",
        "unit": "songbei",
        "what": "water through the ceiling",
        "channel": "visit",
        "filed_at": "2026-11-24T00:21:00Z",
        "filed_by": "liu",
        "states": {"main": "in_session", "confirmation": "unopened"},
        "back": {},
        "cycle": 0,
        "fields": {},
        "parties": [party("P1", "claimant"), party("P2", "respondent")],
        "records": [],
        "seats": {},
        "clocks": [],
        "been": {},
        "last": {},
        "links": [],
    }
    return {**state, **given}


def party(no: str, role: str, *, active: bool = True, **fields: Any) -> dict[str, Any]:
    return {"no": no, "role": role, "active": active, "fields": fields}


def item(kind: str, number: int = 1, fields: Mapping[str, Any] | None = None, **given: Any) -> RecordItem:
    made = {
        "id": f"{kind}-{number}",
        "kind": kind,
        "cycle": 0,
        "at": f"2026-11-24T0{number}:00:00Z",
        "by": "liu",
    }
    return {**made, "fields": dict(fields or {}), **given}


def extra(**given: Any) -> Extra:
    made: dict[str, Any] = {
        "now": NOW,
        "zone": "Asia/Shanghai",
        "calendar": SHANGHAI,
        "actor": {"id": "liu", "roles": ["mediator_post"]},
        "act": {"trigger": "open_session", "at": NOW},
    }
    return Extra(**{**made, **given})
