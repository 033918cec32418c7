"""What the command line does, HTTP does: every command has its resource, or runs on the server itself."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from api.route import ROUTERS
from cli.nouns import nouns

# command -> method and address of its twin
TWINS = {
    "whoami": "GET /v1/me",
    "desk": "GET /v1/me/desk",
    "case file": "POST /v1/cases",
    "case list": "GET /v1/cases",
    "case show": "GET /v1/cases/{ref}",
    "case next": "GET /v1/cases/{ref}/next",
    "case do": "POST /v1/cases/{ref}/triggers/{trigger}",
    "case record": "POST /v1/cases/{ref}/records/{kind}",
    "case note": "POST /v1/cases/{ref}/notes",
    "case party": "POST /v1/cases/{ref}/parties",
    "case assign": "POST /v1/cases/{ref}/assignments",
    "case take": "POST /v1/cases/{ref}/assignments",
    "case decline": "POST /v1/cases/{ref}/assignments/{seat}/decline",
    "case handback": "POST /v1/cases/{ref}/assignments/{seat}/handback",
    "case link": "POST /v1/cases/{ref}/links",
    "case history": "GET /v1/cases/{ref}/history",
    "case import": "POST /v1/imports",
    "approval list": "GET /v1/approvals",
    "approval show": "GET /v1/approvals/{id}",
    "approval grant": "POST /v1/approvals/{id}/grant",
    "approval refuse": "POST /v1/approvals/{id}/refuse",
    "approval forward": "POST /v1/approvals/{id}/forward",
    "approval withdraw": "POST /v1/approvals/{id}/withdraw",
    "case correct": "POST /v1/cases/{ref}/corrections",
    "case corrections": "GET /v1/cases/{ref}/corrections",
    "clock list": "GET /v1/cases/{ref}/clocks",
    "clock explain": "GET /v1/cases/{ref}/clocks/{name}",
    "clock pause": "POST /v1/cases/{ref}/clocks/{name}/pauses",
    "clock resume": "POST /v1/cases/{ref}/clocks/{name}/resumptions",
    "clock extend": "POST /v1/cases/{ref}/clocks/{name}/extensions",
    "clock when": "POST /v1/clock-previews",
    "import list": "GET /v1/imports",
    "import show": "GET /v1/imports/{batch}",
    "import withdraw": "DELETE /v1/imports/{batch}",
    "person list": "GET /v1/persons",
    "person show": "GET /v1/persons/{code}",
    "person away": "POST /v1/persons/{code}/absences",
    "person back": "DELETE /v1/persons/{code}/absences",
    "person appoint": "POST /v1/persons/{code}/appointments",
    "person end": "DELETE /v1/persons/{code}/appointments/{role}",
    "unit list": "GET /v1/units",
    "unit show": "GET /v1/units/{code}",
    "unit find": "GET /v1/places/{code}/units",
    "place find": "GET /v1/places",
    "org template": "GET /v1/organisation/template.{form}",
    "org import": "POST /v1/organisation",
    "org export": "GET /v1/organisation.{form}",
    "workflow list": "GET /v1/workflows",
    "workflow show": "GET /v1/workflows/{type}",
    "workflow copy": "GET /v1/workflows/{type}/workflow.yaml",
    "workflow check": "POST /v1/workflow-checks",
    "workflow prove": "GET /v1/workflows/{type}/proof",
    "workflow draw": "GET /v1/workflows/{type}/diagram.svg",
    "workflow diff": "POST /v1/workflows/{type}/differences",
    "workflow activate": "PUT /v1/workflows/{type}",
    "workflow deactivate": "DELETE /v1/workflows/{type}/activations/{version}",
    "workflow schema": "GET /v1/workflows/schema.json",
    "workflow import": "POST /v1/workflow-imports",
    "routing explain": "GET /v1/cases/{ref}/routing",
    "calendar list": "GET /v1/calendars",
    "calendar show": "GET /v1/calendars/{id}",
    "calendar import": "POST /v1/calendars",
    "stats durations": "GET /v1/stats/durations",
    "stats clocks": "GET /v1/stats/clocks",
    "duty show": "GET /v1/duty",
    "duty import": "POST /v1/duty",
    "audit verify": "POST /v1/audit/verifications",
    "audit anchor": "POST /v1/audit/anchors",
    "token create": "POST /v1/tokens",
    "token list": "GET /v1/tokens",
    "token revoke": "DELETE /v1/tokens/{id}",
    "doctor": "GET /v1/doctor",
}
# what works on the machine, its files or the terminal
ON_THE_SERVER = {
    "db init", "db status", "db upgrade", "db backup", "db restore", "serve", "worker", "demo", "config show", "completion",
    "help",
}  # fmt: skip


def commands() -> Iterator[str]:
    for name, noun in nouns().items():
        yield from ([f"{name} {verb}" for verb in noun.verbs] if noun.verbs else [name])


def addresses() -> set[str]:
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return {f"{method} {route.path}" for route in found for method in route.methods}


@pytest.mark.parametrize("command", list(commands()))
def test_a_command_has_its_resource_or_runs_on_the_server(command: str) -> None:
    if command in ON_THE_SERVER:
        assert command not in TWINS
        return
    assert command in TWINS, f"`{command}` has no twin over HTTP: add its resource, then a line here"
    assert TWINS[command] in addresses()


def test_the_table_names_no_command_that_is_gone() -> None:
    assert {*TWINS, *ON_THE_SERVER} - set(commands()) == set()


def test_every_address_is_told_once_and_has_a_name_of_its_own() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    pairs = [(method, route.path) for route in routes for method in route.methods]
    names = [route.name for route in routes]
    assert sorted(pairs) == sorted(set(pairs))
    assert sorted(names) == sorted(set(names))
