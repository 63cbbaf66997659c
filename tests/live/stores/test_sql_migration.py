"""A database that an older ticketopt has made goes on with all that it holds."""

import pytest
import sqlalchemy as sa

from ticketopt.live.stores import Batch, Event, StoredAgent, StoredTicket, open_store
from ticketopt.live.stores.sql_tables import TABLES

VERSION_1 = """
CREATE TABLE ticketopt_schema (version INTEGER NOT NULL);
INSERT INTO ticketopt_schema VALUES (1);
CREATE TABLE queue (tenant TEXT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (tenant));
INSERT INTO queue VALUES ('', 2);
CREATE TABLE agent (tenant TEXT NOT NULL, agent_id TEXT NOT NULL, position BIGINT NOT NULL, load BIGINT NOT NULL
    CONSTRAINT load_not_negative CHECK (load >= 0), data JSON NOT NULL, PRIMARY KEY (tenant, agent_id));
INSERT INTO agent VALUES ('', 'ann', 0, 2, '{"agent_id": "ann"}');
CREATE TABLE assignment (tenant TEXT NOT NULL, ticket_id TEXT NOT NULL, position BIGINT NOT NULL, agent_id TEXT,
    units BIGINT NOT NULL, state TEXT NOT NULL, data JSON NOT NULL, PRIMARY KEY (tenant, ticket_id));
CREATE INDEX assignment_state ON assignment (tenant, state);
CREATE INDEX assignment_position ON assignment (tenant, position);
INSERT INTO assignment VALUES ('', 't', 1, 'ann', 2, 'assigned', '{}');
CREATE TABLE event (number NUMBERED, tenant TEXT NOT NULL, version BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL,
    kind TEXT NOT NULL, ticket_id TEXT, agent_id TEXT, change BIGINT NOT NULL);
CREATE INDEX event_tenant ON event (tenant, number);
INSERT INTO event (tenant, version, at, kind, ticket_id, agent_id, change) VALUES ('', 2, 7, 'assigned', 't', 'ann', 2);
CREATE TABLE idempotency (tenant TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL, response JSON NOT NULL,
    PRIMARY KEY (tenant, key));
INSERT INTO idempotency VALUES ('', 'k', 'h', '"kept"')
"""
NUMBERED = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgresql": "BIGSERIAL PRIMARY KEY"}


@pytest.mark.parametrize("scheme", ["sqlite", "postgresql"])
def test_tables_of_version_1_become_the_newest_and_keep_their_rows(scheme, new_url):
    url = new_url(scheme)
    driver = url if scheme == "sqlite" else url.replace("postgresql:", "postgresql+pg8000:")
    engine = sa.create_engine(driver)
    with engine.begin() as connection:
        for statement in VERSION_1.replace("NUMBERED", NUMBERED[scheme]).split(";\n"):
            connection.exec_driver_sql(statement)
    store = open_store(url)
    state, (entry,) = store.history("")
    assert state.agents == {"ann": StoredAgent(2, {"agent_id": "ann"})}
    assert state.tickets == {"t": StoredTicket("ann", 2, "assigned", {})}
    assert (state.version, entry.version, entry.event) == (2, 2, Event("assigned", "t", "ann", 2))
    assert store.answer("", "k", "h") == ("kept",)
    assert store.commit("", 2, Batch("", deliveries={"t": "ann"}), key="l") == ("",)
    assert [row.number for row in store.deliveries("")] == [1]
    store.close()

    fresh_url = new_url(scheme).replace("tickets.db", "fresh.db")
    fresh = open_store(fresh_url)
    looked = [sa.inspect(one) for one in (engine, fresh.engine)]
    for table in TABLES.tables:
        for ask in ("get_columns", "get_indexes"):
            migrated, new = ({row["name"] for row in getattr(inspector, ask)(table)} for inspector in looked)
            assert migrated == new
    fresh.close()
    engine.dispose()
