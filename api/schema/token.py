"""Tokens over the wire."""

from datetime import datetime

from pydantic import Field

from api.schema.case import Moment, Sent
from api.schema.problem import Told


class NewToken(Sent):
    person: str = Field(description="code, or name if unique", examples=["dsp-01"])
    label: str | None = Field(None, max_length=200, description="where it is used", examples=["console"])
    expires_at: Moment | None = Field(None, description="good until then; without it, until revoked")


class Token(Told):
    id: str = Field(examples=["T-4"])
    person: str
    label: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    status: str = Field(description="good, expired or revoked")


class TokenMade(Token):
    token: str | None = Field(description="the secret; null where the same key made it before")


class TokenList(Told):
    items: list[Token]
    count: int
    next: str | None
    as_of: datetime
