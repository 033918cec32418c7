"""Writes the texts of statements that stand ready: ``python -m tests.contract.ready_statements``."""

import json
from importlib import import_module
from typing import Any

from engine.persistence import ready

ROOMS = ("engine.persistence", "engine.service", "engine.service.routing")


def document() -> dict[str, Any]:
    """From every module of the rooms that keep statements."""
    for room in ROOMS:
        folder = ready.ENGINE.parent / room.replace(".", "/")
        for path in sorted(folder.glob("*.py")):
            import_module(f"{room}.{path.stem}" if path.stem != "__init__" else room)
    return ready.document()


def text() -> str:
    """A line for each file and each statement, so that a change shows in a review."""
    parts = []
    for part, entries in document().items():
        lines = ",\n".join(
            f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in entries.items()
        )
        parts.append(f"{json.dumps(part)}: {{\n{lines}\n}}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    ready.TEXTS.write_text(text(), "utf-8")
