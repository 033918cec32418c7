"""Questions to the person at the keyboard. Only asked when stdin and stderr are a terminal; asked on stderr."""

import sys

from engine.domain.errors import UsageError
from engine.domain.messages import text


def possible() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def line(question: str) -> str:
    """One line of answer; the end of the input is a usage error, Ctrl-C an interruption."""
    sys.stderr.write(question)
    sys.stderr.flush()
    given = sys.stdin.readline()
    if not given:
        raise UsageError("FM-U066")
    return given.strip()


def key(question: str, allowed: str) -> str:
    """One key out of ``allowed``, without Enter."""
    import typer

    sys.stderr.write(question)
    sys.stderr.flush()
    while True:
        pressed = typer.getchar()
        if pressed in ("\x03",):
            raise KeyboardInterrupt
        if pressed in ("\x04", ""):
            raise UsageError("FM-U066")
        if pressed in allowed:
            sys.stderr.write(pressed + "\n")
            return pressed


def paragraph(question: str) -> str:
    """Several lines up to an empty one."""
    sys.stderr.write(question + "\n")
    sys.stderr.flush()
    lines: list[str] = []
    while given := sys.stdin.readline():
        if not given.strip() and lines:
            break
        lines.append(given.rstrip("\n"))
    return "\n".join(lines).strip()


def yes(question: str, lang: str) -> bool:
    return line(f"{question} {text('word.yes_no', lang)} ").lower() in ("y", "yes", "是", "好")
