"""What each sheet of an organisation holds: its columns, in both languages, and the value a row makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.domain import organisation as org

Kind = Literal["text", "date", "int", "yes", "list", "sex"]
Value = (
    org.Unit
    | org.Place
    | org.ServiceArea
    | org.Person
    | org.Appointment
    | org.Absence
    | org.Duty
    | org.Relation
)


@dataclass(frozen=True, slots=True)
class Column:
    """``refers``: the sheet whose codes stand here."""

    name: str
    zh: str
    kind: Kind = "text"
    needed: bool = False
    refers: str | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """``key``: the columns that name a row; ``make`` takes the columns as keywords."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    make: Callable[..., Value]
    field: str  # of Organisation

    @property
    def by_title(self) -> Mapping[str, Column]:
        return {title: c for c in self.columns for title in (c.name, c.zh)}

    def key_of(self, value: Value) -> tuple[Any, ...]:
        return tuple(getattr(value, name) for name in self.key)


_SINCE = Column("since", "起始日期", "date", help="first day that counts; empty: always")
_UNTIL = Column("until", "截止日期", "date", help="last day that counts; empty: open")

# a persons sheet may name one appointment on the same line
BESIDE = (
    Column("role", "职务", help="role of the vocabulary, for example auxiliary"),
    Column("unit", "单位", refers="units", help="the unit over which the role is held"),
)

SHEETS: tuple[Spec, ...] = (
    Spec(
        "places",
        "地点",
        (
            Column("code", "代码", needed=True, help="statistical division code"),
            Column("name", "名称", needed=True),
            Column("kind", "类别", needed=True, help="city, county, township, village, community"),
            Column("parent", "上级", refers="places"),
            Column("became", "并入", refers="places", help="successor after a merger"),
            _SINCE,
            _UNTIL,
        ),
        ("code",),
        org.Place,
        "places",
    ),
    Spec(
        "units",
        "单位",
        (
            Column("code", "代码", needed=True),
            Column("name", "名称", needed=True),
            Column("level", "级别", needed=True, help="village, office, station, township, county, city"),
            Column("parent", "上级", refers="units"),
            Column("desk", "值班台", "yes", help="yes: cases of the places it serves are this unit's"),
            Column("volunteers", "志愿者人数", "int"),
            _SINCE,
            _UNTIL,
        ),
        ("code",),
        org.Unit,
        "units",
    ),
    Spec(
        "areas",
        "辖区",
        (
            Column("unit", "单位", needed=True, refers="units"),
            Column("place", "地点", needed=True, refers="places"),
            Column("function", "职能", help="case type or service; empty: all"),
            _SINCE,
            _UNTIL,
        ),
        ("unit", "place", "function", "since"),
        org.ServiceArea,
        "areas",
    ),
    Spec(
        "persons",
        "人员",
        (
            Column("code", "代码", needed=True),
            Column("name", "姓名"),
            Column("phone", "电话"),
            *BESIDE,
            _SINCE,
            _UNTIL,
            Column("sex", "性别", "sex", help="female or male; for seats that ask for it"),
            Column("languages", "语言", "list", help="separated by commas, as the definition names them"),
        ),
        ("code",),
        org.Person,
        "persons",
    ),
    Spec(
        "appointments",
        "任职",
        (
            Column("person", "人员", needed=True, refers="persons"),
            Column("role", "职务", needed=True),
            Column("unit", "单位", needed=True, refers="units"),
            _SINCE,
            _UNTIL,
            Column("capacity", "上限", "int", help="most weighted load; empty: 15"),
            Column("skills", "技能", "list", help="separated by commas"),
            Column("basis", "依据"),
        ),
        ("person", "role", "unit", "since"),
        org.Appointment,
        "appointments",
    ),
    Spec(
        "absences",
        "请假",
        (
            Column("person", "人员", needed=True, refers="persons"),
            Column("since", "起始日期", "date", needed=True),
            _UNTIL,
            Column("reason", "事由"),
            Column(
                "substitute", "代理人", refers="persons", help="has the roles of the person on these days"
            ),
        ),
        ("person", "since"),
        org.Absence,
        "absences",
    ),
    Spec(
        "duty",
        "值班",
        (
            Column("unit", "单位", needed=True, refers="units"),
            Column("day", "日期", "date", needed=True),
            Column("person", "人员", needed=True, refers="persons"),
            Column("signed_on", "已签到", "yes", help="yes: came on duty that day"),
        ),
        ("unit", "day", "person"),
        org.Duty,
        "duty",
    ),
    Spec(
        "relations",
        "回避关系",
        (
            Column("person", "人员", needed=True, refers="persons"),
            Column("other", "与何人", needed=True, help="code of a person, of staff or a party"),
            Column("kind", "关系", needed=True, help="kin, household, lender, tenant, interest"),
            _SINCE,
            _UNTIL,
        ),
        ("person", "other", "kind"),
        org.Relation,
        "relations",
    ),
)
BY_NAME: Mapping[str, Spec] = {title: spec for spec in SHEETS for title in (spec.name, spec.zh)}
