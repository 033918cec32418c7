"""What is kept of a bug: where it happened, never what was worked on.

The file names modules, lines and the kind of exception. Messages, values and arguments may hold names
and telephone numbers of people and are left out.
"""

import os
import platform
import secrets
import traceback
from pathlib import Path


def folder() -> Path:
    """The user's state directory."""
    home = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".local" / "state") / "folkmoot" / "bugs"


def keep(error: BaseException, doing: str) -> str:
    """Write the details down and give their short id; an unwritable disk only costs the details."""
    name = secrets.token_hex(2)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        (folder() / f"{name}.txt").write_text(describe(error, doing), "utf-8")
    except OSError:
        pass
    return name


def find(name: str) -> str | None:
    path = folder() / f"{name}.txt"
    return path.read_text("utf-8") if name.isalnum() and path.is_file() else None


def describe(error: BaseException, doing: str) -> str:
    """``doing``: the command or resource, without what was given to it."""
    from importlib.metadata import version

    parts = [
        f"folkmoot {version('folkmoot')}, Python {platform.python_version()}, {platform.system()}",
        doing,
    ]
    link: BaseException | None = error
    while link is not None:
        parts.append(f"{type(link).__module__}.{type(link).__qualname__}")
        parts += [
            f"  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        ]
        link = link.__cause__ or link.__context__
    return "\n".join(parts) + "\n"
