"""python-statemachine with SQLAlchemy, a machine per step over the loaded row."""

from collections.abc import Callable
from pathlib import Path

from alchemy import WROTE, Case, find, new, opened, write
from sqlalchemy.orm import Session
from statemachine import State, StateMachine
from turn import STATES, STEPS, take_turns


class Flow(StateMachine):
    new = State(initial=True)
    opened = State()
    taken = State()
    worked = State()
    checked = State()
    closed = State(final=True)

    open = new.to(opened)
    take = opened.to(taken)
    work = taken.to(worked, cond="calm")
    check = worked.to(checked)
    close = checked.to(closed)

    def calm(self) -> bool:
        return True


def make(folder: Path) -> Callable[[], None]:
    engine = opened(folder / "statemachine.db")
    count = 0

    def one() -> None:
        nonlocal count
        count += 1
        for step in STEPS:
            with Session(engine) as session:
                case: Case = find(session, f"C-{count}") or new(f"C-{count}")
                Flow(case).send(step)  # writes case.state
                if case.state != STATES[STEPS.index(step)]:
                    raise ValueError(case.state)
                write(session, case, count, step)

    return one


if __name__ == "__main__":
    take_turns(make, WROTE)
