"""Tokens: who may sign in, as whom, until when."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.token import NewToken, Token, TokenList, TokenMade
from engine.service import token

router = APIRouter()
TAG = "Tokens"
Every = Annotated[bool, Query(alias="all", description="also those that ended")]
TokenId = Annotated[str, Path(alias="id", description="as listed", examples=["T-4"])]


@router.get("/v1/tokens", **told("Tokens that are good", TokenList, 403, tag=TAG, also={304: None}))
async def list_tokens(door: DoorDep, page: PageDep, every: Every = False) -> Response:
    """Never a secret."""
    return door.listed(await door.read(token.list_tokens, every=every), page)


@router.post("/v1/tokens", **changes("A token for a person", TokenMade, tag=TAG, status=201))
async def create_token(door: WriteDep, sent: NewToken) -> Response:
    """`token` is shown this once. What it may do is what the person may do."""
    return await door.write(
        token.create_token,
        person=sent.person,
        label=sent.label,
        expires_at=sent.expires_at,
        status=201,
        places={"FM-N022": "/person", "FM-U361": "/expires_at"},
    )


@router.delete("/v1/tokens/{id}", **changes("Revoke a token", Token, tag=TAG))
async def revoke_token(door: WriteDep, number: TokenId) -> Response:
    """For good: refused here at once, by other processes within two seconds."""
    answer = await door.write(token.revoke_token, id=number)
    door.house.tokens.forget()
    return answer
