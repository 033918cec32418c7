"""A first guess at a mapping: reads the register's heads and first rows, writes a map to be completed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from engine.machine.program import Program
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.importing.reading import Register
from engine.service.organisation.sheet import Row
from engine.service.today import today

LOOK = 500  # rows looked at
REPEATED = 0.7  # so many different keys among the rows, at most: a register has as many as rows
MOSTLY = 0.8  # of a column's values have to fit a format; the others will be told when they are imported
FORMATS = (
    "iso", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日",
)  # fmt: skip
CASE = r"case.*(id|name|no|number|key)$|^case$|trace|案件?号|案件编号|编号|案号"  # the case of a row, in a log of events
PLANNED = r"plan|due|deadline|expect|计划|期限|应"  # times that nothing has come to yet
HINTS = {
    "filed": r"creat|open|receiv|filed|start|登记|受理|立案|报案|接收",
    "closed": r"clos|end|resolv|结案|办结|完成",
    "status": r"status|state|状态|结果",
    "what": r"type|subject|descr|what|类型|类别|内容|事项|摘要",
    "place": r"place|village|neigh|district|地点|村|社区|地址",
    "channel": r"method|channel|source|渠道|来源|方式",
    "key": r"^id$|number|num$|编号|号$|recordid",
}


def sketch(register: Register, program: Program | None = None) -> str:
    """YAML with what could be guessed filled in and what could not marked ASK.

    Columns that found no use stand in a comment; with the ``program`` of the case type also its states and outcomes.
    """
    rows = register.rows[:LOOK]
    columns = {name: [row.cells[name] for row in rows if name in row.cells] for name in register.header}
    dates = {name: form for name, values in columns.items() if (form := _format(values))}
    log = _log(register.header, rows, columns, dates)
    heads = log.whole if log else register.header
    guess = {part: _pick(heads, hint, dates, part) for part, hint in HINTS.items()}
    if log:
        guess |= {"key": log.key, "at": log.at}
    if guess["key"] is None:
        guess["key"] = next((n for n, v in columns.items() if len(v) == len(rows) == len(set(v))), None)
    used = (guess["filed"], guess["closed"], guess.get("at"))
    forms = list(dict.fromkeys(dates[c] for c in used if c in dates)) or ["ASK"]
    words = sorted(set(columns.get(guess["status"] or "", [])))[:20]
    lines = [
        f"# A sketch from {register.name}: {len(register.header)} columns, {len(register.rows)} rows. Complete what says ASK.",
        f"source: {re.sub(r'[^a-z0-9]+', '-', register.name.rsplit('.', 1)[0].lower()).strip('-') or 'register'}",
        f"case_type: {program.definition.case_type if program else 'ASK'}",
        *(_log_lines(log) if log else ()),
        f"key: {_quoted(guess['key'])}",
        "zone: Asia/Shanghai",
        f"dates: [{', '.join(_quoted(f) for f in forms)}]",
        f"filed: {_moment(guess['filed'], log, 'first')}",
        f"closed: {_moment(guess['closed'], log, 'last')}",
        f"what: {{column: {_quoted(guess['what'])}}}",
        f"place: {{column: {_quoted(guess['place'])}, unknown: reject}}",
        f"channel: {{column: {_quoted(guess['channel'])}}}"
        if guess["channel"]
        else "channel: {value: register}",
        *(_commented("States a value may stand for", program.outline.leaves) if program else ()),
        *(_commented("Outcomes", program.definition.outcomes) if program else ()),
        "status:",
        *_status(guess["status"], words, log),
        "  outcomes: {else: ASK}",
        *_commented("Columns without a use yet", [n for n in register.header if n not in guess.values()]),
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Log:
    """A log of events: the column of the case, that of the row's time, and columns in which a case's rows agree."""

    key: str
    at: str | None
    whole: tuple[str, ...]


def _log(
    header: Sequence[str],
    rows: Sequence[Row],
    columns: Mapping[str, Sequence[str]],
    dates: Mapping[str, str],
) -> _Log | None:
    """A log where a column named like a case's repeats, and something differs among the rows of one case."""
    keys = [name for name in header if re.search(CASE, name.lower()) and name not in dates]
    for key in keys:
        if not columns[key] or len(set(columns[key])) > len(columns[key]) * REPEATED:
            continue
        cases: dict[str, list[Row]] = {}
        for row in rows:
            cases.setdefault(row.cells.get(key, ""), []).append(row)
        agreed = tuple(name for name in header if all(_one(name, members) for members in cases.values()))
        differing = [name for name in header if name not in agreed]
        if differing and len(cases) > 1:
            return _Log(key, next((name for name in differing if name in dates), None), agreed)
    return None


def _one(name: str, rows: Iterable[Row]) -> bool:
    return len({row.cells[name] for row in rows if name in row.cells}) <= 1


def _log_lines(log: _Log) -> list[str]:
    return [
        "rows: events  # rows with the same key are one case",
        *([f"at: {_quoted(log.at)}"] if log.at else []),
    ]


def _moment(column: str | None, log: _Log | None, take: str) -> str:
    if column is None and log and log.at:
        return f"{{column: {_quoted(log.at)}, take: {take}}}"
    return _quoted(column)


def _status(column: str | None, words: Sequence[str], log: _Log | None) -> list[str]:
    """A log seldom has a column for where a case stands: its closing time tells."""
    if column is None and log:
        return ["  value: open", "  values: {open: ASK}"]
    return [f"  column: {_quoted(column)}", "  values:", *[f"    {_quoted(word)}: ASK" for word in words]]


def sketch_for(unit: Unit, caller: Caller, *, register: Register, case_type: str | None = None) -> Answer:
    """The guess for a register that was sent: {map, asked, columns, rows}."""
    require(unit, caller, "register")
    program = law.active(unit, case_type, today(unit, caller)) if case_type else None
    made = sketch(register, program)
    return {"map": made, "asked": asked(made), "columns": len(register.header), "rows": len(register.rows)}


def _commented(head: str, names: Iterable[str]) -> list[str]:
    listed = ", ".join(" ".join(name.split()) for name in names)  # a head may hold line breaks
    return [f"# {line}" for line in wrap(f"{head}: {listed}", 100, break_on_hyphens=False)] if listed else []


def asked(text: str) -> int:
    """How many places of a sketch are still to be completed."""
    return len(
        re.findall(r"\bASK\b", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    )


def _format(values: Sequence[str]) -> str | None:
    sample = values[:50]
    if not sample:
        return None
    fitting = {form: sum(_fits(value, form) for value in sample) for form in FORMATS}
    best = max(fitting, key=lambda form: fitting[form])
    return best if fitting[best] >= MOSTLY * len(sample) else None


def _fits(value: str, form: str) -> bool:
    if value.isdigit():
        return False
    try:
        _ = datetime.fromisoformat(value) if form == "iso" else datetime.strptime(value, form)  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _pick(header: Sequence[str], hint: str, dates: dict[str, str], part: str) -> str | None:
    fits = [name for name in header if re.search(hint, name.lower())]
    if part in ("filed", "closed"):
        fits = [name for name in fits if name in dates and not re.search(PLANNED, name.lower())]
    else:
        fits = [name for name in fits if name not in dates]
    return fits[0] if fits else None


def _quoted(value: str | None) -> str:
    if value is None:
        return "ASK"
    return "'" + value.replace("'", "''") + "'"
