"""A register through the engine by portions: what landed stays, and nobody waits long for the store."""

import json
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from api.door import Door
from api.upload import Upload
from engine.service import importing
from engine.service.importing.rejects import told

PORTION = 100  # cases in one commit
SHOWN = 100  # rejected rows in the answer itself
MAP = "map"
Service = Callable[..., importing.Landed]


class Import:
    """One request: a register, its map and how it is meant."""

    def __init__(self, door: Door, upload: Upload, name: str, given: Mapping[str, Any]) -> None:
        self.door, self.upload, self.name, self.given = door, upload, name, given

    async def answer(self) -> dict[str, Any]:
        """The report; under a key the same request gets the same answer."""
        door = self.door
        held = await door.read(importing.first_answer, key=door.key, digest=self.digest)
        if held is not None:
            return held
        mapping = importing.read_mapping(self.given[MAP], MAP)
        register = await door.in_thread(self._read, self.given["sheet"] or mapping.sheet)
        made = await self._land(mapping, register)
        if door.key and not door.dry_run:
            await self._write(importing.finish, key=door.key, digest=self.digest, answer=made)
        return made

    @property
    def digest(self) -> str:
        asked = [
            sha256(self.upload.content).hexdigest(),
            self.name,
            dict(self.given),
            self.door.caller.person,
        ]
        return sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def _read(self, sheet: str | None) -> importing.Register:
        return importing.read_register(
            self.name, self.upload.content, sheet=sheet, encoding=self.given["encoding"]
        )

    async def _land(self, mapping: importing.Mapping, register: importing.Register) -> dict[str, Any]:
        total, batch = importing.Landed(), None
        if not self.door.dry_run:
            opened = await self._write(
                importing.open_batch,
                name=MAP,
                mapping=mapping,
                header=register.header,
                register=register.name,
            )
            batch = opened["batch"]
        for cases in _portions(await self.door.in_thread(importing.cases_in, register, mapping)):
            made: importing.Landed = await self._portion(mapping, register, cases, batch)
            register.seen |= made.keys
            total.add(made)
        if batch is not None and not total.landed and await self._write(importing.drop_empty, batch=batch):
            batch = None
        lang = self.door.lang
        rows = [row for case in total.rejects[:SHOWN] for row in case.each()]
        rejects = [told(row, lang) for row in rows[:SHOWN]]
        return {**importing.report(total, batch, lang, register.notes), "rejects": rejects}

    async def _portion(
        self, mapping: importing.Mapping, register: importing.Register, cases: Any, batch: int | None
    ) -> importing.Landed:
        common = {"mapping": mapping, "register": register, "cases": cases}
        service: Service = importing.rehearse
        given: dict[str, Any] = {"dry_run": True, "name": MAP}
        if batch is not None:
            service, given = importing.land, {"batch": batch, "live": self.given["live"]}
        landed: importing.Landed = await self._write(service, **given, **common)
        return landed

    async def _write(self, service: Any, **arguments: Any) -> Any:
        return await self.door.house.write(service, self.door.caller, **arguments)


def _portions(cases: Any) -> Iterator[Any]:
    return (cases[n : n + PORTION] for n in range(0, len(cases), PORTION))
