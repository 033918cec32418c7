"""DBOS: the five steps of a case as five recorded steps of one workflow, its system tables in SQLite."""

from collections.abc import Callable
from pathlib import Path

from dbos import DBOS, DBOSConfig
from turn import STATES, STEPS, event_text, take_turns


def make(folder: Path) -> Callable[[], None]:
    config: DBOSConfig = {
        "name": "five",
        "system_database_url": f"sqlite:///{folder / 'dbos.db'}",
        "log_level": "ERROR",
        "run_admin_server": False,
    }
    DBOS(config=config)

    @DBOS.step()
    def step(number: int, seq: int, name: str, state: str) -> str:
        del state
        return event_text(number, seq, name)

    @DBOS.workflow()
    def case(number: int) -> int:
        told = [step(number, seq, *pair) for seq, pair in enumerate(zip(STEPS, STATES, strict=True), 1)]
        return len(told)

    DBOS.launch()
    count = 0

    def one() -> None:
        nonlocal count
        count += 1
        if case(count) != len(STEPS):
            raise ValueError(count)

    return one


if __name__ == "__main__":
    take_turns(
        make,
        "its own tables: the workflow's status and each step's result; SQLite as it opens it; no case row",
    )
