"""What all tables share: one metadata with named constraints, and the types both databases agree on."""

from typing import Any

from sqlalchemy import BigInteger, Index, Integer, MetaData, Table
from sqlmodel import SQLModel

NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

# 64 bits on both; SQLite's rowid is only its own when the column is spelt INTEGER
BIG: Any = BigInteger().with_variant(Integer(), "sqlite")

# a table whose primary key is its only way in: one tree of pages instead of two
CLUSTERED = {"sqlite_with_rowid": False}


class Row(SQLModel):
    """Base of the tables. Rows are not validated here: validation lives in definitions and wire schemas.

    No column has a default on the Python side, since statements run on the driver connection.
    """

    metadata = MetaData(naming_convention=NAMES)


def columns_of(model: type[Row]) -> Table:
    """The Core table of a model, for statements: ``columns_of(Event).c.seq``."""
    return model.metadata.tables[str(model.__tablename__)]


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows for which ``where`` holds.

    The predicate is put into each dialect's own spelling by the migrations: saying it here would import
    the PostgreSQL dialect into every start of a program that works on a file.
    """
    return Index(name, *columns, unique=unique, info={"where": where})
