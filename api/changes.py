"""What the document says of every write: the answer, what a dry run says instead, what may be against it."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from api.document import told
from api.schema.case import Done, Minimal, Waiting, Would

Service = Callable[..., dict[str, Any]]
WAITS: Mapping[int, Any] = {202: Waiting}


def changes(
    title: str,
    answer: type[BaseModel],
    *problems: int,
    tag: str,
    status: int = 200,
    also: Mapping[int, Any] | None = None,
    example: Any = None,
) -> dict[str, Any]:
    """Arguments of a writing route's decorator: as :func:`api.document.told`, with 403, 409 and the dry run."""
    may_answer: Any = answer | Minimal if issubclass(answer, Done) else answer
    more = dict(also or {})
    if status == 200:
        may_answer = may_answer | Would
    else:
        more[200] = Would
    return told(
        title, may_answer, 403, 409, *problems, tag=tag, status=status, also=more, example=example, body=True
    )
