"""The page of the law lists what the shipped texts rest on: each law and each article that a basis names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.definitions.load import load
from workflows import shipped

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "workflows"
PAGE = ROOT / "docs" / "law.md"
# what a basis means that names sections only: the village justice and its recusal
UNNAMED = "RA 7160"
NUMBER = r"\d+(?:\([a-z]\))?(?:-\d+)?"
CITED = re.compile(rf"(.*?)\b(?:art\.|s\.) ?({NUMBER}(?:, {NUMBER}(?!\d| [a-z]))*)")


def bases(node: Any) -> Iterator[str]:
    """Every ``basis`` in a text, however deep; translations say the same once more."""
    if isinstance(node, dict):
        if isinstance(node.get("basis"), str):
            yield node["basis"]
        node = [value for key, value in node.items() if key != "translations"]
    if isinstance(node, list | tuple):
        for one in node:
            yield from bases(one)


def texts(section: str) -> Iterator[Any]:
    if section == "recusal":
        for path in sorted((FOLDER / "recusal").glob("*.yaml")):
            if path.name != "zh.yaml":
                yield yaml.safe_load(path.read_text("utf-8"))
        return
    for folder in ("", *shipped.EARLIER.get(section, ())):
        found = load(FOLDER / section / folder / "workflow.yaml").definition
        assert found is not None
        yield found.model_dump()


def articles(text: str) -> set[tuple[str, int]]:
    """``PML art. 17, 19-20`` as pairs of a law's name and one number."""
    found = set()
    for part in re.split(r"[;|]", text):
        law = UNNAMED
        for before, numbers in CITED.findall(part):
            name = re.split(r"[(:]|, ", before.strip().rstrip(","))[-1].strip()
            if name[:1].isupper():
                law = name
            for first, last in re.findall(r"(\d+)(?:\([a-z]\))?(?:-(\d+))?", numbers):
                found |= {(law, number) for number in range(int(first), int(last or first) + 1)}
    return found


def unnumbered(basis: str) -> Iterator[str]:
    """What a basis begins with, if it is a law or a practice without an article."""
    first = basis.split(";")[0]
    if not first.startswith("ours") and not CITED.search(first):
        yield re.split(r"[,:(]", first)[0].strip()


def sections() -> dict[str, str]:
    return dict(re.findall(r"^## (\w+)$(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("section", [*shipped.CASE_TYPES, "recusal"])
def test_every_law_and_article_of_a_basis_is_on_the_page(section: str) -> None:
    said = sections()[section]
    listed = articles(said)
    missing: set[tuple[str, int] | str] = set()
    for text in texts(section):
        header = text.pop("basis", "") if isinstance(text, dict) else ""
        for basis in bases(text):
            missing |= articles(basis) - listed
            missing |= {name for name in unnumbered(basis) if name not in said}
        missing |= {short for short in re.findall(r'\("([^"]+)"', header) if short not in said}
    assert missing == set()


def test_the_page_says_of_each_line_whether_it_was_checked() -> None:
    rows = re.findall(r"^\| (?!Rule|---)(.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [row for row in rows if len(row.split(" | ")) != 3] == []
    assert all(row.split(" | ")[2] for row in rows)


def test_it_finds_a_law_that_is_missing() -> None:
    assert articles("PML art. 17, 19-20; KP Rules VI s. 8") == {
        ("PML", 17),
        ("PML", 19),
        ("PML", 20),
        ("KP Rules VI", 8),
    }
    assert articles("s. 410(b), s. 414-415") == {(UNNAMED, 410), (UNNAMED, 414), (UNNAMED, 415)}
    assert articles("Supervision Law art. 37 (until May 2025 art. 34)") == {
        ("Supervision Law", 37),
        ("Supervision Law", 34),
    }
    assert list(unnumbered("reward rules")) == ["reward rules"]
