"""Loaded by pytest before anything is collected: one profile for all property tests."""

import os

from hypothesis import HealthCheck, settings

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
