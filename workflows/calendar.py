"""The calendars that come with the package, by name (``CN``, ``PH``)."""

from functools import cache
from importlib.resources import files

import yaml

from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound


def calendar_ids() -> list[str]:
    """The names of all packaged calendars, in order."""
    folder = files("workflows").joinpath("calendars")
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


@cache
def load_calendar(calendar_id: str) -> Calendar:
    """A packaged calendar; :class:`NotFound` FM-N045 if there is none of that name."""
    if calendar_id not in calendar_ids():
        raise NotFound("FM-N045", calendar=calendar_id, known=", ".join(calendar_ids()))
    text = files("workflows").joinpath("calendars", f"{calendar_id}.yaml").read_text("utf-8")
    return Calendar.from_json(yaml.load(text, Loader=yaml.CSafeLoader))
