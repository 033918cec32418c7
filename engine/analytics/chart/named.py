"""An answer with its groups called by their names, as a chart has them in its legend and at its axes."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from engine.domain.messages import text

Answer = Mapping[str, Any]
Name = Callable[[str, Any, Answer], Any]  # of a column, its value and the row it stands in
COMPARED = ("unit", "other")  # what ``stats why`` holds against each other


def named(answer: Answer, name: Name, lang: str) -> Answer:
    """Each group with a ``title``; two that would be called the same have their keys behind it."""
    groups = answer.get("groups") or ()
    titles = [_title(group, name, lang) for group in groups]
    often = Counter(titles)
    called = [
        {**group, "title": title if often[title] == 1 else f"{title} ({_key(group)})"} if title else group
        for group, title in zip(groups, titles, strict=True)
    ]
    sides = {side: name(side, answer[side], answer) for side in COMPARED if isinstance(answer.get(side), str)}
    return {**answer, **sides, **({"groups": called} if called else {})}


def _title(group: Answer, name: Name, lang: str) -> str:
    return ", ".join(
        text("chart.none", lang) if value is None else str(name(f"key.{part}", value, group))
        for part, value in group["key"].items()
    )


def _key(group: Answer) -> str:
    return ", ".join("-" if value is None else str(value) for value in group["key"].values())
