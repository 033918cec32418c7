"""Once and no more, for writing services that bind no key themselves: the answer is bound as acts do it.

What is asked is compared, not what came of it: a service that finds out from the case which act is meant would find
another one, or none, when it is asked again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import Any

from engine.persistence.case_store import KeyWrite, find_key, lock_key, write_key
from engine.persistence.unit import Unit
from engine.service.acting import replayed
from engine.service.caller import Answer, Caller


def keyed(service: Callable[..., Answer]) -> Callable[..., Answer]:
    """Gives a service a ``key`` that binds the whole request to its answer."""

    @wraps(service)
    def run(unit: Unit, caller: Caller, *, key: str | None = None, **arguments: Any) -> Answer:
        if key is None:
            return service(unit, caller, **arguments)
        answer: Answer = once(service)(unit, caller, key=key, **arguments)
        return answer

    known = signature(service)
    key = Parameter("key", Parameter.KEYWORD_ONLY, default=None, annotation=str | None)
    run.__dict__["__signature__"] = known.replace(parameters=[*known.parameters.values(), key])
    return run


def once(service: Callable[..., Any]) -> Callable[..., Any]:
    """The same service with a ``key``: the same request under it gets the first answer, another FM-C002."""

    def run(unit: Unit, caller: Caller, *, key: str, **arguments: Any) -> Any:
        lock_key(unit, key)  # sent again while the first is at it: the answer is there when our turn comes
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
