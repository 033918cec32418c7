"""YAML that people send as data: no objects, and no aliases, which can make a small text a very large value."""

from typing import Any

import yaml


def load(text: str) -> Any:
    """The value; :class:`yaml.YAMLError` says where it cannot be read."""
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not read here", problem_mark=event.start_mark
            )
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (ValueError, RecursionError) as error:  # a day like 2026-02-30; brackets without end
        raise yaml.YAMLError(str(error)) from error
