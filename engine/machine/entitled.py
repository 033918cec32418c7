"""What was wrongly given or not given, in Chinese: the title of each input before the id that it is sent by."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.definitions.model import FieldSpec
from engine.domain.errors import Reason
from engine.domain.messages import text
from engine.machine.judge import act_title, fact_title
from engine.machine.program import Program
from engine.machine.typed import ONE_OF

GENERAL = {
    "note": "备注",
    "reason": "理由",
    "parties": "当事人",
    "party": "当事人",
    "role": "身份",
    "of": "所属",
}


def entitled(
    program: Program, reason: Reason, lacking: Iterable[str] = (), takes: Iterable[str] = ()
) -> Reason:
    """The reason with its Chinese parameters; of another kind as it is."""
    more = {}
    if "act" in reason.params:
        more["act_zh"] = act_title(program, str(reason.params["act"]), "zh")
    if reason.code == "FM-R301":
        more["missing_zh"] = listed(program, lacking)
    elif reason.code == "FM-R302":
        more["takes_zh"] = listed(program, takes) or text("word.typed.nothing", "zh")
    elif reason.code == "FM-R303":
        more = _wrong(program, reason)
    else:
        return reason
    return replace(reason, params={**reason.params, **more})


def listed(program: Program, names: Iterable[str]) -> str:
    return "、".join(_asked(program, name) for name in names)


def _asked(program: Program, name: str) -> str:
    """`风险等级 risk`; of a record with its fields, `screening_form (violence, weapon)`, each of them so."""
    outer, _, inner = name.removesuffix(")").partition(" (")
    kind = outer.partition(".")[0]
    within = "、".join(_named(program, f"{kind}.{one}", one) for one in inner.split(", ")) if inner else ""
    return _named(program, outer, outer) + (f"({within})" if within else "")


def _named(program: Program, name: str, sent: str) -> str:
    title = _title(program, name)
    return sent if title.replace(" ", "_") == sent else f"{title} {sent}"


def _title(program: Program, name: str) -> str:
    kind, dot, field = name.partition(".")
    definition = program.definition
    if not dot or kind not in definition.records:
        known = name in definition.fields or name in definition.records or name in program.outline.seats
        return fact_title(program, name, "zh") if known else GENERAL.get(name, name)
    if field not in definition.records[kind].fields:
        return GENERAL.get(field, field)
    return definition.text(f"records.{kind}.{field}.title", "zh", field)


def _wrong(program: Program, reason: Reason) -> dict[str, str]:
    name, section, specs = str(reason.params["name"]), *_section(program, reason.pointer or "")
    if name not in specs:
        return {"name_zh": _named(program, name, name)}
    text_of, wanted = program.definition.text, str(reason.params["wanted"])
    title = text_of(f"{section}.{name}.title", "zh", name)
    more = {"name_zh": name if title == name else f"{title} {name}"}
    if wanted.startswith(ONE_OF):
        options = (
            (text_of(f"{section}.{name}.{one}", "zh", one), one)
            for one in wanted.removeprefix(ONE_OF).split(", ")
        )
        names = "、".join(one if said == one else f"{said} {one}" for said, one in options)
        more["wanted_zh"] = text("word.typed.one_of", "zh", names=names)
    return more


def _section(program: Program, pointer: str) -> tuple[str, Mapping[str, FieldSpec]]:
    """Where the definition tells of the field that a pointer leads to: `/records/session/0/place`."""
    parts = pointer.split("/")
    definition = program.definition
    if parts[1:2] == ["records"] and len(parts) > 4 and parts[2] in definition.records:
        return f"records.{parts[2]}", definition.records[parts[2]].fields
    if parts[1:2] == ["parties"]:
        return "parties.fields", definition.parties.fields
    return "fields", definition.fields


def noted(reason: Reason) -> Reason:
    """Where every door asks for the reason, which an event keeps as its note: what is missing, as it is typed."""
    if reason.code != "FM-R301":
        return reason
    missing = ["reason" if name == "note" else name for name in reason.params["missing"].split(", ")]
    told = str(reason.params["missing_zh"]).replace("备注 note", "理由 reason")
    return replace(reason, params={**reason.params, "missing": ", ".join(missing), "missing_zh": told})
