"""Events around a case that move nothing: a link, an approval asked for, refused or lapsed,
a correction. No act of the definition."""

from typing import Any

from engine.domain.case import CaseState
from engine.machine.command import Command, Decision, World
from engine.machine.draft import Draft
from engine.machine.program import Program

TITLES = {
    "link": ("Linked", "关联案件"),
    "linked_moved": ("A linked case moved", "关联案件有变化"),
    "relayed": ("Asked by a linked case", "关联案件的请求"),
    "approval_asked": ("Approval asked for", "申请审批"),
    "approval_refused": ("Approval refused", "审批不同意"),
    "approval_forwarded": ("Approval sent up", "审批上报"),
    "approval_withdrawn": ("Approval withdrawn", "撤回审批"),
    "migrate": ("Goes on under another text", "改按新流程办理"),
    "correct": ("Corrected", "更正"),
    "taken_back": ("Taken back", "撤销办理"),
    "approval_lapsed": ("Approval lapsed", "审批逾期失效"),
    "enter": ("Set down from a register", "由登记表导入"),
    "recount_clocks": ("Deadlines counted anew", "期限重新计算"),
}


def remark(
    program: Program, state: CaseState, version: int, command: Command, world: World, **change: Any
) -> Decision:
    """One event with one change; the act it is called by is the command's trigger."""
    draft = Draft(program, state, world, version)
    draft.begin(command.trigger, command)
    draft.emit(**change)
    return Decision(draft.state, tuple(draft.events))
