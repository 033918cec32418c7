"""Decision tables for people to read: as plain values in one language, and as a part of a Markdown page in both."""

from collections.abc import Iterator
from typing import Any

from engine.definitions.page.markdown import code, plain, section, table
from engine.domain.messages import text
from engine.routing.table.cell import written
from engine.routing.table.model import SLOTS, Branch, Cel, Given, Rule, Sheet, Table

Told = dict[str, Any]


def told(sheet: Sheet, lang: str = "en") -> Told:
    """{case_type, title, version, hash, basis, scores, categories[], tables[]}; every cell as its text."""
    tree = sheet.categories
    return {
        "case_type": sheet.case_type,
        "title": _title(sheet.title, sheet.zh, lang),
        "version": sheet.version,
        "hash": sheet.digest,
        "basis": _title(sheet.basis, sheet.basis_zh, lang),
        "scores": dict(sheet.scores),
        "categories": [] if tree is None else [_branch(top, lang) for top in tree.tree],
        "tables": [_table(one, lang) for one in sheet.tables],
    }


def page(sheet: Sheet) -> list[str]:
    """Lines of Markdown: the category tree and each table, English with the Chinese beside it."""
    lines = section(
        f"{_both(sheet.title, sheet.zh)}",
        [
            f"Version {plain(sheet.version)}, {code(sheet.digest[:6])}. Basis: {_both(sheet.basis, sheet.basis_zh)}"
        ],
    )
    if sheet.categories is not None:
        rows = [row for top in sheet.categories.tree for row in _tree_rows(top, 0)]
        head = ["Category", "Options", "Who owns it", "Levels", "Acknowledged within"]
        lines += [*table(head, rows), ""]
    for one in sheet.tables:
        lines += [f"### {_both(one.title, one.zh)}", "", _about(one), ""]
        head = ["Rule", "If", "Then", "Because"]
        lines += [*table(head, [_row(one, rule) for rule in one.each]), ""]
    return lines


def _title(english: str, zh: str, lang: str) -> str:
    return zh if lang == "zh" and zh else english


def _both(english: str, zh: str) -> str:
    return f"{plain(english)} · {plain(zh)}" if zh else plain(english)


# ---- plain values ------------------------------------------------------------------------------------


def _branch(branch: Branch, lang: str) -> Told:
    return {
        "name": branch.name,
        "title": _title(branch.title, branch.zh, lang),
        "owner": branch.owner,
        "levels": list(branch.levels),
        "acknowledge": branch.acknowledge,
        "under": [_branch(inner, lang) for inner in branch.under],
    }


def _table(one: Table, lang: str) -> Told:
    return {
        "name": one.name,
        "title": _title(one.title, one.zh, lang),
        "gives": one.gives,
        "seats": list(one.seats),
        "hit": one.hit,
        "priority": list(one.priority),
        "collect": one.collect,
        "inputs": dict(one.inputs),
        "rules": [_rule(one, rule, lang) for rule in one.each],
    }


def _rule(one: Table, rule: Rule, lang: str) -> Told:
    return {
        "id": rule.id,
        "cells": {name: cell_of(rule, name) for name in one.inputs},
        "when": rule.when,
        "if_text": if_text(one, rule, lang),
        "then": {slot: _given(value) for slot, value in rule.then.items()},
        "then_text": then_text(rule, lang),
        "because": _title(rule.because, rule.zh, lang),
        "basis": _title(rule.basis, rule.basis_zh, lang),
        "otherwise": rule is one.otherwise,
    }


def if_text(one: Table, rule: Rule, lang: str = "en") -> str:
    """What a rule asks for, without the columns about which it asks nothing: ``risk red, dv true``."""
    if rule is one.otherwise:
        return text("routing.if.else", lang)
    asked = [f"{name} {written(rule.cells[name])}" for name in one.inputs if name in rule.cells]
    return "; ".join([*asked, *([rule.when] if rule.when else [])]) or text("routing.if.any", lang)


def cell_of(rule: Rule, name: str) -> str:
    cell = rule.cells.get(name)
    return "-" if cell is None else written(cell)


def then_text(rule: Rule, lang: str = "en") -> str:
    """``roles officer, weight 4``; the bare value of a table that gives a field."""
    if "value" in rule.then:
        return _given(rule.then["value"])
    return ", ".join(
        f"{text(f'routing.slot.{slot}', lang)} {_given(rule.then[slot])}"
        for slot in SLOTS
        if slot in rule.then
    )


def _given(value: Given) -> str:
    if isinstance(value, Cel):
        return value.text
    if isinstance(value, tuple):
        return " / ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


# ---- Markdown ----------------------------------------------------------------------------------------


def _tree_rows(branch: Branch, depth: int) -> Iterator[list[str]]:
    options = ", ".join(code(inner.name) for inner in branch.under if not inner.under)
    name = code(branch.name) if not branch.title else _both(branch.title, branch.zh)
    indent = "&nbsp;" * 4 * depth
    yield [
        f"{indent}{name}",
        options,
        code(branch.owner or ""),
        ", ".join(map(plain, branch.levels)),
        branch.acknowledge or "",
    ]
    for inner in branch.under:
        if inner.under or inner.owner or inner.levels or inner.acknowledge:
            yield from _tree_rows(inner, depth + 1)


def _about(one: Table) -> str:
    of = f"Gives {code(one.gives)}" if one.gives else f"For {', '.join(code(seat) for seat in one.seats)}"
    order = f" ({' before '.join(map(plain, one.priority))})" if one.priority else ""
    collect = f", {one.collect}" if one.collect else ""
    reads = ", ".join(f"{plain(name)}: {code(expression)}" for name, expression in one.inputs.items())
    return f"{of}; hit {one.hit}{order}{collect}. Reads {reads}."


def _row(one: Table, rule: Rule) -> list[str]:
    return [code(rule.id), plain(if_text(one, rule)), plain(then_text(rule)), _both(rule.because, rule.zh)]
