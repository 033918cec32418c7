"""The second person's yes: what ``--ask`` stored, shown with what a yes would change; the answers to it."""

from engine.service.approval.answering import (
    forward,
    forward_one,
    grant,
    grant_one,
    lapse,
    refuse,
    refuse_one,
    withdraw,
    withdraw_one,
)
from engine.service.approval.reading import get_approval, list_approvals, show

__all__ = [
    "forward", "forward_one", "get_approval", "grant", "grant_one", "lapse", "list_approvals", "refuse",
    "refuse_one", "show", "withdraw", "withdraw_one",
]  # fmt: skip
