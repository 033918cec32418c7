"""Drawings of a definition: Mermaid text and SVG."""

from engine.definitions.drawing.mermaid import mermaid
from engine.definitions.drawing.svg import svg

__all__ = ["mermaid", "svg"]
