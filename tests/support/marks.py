"""What must hold of the marks of clocks in a history: each once at most, never early, never after its clock stopped."""

from collections.abc import Iterable
from typing import Any

from engine.domain.case import ClockRun, Event
from engine.machine.fold import run_key

Mark = tuple[Any, str, str]  # run, mark, instant


def check_marks(events: Iterable[Event]) -> list[Mark]:
    """The marks that fired, in order. Where an act was undone, those that are believed to have fired."""
    runs: dict[Any, ClockRun] = {}
    fired: list[Mark] = []
    for event in events:
        for change in event["changes"]:
            if change["do"] == "clock":
                held = runs.get(run_key(change["run"]))
                assert held is None or held["status"] != "stopped"
                runs[run_key(change["run"])] = change["run"]
                if change["why"] == "part":  # a deadline goes with a joined case, and its marks with it
                    fired = _believed(fired, runs)
            elif change["do"] == "restore" and "clocks" in change["to"]:
                runs = {run_key(run): run for run in change["to"]["clocks"]}
                fired = _believed(fired, runs)
            elif change["do"] == "mark":
                key = (change["clock"], change.get("item"), change["run"])
                assert (key, change["mark"]) not in [found[:2] for found in fired]
                fired.append((key, change["mark"], change["at"]))
                assert runs[key]["status"] == "running"
                assert runs[key]["marks"][change["mark"]] == change["at"] == event["at"] <= event["recorded"]
                run = runs[key]
                runs[key] = {**run, "fired": {**run["fired"], change["mark"]: change["at"]}}
    return fired


def _believed(fired: list[Mark], runs: dict[Any, ClockRun]) -> list[Mark]:
    return [one for one in fired if one[0] in runs and one[1] in runs[one[0]]["fired"]]
