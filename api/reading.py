"""The document as a page for people: one file, no scripts, nothing fetched from elsewhere."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
STYLE = """
body{font:16px/1.5 sans-serif;max-width:56em;margin:2em auto;padding:0 1em}
code{background:#8882;padding:0 .2em} summary code{background:none;font-weight:bold}
details{border-bottom:1px solid #8884;padding:.3em 0} td,th{text-align:left;vertical-align:top;padding:0 1em 0 0}
"""


def page(document: Mapping[str, Any]) -> str:
    info = document["info"]
    return "".join([
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        f"<title>{escape(info['title'])}</title><style>{STYLE}</style>",
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['summary'])}</p><p>{_prose(info['description'])}</p>",
        '<p>For programs: <a href="/openapi.json">/openapi.json</a></p>',
        *_by_tag(document),
        "</html>",
    ])  # fmt: skip


def _by_tag(document: Mapping[str, Any]) -> Iterator[str]:
    told = {tag["name"]: tag["description"] for tag in document.get("tags", ())}
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            groups.setdefault(route["tags"][0], []).append(_route(method.upper(), path, route))
    for name, routes in groups.items():
        yield f"<h2>{escape(name)}</h2><p>{escape(told.get(name, ''))}</p>{''.join(routes)}"


def _route(method: str, path: str, route: Mapping[str, Any]) -> str:
    rows = [_row(f"{p['name']} ({p['in']})", p.get("description", "")) for p in route.get("parameters", ())]
    body = route.get("requestBody", {}).get("content", {})
    rows += (
        [_row("body", ", ".join(f"{kind}: {_name(part['schema'])}" for kind, part in body.items()))]
        if body
        else []
    )
    rows += [_row(status, answer["description"]) for status, answer in route["responses"].items()]
    return (
        f"<details><summary><code>{method} {escape(path)}</code> {escape(route['summary'])}</summary>"
        f"<p>{_prose(route.get('description', ''))}</p><table>{''.join(rows)}</table></details>"
    )


def _row(name: str, text: str) -> str:
    return f"<tr><th>{escape(str(name))}</th><td>{_prose(text)}</td></tr>"


def _name(schema: Mapping[str, Any]) -> str:
    options = [schema, *schema.get("anyOf", ())]
    return next((o["$ref"].rpartition("/")[2] for o in options if "$ref" in o), str(schema.get("type", "")))


def _prose(text: str) -> str:
    """Text whose `words in backticks` are code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))
