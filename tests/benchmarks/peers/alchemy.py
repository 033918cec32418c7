"""The rows that state machines without a store are given: SQLAlchemy's ORM, a session a step, as its tutorials have it."""

import json
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from turn import event_text, link

WROTE = "case row, event with hash, key"


class Base(DeclarativeBase):
    pass


class Case(Base):
    __tablename__ = "c"
    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    version: Mapped[int]
    due: Mapped[str | None]
    head: Mapped[str]
    body: Mapped[str]


class Event(Base):
    __tablename__ = "e"
    case_id: Mapped[int] = mapped_column(ForeignKey("c.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    body: Mapped[str]


class Key(Base):
    __tablename__ = "k"
    key: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]


def opened(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    def durable(connection: Any, record: object) -> None:
        del record
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    event.listen(engine, "connect", durable)
    Base.metadata.create_all(engine)
    return engine


def find(session: Session, ref: str) -> Case | None:
    if session.get(Key, uuid.uuid4().hex) is not None:
        raise ValueError(ref)
    return session.scalars(select(Case).where(Case.ref == ref)).one_or_none()


def write(session: Session, case: Case, number: int, step: str) -> None:
    """What a step leaves, in the same commit."""
    case.version += 1
    text = event_text(number, case.version, step)
    case.head = link(case.head, text)
    case.due = "2026-12-01" if case.version == 1 else None
    body = json.loads(case.body)
    body["states"].append(case.state)
    case.body = json.dumps(body)
    session.add(case)
    session.flush()
    session.add(Event(case_id=case.id, seq=case.version, hash=case.head, body=text))
    answer = json.dumps({"ref": case.ref, "state": case.state, "version": case.version})
    session.add(Key(key=uuid.uuid4().hex, answer=answer))
    session.commit()


def new(ref: str) -> Case:
    body = json.dumps({"ref": ref, "what": "a lamp is out", "states": []})
    return Case(ref=ref, state="new", version=0, due=None, head="", body=body)
