"""Help pages in English and Chinese. English stands in the code, Chinese in ``cli/zh.yaml`` beside it.

A help text may begin with ``METAVAR: ``, what the option takes. Keys of the Chinese file: ``case.file``
for a command, ``case.file.place`` for one of its options, ``option.db`` for a shared one.
"""

import inspect
import re
from functools import cache
from pathlib import Path
from typing import Any

from typer._click.core import Context

from cli import globals as common
from cli.nouns import GROUPS, nouns
from cli.output.width import fold, pad, screen, width
from engine.domain.errors import FolkmootError
from engine.settings import load

# Beside the code and not in the catalogue: the first page shall not wait for a thousand messages.
WORDS: dict[str, dict[str, str]] = {
    "usage": {"en": "NOUN VERB [..] [--..]", "zh": "名词 动词 [..] [--..]"},
    "verb": {"en": "VERB [..] [--..]", "zh": "动词 [..] [--..]"},
    "program": {
        "en": "A rule-driven workflow engine for dispute mediation and case routing. Alone it says where you are.",
        "zh": "按规则办理调解与分派案件。单独运行显示当前所在。",
    },
    "options": {"en": "Options", "zh": "选项"},
    "everywhere": {"en": "Everywhere, before or after the noun", "zh": "通用选项,名词前后均可"},
    "help": {"en": "this page", "zh": "本页"},
    "needed": {"en": "{said} (required)", "zh": "{said}(必填)"},
    "example": {"en": "Example", "zh": "示例"},
    "more": {
        "en": "folkmoot NOUN --help lists its verbs; folkmoot help lists topics.",
        "zh": "folkmoot 名词 --help 列出动词;folkmoot help 列出主题。",
    },
}
SHARED = {"db", "server", "as_", "lang", "json"}
_METAVAR = re.compile(r"^(\S+): ")


