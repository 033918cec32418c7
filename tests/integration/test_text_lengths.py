"""A text that people write has a longest length, at every door alike."""

from typing import Any

import pytest

from engine.definitions.model import FieldSpec
from engine.domain.errors import FolkmootError
from engine.domain.length import LONGEST_TEXT
from engine.machine.typed import Wrong, typed
from engine.persistence.store import Store
from engine.service import acting, filing
from tests.support.town import Town

LONG = "x" * (LONGEST_TEXT + 1)
FILED = {"case_type": "dispute_mediation", "place": "示例一村"}


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def refused(town: Town, service: Any, **given: Any) -> FolkmootError:
    with pytest.raises(FolkmootError) as error:
        town.do(service, "dsp-01", **given)
    return error.value


def test_a_report(town: Town) -> None:
    error = refused(town, filing.file_case, **FILED, what=LONG)
    assert (error.code, error.first.pointer) == ("FM-U364", "/what")


def test_a_remark_and_a_reason(town: Town) -> None:
    ref = town.do(filing.file_case, "dsp-01", **FILED, what="wall")["ref"]
    assert refused(town, acting.note, ref=ref, text=LONG).first.pointer == "/note"
    given = {"ref": ref, "act": "note", "note": "x", "reason": LONG}
    assert refused(town, acting.do_act, **given).first.pointer == "/reason"
    assert town.do(acting.note, "dsp-01", ref=ref, text=LONG[1:])["case"]["version"] == 2


def test_a_field() -> None:
    spec = FieldSpec(kind="text")
    with pytest.raises(Wrong) as error:
        typed(spec, LONG, lambda kind, value: True, lambda option: ())
    assert str(error.value) == "a text of at most 20000 characters"
    assert typed(spec, LONG[1:], lambda kind, value: True, lambda option: ()) == LONG[1:]
