"""Where the program finds its database, who is at the keyboard, and which of four places said so.

A flag beats ``FOLKMOOT_*`` beats ``./folkmoot.toml`` beats the user's file. Plain dataclasses and
``tomllib``: a settings library would cost every command more time than its own work takes.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from engine.domain.errors import UsageError

PREFIX = "FOLKMOOT_"
LOCAL_FILE = "folkmoot.toml"
DEFAULT_DATABASE = "sqlite:///folkmoot.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """``person`` is typed as ``--as``; ``origins`` names for each value the place that gave it."""

    database_url: str = DEFAULT_DATABASE
    server: str | None = None
    person: str | None = None
    lang: str = "en"
    zone: str = "Asia/Shanghai"
    origins: Mapping[str, str] = field(default_factory=dict)

    def with_person(self, person: str | None) -> "Settings":
        return replace(self, person=person)


SPELLING = {
    "database_url": "database_url",
    "server": "server",
    "person": "as",
    "lang": "lang",
    "zone": "zone",
}


def database_url(text: str) -> str:
    """A path as a SQLite URL; a URL as it stands."""
    if "://" not in text:
        return f"sqlite:///{text}"
    scheme, rest = text.split("://", 1)
    return f"postgresql://{rest}" if scheme == "postgres" else text


def user_file(environ: Mapping[str, str]) -> Path:
    """The user's own file, where the platform keeps such files."""
    folder = environ.get("XDG_CONFIG_HOME") or environ.get("APPDATA")
    return (Path(folder) if folder else Path.home() / ".config") / "folkmoot" / LOCAL_FILE


def load(
    flags: Mapping[str, str | None] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """The settings in force; ``flags`` are by field name and None where not typed."""
    env = os.environ if environ is None else environ
    places = [
        ("flag", {name: value for name, value in (flags or {}).items() if value is not None}),
        ("environment", _environment(env)),
        *((str(path), _file(path)) for path in ((folder or Path()) / LOCAL_FILE, user_file(env))),
    ]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name in SPELLING:
        place = next((place for place, given in places if name in given), None)
        origins[name] = place or "default"
        if place:
            values[name] = dict(places)[place][name]
    if "lang" not in values:
        values["lang"], origins["lang"] = _of_locale(env)
    values["lang"] = _language(values["lang"])
    values["database_url"] = database_url(values.get("database_url", DEFAULT_DATABASE))
    return Settings(**values, origins=origins)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    named = {name: environ.get(PREFIX + spelt.upper()) for name, spelt in SPELLING.items()}
    return {name: value for name, value in named.items() if value}


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    import tomllib

    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("FM-U067", file=str(path), problem=str(error)) from error
    named = {spelt: name for name, spelt in SPELLING.items()}
    for key, value in given.items():
        if key not in named or not isinstance(value, str):
            near = get_close_matches(key, named, 1) or list(named)
            raise UsageError("FM-U068", file=str(path), key=key, known=", ".join(near))
    return {named[key]: value for key, value in given.items()}


def _of_locale(environ: Mapping[str, str]) -> tuple[str, str]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return ("zh" if environ[name].startswith("zh") else "en"), name
    return "en", "default"


def _language(text: str) -> str:
    lang = text.lower().replace("_", "-").split("-")[0]
    if lang not in ("en", "zh"):
        raise UsageError("FM-U069", lang=text)
    return lang


def named(settings: Settings) -> list[tuple[str, Any, str]]:
    """(name as people write it, value, origin) of each setting."""
    return [
        (SPELLING[item.name], getattr(settings, item.name), settings.origins.get(item.name, "default"))
        for item in fields(settings)
        if item.name in SPELLING
    ]
