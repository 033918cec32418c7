"""Drawings of a definition: Mermaid text and SVG."""

from engine.definitions.drawing.happened import Happened
from engine.definitions.drawing.mermaid import mermaid
from engine.definitions.drawing.svg import picture, svg

__all__ = ["Happened", "mermaid", "picture", "svg"]
