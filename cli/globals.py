"""The options that every command has, before and after the noun: merged outward in, the inner one wins."""

from dataclasses import dataclass, fields
from typing import Annotated, Any

import typer

from engine.settings import Settings, load

Db = Annotated[str | None, typer.Option("--db", help="FILE|URL: the database")]
Server = Annotated[
    str | None, typer.Option("--server", help="URL: work through a server (not possible from here yet)")
]
As = Annotated[str | None, typer.Option("--as", help="CODE: who is acting")]
Lang = Annotated[str | None, typer.Option("--lang", help="en|zh: language of the answers", is_eager=True)]
Json = Annotated[bool, typer.Option("--json", help="exactly one JSON document on stdout")]


@dataclass(frozen=True, slots=True)
class Globals:
    db: str | None = None
    server: str | None = None
    as_: str | None = None
    lang: str | None = None
    json: bool = False

    def under(self, outer: "Globals") -> "Globals":
        """These, and the outer level's where these are silent."""
        return Globals(**{f.name: getattr(self, f.name) or getattr(outer, f.name) for f in fields(self)})

    def settings(self) -> Settings:
        return load({"database_url": self.db, "server": self.server, "person": self.as_, "lang": self.lang})


ANNOTATIONS: dict[str, Any] = {"db": Db, "server": Server, "as_": As, "lang": Lang, "json": Json}


def of(ctx: typer.Context) -> Globals:
    """What the levels outside this one were given."""
    return ctx.obj if isinstance(ctx.obj, Globals) else Globals()


def remember(
    ctx: typer.Context,
    db: Db = None,
    server: Server = None,
    as_: As = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """The callback of the program and of each noun."""
    ctx.obj = Globals(db, server, as_, lang, json).under(of(ctx))
