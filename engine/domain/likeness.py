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
        yield person_key(str(party["person"]))
    named = name_key(str(party.get("name") or ""))
    if named:
        yield named


def person_key(code: str) -> str:
    return _key("person", code)


def name_key(name: str) -> str | None:
    """Of many people, wherever they live: by itself it tells who somebody is within one place at most."""
    plain = plain_name(name)
    return _key("name", plain) if plain else None


def plain_name(name: str) -> str:
    """Without spaces, in one width and case."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _key(kind: str, value: str) -> str:
    return blake2b(f"{kind}:{value}".encode(), digest_size=_BYTES).hexdigest()
