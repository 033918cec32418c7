"""Answers as rows and columns."""

from engine.analytics.flat import flat


def test_maps_get_dots_lists_the_names_of_their_lines_and_bounds_two_columns() -> None:
    group = {
        "key": {"unit": "S-012", "risk": None},
        "n": 12,
        "km": {"p50_s": 600, "p80_s": None},
        "within": [{"days": 30, "n_failed": 2}, {"days": 90, "n_failed": 3}],
        "states": [{"type": "quarrel", "state": "talk", "title": "Talk", "n": 7}],
        "between": [0.25, None],
        "why": ["late", "grave"],
    }
    assert flat({"n": 12, "groups": [group]}) == (
        [
            "key.unit", "key.risk", "n", "km.p50_s", "km.p80_s", "within.30.n_failed", "within.90.n_failed",
            "states.quarrel/talk.title", "states.quarrel/talk.n", "between.low", "between.high", "why",
        ],
        [["S-012", None, 12, 600, None, 2, 3, "Talk", 7, 0.25, None, ["late", "grave"]]],
    )  # fmt: skip


def test_lines_that_one_group_has_and_another_has_not_stand_together_and_are_empty() -> None:
    groups = [
        {"key": {"unit": "A"}, "parts": [{"key": "wait", "n": 1}], "n": 3},
        {"key": {"unit": "B"}, "parts": [{"key": "work", "n": 2}, {"key": None, "n": 4}], "n": 5},
        {"key": {"unit": "C"}, "parts": [], "n": 9, "few": True},
    ]
    heads, rows = flat({"groups": groups})
    assert heads == ["key.unit", "parts.wait.n", "parts.work.n", "parts.-.n", "n", "few"]
    assert rows == [
        ["A", 1, None, None, 3, None],
        ["B", None, 2, 4, 5, None],
        ["C", None, None, None, 9, True],
    ]


def test_the_whole_is_the_last_row_of_groups_and_of_nothing_else() -> None:
    whole = {"key": {"unit": None}, "n": 8, "total": True}
    answer = {"groups": [{"key": {"unit": "A"}, "n": 3}, {"key": {"unit": None}, "n": 5}], "whole": whole}
    heads, rows = flat(answer)
    assert (heads, rows) == (["key.unit", "n", "total"], [["A", 3, None], [None, 5, None], [None, 8, True]])
    assert flat({**answer, "cases": [{"ref": "26-1"}]}) == (["ref"], [["26-1"]])


def test_rows_are_the_cases_that_were_asked_for_else_groups_else_items_else_the_answer() -> None:
    cases, groups, items = [{"ref": "a"}], [{"key": {}, "n": 1}], [{"ref": "b"}]
    assert flat({"cases": cases, "groups": groups}) == (["ref"], [["a"]])
    assert flat({"groups": groups, "items": items}) == (["n"], [[1]])
    assert flat({"items": items, "weeks": [{"week": "2026-W40"}]}) == (["ref"], [["b"]])
    assert flat({"n": 4, "case_mix": {"seconds": -3}}) == (["n", "case_mix.seconds"], [[4, -3]])
    assert flat({"groups": []}) == ([], [])


def test_points_of_a_drawing_are_no_figures_and_lines_of_one_name_are_kept_apart() -> None:
    group = {
        "n": 2,
        "curve": [[0, 0.0], [9, 1.0]],
        "clocks": [{"clock": "a", "n": 1}, {"clock": "a", "n": 2}],
    }
    assert flat({"groups": [group]}) == (["n", "clocks.a.n", "clocks.a/1.n"], [[2, 1, 2]])
