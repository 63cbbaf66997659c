"""The tables of `sql.py`, and the steps from each version of them to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from ticketopt.errors import StoreError

__all__ = [
    "AGENT",
    "ANSWER",
    "CARRIED",
    "DELIVERY",
    "EVENT",
    "JOB",
    "MIGRATIONS",
    "QUEUE",
    "SCHEMA",
    "TICKET",
    "is_newest",
    "migrate",
]

TABLES = sa.MetaData()

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite counts by itself only in a column that is called INTEGER, which has 64 bits there."""

LOCK = 7_418_526
"""Any number, the same for everybody: in PostgreSQL one at a time changes the tables."""

SCHEMA = sa.Table("ticketopt_schema", TABLES, sa.Column("version", sa.Integer, nullable=False))

QUEUE = sa.Table(
    "queue",
    TABLES,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("version", NUMBER, nullable=False),
    sa.Column("last_delivery", NUMBER, nullable=False, server_default="0"),
)

AGENT = sa.Table(
    "agent",
    TABLES,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text, primary_key=True),
    sa.Column("position", NUMBER, nullable=False),
    sa.Column("load", NUMBER, sa.CheckConstraint("load >= 0", name="load_not_negative"), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)

TICKET = sa.Table(
    "assignment",
    TABLES,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("position", NUMBER, nullable=False),
    sa.Column("agent_id", sa.Text),
    sa.Column("units", NUMBER, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("at", sa.Double, nullable=False, server_default="0"),
    sa.Index("assignment_position", "tenant", "position"),
    sa.Index("assignment_in_state", "tenant", "state", "position"),
    sa.Index("assignment_of_agent", "tenant", "agent_id", "state", "position"),
)

EVENT = sa.Table(
    "event",
    TABLES,
    sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("version", NUMBER, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text),
    sa.Column("agent_id", sa.Text),
    sa.Column("change", NUMBER, nullable=False),
    sa.Index("event_tenant", "tenant", "number"),
    sqlite_autoincrement=True,
)

ANSWER = sa.Table(
    "idempotency",
    TABLES,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.Text, nullable=False),
    sa.Column("response", sa.JSON, nullable=False),
    sa.Column("at", sa.Double, nullable=False, server_default="0"),
    sa.Index("idempotency_at", "tenant", "at"),
)

DELIVERY = sa.Table(
    "delivery",
    TABLES,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text),
    sa.Column("number", NUMBER, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("due_at", sa.Double, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", NUMBER, nullable=False),
    sa.Column("until", sa.Double, nullable=False),
    sa.Column("error", sa.Text),
    sa.Index("delivery_number", "tenant", "number"),
    sa.Index("delivery_due", "tenant", "state", "due_at"),
)

CARRIED = sa.Table(
    "carried",
    TABLES,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True, comment="empty: of no ticket that is kept"),
    sa.Column("agent_id", sa.Text, primary_key=True),
    sa.Column("change", NUMBER, nullable=False),
)

JOB = sa.Table(
    "job",
    TABLES,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("until", sa.Double, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Index("job_at", "tenant", "state", "at"),
)

Step = Callable[[sa.Connection], object]


def _to_version_2(connection: sa.Connection) -> None:
    """Tables of deliveries and jobs; when rows were written; indexes for lists by state and by agent."""
    TABLES.create_all(connection)
    looked = sa.inspect(connection)
    for table in (QUEUE, TICKET, ANSWER):
        known = {column["name"] for column in looked.get_columns(table.name)}
        for column in (column for column in table.columns if column.name not in known):
            words = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {words}")
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    connection.exec_driver_sql("DROP INDEX IF EXISTS assignment_state")


MIGRATIONS: tuple[Step, ...] = (TABLES.create_all, _to_version_2)
"""What leads from version k of the tables to version k + 1. The first step makes the tables as they are now, so that a
later step must find out whether it is needed."""


def migrate(connection: sa.Connection, steps: Sequence[Step] = MIGRATIONS) -> None:
    """Bring a database to the newest version of the tables, in the caller's transaction.

    Raises
    ------
    StoreError
        Where a newer ticketopt has changed the tables.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    SCHEMA.create(connection, checkfirst=True)
    found = connection.scalar(sa.select(SCHEMA.c.version))
    if found is None:
        connection.execute(sa.insert(SCHEMA).values(version=0))
    version = _known(found or 0, steps)
    for step in steps[version:]:
        step(connection)
    if version < len(steps):
        connection.execute(sa.update(SCHEMA).values(version=len(steps)))


def is_newest(connection: sa.Connection, steps: Sequence[Step] = MIGRATIONS) -> bool:
    """Whether the tables are there, as this version of ticketopt has them.

    Raises
    ------
    StoreError
        Where a newer ticketopt has changed the tables.
    """
    if not sa.inspect(connection).has_table(SCHEMA.name):
        return False
    return _known(connection.scalar(sa.select(SCHEMA.c.version)) or 0, steps) == len(steps)


def _known(version: int, steps: Sequence[Step]) -> int:
    if version > len(steps):
        raise StoreError(f"the database has tables of version {version}, newer than {len(steps)}; update ticketopt")
    return version
