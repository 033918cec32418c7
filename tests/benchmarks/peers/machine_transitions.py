"""transitions, a machine per object as its readme has it, with SQLAlchemy."""

from collections.abc import Callable
from pathlib import Path

from alchemy import WROTE, find, new, opened, write
from sqlalchemy.orm import Session
from transitions import Machine
from turn import STATES, STEPS, take_turns

TRANSITIONS = [
    {"trigger": step, "source": source, "dest": dest, "conditions": "calm" if step == "work" else None}
    for step, source, dest in zip(STEPS, ("new", *STATES), STATES, strict=False)
]


class Flow:
    state: str

    def calm(self) -> bool:
        return True


def make(folder: Path) -> Callable[[], None]:
    engine = opened(folder / "transitions.db")
    count = 0

    def one() -> None:
        nonlocal count
        count += 1
        for step in STEPS:
            with Session(engine) as session:
                case = find(session, f"C-{count}") or new(f"C-{count}")
                flow = Flow()
                Machine(
                    flow,
                    states=["new", *STATES],
                    transitions=TRANSITIONS,
                    initial=case.state,
                    auto_transitions=False,
                )
                if not getattr(flow, step)():
                    raise ValueError(step)
                case.state = flow.state
                write(session, case, count, step)

    return one


if __name__ == "__main__":
    take_turns(make, WROTE)
