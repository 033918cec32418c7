"""A template and its values, made into a piece of HTML."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine.definitions.model import Definition

if TYPE_CHECKING:
    from jinja2 import Environment, Template


def render(definition: Definition, form: str, lang: str, values: Mapping[str, Any]) -> str:
    """The HTML of a form in one language. KeyError if it has no template there; whatever the template asks that is
    not known raises, and a definition with such a template is never activated."""
    return template(definition.forms[form][lang]).render(values).strip() + "\n"


def digest(html: str) -> str:
    """SHA-256 of the text in UTF-8, in hex."""
    return hashlib.sha256(html.encode()).hexdigest()


@lru_cache(maxsize=256)
def template(text: str) -> "Template":
    """Compiled once; text of a case is escaped, code and attributes with underscores are out of reach."""
    return environment().from_string(text)


@lru_cache(maxsize=1)
def environment() -> "Environment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.clear()  # no range, no cycler: what is not among the values is not there
    return made
