"""Alive, ready, and what a code means."""

from api.schema.problem import Told


class Index(Told):
    """Addresses to begin with."""

    name: str
    contract: str
    docs: str
    me: str
    cases: str
    workflows: str
    alive: str
    ready: str


class Health(Told):
    ok: bool


class CodePage(Told):
    code: str
    title: str
    status: int | None
    exit: int
    text: dict[str, str]
