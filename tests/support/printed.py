"""A PDF as somebody sees it: its pages as pixels, and where pictures stand on them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

DOTS = 144  # an inch
MM = DOTS / 25.4
WHITE, PALE = 250, 30


@dataclass(frozen=True)
class Box:
    """Pixels from the top left corner; right and bottom are not in it."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Sheet:
    pixels: NDArray[np.uint8]  # rows, columns, red green blue
    pictures: tuple[Box, ...]

    def inside(self, box: Box) -> NDArray[np.uint8]:
        return self.pixels[box.top : box.bottom, box.left : box.right]

    def without(self, *boxes: Box) -> NDArray[np.uint8]:
        """The page with white in the place of these."""
        made = self.pixels.copy()
        for box in boxes:
            made[box.top : box.bottom, box.left : box.right] = 255
        return made


def words(content: bytes) -> list[str]:
    """What stands there, as a reader takes it from the page: a word that goes on in the next line is two."""
    with pypdfium2.PdfDocument(content) as document:
        return [word for page in document for word in page.get_textpage().get_text_range().split()]


def sheets(content: bytes) -> list[Sheet]:
    with pypdfium2.PdfDocument(content) as document:
        return [_sheet(page) for page in document]


def _sheet(page: Any) -> Sheet:
    scale, height = DOTS / 72, page.get_height()
    found = []
    for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = one.get_bounds()
        edges = (left, height - top, right, height - bottom)
        found.append(Box(*(round(edge * scale) for edge in edges)))
    pixels = page.render(scale=scale, rev_byteorder=True).to_numpy()[..., :3].copy()
    return Sheet(pixels, tuple(found))


def coloured(pixels: NDArray[np.uint8]) -> int:
    """How many are neither white, grey nor black."""
    spread = pixels.max(axis=-1).astype(int) - pixels.min(axis=-1)
    return int((spread > PALE).sum())


def inked(pixels: NDArray[np.uint8]) -> int:
    return int((pixels.min(axis=-1) < WHITE).sum())


def near(pixels: NDArray[np.uint8], colour: str, within: int = 12) -> int:
    """How many are of that colour, ``#rrggbb``, or as good as."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return int((np.abs(pixels.astype(int) - wanted).max(axis=-1) <= within).sum())
