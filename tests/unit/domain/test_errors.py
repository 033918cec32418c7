"""What an error keeps beside its parameters has names of its own, which no parameter may take."""

import ast
import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

from engine.domain.errors import FolkmootError
from engine.domain.messages import catalogue

ROOT = Path(__file__).parents[3]
KINDS = {
    "who", "state", "guard", "requires", "input", "time", "seat", "usage", "conflict", "store", "finding",
}  # fmt: skip


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Every error of ours that is made by its code, and where."""
    for room in ("engine", "api", "cli", "workflows"):
        for file in sorted((ROOT / room).rglob("*.py")):
            text = file.read_text("utf-8")
            for node in ast.walk(ast.parse(text)) if "FM-" in text else ():
                code = node.args[0] if isinstance(node, ast.Call) and node.args else None
                if isinstance(code, ast.Constant) and re.fullmatch(r"FM-[A-Z]\d{3}", str(code.value)):
                    assert isinstance(node, ast.Call)
                    yield f"{file.relative_to(ROOT)}:{node.lineno} {code.value}", node


def test_a_reason_is_of_a_kind_that_is_known() -> None:
    wrong, calls = [], list(raised())
    for where, call in calls:
        kinds = [word.value for word in call.keywords if word.arg == "kind"]
        wrong += [where for kind in kinds if not (isinstance(kind, ast.Constant) and kind.value in KINDS)]
    assert wrong == []
    assert len(calls) > 200


def test_no_message_has_a_place_that_the_error_itself_would_take() -> None:
    taken = {
        name for name, one in signature(FolkmootError).parameters.items() if one.kind is one.KEYWORD_ONLY
    }
    assert taken == {"kind", "reasons"}
    places = {
        code: taken
        & set(re.findall(r"\{(\w+)\}", f"{entry['en']} {entry['zh']} {entry.get('over_http', '')}"))
        for code, entry in catalogue().items()
        if code.startswith("FM-")
    }
    assert {code: names for code, names in places.items() if names} == {}
