"""Loaded by pytest before anything is collected: one profile for all property tests, and where stores of tests lie."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder is made in it that is of this user alone
ROOM = 4_000_000_000  # bytes; a run needs a tenth of it

# a store waits for the disk at each commit; nothing that a test writes has to outlive a power cut
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile(
    "quick",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "soak",
    parent=settings.get_profile("quick"),
    max_examples=int(os.environ.get("FOLKMOOT_SOAK_EXAMPLES", "400")),  # ten times as many: about an hour
)
settings.load_profile("soak" if os.environ.get("FOLKMOOT_SOAK") else "quick")

pytest_plugins = [
    "tests.support.database",
    "tests.support.commandline",
    "tests.support.crowd",
    "tests.support.office",
    "tests.support.portions",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What was imported and collected stays to the end: nobody looks through it for rubbish again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
