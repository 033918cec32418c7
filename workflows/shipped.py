"""What the program brings along: definitions, vocabulary and calendars, read from this package."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files

import yaml

from engine.definitions.load import load
from engine.definitions.model import Vocabulary
from engine.definitions.written.form import form_files
from engine.service.seed import Shipped

CASE_TYPES = (
    "dispute_mediation",
    "service_request",
    "legal_education",
    "katarungang_pambarangay",
    "traffic_comanagement",
)


@cache
def vocabulary() -> Vocabulary:
    """The names that all definitions share."""
    text = files("workflows").joinpath("vocabulary.yaml").read_text("utf-8")
    return Vocabulary.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def definitions() -> Iterator[Shipped]:
    """Every shipped definition; one that does not load is a bug of the package."""
    for name in CASE_TYPES:
        with as_file(files("workflows").joinpath(name)) as folder:
            loaded = load(folder / "workflow.yaml")
            if loaded.definition is None:
                raise ValueError("\n".join(f.message("en") for f in loaded.findings))
            yield Shipped(loaded.definition, (folder / "workflow.yaml").read_text("utf-8"))


def files_of(case_type: str) -> dict[str, str]:
    """The text of a shipped definition and of its translations, word for word, by file name."""
    folder = files("workflows").joinpath(case_type)
    names = [f.name for f in folder.iterdir() if f.name.endswith(".yaml")]
    names.sort(key=lambda name: (name != "workflow.yaml", name))
    texts = {name: folder.joinpath(name).read_text("utf-8") for name in names}
    own = next(d.definition for d in definitions() if d.definition.case_type == case_type)
    return texts | form_files(own)
