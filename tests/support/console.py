"""Sessions printed in a document, run as typed: a shell, a folder of their own, a terminal of 100 columns.

A session is a ``console`` block: lines with ``$ `` are typed (``> `` goes on with what a command reads), the
others are what the command printed. ``..`` at the end of a line stands for its rest, ``..`` alone for any lines.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = 100
BINARIES = Path(sys.executable).parent
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(slots=True)
class Typed:
    """One command, what it reads and what the document says it prints."""

    command: str
    feed: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


def blocks(text: str, language: str) -> list[str]:
    """The bodies of the fenced blocks in a language, in order."""
    return [body for found, body in _BLOCK.findall(text) if found == language]


def typed(block: str) -> Iterator[Typed]:
    """The commands of one console block."""
    now: Typed | None = None
    for line in block.splitlines():
        if line.startswith("$ "):
            if now is not None:
                yield now
            now = Typed(line[2:])
        elif now is None:
            raise ValueError(f"a session begins with a command, not with: {line}")
        elif line.startswith("> "):
            now.feed.append(line[2:])
        else:
            now.printed.append(line)
    if now is not None:
        yield now


def run(command: Typed, folder: Path, env: Mapping[str, str]) -> list[str]:
    """What the command really prints, stdout and stderr as they come on one terminal."""
    reader, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 25, COLUMNS, 0, 0))
    process = subprocess.Popen(  # noqa: S603 - what our own documents tell people to type
        ["/bin/sh", "-c", command.command],
        cwd=folder,
        env={"PATH": f"{BINARIES}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "NO_COLOR": "1", **env},
        stdin=subprocess.PIPE,
        stdout=terminal,
        stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    assert process.stdin is not None
    with process.stdin as feed:
        feed.write("".join(f"{line}\n" for line in command.feed).encode())
    said = b"".join(_chunks(reader))
    os.close(reader)
    process.wait()
    return [line.rstrip() for line in said.decode().replace("\r\n", "\n").splitlines()]


def _chunks(reader: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(reader, 65536)
        except OSError:  # Linux says so when the last one who held the terminal has gone
            return
        if not chunk:
            return
        yield chunk


def fits(printed: list[str], said: list[str]) -> bool:
    """Whether what was said is what the document prints."""
    if not printed:
        return not said
    if printed[0].strip() == "..":
        return any(fits(printed[1:], said[n:]) for n in range(len(said) + 1))
    if not said:
        return False
    wanted = printed[0]
    same = said[0].startswith(wanted[:-2]) if wanted.endswith("..") else said[0] == wanted.rstrip()
    return same and fits(printed[1:], said[1:])
