"""The JSON store: the format of a compatible program, several processes, crashes, and files that are not ours."""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ticketopt import StoreError
from ticketopt.live.stores import Batch, Event, StoredAgent
from ticketopt.live.stores.json_file import JsonStore

SEED_FILE = """{
  "agents": [
    {
      "agent_id": "agent_001",
      "name": "Sarah Chen",
      "current_load": 14
    },
    {
      "agent_id": "agent_002",
      "name": "Ren\\u00e9 Dupont",
      "current_load": 0
    }
  ]
}"""
"""What the compatible program's `json.dump(state, file, indent=2)` writes."""

COUNT = """
import sys
from ticketopt.live.stores import Batch, Event
from ticketopt.live.stores.json_file import JsonStore

store = JsonStore(sys.argv[1])
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    kept = None
    while kept is None:
        state = store.snapshot("")
        load = state.agents["shared"].load + 1 if state.agents else 1
        kept = store.commit("", state.version, Batch(load, (Event("more", None, "shared", 1),), {"shared": {}}))
    print(kept[0], flush=True)
"""
"""A process that adds 1 so many times, and says every new load after it was committed."""

ANN = StoredAgent(3, {"agent_id": "ann", "name": "Ann"})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "agent_state.json"


def keep(store, *agents):
    """Have the store keep these agents with these loads."""
    state = store.snapshot("")
    names = [str(agent.data["agent_id"]) for agent in agents]
    old = {name: agent.load for name, agent in state.agents.items()}
    events = [
        Event("more", None, name, agent.load - old.get(name, 0)) for name, agent in zip(names, agents, strict=True)
    ]
    records = {name: agent.data for name, agent in zip(names, agents, strict=True)}
    assert store.commit("", state.version, Batch(None, tuple(events), records)) is not None


def loads(store):
    return {name: agent.load for name, agent in store.snapshot("").agents.items()}


def seed_part(path):
    """What the compatible program reads of a file, written as it writes it."""
    return json.dumps({"agents": json.loads(path.read_bytes())["agents"]}, indent=2)


def files_beside(path):
    return sorted(other.name for other in path.parent.iterdir())


