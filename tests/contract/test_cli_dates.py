"""Days that people type for the fields of a record: what is promised lies ahead, what has happened lies behind."""

import pytest

from cli import given
from cli.call import Call
from cli.commands.case.acting import translate
from cli.globals import Globals
from tests.support.commandline import Shell

DATE = {"type": "string", "format": "date"}
SCHEMA = {
    "properties": {
        "records": {
            "properties": {
                "obligation": {"items": {"properties": {"due": DATE, "on": DATE, "held_on": DATE, "act": {}}}}
            }
        }
    }
}


@pytest.mark.usefixtures("station")
def test_the_debtor_pays_on_the_coming_friday(station: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**station.env, "FOLKMOOT_NOW": "2026-11-24T10:00:00+08:00"}.items():
        monkeypatch.setenv(name, value)
    typed = {"records": given.records(["obligation:act=fri,due=fri,on=fri,held_on=fri"])}
    with Call(Globals(), {}) as call:
        made = given.translated(typed, SCHEMA, lambda *leaf: translate(call, *leaf))
    (item,) = made["records"]["obligation"]
    assert item == {"act": "fri", "due": "2026-11-27", "on": "2026-11-20", "held_on": "2026-11-20"}
