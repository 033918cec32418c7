"""Questions to the person at the keyboard. Only asked when stdin and stderr are a terminal; asked on stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
    sys.stderr.write(question)
    sys.stderr.flush()
    while True:
        with single_keys():
            pressed = _one_key()
        if pressed in ("\x04", ""):
            raise UsageError("FM-U066")
        if pressed == "\x03":
            raise KeyboardInterrupt
        if pressed in allowed:
            sys.stderr.write(pressed + "\n")
            return pressed


@contextmanager
def single_keys() -> Iterator[None]:
    """Keys arrive one by one and unseen. Held open over several questions, so that fast fingers lose none."""
    try:
        import termios
        import tty
    except ImportError:  # not on Windows, where `getchar` does it
        yield
        return
    before = termios.tcgetattr(0)
    tty.setcbreak(0, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def _one_key() -> str:
    """A whole character, also of several bytes."""
    if os.name == "nt":
        import typer

        return typer.getchar()
    first = os.read(0, 1)
    more = 0 if first < b"\x80" else 1 if first < b"\xe0" else 2 if first < b"\xf0" else 3
    return (first + b"".join(os.read(0, 1) for _ in range(more))).decode(errors="replace")


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
