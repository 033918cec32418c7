"""What the program brings along: definitions, vocabulary and calendars, read from this package."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files

import yaml

from engine.definitions.emit import emit
from engine.definitions.load import load
from engine.definitions.model import Vocabulary
from engine.definitions.written.form import form_files
from engine.service.seed import Shipped

CASE_TYPES = (
    "dispute_mediation",
    "service_request",
    "public_security_mediation",
    "social_information",
    "crime_clue",
    "traffic_comanagement",
    "legal_education",
    "katarungang_pambarangay",
)
# texts of an earlier law, in folders of their own: cases reported before keep them
EARLIER = {"public_security_mediation": ("2025",)}


@cache
def vocabulary() -> Vocabulary:
    """The names that all definitions share."""
    text = files("workflows").joinpath("vocabulary.yaml").read_text("utf-8")
    return Vocabulary.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def definitions() -> Iterator[Shipped]:
    """The newest text of every shipped case type; one that does not load is a bug of the package."""
    for name in CASE_TYPES:
        yield _shipped(name)


def texts() -> Iterator[Shipped]:
    """Every shipped text, those of earlier law first: what a new store begins with."""
    for name, folders in EARLIER.items():
        for folder in folders:
            yield _shipped(name, folder)
    yield from definitions()


def tables() -> dict[str, str]:
    """By which seats are filled, by case type."""
    return {name: files("workflows").joinpath(name, "routing.yaml").read_text("utf-8") for name in CASE_TYPES}


def routing_text(case_type: str) -> str | None:
    """The decision tables that are shipped with a case type, as text."""
    if case_type not in CASE_TYPES:
        return None
    file = files("workflows").joinpath(case_type, "routing.yaml")
    return file.read_text("utf-8") if file.is_file() else None


@cache
def _shipped(*folders: str) -> Shipped:
    with as_file(files("workflows").joinpath(*folders)) as folder:
        loaded = load(folder / "workflow.yaml")
        if loaded.definition is None:
            raise ValueError("\n".join(f.message("en") for f in loaded.findings))
        text = (folder / "workflow.yaml").read_text("utf-8")
    # a text that needs another file is kept whole
    return Shipped(loaded.definition, emit(loaded.definition) if "\ninclude:" in text else text)


def files_of(case_type: str) -> dict[str, str]:
    """The text of a shipped definition and of its translations, word for word, by file name."""
    folder = files("workflows").joinpath(case_type)
    inside = ("", *EARLIER.get(case_type, ()))
    names = [
        f"{under}/{f.name}".lstrip("/")
        for under in inside
        for f in folder.joinpath(under).iterdir()
        if f.name.endswith(".yaml")
    ]
    names.sort(key=lambda name: (name != "workflow.yaml", name))
    texts = {name: folder.joinpath(name).read_text("utf-8") for name in names}
    own = next(d.definition for d in definitions() if d.definition.case_type == case_type)
    return texts | form_files(own)
