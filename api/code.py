"""A page for each code of the catalogue: what it says, its status, what to do with it."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from api.problem import family, status_of_code
from api.twin import template
from engine.domain.errors import NotFound
from engine.domain.messages import LANGUAGES, catalogue, text

CODE = re.compile(r"FM-[A-Z]\d{3}")
HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Vary": "Accept, Accept-Language",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


def page_of(code: str, lang: str) -> dict[str, Any]:
    """FM-N082 for a code that no message has."""
    entry = catalogue().get(code) if CODE.fullmatch(code) else None
    if entry is None:
        raise NotFound("FM-N082", code=code[:40])
    return {
        "code": code,
        "title": family(code, lang),
        "status": status_of_code(code),
        "exit": entry["exit"],
        "text": {name: _as_told(code, entry, name) for name in LANGUAGES},
        "retry": code == "FM-C004" or status_of_code(code) in (429, 503),
    }


def _as_told(code: str, entry: Mapping[str, Any], lang: str) -> str:
    """In the words of HTTP, if it is ever told there."""
    if entry["http"] is None:
        return str(entry[lang])
    return template(code, lang).replace("{{", "{").replace("}}", "}")


def wants_html(accept: bytes) -> bool:
    """Browsers name it; programs that take anything get JSON."""
    return b"text/html" in accept.lower()


def html(page: dict[str, Any], lang: str) -> str:
    told = {name: escape(said) for name, said in page["text"].items()}
    first, second = (lang, *(name for name in LANGUAGES if name != lang))
    rows = "".join(
        f"<dt>{escape(text(f'word.page.{name}', lang))}</dt><dd>{escape(_said(page[name], lang))}</dd>"
        for name in ("status", "exit", "retry")
    )
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
        f"<title>{page['code']} {escape(page['title'])}</title>"
        "<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}</style>"
        f"<h1>{page['code']}</h1><p>{escape(page['title'])}</p>"
        f'<p lang="{first}"><strong>{told[first]}</strong></p><p lang="{second}">{told[second]}</p>'
        f"<dl>{rows}</dl></html>"
    )


def _said(value: Any, lang: str) -> str:
    if isinstance(value, bool):
        return text(f"word.page.{'yes' if value else 'no'}", lang)
    return str(value)