def start_counting(path, rounds):
    command = [sys.executable, "-c", COUNT, str(path), str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_the_seed_file_is_read_and_written_back_byte_by_byte(path):
    path.write_text(SEED_FILE)
    store = JsonStore(path)
    sarah, rene = store.snapshot("").agents.values()
    assert (sarah.data["agent_id"], sarah.data["name"], sarah.load) == ("agent_001", "Sarah Chen", 14)
    assert (rene.data["agent_id"], rene.data["name"], rene.load) == ("agent_002", "René Dupont", 0)
    keep(store, sarah)
    assert seed_part(path) == SEED_FILE
    assert path.read_text().startswith(SEED_FILE.removesuffix("\n}"))


def test_a_new_file_has_the_seed_format(path):
    keep(JsonStore(path), ANN, StoredAgent(1, {"agent_id": 7}))
    assert json.loads(path.read_bytes())["agents"] == [
        {"agent_id": "ann", "name": "Ann", "current_load": 3},
        {"agent_id": 7, "name": "", "current_load": 1},
    ]
    assert files_beside(path) == ["agent_state.json", "agent_state.json.lock"]


def test_reading_creates_nothing(path):
    assert loads(JsonStore(path)) == {}
    assert files_beside(path) == []


def test_a_file_with_a_byte_order_mark_or_without_names_is_read(path):
    path.write_bytes(b"\xef\xbb\xbf" + b'{"agents": [{"agent_id": "ann", "current_load": 3}]}')
    assert loads(JsonStore(path)) == {"ann": 3}


def test_several_processes_lose_no_load(path):
    processes = [start_counting(path, 40) for _ in range(4)]
    seen = [int(line) for process in processes for line in process.communicate(timeout=100)[0].split()[1:]]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert sorted(seen) == list(range(1, 161))
    assert loads(JsonStore(path))["shared"] == 160


def test_two_stores_in_one_process_on_one_file_lose_no_load(path):
    link = path.with_name("link.json")
    link.symlink_to(path)
    stores = [JsonStore(path), JsonStore(link)]
    start = threading.Barrier(4)

    def work(k):
        start.wait()
        for _ in range(25):
            kept, batch = None, Batch(None, (Event("more", None, "ann", 1),), {"ann": {}})
            while kept is None:
                kept = stores[k % 2].commit("", stores[k % 2].snapshot("").version, batch)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert loads(stores[0])["ann"] == 100
    assert link.is_symlink()


def test_a_process_killed_while_writing_loses_nothing_it_has_acknowledged(path):
    acknowledged = 0
    for k in range(8):
        process = start_counting(path, 10**6)
        lines = [process.stdout.readline() for _ in range(2 + 3 * k)]
        os.kill(process.pid, signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
        process.wait()
        process.stdout.close()
        acknowledged = max([acknowledged, *(int(line) for line in lines[1:] if line.endswith("\n"))])
        stored = loads(JsonStore(path, lock_timeout=30))["shared"]
        assert acknowledged <= stored <= acknowledged + 1
        acknowledged = stored
    keep(JsonStore(path), ANN)
    assert files_beside(path) == ["agent_state.json", "agent_state.json.lock"]
    assert loads(JsonStore(path))["shared"] == acknowledged


def test_what_a_crash_left_behind_is_swept_up(path):
    path.with_name(".agent_state.json.tmp").write_text('{"agents": [{"agent_id": "ann", "current_')
    keep(JsonStore(path), ANN)
    assert loads(JsonStore(path)) == {"ann": 3}
    assert files_beside(path) == ["agent_state.json", "agent_state.json.lock"]


FOREIGN = {
    "empty": b"",
    "blank": b" \n",
    "cut off": SEED_FILE[:100].encode(),
    "not JSON": b"agents: []",
    "not UTF-8": b'{"agents": [{"agent_id": "\xff", "current_load": 1}]}',
    "not a number": b'{"agents": [{"agent_id": "a", "current_load": NaN}]}',
    "a list": b"[]",
    "null": b"null",
    "no agents": b"{}",
    "agents null": b'{"agents": null}',
    "agents by id": b'{"agents": {"a": 1}}',
    "another key": b'{"agents": [], "tickets": []}',
    "a key twice": b'{"agents": [], "agents": []}',
    "an agent that is a text": b'{"agents": ["a"]}',
    "no id": b'{"agents": [{"name": "A", "current_load": 1}]}',
    "no load": b'{"agents": [{"agent_id": "a", "name": "A"}]}',
    "another field": b'{"agents": [{"agent_id": "a", "name": "A", "current_load": 1, "skills": {}}]}',
    "load below zero": b'{"agents": [{"agent_id": "a", "name": "A", "current_load": -1}]}',
    "load as text": b'{"agents": [{"agent_id": "a", "name": "A", "current_load": "1"}]}',
    "load null": b'{"agents": [{"agent_id": "a", "name": "A", "current_load": null}]}',
    "half a load": b'{"agents": [{"agent_id": "a", "name": "A", "current_load": 0.5}]}',
    "load too large": b'{"agents": [{"agent_id": "a", "name": "A", "current_load": 1e300}]}',
    "an id twice": b'{"agents": [{"agent_id": 7, "current_load": 1}, {"agent_id": "7", "current_load": 2}]}',
    "half a surrogate": b'{"agents": [{"agent_id": "\\ud800", "current_load": 1}]}',
    "nested": b'{"agents": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_a_corrupt_or_foreign_file_is_an_error_and_is_left_as_it_is(path, content):
    path.write_bytes(content)
    store = JsonStore(path)
    with pytest.raises(StoreError) as caught:
        store.snapshot("")
    assert str(path) in str(caught.value)
    assert "move it away to start anew" in str(caught.value)
    with pytest.raises(StoreError, match="left as it is"):
        keep(store, ANN)
    assert path.read_bytes() == content


def test_the_error_names_the_place_in_the_file(path):
    path.write_bytes(b'{"agents": [{"agent_id": "a", "current_load": 1}, {"agent_id": "b", "current_load": -1}]}')
    with pytest.raises(StoreError, match=r"agents\[1\]\.current_load: is -1"):
        JsonStore(path).snapshot("")


def test_a_missing_folder_is_an_error_that_says_so(tmp_path):
    store = JsonStore(tmp_path / "nowhere" / "agent_state.json")
    with pytest.raises(StoreError, match=r"the folder of .* does not exist; create it"):
        store.snapshot("")
    with pytest.raises(StoreError, match="does not exist; create it"):
        keep(store, ANN)


def test_a_folder_in_place_of_the_file_is_an_error(path):
    path.mkdir()
    with pytest.raises(StoreError, match=r"cannot read .*Is a directory"):
        JsonStore(path).snapshot("")


def test_a_folder_in_place_of_the_lock_file_is_an_error(path):
    path.with_name("agent_state.json.lock").mkdir()
    with pytest.raises(StoreError, match="cannot lock"):
        keep(JsonStore(path), ANN)


def test_a_full_disk_leaves_the_old_loads(path, monkeypatch):
    store = JsonStore(path)
    keep(store, ANN)
    before = path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match=r"cannot write .*: No space left on device; check .* the free space"):
            keep(store, StoredAgent(4, {"agent_id": "ann"}))
    assert path.read_bytes() == before
    assert files_beside(path) == ["agent_state.json", "agent_state.json.lock"]
    keep(store, StoredAgent(4, {"agent_id": "ann"}))
    assert loads(store)["ann"] == 4


def test_the_content_reaches_the_disk_before_the_renaming_and_the_folder_after_it(path, monkeypatch):
    steps = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor):
        steps.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        real_fsync(descriptor)

    def replace(self, target):
        steps.append(f"rename {self.name} to {Path(target).name}")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    keep(JsonStore(path), ANN)
    assert steps == [
        "sync .agent_state.json.tmp",
        "rename .agent_state.json.tmp to agent_state.json",
        f"sync {path.parent.name}",
    ]


def test_permissions_and_links_stay(path):
    real = path.with_name("real.json")
    real.write_text(SEED_FILE)
    real.chmod(0o640)
    path.symlink_to(real)
    keep(JsonStore(path), ANN)
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert list(loads(JsonStore(real))) == ["agent_001", "agent_002", "ann"]


def test_what_another_program_has_written_counts_and_is_an_event(path):
    store = JsonStore(path)
    keep(store, ANN)
    version = store.snapshot("").version
    data = json.loads(path.read_bytes())
    data["agents"][0]["current_load"] = 5
    data["agents"].append({"agent_id": "bob", "name": "Bob", "current_load": 1})
    path.write_text(json.dumps(data))
    assert loads(store) == {"ann": 5, "bob": 1}
    assert store.commit("", version, Batch(None, (Event("more", None, "ann", 1),))) is None
    keep(store, StoredAgent(6, {"agent_id": "ann"}))
    assert [(e.event.kind, e.event.agent_id, e.event.change) for e in store.events("")] == [
        ("more", "ann", 3),
        ("edited", "ann", 2),
        ("edited", "bob", 1),
        ("more", "ann", 1),
    ]


def test_the_seed_may_write_its_own_file_over_ours(path):
    store = JsonStore(path)
    keep(store, ANN)
    path.write_text(SEED_FILE)
    assert loads(store) == {"agent_001": 14, "agent_002": 0}


def test_a_lock_held_by_another_process_is_waited_for_and_then_an_error(path):
    hold = (
        "import sys; from ticketopt.live.stores.json_file import JsonStore\n"
        "with JsonStore(sys.argv[1])._locked():\n    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=r"was locked by others for 0\.2 s; try again"):
            keep(JsonStore(path, lock_timeout=0.2), ANN)
        process.stdin.close()
        keep(JsonStore(path, lock_timeout=30), ANN)
    assert loads(JsonStore(path)) == {"ann": 3}


def test_without_the_library_that_locks_the_error_names_the_extra(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "filelock", None)
    with pytest.raises(StoreError, match=r"ticketopt\[service\]"):
        keep(JsonStore(path), ANN)
    assert files_beside(path) == []
