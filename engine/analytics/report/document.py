"""A report as a page for a browser, as PDF, or as CSV. All three say the same; the same run gives the same bytes."""

import csv
import io
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from engine.analytics.report.running import Run, Told, run
from engine.analytics.report.sheet import Table, told
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.messages import text
from engine.persistence.unit import Unit

STYLE = """
@page { size: A4; margin: 16mm 14mm }
body { max-width: 240mm; margin: 10mm auto; padding: 0 8mm; color: #16181c; background: #fff;
  font: 10.5pt/1.55 system-ui, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif }
h1 { font-size: 19pt; margin: 0 0 1mm } h2 { font-size: 13pt; margin: 9mm 0 1mm } h3 { font-size: 11pt; margin: 5mm 0 1mm }
p { margin: 0 0 2mm } .about { color: #5a5f66 }
table { border-collapse: collapse; margin: 2mm 0 4mm; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #d8dade; padding: 1mm 3mm 1mm 0; text-align: left; vertical-align: top }
th { font-weight: 600; border-bottom-color: #8a8f98 } .number { text-align: right }
svg { max-width: 100%; height: auto } section { break-inside: avoid-page }
@media print { body { margin: 0; padding: 0; max-width: none } }
"""
NUMBERS = frozenset({"count", "share", "seconds"})
SIZE = 8.5  # of what is printed
PICTURE = (470, 460)  # points that a printed chart may be wide and high: the page has 470 between its margins
ROOM = 150  # letters that stand beside each other on a printed page, with room for lines between columns
MOST_ROWS = 300  # of one table on a page; a CSV has all


def document(made: Run, form: str) -> bytes:
    """``html``, ``pdf`` or ``csv``; else FM-U736."""
    if form not in FORMS:
        raise UsageError("FM-U736", given=form, known=", ".join(FORMS))
    return FORMS[form](made)


def written(
    unit: Unit,
    caller: Any,
    *,
    name: str,
    form: str = "html",
    in_unit: str | None = None,
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
) -> dict[str, Any]:
    """{report, title, unit, as_of, note, format, file, content}: a report run and written; ``file`` is what to call it."""
    if form not in FORMS:
        raise UsageError("FM-U736", given=form, known=", ".join(FORMS))
    made = run(unit, caller, name=name, in_unit=in_unit, as_of=as_of, zone=zone, charts=form != "csv")
    return {
        "report": name, "title": made.title, "unit": in_unit, "as_of": to_text(made.as_of), "note": made.note,
        "format": form,
        "file": name_of(made, form), "content": document(made, form),
    }  # fmt: skip


def about(made: Run) -> str:
    """As of when, of which unit: all that a page says of itself."""
    at = f"{made.as_of.astimezone(ZoneInfo(made.zone)):%Y-%m-%d %H:%M} ({made.zone})"
    unit = made.unit_called or text("word.report_all_units", made.lang)
    said = text("word.report_about", made.lang, at=at, unit=unit)
    return f"{said} {made.note}" if made.note else said


# ---- a page -----------------------------------------------------------------------------------------------


def html(made: Run) -> bytes:
    from engine.analytics.chart.svg import svg

    spoken = "zh-CN" if made.lang == "zh" else "en"
    body = "".join(_part(part, made, svg(part.chart) if part.chart else "") for part in made.parts)
    return (
        f'<!doctype html>\n<html lang="{spoken}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(made.title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(made.title)}</h1>\n"
        f'<p class="about">{escape(about(made))}</p>\n{body}</body>\n</html>\n'
    ).encode()


def _part(part: Told, made: Run, drawn: str) -> str:
    lines = [f"<section>\n<h2>{escape(part.title)}</h2>\n", *_paragraphs(part, made), drawn]
    for table in part.tables:
        lines += [f"<h3>{escape(table.title)}</h3>\n" if table.title else "", _table(table, made)]
    return "".join([*lines, "</section>\n"])


def _paragraphs(part: Told, made: Run) -> Iterator[str]:
    """What is measured, and how many it is about."""
    yield f"<p>{escape(part.refused or _about_part(part, made))}</p>\n"
    if not part.tables and not part.refused:
        yield f"<p>{escape(text('word.report_nothing', made.lang))}</p>\n"


def _about_part(part: Told, made: Run) -> str:
    counts = {name: part.answer.get(name) for name in ("n", "n_open") if name in part.answer}
    answer = part.answer
    said = [str(answer.get("text", "")), str(answer.get("time") or ""), *part.about]
    if "km" in next(iter(answer.get("groups") or ()), {}):
        said.append(
            text("word.report_open_out" if answer.get("closed_only") else "word.report_open_in", made.lang)
        )
        said.append(
            text("word.report_pauses_in" if answer.get("pauses") else "word.report_pauses_out", made.lang)
        )
    said += [
        f"{text(f'word.column.{name}', made.lang)} {'-' if n is None else n}" for name, n in counts.items()
    ]
    return " · ".join(one for one in said if one)


