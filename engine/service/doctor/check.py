"""One check of a store: what must hold, what was found against it, and how it is mended."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.domain.errors import Unavailable
from engine.domain.messages import tell, text
from engine.persistence.unit import Unit
from engine.service.caller import Caller

SHOWN = 20  # things found that are named; all are counted


class Found(NamedTuple):
    """Something that does not hold. ``word``: the ending of its text, ``told`` a text that is there already."""

    word: str = ""
    params: Mapping[str, Any] = {}
    ref: str | None = None
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a check may look at. ``audit``: what following the histories gave; ``file``: of a SQLite store."""

    unit: Unit
    caller: Caller
    quick: bool
    audit: Mapping[str, Any]
    file: str | None
    made_up: bool  # a demo store lives in a time of its own

    @property
    def on_file(self) -> bool:
        return self.unit.dialect == "sqlite"


@dataclass(frozen=True, slots=True)
class Check:
    """``invariant``: its number in the engine's list, where it is one of those."""

    id: str
    run: Callable[[Look], Iterator[Found]]
    invariant: int | None = None
    only: str | None = None  # a dialect


@dataclass
class Result:
    check: Check
    found: list[Found] = field(default_factory=list)
    count: int = 0
    repair: str = ""  # the check whose repair comes first, if not its own

    def told(self, lang: str) -> dict[str, Any]:
        """{id, title, invariant, ok, count, found[{ref, text}], repair|null}"""
        name = self.check.id
        return {
            "id": name,
            "title": text(f"word.doctor_{name}", lang),
            "invariant": self.check.invariant,
            "ok": not self.count,
            "count": self.count,
            "found": [
                {"ref": f.ref, "text": f.told or text(f"word.doctor_{name}_{f.word}", lang, **f.params)}
                for f in self.found
            ],
            "repair": text(f"word.doctor_{self.repair or name}_repair", lang, **self._params())
            if self.count
            else None,
        }

    def _params(self) -> dict[str, Any]:
        return dict(self.found[0].params)


def carry_out(check: Check, look: Look) -> Result:
    result = Result(check)
    try:
        for found in check.run(look):
            result.count += 1
            if len(result.found) < SHOWN:
                result.found.append(found)
    except Unavailable as error:  # pages that cannot be read
        result.count += 1
        result.found.append(Found(told=tell(error.first, look.caller.lang)))
        result.repair = "pages"
    return result


def unlooked(check: Check, lang: str, because: str) -> Result:
    """A check that asks for what is not there or cannot be read, as another check tells."""
    told = text("word.doctor_unlooked", lang, check=because)
    return Result(check, [Found(told=told)], 1, repair=because)
