"""What is kept of a bug of the command line: the words of the command, and never what was typed besides."""

from collections.abc import Sequence

from cli.nouns import nouns
from engine import bug
from engine.bug import find, folder

__all__ = ["find", "folder", "keep"]


def keep(error: BaseException, args: Sequence[str]) -> str:
    return bug.keep(error, command(args))


def command(args: Sequence[str]) -> str:
    known = nouns()
    words = [word for word in args if word in known or any(word in noun.verbs for noun in known.values())]
    options = sorted({word.partition("=")[0] for word in args if word.startswith("--")})
    return f"command: {' '.join([*words[:2], *options])}"
