"""The sample organisation: Harbin's real divisions with invented units and staff laid over them."""

from workflows.harbin.generator import build

__all__ = ["build"]
