"""Colour only doubles a word that is there anyway; never without a terminal, never with NO_COLOR."""

import os
import sys

_STYLE = {
    "red": "\x1b[1;31m",
    "orange": "\x1b[33m",
    "yellow": "\x1b[93m",
    "blue": "\x1b[34m",
    "late": "\x1b[1;31m",
    "good": "\x1b[32m",
    "dim": "\x1b[2m",
    "strong": "\x1b[1m",
    "series0": "\x1b[34m",
    "series1": "\x1b[33m",
    "series2": "\x1b[32m",
    "series3": "\x1b[35m",
    "series4": "\x1b[36m",
    "series5": "\x1b[31m",
}
_OFF = "\x1b[0m"


def wanted() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str | None) -> str:
    """The text, in its style where colour is wanted and the style is known."""
    return f"{_STYLE[style]}{text}{_OFF}" if style in _STYLE and wanted() else text
