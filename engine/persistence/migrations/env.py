"""Runs the revisions on the connection that the caller put into the configuration."""

from importlib import import_module

from alembic import context
from sqlalchemy import BigInteger, Connection, text

from engine.persistence.table import METADATA

# PostgreSQL alone numbers events by transaction; the models do not know these
ONLY_IN_THE_DATABASE = {"txid", "position", "ix_event_outbox"}


def _belongs(_object: object, name: str | None, _kind: str, reflected: bool, other: object) -> bool:
    return not (reflected and other is None and name in ONLY_IN_THE_DATABASE)


for table in METADATA.tables.values():
    for index in table.indexes:
        if "where" in index.info:
            index.dialect_kwargs["sqlite_where"] = text(index.info["where"])
            index.dialect_kwargs["postgresql_where"] = text(index.info["where"])

connection = context.config.attributes["connection"]
if not isinstance(connection, Connection):
    raise TypeError("the caller gives the connection")
if connection.dialect.name == "postgresql":
    # so that comparing does not warn of a type that SQLAlchemy has no name for
    import_module("sqlalchemy.dialects.postgresql.base").ischema_names["xid8"] = BigInteger
context.configure(
    connection=connection,
    target_metadata=METADATA,
    include_object=_belongs,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
