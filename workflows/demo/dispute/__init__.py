"""How the people of a dispute go on from each state: one policy a state."""

from collections.abc import Callable, Mapping

from workflows.demo.dispute import after, intake, table
from workflows.demo.dispute.fate import Dispute
from workflows.demo.stage import Steps

POLICIES: Mapping[str, Callable[[Dispute], Steps]] = {
    "reported": intake.reported,
    "reopened": intake.reported,
    "screening": intake.screening,
    "referred_out": intake.referred_out,
    "awaiting_consent": intake.awaiting_consent,
    "accepted": table.accepted,
    "assigned": table.to_the_table,
    "adjourned": table.to_the_table,
    "in_session": table.in_session,
    "agreed": table.agreed,
    "partially_agreed": table.partially_agreed,
    "performing": after.performing,
    "breached": after.breached,
    "follow_up": after.follow_up,
    "terminated": after.terminated,
    "suspended": after.suspended,
    "closed": after.closed,
}

__all__ = ["POLICIES", "Dispute"]
