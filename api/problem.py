"""Problem details (RFC 9457) for everything that can be told: the one place that turns errors into answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.twin import tell_over_http
from api.wire import encode
from engine.domain.errors import FolkmootError, Reason
from engine.domain.messages import catalogue, text

Tell = Callable[[Reason, str], str]

MEDIA_TYPE = "application/problem+json"
FIRST_OF = (403, 409, 412, 422)  # where reasons differ, who may not at all hears that first
BY_LETTER = {
    "U": 422, "N": 404, "A": 401, "R": 422, "C": 409, "D": 422, "I": 422, "S": 503, "V": 409, "X": 500,
}  # fmt: skip
RETRY_AFTER_S = 2


class Problem(Exception):
    """An error with what is known around it: the case as it stands, what happened since, what is open now."""

    def __init__(self, error: FolkmootError, **around: Any) -> None:
        super().__init__(error.code)
        self.error, self.around = error, around


def status_of_code(code: str) -> int:
    """A function of the code: its own in the catalogue, else its letter's."""
    status: int | None = catalogue().get(code, {}).get("http")
    return status or BY_LETTER.get(code.removeprefix("FM-")[:1], 500)


def status_of(reason: Reason) -> int:
    """Its code's; but 404 is said of addresses: a word of the body or the query that nobody knows is 422."""
    status = status_of_code(reason.code)
    return 422 if status == 404 and reason.pointer else status


def leading(reasons: Sequence[Reason]) -> Reason:
    """The reason that names the whole: the first of 403, 409, 412, 422."""
    for status in FIRST_OF:
        for reason in reasons:
            if status_of(reason) == status:
                return reason
    return reasons[0]


def details(
    error: FolkmootError, lang: str, around: Mapping[str, Any] | None = None, tell: Tell = tell_over_http
) -> dict[str, Any]:
    """The document; ``around`` may bring ``case``, ``since`` and more ``way_out``. ``tell``: in whose words."""
    first = leading(error.reasons)
    around = dict(around or {})
    ways = [{"act": way} for reason in error.reasons for way in reason.way_out]
    ways += [way for way in around.pop("way_out", ()) if way["act"] not in {w["act"] for w in ways}]
    return {
        "type": f"/problems/{first.code}",
        "title": title_of(first, lang),
        "status": status_of(first),
        "code": first.code,
        "detail": _detail(error.reasons, first, lang, tell),
        "reasons": [_reason(reason, lang, tell) for reason in error.reasons],
        "way_out": ways,
        **around,
    }


def title_of(reason: Reason, lang: str) -> str:
    """A rule's own words where a definition brought them, else those of the code's family."""
    own = reason.params.get("because_zh" if lang == "zh" else "because") or reason.params.get("because")
    return str(own) if own else family(reason.code, lang)


def family(code: str, lang: str) -> str:
    letters = code.removeprefix("FM-")
    for name in (f"word.problem.{letters[:end]}" for end in (4, 2, 1)):
        if name in catalogue():
            return text(name, lang)
    return code


def _detail(reasons: Sequence[Reason], first: Reason, lang: str, tell: Tell) -> str:
    unread = [reason for reason in reasons if reason.code == "FM-U006"]
    if first.code == "FM-U006" and len(unread) > 1:
        suffix = "_zh" if lang == "zh" else ""
        told = "; ".join(str(reason.params[f"problems{suffix}"]) for reason in unread)
        return text("word.fields_counted", lang, count=len(unread)) + text("FM-U006", lang, problems=told)
    return tell(first, lang)


def _reason(reason: Reason, lang: str, tell: Tell) -> dict[str, Any]:
    told = {**reason.to_json(), "text": tell(reason, lang)}
    rule = reason.params.get("rule")
    if rule:
        told["rule"] = rule
    return told


def headers_of(document: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """What a status wants beside its document."""
    status = document["status"]
    if status == 401:
        return [(b"www-authenticate", b'Bearer realm="folkmoot"')]
    if status in (429, 503) or document["code"] == "FM-C004":
        wait = [reason["params"].get("seconds") for reason in document.get("reasons", ())]
        return [(b"retry-after", str(next(filter(None, wait), RETRY_AFTER_S)).encode())]
    return []


def answer(error: Exception, lang: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body for one of ours."""
    if isinstance(error, Problem):
        document = details(error.error, lang, error.around)
    elif isinstance(error, FolkmootError):
        document = details(error, lang)
    else:
        raise TypeError(type(error).__name__)
    body = encode(document)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *headers_of(document),
    ]
    return document["status"], headers, body
