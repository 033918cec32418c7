"""Which reports there are, and what each is made of."""

import json
from collections.abc import Mapping
from typing import Any

from engine.analytics.report.plan import NAME, read, shipped, titled
from engine.domain.errors import NotFound, UsageError
from engine.domain.instant import to_text
from engine.persistence.raw import rows
from engine.persistence.unit import Unit


def list_reports(unit: Unit, caller: Any) -> dict[str, Any]:
    """Those that come along, then the saved ones by name."""
    items = [_told(name, body, caller.lang) for name, body in shipped().items()]
    saved = rows(unit, "SELECT name, body, saved_by FROM report ORDER BY name")
    items += [
        _told(name, json.loads(body), caller.lang) | {"shipped": False, "saved_by": who}
        for name, body, who in saved
    ]
    return {"items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


def show_report(unit: Unit, caller: Any, *, name: str) -> dict[str, Any]:
    """A report as it is written; FM-N730."""
    if name in shipped():
        return {"name": name, "shipped": True, "saved_by": None, **shipped()[name]}
    found = rows(unit, "SELECT body, saved_by FROM report WHERE name = ?", name)
    if not found:
        known = [one["name"] for one in list_reports(unit, caller)["items"]]
        raise NotFound("FM-N730", name=name, known=", ".join(known))
    return {"name": name, "shipped": False, "saved_by": found[0][1], **json.loads(found[0][0])}


def checked(name: str, body: Any) -> dict[str, Any]:
    """What may be saved under this name. FM-U738 for a name, FM-U737 for one that comes along, FM-U733 for the text."""
    if not NAME.match(name):
        raise UsageError("FM-U738", given=name)
    if name in shipped():
        raise UsageError("FM-U737", name=name)
    read(body)
    return {key: body[key] for key in ("title", "needs_unit", "parts") if key in body}


def checked_to_delete(name: str) -> str:
    """FM-U737 for one that comes along."""
    if name in shipped():
        raise UsageError("FM-U737", name=name)
    return name


def _told(name: str, body: Mapping[str, Any], lang: str) -> dict[str, Any]:
    title = body["title"]
    return {
        "name": name,
        "title": title if isinstance(title, str) else titled(title, lang),
        "measures": list(dict.fromkeys(part["measure"] for part in body["parts"])),
        "needs_unit": bool(body.get("needs_unit", False)),
        "shipped": True,
        "saved_by": None,
    }
