"""Days, instants and values as a paper says them, in English and Chinese."""

from datetime import date, datetime, tzinfo
from typing import Any

from engine.definitions.model import Definition, FieldSpec
from engine.domain.instant import from_text

BLANK = "________"  # known, and not said yet: to be filled in by hand
YES = {"en": ("yes", "no"), "zh": ("是", "否")}
DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def day(value: date, lang: str) -> str:
    """`Monday 23 November 2026`, `2026年11月23日(星期一)`."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日({DAYS[value.weekday()]})"
    return f"{value:%A} {value.day} {value:%B %Y}"


def moment(text: str | None, lang: str, zone: tzinfo) -> str:
    """An instant to the minute, by the clocks of the calendar's zone."""
    if not text:
        return BLANK
    local = from_text(text).astimezone(zone)
    hour = f"{local.hour}时{local.minute:02d}分" if lang == "zh" else f", {local:%H:%M}"
    return day(local.date(), lang) + hour


def due(run: Any, lang: str) -> str:
    """The last day of a deadline."""
    if not run or not run.get("due_date"):
        return BLANK
    last = day(date.fromisoformat(run["due_date"]), lang)
    return f"{last}24时" if lang == "zh" else f"{last}, 24:00"


def value(
    definition: Definition, spec: FieldSpec, path: str, given: Any, lang: str, zone: tzinfo, names: Any
) -> str:
    """A value of a field in words. ``path``: where its options' titles stand, ``fields.risk``."""
    if given is None or given == "":
        return BLANK
    if spec.kind == "bool":
        return YES[lang][0 if given else 1]
    if spec.kind in ("choice", "choices"):
        options = given if isinstance(given, list) else [given]
        said = [
            definition.text(f"{path}.{option}", lang, str(option).replace("_", " ")) for option in options
        ]
        return ("、" if lang == "zh" else ", ").join(said) or BLANK
    if spec.kind == "date":
        return day(date.fromisoformat(str(given)[:10]), lang)
    if spec.kind == "timestamp":
        return moment(str(given), lang, zone)
    if isinstance(given, list):
        return ("、" if lang == "zh" else ", ").join(names(str(one)) for one in given) or BLANK
    return _plain(definition, spec, given, names)


def _plain(definition: Definition, spec: FieldSpec, given: Any, names: Any) -> str:
    if spec.kind in ("person", "party"):
        return str(names(str(given)))
    if spec.kind in ("money", "number"):
        number = str(given).removesuffix(".0")
        return f"{number} {definition.currency}" if spec.kind == "money" and definition.currency else number
    return str(given)


def now_of(at: datetime, lang: str, zone: tzinfo) -> str:
    return day(at.astimezone(zone).date(), lang)
