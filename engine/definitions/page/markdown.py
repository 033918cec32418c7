"""Markdown tables and lists in which any text may stand."""

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def plain(text: str) -> str:
    """A text that is shown as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text)).strip()


def code(text: str) -> str:
    """A name or an expression in type of even width; a bar would end the cell of a table."""
    one_line = re.sub(r"\s+", " ", text).strip().replace("|", "\\|")
    fence = "``" if "`" in one_line else "`"
    return f"{fence}{one_line}{fence}" if one_line else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table; columns that are empty in every row are left out, no rows give no lines."""
    filled = [list(row) for row in rows]
    if not filled:
        return []
    kept = [n for n in range(len(head)) if any(row[n] for row in filled)]
    lines = ["| " + " | ".join(head[n] for n in kept) + " |", "|" + " --- |" * len(kept)]
    return [*lines, *("| " + " | ".join(row[n] for n in kept) + " |" for row in filled)]


def section(title: str, *parts: Iterable[str]) -> list[str]:
    """A heading with what stands under it; nothing where there is nothing."""
    lines: list[str] = []
    for part in parts:
        told = list(part)
        if told:
            lines += [*told, ""]
    return [f"## {title}", "", *lines] if lines else []
