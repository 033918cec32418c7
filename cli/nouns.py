"""The one table of nouns and verbs: `folkmoot --help` and "did you mean" read it, no command is imported.

A noun without verbs is a command of its own (`folkmoot desk`). ``module`` is the file in
``cli/commands``; a test compares the verbs here with what the modules really offer.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

COMMANDS = Path(__file__).parent / "commands"


@dataclass(frozen=True, slots=True)
class Noun:
    module: str
    en: str
    zh: str
    verbs: tuple[str, ...] = ()
    group: str = "work"

    @property
    def present(self) -> bool:
        return (COMMANDS / f"{self.module}.py").is_file() or (
            COMMANDS / self.module / "__init__.py"
        ).is_file()

    def help(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


def _verbs(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TABLE: dict[str, Noun] = {
    "whoami": Noun("whoami", "who you are, your appointments", "我是谁,任哪些职务"),
    "desk": Noun("desk", "my work, most urgent first", "我的工作,急的在前"),
    "case": Noun(
        "case", "one case: file, find, show, move on", "案件:登记、查找、查看、办理",
        _verbs(
            "file status list show next do proposals record note party assign take decline handback reassign triage link merge unmerge similar history correct corrections papers paper import"
        ),
    ),
    "approval": Noun("approval", "the second person's yes", "审批", _verbs("list show grant refuse forward withdraw")),
    "clock": Noun(
        "clock", "deadlines: explain, pause, extend, work out", "期限:说明、中止、延长、推算",
        _verbs("list explain pause resume extend when"),
    ),
    "import": Noun("import_", "batches of imported cases", "导入批次", _verbs("list show withdraw")),
    "person": Noun("person", "people, leave, appointments", "人员、请假、任职", _verbs("list show away back appoint end"), "organisation"),
    "unit": Noun("unit", "the tree of offices", "单位", _verbs("list show find"), "organisation"),
    "place": Noun("place", "villages and who serves them", "地点与管辖", _verbs("find"), "organisation"),
    "duty": Noun("duty", "who is on", "值班", _verbs("show sign-on sign-off import"), "organisation"),
    "org": Noun("org", "the organisation as a workbook or YAML", "组织机构表", _verbs("template import export"), "organisation"),
    "workflow": Noun(
        "workflow", "definitions: check, prove, draw, activate", "流程定义:检查、证明、画图、启用",
        _verbs("list show copy check prove draw diff activate deactivate schema import migrate"), "rules",
    ),
    "routing": Noun(
        "routing", "why this person; decision tables", "为何派给此人;派案规则", _verbs("explain check show table list text activate deactivate replay try"), "rules",
    ),
    "calendar": Noun("calendar", "published years, local closures", "日历:公布的年度、本地停办日", _verbs("list show import"), "rules"),
    "stats": Noun(
        "stats", "how long, how late, how many", "时长、逾期、数量",
        _verbs("durations clocks measures waiting why outcomes durability recurrence compliance backlog oldest deciding flow load legs activity fairness funnel verify"), "rules",
    ),
    "event": Noun("event", "histories as files for process mining", "供流程挖掘的事件文件", _verbs("export"), "rules"),
    "report": Noun("report", "saved pages of figures", "报告", _verbs("list show save run delete"), "rules"),
    "audit": Noun("audit", "evidence: verify, anchor", "核验:校验、锚点", _verbs("verify anchor"), "rules"),
    "db": Noun("db", "make, upgrade, back up the database", "数据库:建立、升级、备份", _verbs("init status upgrade backup restore"), "care"),
    "serve": Noun("serve", "the HTTP door", "启动 HTTP 服务", (), "care"),
    "token": Noun("token", "who may sign in over HTTP", "HTTP 令牌", _verbs("create list revoke"), "care"),
    "worker": Noun("worker", "deadlines that act", "到期自动处理", (), "care"),
    "doctor": Noun("doctor", "is everything in order", "体检", (), "care"),
    "demo": Noun("demo", "a sample county, its work and the story", "示例县及其办案经过", (), "care"),
    "config": Noun("config", "settings and where each comes from", "设置及其来源", _verbs("show"), "care"),
    "completion": Noun("completion", "tab completion for your shell", "命令行补全", (), "care"),
    "help": Noun("help", "topics: references, times, exit codes ..", "帮助主题:编号、时间、退出码等", (), "care"),
}  # fmt: skip

GROUPS = {
    "work": {"en": "Work", "zh": "办案"},
    "organisation": {"en": "People and places", "zh": "人员与地点"},
    "rules": {"en": "Rules and figures", "zh": "规则与统计"},
    "care": {"en": "Run and care", "zh": "运行维护"},
}


def nouns() -> dict[str, Noun]:
    """The nouns whose command modules are there."""
    return {name: noun for name, noun in _TABLE.items() if noun.present}


def nearest(words: list[str]) -> str:
    """The command that was probably meant: `show 26-..` -> `case show`, `case shw` -> `case show`."""
    known = nouns()
    first, *rest = words
    whole = {f"{name} {verb}": name for name, noun in known.items() for verb in noun.verbs}
    by_verb = [command for command in whole if command.split()[1] == first]
    if by_verb:
        return by_verb[0]
    if first in known and rest:
        verb = get_close_matches(rest[0], known[first].verbs, 1, 0.5) or known[first].verbs[:1]
        return f"{first} {verb[0]}"
    if any(letter.isdigit() for letter in first) and not rest:
        return f"case show {first}"
    if rest and (near := get_close_matches(" ".join(words[:2]), whole, 1, 0.6)):
        return near[0]
    single = get_close_matches(first, [*known, *(command.split()[1] for command in whole)], 1, 0.5)
    if not single:
        return "--help"
    return single[0] if single[0] in known else next(c for c in whole if c.split()[1] == single[0])
