"""Answers to draw charts from, made up so that every figure can be worked out by hand or repeats itself exactly."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.analytics.chart import Chart, Heading
from engine.analytics.chart.kind import (
    ageing_chart,
    backlog_chart,
    flow_chart,
    funnel_chart,
    months_chart,
    survival_chart,
    waiting_chart,
    why_chart,
)
from engine.definitions.load import load
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording

ROOT = Path(__file__).parents[2]
DAY = 86_400
MEASURE = {
    "en": "dispute_mediation, report to first resolution, wall time",
    "zh": "人民调解,报案到首次解决,自然时间",
}
LONG = "黑龙江省哈尔滨市南岗区跃进街道人民调解委员会第三调解工作室(驻派出所)"
WAITS = {
    "en": {"parties": "parties", "committee": "committee", "office": "office", "other": "other agency"},
    "zh": {"parties": "当事人", "committee": "调委会", "office": "机关", "other": "其他单位"},
}
AGES: Sequence[Mapping[str, Any]] = (
    {"from_s": 0, "to_s": 7 * DAY},
    {"from_s": 7 * DAY, "to_s": 30 * DAY},
    {"from_s": 30 * DAY, "to_s": 90 * DAY},
    {"from_s": 90 * DAY, "to_s": 180 * DAY},
    {"from_s": 180 * DAY, "to_s": None},
)


def head(lang: str = "en", n: int = 1284, n_open: int | None = 97) -> Heading:
    return Heading(lang, MEASURE[lang], n, n_open, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


def names(count: int, lang: str) -> list[str]:
    return [LONG if lang == "zh" and k % 2 else f"S-{k + 1:03d}" for k in range(count)]


def curve(pace: float, n: int = 90, ends: float = 0.95) -> dict[str, Any]:
    """One case every ``pace`` days, each fifth of them leaving unresolved."""
    left, share, points, gone, risk, band = n, 1.0, [], [], [], []
    for k in range(n):
        at = round((k + 1) * pace * DAY)
        risk.append([at, left])
        if k % 5 == 4:
            gone.append(at)
        elif 1 - share < ends:
            share *= (left - 1) / left
            points.append([at, round(1 - share, 6)])
            band.append([at, max(0.0, round(1 - share - 0.09, 6)), min(1.0, round(1 - share + 0.09, 6))])
        left -= 1
    return {"n": n, "n_open": len(gone), "curve": points, "band": band, "censored": gone, "at_risk": risk}


def survival(count: int = 3, lang: str = "en") -> Chart:
    groups = [
        {"key": {"unit": name}, **curve(0.3 + 0.11 * k, 90 - 5 * k)}
        for k, name in enumerate(names(count, lang))
    ]
    return survival_chart(groups, head(lang), lines=[(30 * DAY, "30 d" if lang == "en" else "30 天期限")])


def months(count: int = 14, lang: str = "en") -> Chart:
    made = []
    for k in range(count):
        p50 = (5 + (k * 7) % 4) * DAY
        late = k >= count - 2
        made.append(
            {
                "key": {"filed_month": f"{2025 + k // 12}-{k % 12 + 1:02d}"},
                "n": 60 + (k * 13) % 40,
                "n_open": 4,
                "km": {
                    "p50_s": p50,
                    "p80_s": None if late and k % 2 else p50 * 3,
                    "p90_s": None if late else p50 * 5,
                },
            }
        )
    return months_chart(made, head(lang))


def backlog(count: int = 200, lang: str = "en") -> Chart:
    first = date(2026, 5, 1)
    days = [
        {
            "date": (first + timedelta(days=k)).isoformat(),
            "by_age": [20 + k % 7, 30 + k // 8 + k % 3, 18 + k // 5, 6 + k // 20, k // 30],
        }
        for k in range(count)
    ]
    return backlog_chart(days, AGES, head(lang))


def ageing(lang: str = "en") -> Chart:
    return ageing_chart(
        [{**band, "n": n} for band, n in zip(AGES, (41, 30, 17, 0, 9), strict=True)], head(lang)
    )


def funnel(count: int = 40, lang: str = "en") -> Chart:
    groups = [
        {
            "key": {"unit": f"S-{k + 1:03d}" if lang == "en" else f"第{k + 1}派出所"},
            "n": 8 + (k * k * 3) % 211,
            "share": (0.98, 0.31, 0.97)[k // 5 % 3] if k % 5 == 0 else 0.68 + (k % 7) * 0.02,
        }
        for k in range(count)
    ]
    return funnel_chart(
        groups,
        head(lang),
        centre=0.74,
        axis="share resolved within 30 days" if lang == "en" else "30 天内办结比例",
    )


def waiting(count: int = 5, lang: str = "en") -> Chart:
    groups = [
        {
            "key": {"unit": name},
            "n": 94 - k,
            "waits": {"parties": 54 + k, "committee": 21 - k, "office": 15, "other": (k * 3) % 10},
        }
        for k, name in enumerate(names(count, lang))
    ]
    return waiting_chart(groups, head(lang), titles=WAITS[lang])


def why(lang: str = "en") -> Chart:
    said = {
        "en": ("county", "case mix: more land cases (31% against 18%)", "waiting for consent", "waiting for a mediator", "sessions", "the rest", "S-012"),
        "zh": ("全县", "案件构成:山林土地类较多(31% 对 18%)", "等待当事人同意", "等待确定调解员", "调解", "其余", "S-012"),
    }[lang]  # fmt: skip
    sizes = (77_760, 224_640, 103_680, 8_640, -17_280)
    parts = [{"title": title, "s": s} for title, s in zip(said[1:-1], sizes, strict=True)]
    base = 1_200_000
    return why_chart(
        parts,
        head(lang),
        base={"title": said[0], "s": base},
        total={"title": said[-1], "s": base + sum(sizes)},
    )


@lru_cache
def wording(lang: str = "en", name: str = "dispute_mediation") -> Wording:
    definition = load(ROOT / f"workflows/{name}/workflow.yaml").definition
    assert definition is not None
    return Wording(Outline(definition), lang=lang)


def flow(lang: str = "en", name: str = "dispute_mediation") -> Chart:
    words = wording(lang, name)
    leaves = list(words.outline.leaves)
    states = [
        {"state": leaf, "n_open": (k * 5) % 13, "spent_s": None if k % 6 == 5 else (k * k + 1) * DAY // 4}
        for k, leaf in enumerate(leaves)
    ]
    moves = [
        {"trigger": move.trigger or move.name or "", "from": edge.source, "to": to, "n": 3 + k % 40}
        for k, edge in enumerate(words.outline.edges)
        for move in [edge.transition]
        for branch in move.dest
        if (to := words.outline.entry(branch.to)) is not None
    ]
    return flow_chart(words, states, moves, head(lang))


EVERY = {
    "survival": survival, "months": months, "backlog": backlog, "ageing": ageing, "funnel": funnel,
    "waiting": waiting, "why": why, "flow": flow,
}  # fmt: skip
