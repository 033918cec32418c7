"""How a report came in: one of a few words everybody knows (``word.channel_*`` says them), or an office's own id."""

import re

CHANNELS = ("desk", "phone", "visit", "patrol", "hotline", "web", "letter", "register")
PATTERN = "^[a-z0-9][a-z0-9_-]{0,39}$"
_ID = re.compile(PATTERN[1:-1])


def is_channel(given: str) -> bool:
    """Whether it can be one. A sentence is none: lists and figures go by it."""
    return _ID.fullmatch(given) is not None
