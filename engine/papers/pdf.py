"""A paper as PDF, printed from its HTML with a Chinese font in it. The same HTML gives the same bytes."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import FontFace

FONT = "hei"
SIZE = 11.5


def pdf(
    fragment: str,
    *,
    title: str,
    lang: str,
    digest: str,
    at: datetime,
    size: float = SIZE,
    across: bool = False,
) -> bytes:
    """A4; ``at``: when the paper was served, which is also the document's own time. ``across``: the long side below."""
    made = _document(f"SHA-256 {digest}", across=across)
    made.set_title(title)
    made.set_lang("zh-CN" if lang == "zh" else "en")
    made.set_creation_date(at)
    made.set_producer("folkmoot")
    made.set_margins(22, 22)
    made.set_auto_page_break(True, 22)
    made.add_font(FONT, "", font_file())
    styles = {FONT + style: made.fonts[FONT] for style in ("B", "I", "BI")}
    made.fonts.update(styles)  # the font has one face, and reading it takes a quarter of a second
    made.set_font(FONT, size=size)
    made.add_page()
    made.write_html(fragment, font_family=FONT, tag_styles=_styles())
    for style in styles:  # it is written once
        del made.fonts[style]
    return bytes(made.output())


@lru_cache(maxsize=1)
def font_file() -> str:
    """WenQuanYi Micro Hei, from its own wheel; only the signs that are used go into a paper."""
    from importlib.resources import files

    return str(Path(str(files("paperang_p2_fonts_cjk"))) / "fonts" / "wqy-microhei.ttc")


def _document(foot: str, *, across: bool) -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font(FONT, size=7)
            self.cell(0, 5, f"{foot}   {self.page_no()}/{{nb}}", align="C")

    return Document(orientation="landscape" if across else "portrait", format="A4")


def _styles() -> "dict[str, FontFace]":
    """Headings in black and in sizes of an official paper."""
    from fpdf.fonts import TextStyle

    return {
        "h1": TextStyle(FONT, "B", 18, color=0, t_margin=2, b_margin=3),
        "h2": TextStyle(FONT, "B", 12.5, color=0, t_margin=5, b_margin=1),
    }
