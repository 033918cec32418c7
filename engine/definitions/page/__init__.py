"""The page of a case type, made from its definition and from what was proved about it."""

from collections.abc import Iterable

from engine.definitions.analysis import Analysis
from engine.definitions.analysis.report import Phrase
from engine.definitions.canonical import content_hash
from engine.definitions.drawing import mermaid
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.outline import Outline
from engine.definitions.page.fact import FactTables
from engine.definitions.page.flow import FlowTables
from engine.definitions.page.markdown import code, plain, section, table
from engine.definitions.wording import Wording

__all__ = ["page"]


def page(definition: Definition, analysis: Analysis, *, vocabulary: Vocabulary | None = None) -> str:
    """Markdown, in English with the Chinese titles beside it."""
    outline = Outline(definition)
    en = Wording(outline, vocabulary=vocabulary)
    zh = Wording(outline, lang="zh", vocabulary=vocabulary)
    lines = [
        *_head(en, zh),
        *section("The way of a case", ["```mermaid", *mermaid(en).splitlines(), "```"]),
        *FlowTables(en, zh, analysis.ways_out).sections(),
        *FactTables(en, zh).sections(),
        *section("What is proved", _sentences(analysis.proved)),
        *section("What is not proved", _sentences(analysis.not_proved)),
        *section("What is let stand", _waived(analysis)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _head(en: Wording, zh: Wording) -> list[str]:
    definition, outline = en.definition, en.outline
    title, chinese = en.case_type(), zh.case_type()
    acts = sum(1 for _, _, transitions in definition.regions() for t in transitions if t.trigger)
    until = f" until {definition.effective.until}" if definition.effective.until else ""
    currency = f", money in {plain(definition.currency)}" if definition.currency else ""
    return [
        f"# {plain(title)}{f' · {plain(chinese)}' if chinese != title else ''}",
        "",
        "Made from `workflow.yaml` by `folkmoot workflow show --page`; not to be edited by hand.",
        "",
        f"- Case type {code(definition.case_type)}, version {plain(definition.version)},"
        f" {code(content_hash(definition)[:6])}",
        f"- Basis: {plain(definition.basis)}",
        f"- In force from {definition.effective.from_}{until}; calendar {plain(definition.calendar)}{currency}",
        f"- {len(outline.leaves)} states, {acts} acts, {len(definition.clocks)} clocks",
        "",
    ]


def _sentences(said: Iterable[Phrase]) -> list[str]:
    return [f"- {plain(sentence.text('en'))}" for sentence in said]


def _waived(analysis: Analysis) -> list[str]:
    return table(
        ["Finding", "Where", "What", "Why it may stand"],
        (
            [code(f.code), code(f.path), f.message().replace("|", "\\|"), plain(f.waived)]
            for f in analysis.findings
            if f.waived is not None
        ),
    )
