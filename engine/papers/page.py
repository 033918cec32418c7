"""A paper to look at: the piece of HTML in an A4 page, for a browser or a printer."""

from html import escape

STYLE = """
@page { size: A4; margin: 25mm 22mm }
body { max-width: 170mm; margin: 12mm auto; padding: 0 8mm; color: #111; background: #fff;
  font: 11.5pt/1.75 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, Georgia, serif }
h1 { text-align: center; font-size: 19pt; letter-spacing: .08em; margin: 0 0 2mm }
h2 { font-size: 12.5pt; margin: 6mm 0 1mm }
p { margin: 0 0 2mm } .number { text-align: center; color: #333; margin-bottom: 6mm }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 4mm }
th, td { border: 1px solid #444; padding: 1.5mm 2.5mm; text-align: left; vertical-align: top }
th { font-weight: 600; background: #f4f4f1 }
footer { margin-top: 10mm; border-top: 1px solid #999; font-size: 8.5pt; color: #555; word-break: break-all }
@media print { body { margin: 0; padding: 0; max-width: none } }
"""


def page(fragment: str, *, title: str, lang: str, digest: str) -> str:
    """A whole document; the footer carries the digest that the case keeps."""
    spoken = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{spoken}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{fragment}"
        f"<footer>SHA-256 {digest}</footer>\n</body>\n</html>\n"
    )
