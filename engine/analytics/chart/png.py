"""The SVG as pixels, with the Chinese font of the papers and no font of the machine: the same everywhere."""

import re

from engine.papers.pdf import font_file

FAMILY = "WenQuanYi Micro Hei"
ZOOM = 2.0  # dots for each unit of the drawing, for screens and paper alike
LARGEST = 5_000  # dots of a side; a workflow with many states has them smaller
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')


def png(svg: str) -> bytes:
    import resvg_py

    found = _SIZE.search(svg)
    side = max(map(float, found.groups())) if found else 0.0
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=min(ZOOM, LARGEST / max(side, 1)),
            skip_system_fonts=True,
            font_files=[font_file()],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            serif_family=FAMILY,
            monospace_family=FAMILY,
        )
    )
