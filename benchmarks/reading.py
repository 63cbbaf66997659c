"""What reading a table costs: a CSV file of tickets to checked records, beside pandas' own reading of the same file.

    python -m benchmarks.reading [--rows 100000] [--rounds 3]

The file has ids, titles, descriptions, creation and due times, priorities, statuses and languages; it is made anew from
a seed. Both readers run in turn, in this process; quoted are medians of wall-clock seconds. Peak memory is what Python
allocates while reading (`tracemalloc`, in a run of its own).
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from ticketopt.intake.files import read_queue

__all__ = ["main", "write_tickets"]

WORDS = ["vpn", "drops", "every", "ten", "minutes", "printer", "jams", "on", "floor", "two", "invoice", "is", "wrong"]


def write_tickets(path: Path, n: int, seed: int = 0) -> None:
    """`n` tickets as a helpdesk exports them."""
    rng = random.Random(seed)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "Subject", "Description", "Created at", "Due date", "Priority", "Status", "Language"])
        for k in range(n):
            created = start + timedelta(minutes=3 * k)
            due = f"{created + timedelta(days=2):%Y-%m-%d}" if k % 3 == 0 else ""
            title, text = " ".join(rng.choices(WORDS, k=5)), " ".join(rng.choices(WORDS, k=40))
            level, status = rng.choice(["Low", "Normal", "High", "Urgent"]), rng.choice(["open", "new", "pending"])
            writer.writerow([k, title, text, f"{created:%Y-%m-%d %H:%M}", due, level, status, rng.choice(["en", "de"])])


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_of(work: Callable[[], object]) -> float:
    """Megabytes that Python allocates at most."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tickets, team = Path(folder) / "tickets.csv", Path(folder) / "team.csv"
        write_tickets(tickets, arguments.rows)
        team.write_text("agent_id,skills\na,VPN:9\n", "utf-8")
        readers: dict[str, Callable[[], object]] = {
            "pandas.read_csv": lambda: pd.read_csv(tickets),
            "ticketopt.read_queue": lambda: read_queue(tickets, agents=team),
        }
        times: dict[str, list[float]] = {name: [] for name in readers}
        for _ in range(arguments.rounds):
            for name, work in readers.items():
                times[name].append(seconds_of(work))
        base = statistics.median(times["pandas.read_csv"])
        print(f"{arguments.rows:,} rows, {tickets.stat().st_size / 1e6:.0f} MB\n\n| reader | s | ratio | peak MB |")
        print("|---|---|---|---|")
        for name, work in readers.items():
            middle = statistics.median(times[name])
            print(f"| {name} | {middle:.2f} | {middle / base:.1f} | {peak_of(work):.0f} |")


if __name__ == "__main__":
    main()
