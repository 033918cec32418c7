"""The sentences of the demo, in one language."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from workflows.demo.chance import Chance


@cache
def _texts() -> Mapping[str, Any]:
    text = files("workflows.demo").joinpath("words.yaml").read_text("utf-8")
    held: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return held


class Words:
    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, *path: str) -> str:
        """The one text at a path."""
        return str(self._at(path)[self.lang])

    def any(self, chance: Chance, *path: str) -> str:
        """One of the texts at a path."""
        return str(chance.pick(self._at(path))[self.lang])

    def person(self, chance: Chance, number: int) -> str:
        """A name that says it is made up."""
        held = _texts()
        letters = held["letters"][self.lang]
        return str(held["person"][self.lang]).format(
            surname=chance.pick(held["surnames"][self.lang]), letter=letters[number % len(letters)]
        )

    def _at(self, path: tuple[str, ...]) -> Any:
        found: Any = _texts()
        for name in path:
            found = found[name]
        return found
