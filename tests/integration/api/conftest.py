"""The fixtures of the HTTP door."""

from tests.support.web import _one_web, both_webs, seeded_file, web

__all__ = ["_one_web", "both_webs", "seeded_file", "web"]
