"""Once and no more, for writing services that know no keys: the answer is bound to the key as acts do it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.persistence.case_store import KeyWrite, find_key, write_key
from engine.persistence.unit import Unit
from engine.service.acting import replayed
from engine.service.caller import Caller


def once(service: Callable[..., Any]) -> Callable[..., Any]:
    """The same service with a ``key``: the same request under it gets the first answer, another FM-C002."""

    def run(unit: Unit, caller: Caller, *, key: str, **arguments: Any) -> Any:
        digest = _digest(service, caller, arguments)
        held = find_key(unit, key)
        if held is not None:
            return replayed(held.key, held.digest, held.answer, held.at, digest)
        answer = service(unit, caller, **arguments)
        plain = json.loads(json.dumps(answer, default=str))
        write_key(unit, KeyWrite(key, digest, plain, caller.at))
        return answer

    return run


def _digest(service: Callable[..., Any], caller: Caller, arguments: Mapping[str, Any]) -> str:
    asked = [service.__module__, service.__qualname__, caller.person, arguments]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=_spelt).encode()).hexdigest()


def _spelt(value: Any) -> str:
    """What JSON does not know: files by what is in them, everything else as it is written."""
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)