def _table(table: Table, made: Run) -> str:
    heads = "".join(f"<th{_class(head.kind)}>{escape(head.title)}</th>" for head in table.heads)
    lines = [
        "<tr>" + "".join(
            f"<td{_class(head.kind)}>{escape(told(value, head.kind, made.lang, made.zone))}</td>"
            for head, value in zip(table.heads, row, strict=True)
        ) + "</tr>\n"
        for row in table.rows[:MOST_ROWS]
    ]  # fmt: skip
    more = len(table.rows) - MOST_ROWS
    after = f"<p>{escape(text('word.report_more', made.lang, n=more))}</p>\n" if more > 0 else ""
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(lines)}</tbody>\n</table>\n{after}"


def _class(kind: str) -> str:
    return ' class="number"' if kind in NUMBERS else ""


# ---- PDF ---------------------------------------------------------------------------------------------------


def pdf(made: Run) -> bytes:
    """The page printed, with a Chinese font in it."""
    from engine.papers import pdf as papers
    from engine.papers.fragment import digest

    lines = [f"<h1>{escape(made.title)}</h1>\n<p>{escape(about(made))}</p>\n"]
    for part in made.parts:
        lines += [f"<h2>{escape(part.title)}</h2>\n", *_paragraphs(part, made), _picture(part)]
        for table in part.tables:
            lines += [
                f"<p><b>{escape(table.title)}</b></p>\n" if table.title else "",
                _plain_table(table, made),
            ]
    fragment = "".join(lines)
    return papers.pdf(
        fragment,
        title=made.title,
        lang=made.lang,
        digest=digest(fragment),
        at=made.as_of,
        size=SIZE,
        across=True,
    )


def _picture(part: Told) -> str:
    if part.chart is None:
        return ""
    from engine.analytics.chart.draw import draw

    drawn = draw(part.chart, "png")
    wide, high = (int.from_bytes(drawn[at : at + 4], "big") for at in (16, 20))  # of a PNG's first chunk
    width = min(PICTURE[0], PICTURE[1] * wide // high)
    return f'<img src="data:image/png;base64,{b64encode(drawn).decode()}" width="{width}">\n'


def _plain_table(table: Table, made: Run) -> str:
    """With columns as wide as what stands in them asks for."""
    cells = [
        [told(value, head.kind, made.lang, made.zone) for head, value in zip(table.heads, row, strict=True)]
        for row in table.rows[:MOST_ROWS]
    ]
    wide = _widths([*zip([head.title for head in table.heads], *cells, strict=True)])
    heads = "".join(
        f'<th width="{100 * one / sum(wide):.2f}%">{escape(head.title)}</th>'
        for head, one in zip(table.heads, wide, strict=True)
    )
    lines = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells]
    more = len(table.rows) - MOST_ROWS
    after = f"<p>{escape(text('word.report_more', made.lang, n=more))}</p>\n" if more > 0 else ""
    return f'<table border="1" width="100%"><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>\n{after}'


def _widths(columns: Sequence[Sequence[str]]) -> list[int]:
    """What each column is given: first its longest word, which no line may break, then of the rest what it lacks."""
    least = [3 + max(max(map(_width, words.split()), default=0) for words in column) for column in columns]
    wanted = [
        max(low, 3 + min(60, max(map(_width, column)))) for low, column in zip(least, columns, strict=True)
    ]
    left, lacking = ROOM - sum(least), sum(wanted) - sum(least)
    if left <= 0 or left >= lacking:
        return least if left <= 0 else wanted
    return [low + left * (want - low) // lacking for low, want in zip(least, wanted, strict=True)]


def _width(words: str) -> int:
    """In halves of a Chinese sign."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in words)


# ---- CSV ---------------------------------------------------------------------------------------------------


def csv_(made: Run) -> bytes:
    """All tables under each other, parted by an empty line, each below a line with the numbers and titles of its part.
    Seconds, shares and instants stand as numbers and as ISO 8601. Of a part without tables the line says why."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_safe(made.title), about(made)])
    for number, part in enumerate(made.parts, 1):
        if part.refused or not part.tables:
            said = part.refused or text("word.report_nothing", made.lang)
            out.write("\r\n")
            writer.writerow([f"{number}", _safe(part.title), _safe(said)])
        for table in part.tables:
            out.write("\r\n")
            writer.writerow([f"{number}", *(_safe(one) for one in (part.title, table.title) if one)])
            writer.writerow([head.path for head in table.heads])
            writer.writerows([["" if value is None else _safe(value) for value in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")


def _safe(value: object) -> object:
    """No text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


FORMS: dict[str, Callable[[Run], bytes]] = {"html": html, "pdf": pdf, "csv": csv_}


def name_of(made: Run, form: str) -> str:
    """What a file of it is called: the report, the unit, the day as of which it speaks."""
    day: datetime = made.as_of.astimezone(ZoneInfo(made.zone))
    return "-".join([made.name, *([made.unit] if made.unit else []), f"{day:%Y-%m-%d}"]) + f".{form}"
