"""FM-D804 and FM-D805: forms without a template, and templates that do not fit their definition."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from engine.definitions.closeness import strictest
from engine.definitions.finding import Finding
from engine.definitions.model import Definition
from engine.definitions.written.form import named_forms
from engine.domain.access import PRIVATE
from engine.papers.fragment import environment
from engine.papers.values import ITEM, TOP

if TYPE_CHECKING:
    from jinja2 import nodes

LANGUAGES = ("en", "zh")
PARTY = ("no", "name", "role", "is")


def check_forms(definition: Definition, file: str = "") -> Iterator[Finding]:
    """A definition that has templates has all of them, and each says only what there is."""
    if not definition.forms:
        return
    for form in named_forms(definition):
        for lang in LANGUAGES:
            text = definition.forms.get(form, {}).get(lang)
            path = f"forms.{form}.{lang}"
            if text is None:
                yield _finding("FM-D804", path, file, form=form, lang=lang)
                continue
            yield from _check(definition, text, path, file, f"{form}.{lang}.html")


def _check(definition: Definition, text: str, path: str, file: str, name: str) -> Iterator[Finding]:
    from jinja2 import TemplateSyntaxError, meta

    try:
        tree = environment().parse(text)
    except TemplateSyntaxError as error:
        yield _finding("FM-D805", path, file, form=name, line=error.lineno, because=str(error.message))
        return
    for unknown in sorted(meta.find_undeclared_variables(tree) - set(TOP)):
        because = f"`{unknown}` is not known; known: {', '.join(TOP)}"
        yield _finding("FM-D805", path, file, form=name, line=_line(tree, unknown), because=because)
    yield from _attributes(definition, tree, path, file, name)


def _line(tree: "nodes.Template", name: str) -> int:
    from jinja2 import nodes

    return next((n.lineno for n in tree.find_all(nodes.Name) if n.name == name), 1)


def _attributes(
    definition: Definition, tree: "nodes.Template", path: str, file: str, name: str
) -> Iterator[Finding]:
    """``fields.x``, ``records.x.y`` and the like: what they name has to be there, and may be said."""
    from jinja2 import nodes

    known = _known(definition)
    for node in tree.find_all(nodes.Getattr):
        chain = _chain(node)
        if chain is None or chain[0] not in known:
            continue
        names = known[chain[0]]
        if len(chain) > 1 and chain[1] not in names:
            because = f"{chain[0]} has no `{chain[1]}`; it has: {', '.join(names) or '-'}"
            yield _finding("FM-D805", path, file, form=name, line=node.lineno, because=because)
        elif len(chain) > 2 and chain[0] == "records":
            yield from _record(definition, chain, path, file, name, node.lineno)
        elif chain[0] == "fields" and strictest(definition.fields[chain[1]].class_) in PRIVATE:
            class_ = strictest(definition.fields[chain[1]].class_)
            yield _finding("FM-D701", path, file, fact=chain[1], class_=class_, place=name)


def _record(
    definition: Definition, chain: list[str], path: str, file: str, name: str, line: int
) -> Iterator[Finding]:
    record = definition.records[chain[1]]
    if chain[2] not in (*record.fields, *ITEM):
        because = f"{chain[1]} has no `{chain[2]}`; it has: {', '.join((*record.fields, *ITEM))}"
        yield _finding("FM-D805", path, file, form=name, line=line, because=because)
    elif (
        found := strictest(
            record.class_, record.fields[chain[2]].class_ if chain[2] in record.fields else None
        )
    ) in PRIVATE:
        yield _finding("FM-D701", path, file, fact=chain[1], class_=found, place=name)


def _known(definition: Definition) -> dict[str, Collection[str]]:
    from engine.definitions.outline import Outline

    return {
        "fields": definition.fields,
        "titles": definition.fields,
        "records": definition.records,
        "every": definition.records,
        "clocks": definition.clocks,
        "seats": Outline(definition).seats,
    }


def _chain(node: Any) -> list[str] | None:
    """`records.agreement.terms` as its three names; None for what is no plain chain."""
    from jinja2 import nodes

    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    if not isinstance(node, nodes.Name):
        return None
    return [node.name, *reversed(names)]


def _finding(code: str, path: str, file: str, **params: Any) -> Finding:
    return Finding(code, params, file, 0, 0, path)
