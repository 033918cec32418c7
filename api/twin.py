"""What each command of the command line is over HTTP, and messages told in those words.

The catalogue speaks to people at a terminal: ``All of them: unit list``. Whoever came over HTTP is told the address
instead. Where more than the name of a command would be out of place, an option or a file, the entry brings a wording of
its own under ``over_http``.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from engine.domain.errors import Reason
from engine.domain.messages import fill, find_entry, given

# command -> method and address of its twin
TWINS = {
    "whoami": "GET /v1/me",
    "desk": "GET /v1/me/desk",
    "case file": "POST /v1/cases",
    "case status": "GET /status/{receipt}",
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
    "case reassign": "POST /v1/reassignments",
    "case triage": "GET /v1/triage",
    "case similar": "GET /v1/cases/{ref}/similar",
    "case link": "POST /v1/cases/{ref}/links",
    "case merge": "POST /v1/cases/{ref}/merger",
    "case unmerge": "POST /v1/cases/{ref}/separation",
    "case history": "GET /v1/cases/{ref}/history",
    "case import": "POST /v1/imports",
    "approval list": "GET /v1/approvals",
    "approval show": "GET /v1/approvals/{id}",
    "approval grant": "POST /v1/approvals/{id}/grant",
    "approval refuse": "POST /v1/approvals/{id}/refuse",
    "approval forward": "POST /v1/approvals/{id}/forward",
    "approval withdraw": "POST /v1/approvals/{id}/withdraw",
    "case correct": "POST /v1/cases/{ref}/corrections",
    "case papers": "GET /v1/cases/{ref}/papers",
    "case paper": "GET /v1/cases/{ref}/papers/{no}",
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
    "workflow migrate": "POST /v1/workflows/{type}/migrations",
    "workflow activate": "PUT /v1/workflows/{type}",
    "workflow deactivate": "DELETE /v1/workflows/{type}/activations/{version}",
    "workflow schema": "GET /v1/workflows/schema.json",
    "workflow import": "POST /v1/workflow-imports",
    "routing explain": "GET /v1/cases/{ref}/routing",
    "case proposals": "GET /v1/cases/{ref}/proposals",
    "routing list": "GET /v1/routing-tables",
    "routing table": "GET /v1/routing-tables/{type}/routing.csv",
    "routing text": "GET /v1/routing-tables/{type}/routing.yaml",
    "routing activate": "PUT /v1/routing-tables/{type}",
    "routing deactivate": "DELETE /v1/routing-tables/{type}/activations/{version}",
    "routing replay": "GET /v1/routing-replays",
    "routing try": "POST /v1/routing-trials",
    "routing check": "POST /v1/routing-checks",
    "routing show": "GET /v1/workflows/{type}/routing",
    "calendar list": "GET /v1/calendars",
    "calendar show": "GET /v1/calendars/{id}",
    "calendar import": "POST /v1/calendars",
    "stats durations": "GET /v1/stats/durations",
    "stats waiting": "GET /v1/stats/waiting",
    "stats why": "GET /v1/stats/why",
    "stats durability": "GET /v1/stats/durability",
    "stats legs": "GET /v1/stats/legs",
    "stats activity": "GET /v1/stats/activity",
    "stats outcomes": "GET /v1/stats/outcomes",
    "stats recurrence": "GET /v1/stats/recurrence",
    "stats compliance": "GET /v1/stats/compliance",
    "stats backlog": "GET /v1/stats/backlog",
    "stats oldest": "GET /v1/stats/oldest",
    "stats deciding": "GET /v1/stats/deciding",
    "stats flow": "GET /v1/stats/flow",
    "stats load": "GET /v1/stats/load",
    "stats funnel": "GET /v1/stats/funnel",
    "stats fairness": "GET /v1/stats/fairness",
    "stats clocks": "GET /v1/stats/clocks",
    "stats measures": "GET /v1/stats/measures",
    "report list": "GET /v1/reports",
    "report show": "GET /v1/reports/{name}",
    "report save": "PUT /v1/reports/{name}",
    "report run": "POST /v1/reports/{name}/runs",
    "report delete": "DELETE /v1/reports/{name}",
    "stats verify": "POST /v1/stats/verifications",
    "event export": "GET /v1/events.{form}",
    "duty show": "GET /v1/duty",
    "duty sign-on": "POST /v1/duty/sign-ons",
    "duty sign-off": "POST /v1/duty/sign-offs",
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

# a parameter that holds a sentence of the catalogue, not what somebody typed; `command` is a command by itself
SPOKEN = "way"
OPTIONS = {"--ask": '`"ask": true`'}

_LONGEST_FIRST = sorted(TWINS, key=len, reverse=True)
_TWO_WORDS = "|".join(name for name in _LONGEST_FIRST if " " in name)
_ONE_WORD = "|".join(name for name in TWINS if " " not in name)  # common words too: only after `folkmoot`
_COMMAND = re.compile(
    rf"(?:\bfolkmoot (?P<one>{_ONE_WORD})|(?:\bfolkmoot )?(?<![\w/-])(?P<two>{_TWO_WORDS}))(?![\w-])"
    r"(?P<arguments>(?: (?:\{\w+\}|\d\d-\d{5,}-\d|[A-Z][A-Z0-9-]*\b|编号|人员代码|人员|类型|文件))*)"
)
_OPTION = re.compile("|".join(OPTIONS))
_SEAT = re.compile(r"(case assign(?: \S+)*?) --seat (\w+)")
_WHEN = re.compile(r"(?<![\w-])at$")  # what an act brought ends with when it happened
_PLACE = re.compile(r"\{(\w+)\}")


def tell_over_http(reason: Reason, lang: str = "en") -> str:
    """One reason as a sentence in the words of HTTP."""
    params = given(reason, lang)
    if SPOKEN in params:
        params[SPOKEN] = in_addresses(str(params[SPOKEN]))
    if "brought" in params:
        params["brought"] = _WHEN.sub("occurred_at", str(params["brought"]))
    if "command" in params:
        params["command"] = address_of(str(params["command"]))
    return fill(template(reason.code, lang), params).rstrip(" ")


@cache
def template(code: str, lang: str) -> str:
    """The text of a code as HTTP tells it, its places not filled; an unknown code is its own text."""
    entry: Mapping[str, Any] | None = find_entry(code)
    if entry is None:
        return code
    own = entry.get("over_http")
    return str(own[lang]) if own else _addressed(str(entry[lang]), "{{{{{}}}}}")


def in_addresses(told: str) -> str:
    """A finished sentence, with the address of each command that it names; of a seat, what stands in the body."""
    return _addressed(_SEAT.sub(r'\1 (`"person"`, `"seat": "\2"`)', told), "{{{}}}")


def address_of(command: str) -> str:
    """The address of one command, whatever it was given; what is none stays as it is."""
    bare = command.removeprefix("folkmoot ")
    return next((TWINS[name] for name in _LONGEST_FIRST if f"{bare} ".startswith(f"{name} ")), command)


def _addressed(told: str, literal: str) -> str:
    """``literal``: how a place of an address is written that the sentence does not know."""

    def address(found: re.Match[str]) -> str:
        arguments = iter(found["arguments"].split())

        def place(name: re.Match[str]) -> str:
            argument = next(arguments, "")
            return (
                argument
                if argument.startswith("{") or any(map(str.isdigit, argument))
                else literal.format(name[1])
            )

        return _PLACE.sub(place, TWINS[found["one"] or found["two"]])

    return _OPTION.sub(lambda found: OPTIONS[found[0]], _COMMAND.sub(address, told))
