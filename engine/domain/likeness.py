"""By what a party is known again in another case: digests, so that what is kept beside a case names nobody."""

import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

_BYTES = 10


def party_keys(party: Mapping[str, Any]) -> Iterator[str]:
    """The key of the person whom the organisation knows, then that of the name: the same whatever spaces, case and
    width the name is written in."""
    if party.get("person"):
        yield _key("person", str(party["person"]))
    name = plain_name(str(party.get("name") or ""))
    if name:
        yield _key("name", name)


def person_key(code: str) -> str:
    return _key("person", code)


def plain_name(name: str) -> str:
    """Without spaces, in one width and case."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _key(kind: str, value: str) -> str:
    return blake2b(f"{kind}:{value}".encode(), digest_size=_BYTES).hexdigest()
