"""The whole service, killed again and again, and the database's server too: nothing acknowledged is lost or doubled."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import httpx
import pytest

from ticketopt import Dispatcher, open_store

from .conftest import SERVE, follow

N_CLIENTS, BATCHES_PER_KILL = 4, 6

pytestmark = [
    pytest.mark.slow(about=200),
    pytest.mark.usefixtures("broken_connections"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

CLIENT = """
import json, random, sys, time
import httpx

number, n_batches, address_file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
chance = random.Random(number)

def send(path, body, key):
    while True:  # as a client does that must not lose anything: until it is answered
        try:
            url = open(address_file).read()
            answer = httpx.post(url + path, json=body, headers={"Idempotency-Key": key}, timeout=20)
            if answer.status_code == 200:
                return answer.json()
            assert answer.status_code == 503, answer.text
        except (httpx.TransportError, OSError):
            pass
        time.sleep(0.02)

mine = []
for k in range(n_batches):
    key = f"{number}-{k}"
    if mine and chance.random() < 0.3:
        path, body = "/v1/tickets/close", {"ticket_id": mine.pop(chance.randrange(len(mine)))}
    elif chance.random() < 0.3:
        ticket = {"ticket_id": key, "title": "seed", "effort": 1 + k % 2}
        path, body = "/v1/ticket-assignment", {"agents": [{"agent_id": "a0"}, {"agent_id": "a1"}], "tickets": [ticket]}
    else:
        names = [f"t{key}-{i}" for i in range(chance.randrange(1, 4))]
        mine += names
        path, body = "/v1/tickets", {"tickets": [{"ticket_id": n, "effort": chance.randrange(1, 4)} for n in names]}
    answer = send(path, body, key)
    twice = send(path, body, key) if chance.random() < 0.5 else answer
    assert twice == answer, (key, answer, twice)
    print(json.dumps([key, path, body, answer]), flush=True)
"""


def start(settings, before=""):
    """A service; `before` is what its process does first."""
    process = subprocess.Popen(
        [sys.executable, "-c", before + SERVE, json.dumps({"port": 0, "solver_processes": 0, **settings})],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    return process, follow(process)[0]


@pytest.mark.parametrize("scheme", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_or_doubled(scheme, new_url, tmp_path, request, seeds):
    n_kills = len(seeds(9, 25))
    n_batches = BATCHES_PER_KILL * n_kills
    url = new_url(scheme)
    server = request.getfixturevalue("postgresql") if scheme == "postgresql" else None
    store = open_store(url)
    Dispatcher(store).upsert_agents([{"agent_id": f"a{k}", "capacity": 200} for k in range(5)])
    settings, address = {"store": url, "lock_timeout": 10}, tmp_path / "address"

    process, text = start(settings)
    address.write_text(text)
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(k), str(n_batches), str(address)], stdout=subprocess.PIPE, text=True
        )
        for k in range(N_CLIENTS)
    ]
    said = [[] for _ in clients]
    readers = [threading.Thread(target=lambda k=k: said[k].extend(clients[k].stdout)) for k in range(N_CLIENTS)]
    for reader in readers:
        reader.start()
    chance, kills, amid_work = random.Random(5), 0, 0
    while kills < n_kills:
        time.sleep(chance.uniform(0.02, 0.35))
        amid_work += any(client.poll() is None for client in clients)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
        if server is not None and kills % 4 == 0:
            server.kill()
            server.start()
        process, text = start(settings)
        address.write_text(text)
    assert amid_work == n_kills
    for client, reader in zip(clients, readers, strict=True):
        assert client.wait(300) == 0
        reader.join()
        client.stdout.close()

    lines = [json.loads(line) for out in said for line in out]
    assert len(lines) == N_CLIENTS * n_batches >= 200
    answers = {
        key: httpx.post(text + path, json=body, headers={"Idempotency-Key": key}, timeout=20).json()
        for key, path, body, _ in lines
    }
    assert answers == {key: answer for key, _, _, answer in lines}
    process.terminate()
    process.wait(60)

    dispatcher = Dispatcher(store)
    assert dispatcher.check() == ()
    state, entries = store.history("")
    loads = {name: agent.load for name, agent in state.agents.items()}
    sums = dict.fromkeys(loads, 0)
    for entry in entries:
        if entry.event.agent_id is not None:
            sums[entry.event.agent_id] += entry.event.change
    assert loads == sums
    assigned = [e.event.ticket_id for e in entries if e.event.kind == "assigned"]
    assert len(assigned) == len(set(assigned))
    submitted = {t["ticket_id"] for _, path, body, _ in lines if path == "/v1/tickets" for t in body["tickets"]}
    assert set(state.tickets) == submitted
    for _, path, _, answer in lines:
        for row in answer["decided"] if path == "/v1/tickets" else ():
            if row["agent_id"] is not None:
                assert state.tickets[row["ticket_id"]].agent_id == row["agent_id"]
    closed = {body["ticket_id"] for _, path, body, _ in lines if path == "/v1/tickets/close"}
    assert {name for name, row in state.tickets.items() if row.state == "closed"} == closed
    dispatched = [e.event.ticket_id for e in entries if e.event.kind == "dispatched"]
    seed = [key for key, path, _, answer in lines if path == "/v1/ticket-assignment" and answer["assignments"]]
    assert sorted(dispatched) == sorted(seed)
    store.close()
    if scheme == "sqlite":
        with sqlite3.connect(tmp_path / "tickets.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
