"""Does a store stay as fast and as small as it was? Submits and closes in turn, while another thread prunes.

Every change reads what a dispatcher would read and commits what it would commit, under a key of its own.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from time import perf_counter

import numpy as np

from ticketopt.live.audit import audit
from ticketopt.live.stores import Batch, Event, Keep, Retention, Store, StoredTicket, open_store

N_AGENTS, N_OPEN = 50, 1000
TENTHS = 10
DATA = {
    "ticket": {"ticket_id": "t", "effort": 1, "tags": ["vpn"], "requires": {"vpn": 3.0}, "excluded_agents": []},
    "skills": {"vpn": 1.0, "linux": 0.5},
    "urgency": 0.5,
    "reason": "assigned",
}


@dataclass(slots=True)
class Tenth:
    """Seconds of the changes in a tenth of the run, and the bytes on the disk at its end."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0

    def percentile(self, q: float) -> float:
        return float(np.percentile(self.seconds, q)) * 1e3


def change(store: Store, name: str, *, closes: bool, at: float) -> None:
    """Submit or close one ticket."""
    agent = f"a{hash(name) % N_AGENTS}"
    state = store.snapshot("", tickets=[name])
    row = StoredTicket(agent, 1, "closed" if closes else "assigned", DATA)
    event = Event("closed", name, agent, -1) if closes else Event("assigned", name, agent, 1)
    batch = Batch({name: agent}, (event,), tickets={name: row}, at=at)
    kept = store.commit("", state.version, batch, key=f"{name}-{closes}", request_hash="h")
    assert kept is not None


def run(store: Store, folder: Path | None, *, n_tickets: int, keep: Retention, every: int) -> list[Tenth]:
    """Submit all tickets, closing the oldest of more than `N_OPEN`; prune after so many changes."""
    store.commit("", 0, Batch(None, (), {f"a{k}": {"agent_id": f"a{k}"} for k in range(N_AGENTS)}))
    is_open: deque[str] = deque()
    tenths = [Tenth() for _ in range(TENTHS)]
    pruner: threading.Thread | None = None
    for k in range(n_tickets + N_OPEN):
        tenth = tenths[min(TENTHS - 1, k * TENTHS // n_tickets)]
        work = [(f"t{k}", False)] if k < n_tickets else []
        if k < n_tickets:
            is_open.append(f"t{k}")
        if len(is_open) > N_OPEN or k >= n_tickets:
            work.append((is_open.popleft(), True))
        for name, closes in work:
            start = perf_counter()
            change(store, name, closes=closes, at=float(k))
            tenth.seconds.append(perf_counter() - start)
        if every and k % every == every - 1:
            if pruner is not None:
                pruner.join()
            pruner = threading.Thread(target=store.prune, args=("",), kwargs={"now": float(k), "keep": keep})
            pruner.start()
        if folder is not None and k % 1000 == 0:
            tenth.size = max(tenth.size, sum(file.stat().st_size for file in folder.iterdir()))
    if pruner is not None:
        pruner.join()
    return tenths


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=5_000, help="rows of each kind that are kept; -1 keeps everything")
    parser.add_argument("--every", type=int, default=500, help="tickets between two prunes")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--folder", type=Path, help="where the file is; else a temporary folder")
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder)))
        if options.store == "sqlite":
            store = open_store(f"sqlite:///{folder}/tickets.db")
        else:
            from tests.support.postgresql import Server

            server = Server()
            stack.callback(server.stop)
            store = open_store(server.url())
        kept = Keep(rows=options.rows) if options.rows >= 0 else Keep()
        everything = Retention(events=kept, closed_tickets=kept, answers=kept, deliveries=kept, jobs=kept)
        size_of = folder if options.store == "sqlite" else None
        every = options.every if options.rows >= 0 else 0
        tenths = run(store, size_of, n_tickets=options.tickets, keep=everything, every=every)
        assert audit(*store.history("")) == ()
        getattr(store, "close", lambda: None)()
    lines = ["| tenth | changes | p50, ms | p99, ms | file and log, MB |", "|---|---|---|---|---|"]
    for k, tenth in enumerate(tenths, start=1):
        size = f"{tenth.size / 1e6:.1f}" if tenth.size else "-"
        lines.append(
            f"| {k} | {len(tenth.seconds):,} | {tenth.percentile(50):.2f} | {tenth.percentile(99):.2f} | {size} |"
        )
    ratio = tenths[-1].percentile(99) / tenths[0].percentile(99)
    lines += ["", f"p99 of the last tenth is {ratio:.2f} times that of the first; the queue adds up at the end."]
    print("\n".join(lines))
    if options.output is not None:
        write(options.output, lines, options)


def write(folder: Path, lines: list[str], options: argparse.Namespace) -> None:
    """A dated page with the setting and the table."""
    today = datetime.now(UTC).date().isoformat()
    kept = f"{options.rows:,} rows of each kind kept" if options.rows >= 0 else "everything kept"
    words = [
        f"# A store after {options.tickets:,} submits and closes, {today}",
        "",
        f"`python -m benchmarks.retention --store {options.store}`: {N_AGENTS} agents, {N_OPEN:,} open tickets, {kept}, "
        f"pruned by another thread every {options.every} tickets. {cpu_count()} cores, which others use too; Python "
        f"{platform.python_version()}, {platform.system()}.",
        "",
        *lines,
        "",
    ]
    (folder / f"{today}-retention-{options.store}.md").write_text("\n".join(words), encoding="utf-8")


if __name__ == "__main__":
    main()
