"""A dispute on its way to a mediator."""

from collections.abc import Mapping, Sequence

from engine.service import acting, filing
from tests.support.office import FORM
from tests.support.town import Town

BOTH = ({"role": "claimant"}, {"role": "respondent"})


def accepted(
    town: Town, *, risk: str = "yellow", wants: str | None = None, parties: Sequence[Mapping[str, str]] = BOTH
) -> str:
    """A dispute that both sides want mediated, without a mediator yet."""
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a wall",
        parties=parties,
    )  # fmt: skip
    ref = str(filed["ref"])
    town.do(
        acting.do_act, "dsp-01", ref=ref, act="screen", set={"risk": risk, "category": "neigh"},
        records={"screening_form": [{**FORM, "prior_reports": 0}]},
    )  # fmt: skip
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    if wants:
        town.do(acting.record, "dsp-01", ref=ref, kind="preference", items=[{"party": "P1", "member": wants}])
    yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
    town.do(acting.record, "dsp-01", ref=ref, kind="consent", items=yes, done_by="aux-07")
    return ref
