"""Alive, ready, and what a code means."""

from api.schema.problem import Told


class Health(Told):
    ok: bool


class CodePage(Told):
    code: str
    title: str
    status: int | None
    exit: int
    text: dict[str, str]
