"""Texts for codes and for fixed words, in English and Chinese, from ``catalogue/*.yaml``.

Each file of the catalogue maps a code (``FM-R101``) or a word id (``word.late``) to
``{en: ..., zh: ...}`` with ``{name}`` places for parameters; codes also carry ``http`` (a status, or
null where no HTTP answer exists) and ``exit``, and ``over_http`` where the words of the command line would
not do there. A missing parameter shows as its name, never as a traceback.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.domain.errors import Reason

LANGUAGES = ("en", "zh")
CATALOGUE = Path(__file__).with_name("catalogue")


class _Given(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key


_ENTRY = re.compile(r"^([\w.@-]+):", re.MULTILINE)


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every entry of every file; a code that stands in two files is a bug, and raised as one."""
    entries: dict[str, dict[str, Any]] = {}
    for name, written in _files():
        loaded = _loaded(written)
        twice = entries.keys() & loaded.keys()
        if twice:
            raise ValueError(f"{name} repeats {sorted(twice)}")
        entries.update(loaded)
    return entries


@cache
def find_entry(code: str) -> dict[str, Any] | None:
    """One entry. A command says a few dozen of a thousand messages, so only those are read."""
    written = _pieces().get(code)
    return _loaded(written)[code] if written is not None else None


@cache
def _pieces() -> dict[str, str]:
    """The text of each entry."""
    pieces: dict[str, str] = {}
    for _, written in _files():
        marks = list(_ENTRY.finditer(written))
        ends = [mark.start() for mark in marks[1:]] + [len(written)]
        pieces |= {mark[1]: written[mark.start() : end] for mark, end in zip(marks, ends, strict=True)}
    return pieces


def _files() -> Iterator[tuple[str, str]]:
    for file in sorted(CATALOGUE.glob("*.yaml")):
        yield file.name, file.read_text("utf-8")


def _loaded(written: str) -> dict[str, dict[str, Any]]:
    import yaml  # half of what `folkmoot --help` would cost, which needs no message

    return yaml.load(written, Loader=yaml.CSafeLoader) or {}


def text(code: str, lang: str = "en", /, **params: Any) -> str:
    """The message of a code or the word of an id, in a language; unknown codes give the code itself."""
    entry = find_entry(code)
    if entry is None:
        return code
    return fill(str(entry.get(lang) or entry["en"]), params)


def fill(template: str, params: Mapping[str, Any]) -> str:
    """A text with its places filled."""
    return template.format_map(_Given(params))


def tell(reason: Reason, lang: str = "en") -> str:
    """One reason as a sentence; a last place that stays empty leaves no blank behind."""
    return text(reason.code, lang, **given(reason, lang)).rstrip(" ")


def given(reason: Reason, lang: str = "en") -> dict[str, Any]:
    """What is put into the places of a message.

    A reason that quotes a definition brings its own texts: the parameters ``because`` and
    ``because_zh`` are chosen by language before they are put into the message.
    """
    params = dict(reason.params)
    for name in [name for name in params if name.endswith("_zh")]:
        value = params.pop(name)
        if lang == "zh" and value:
            params[name.removesuffix("_zh")] = value
    return params
