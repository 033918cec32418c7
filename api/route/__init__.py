"""The resources, one module by concern. A new one: its router goes into the list."""

from api.route import (
    act,
    approval,
    assignment,
    calendar,
    care,
    case,
    clock,
    duty,
    event,
    evidence,
    imports,
    me,
    organisation,
    paper,
    part,
    person,
    place,
    receipt,
    report,
    routing,
    stats,
    stats_of_cases,
    stats_of_work,
    token,
    workflow,
    workflow_change,
)

MODULES = (
    act, care, me, case, receipt, token, part, paper, assignment, clock, approval, calendar, place, person, duty, organisation, imports,
    workflow_change, workflow, routing, stats, stats_of_cases, stats_of_work, report, event, evidence,
)  # fmt: skip
ROUTERS = tuple(module.router for module in MODULES)
