"""Texts for codes and for fixed words, in English and Chinese, from ``catalogue/*.yaml``.

Each file of the catalogue maps a code (``FM-R101``) or a word id (``word.late``) to
``{en: ..., zh: ...}`` with ``{name}`` places for parameters; codes also carry ``http`` (a status, or
null where no HTTP answer exists) and ``exit``. A missing parameter shows as its name, never as a traceback.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from engine.domain.errors import Reason

LANGUAGES = ("en", "zh")


class _Given(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every entry of every file; a code that stands in two files is a bug, and raised as one."""
    import yaml  # half of what `folkmoot --help` would cost, which needs no message

    entries: dict[str, dict[str, Any]] = {}
    for file in sorted(files("engine.domain").joinpath("catalogue").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yaml"):
            continue
        loaded = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}
        twice = entries.keys() & loaded.keys()
        if twice:
            raise ValueError(f"{file.name} repeats {sorted(twice)}")
        entries.update(loaded)
    return entries


def text(code: str, lang: str = "en", /, **params: Any) -> str:
    """The message of a code or the word of an id, in a language; unknown codes give the code itself."""
    entry = catalogue().get(code)
    if entry is None:
        return code
    return str(entry.get(lang) or entry["en"]).format_map(_Given(params))


def tell(reason: Reason, lang: str = "en") -> str:
    """One reason as a sentence.

    A reason that quotes a definition brings its own texts: the parameters ``because`` and
    ``because_zh`` are chosen by language before they are put into the message.
    """
    params = dict(reason.params)
    for name in [name for name in params if name.endswith("_zh")]:
        value = params.pop(name)
        if lang == "zh" and value:
            params[name.removesuffix("_zh")] = value
    return text(reason.code, lang, **params)