@cache
def chinese() -> dict[str, str]:
    import yaml

    loaded: dict[str, str] = yaml.load(
        Path(__file__).with_name("zh.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded


def language(ctx: Context) -> str:
    """--lang of this level or of an outer one, else the settings'."""
    here: Context | None = ctx
    typed = None
    while here is not None and typed is None:
        typed = here.params.get("lang") or (here.obj.lang if isinstance(here.obj, common.Globals) else None)
        here = here.parent
    try:
        return load({"lang": typed}).lang
    except FolkmootError:
        return "en"


def of_program(group: Any, ctx: Context) -> str:
    lang = language(ctx)
    page = [
        f"folkmoot {WORDS['usage'][lang]}",
        "",
        *fold(WORDS["program"][lang], _room()),
        "",
    ]
    known = nouns()
    wide = max(len(name) for name in known)
    for group_name, titles in GROUPS.items():
        rows = [_row(name, noun.help(lang), wide) for name, noun in known.items() if noun.group == group_name]
        if rows:
            page += [titles[lang], *(line for row in rows for line in row), ""]
    return "\n".join([*page, *_options(group, ctx, lang), "", WORDS["more"][lang]]) + "\n"


def of_noun(group: Any, ctx: Context) -> str:
    lang, name = language(ctx), ctx.info_name or ""
    noun = nouns().get(name)
    page = [f"folkmoot {name} {WORDS['verb'][lang]}", ""]
    if noun:
        page += [*fold(noun.help(lang), _room()), ""]
    wide = max((len(verb) for verb in group.commands), default=0)
    for verb, command in group.commands.items():
        page += _row(verb, _summary(f"{name}.{verb}", command.help or "", lang), wide)
    return "\n".join([*page, "", *_options(group, ctx, lang)]) + "\n"


def of_command(command: Any, ctx: Context) -> str:
    lang = language(ctx)
    path = _path(ctx)
    arguments = [
        param for param in command.params if param.param_type_name == "argument" and not param.hidden
    ]
    needed = [
        _spelt(param, _told(path, param, lang)[0])
        for param in command.params
        if param.param_type_name == "option" and param.required
    ]
    usage = " ".join(["folkmoot", *path.split("."), *map(_argument, arguments), *needed])
    page = [f"{usage} [--..]", "", *_paragraphs(path, command.help or "", lang), ""]
    rows = [
        (_argument(param), _told(path, param, lang)[1]) for param in arguments if _told(path, param, lang)[1]
    ]
    wide = max((width(name) for name, _ in rows), default=0)
    for name, said in rows:
        page += _row(name, said, wide)
    if rows:
        page.append("")
    page += _options(command, ctx, lang)
    if command.example:
        page += ["", WORDS["example"][lang], *(f"  {one}" for one in command.example.split("\n"))]
    return "\n".join(page) + "\n"


def _path(ctx: Context) -> str:
    names: list[str] = []
    here: Context | None = ctx
    while here is not None and here.parent is not None:
        names.insert(0, here.info_name or "")
        here = here.parent
    return ".".join(names)


def _argument(param: Any) -> str:
    name = param.name.strip("_").upper()
    name += " .." if param.nargs != 1 else ""
    return name if param.required else f"[{name}]"


def _options(command: Any, ctx: Context, lang: str) -> list[str]:
    path = _path(ctx)
    own: list[tuple[str, str]] = []
    shared: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        if param.param_type_name != "option" or getattr(param, "hidden", False):
            continue
        metavar, said = _told(path, param, lang)
        if param.name == "help":
            said = WORDS["help"][lang]
        elif param.required:
            said = WORDS["needed"][lang].format(said=said)
        (shared if param.name in SHARED | {"help"} else own).append((_spelt(param, metavar), said))
    page: list[str] = []
    for title, rows in (("options", own), ("everywhere", shared)):
        if rows:
            wide = min(max(width(name) for name, _ in rows), 24)
            page += ([""] if page else []) + [WORDS[title][lang]]
            for name, said in rows:
                page += _row(name, said, wide)
    return page


def _spelt(param: Any, metavar: str) -> str:
    short = [name for name in param.opts if not name.startswith("--")]
    long = [name for name in param.opts if name.startswith("--")]
    names = ", ".join([*short, *long, *param.secondary_opts])
    return names if param.is_flag else f"{names} {metavar}"


def _told(path: str, param: Any, lang: str) -> tuple[str, str]:
    """(metavar, text) of an option."""
    english = param.help or ""
    found = _METAVAR.match(english)
    metavar = found.group(1) if found else _default_metavar(param)
    said = english[found.end() :] if found else english
    if lang == "zh":
        name = param.name.strip("_")
        said = chinese().get(f"{path}.{name}") or chinese().get(f"option.{name}") or said
    return metavar, said


def _default_metavar(param: Any) -> str:
    descriptor = getattr(param, "type_descriptor", None)
    if descriptor is not None and descriptor.choices:
        return "|".join(str(choice) for choice in descriptor.choices)
    return "N" if descriptor is not None and descriptor.annotation is int else "TEXT"


def _summary(path: str, english: str, lang: str) -> str:
    said = (chinese().get(path) if lang == "zh" else None) or english
    return inspect.cleandoc(said).split("\n\n")[0].replace("\n", " ").rstrip(".")


def _paragraphs(path: str, english: str, lang: str) -> list[str]:
    said = (chinese().get(path) if lang == "zh" else None) or english
    parts = [fold(part.replace("\n", " "), _room()) for part in inspect.cleandoc(said).split("\n\n")]
    return [line for i, part in enumerate(parts) for line in ([""] if i else []) + part]


def _row(name: str, said: str, wide: int) -> list[str]:
    """A name and its text, folded beside it, or below where the name is too long."""
    indent = " " * (wide + 4)
    made = fold(said, _room(), indent) if said else [""]
    if width(name) > wide:
        return [f"  {name}", *made] if said else [f"  {name}"]
    return [f"  {pad(name, wide)}  {made[0].lstrip()}".rstrip(), *made[1:]]


def _room() -> int:
    return min(screen(), 100)
