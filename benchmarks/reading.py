"""What reading a table costs: a CSV file of tickets to checked records, beside pandas' own reading of the same file.

    python -m benchmarks.reading [--rows 100000] [--rounds 7] [--output FOLDER]

The file has ids, titles, descriptions, creation and due times, priorities, statuses and languages; it is made anew from
a seed. The same tickets are read as JSON, beside Python's own reading of it, and from a data frame that is there
already. All readers run in turn, in this process; quoted are medians of wall-clock seconds, and the ratios of those to
the reader named as the base. Freeing what was read is not counted. Peak memory is what a process of its own grows by
while it reads, by the kernel's account.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import cpu_count
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.measure import memory, reset_peak
from ticketopt.intake.files import read_queue, read_tickets_and_agents

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


def write_json(path: Path, source: Path) -> None:
    """The same tickets in our own format."""
    names = ["ticket_id", "title", "description", "creation_timestamp", "due", "priority", "status", "language"]
    frame = pd.read_csv(source, dtype=str, keep_default_na=False).set_axis(names, axis="columns")
    tickets = [{key: cell for key, cell in row.items() if cell} for row in frame.to_dict("records")]
    path.write_text(json.dumps({"agents": [{"agent_id": "a"}], "tickets": tickets}), "utf-8")


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to read: what is prepared from a folder, what then reads it, and the reader to compare it with."""

    prepare: Callable[[Path], Any]
    read: Callable[[Any], object]
    base: str


READERS = {
    "pandas.read_csv": Reader(lambda folder: folder / "tickets.csv", pd.read_csv, "pandas.read_csv"),
    "read_queue, CSV": Reader(
        lambda folder: folder,
        lambda folder: read_queue(folder / "tickets.csv", agents=folder / "team.csv"),
        "pandas.read_csv",
    ),
    "a pandas frame": Reader(
        lambda folder: pd.read_csv(folder / "tickets.csv"),
        lambda frame: read_tickets_and_agents(frame, [{"agent_id": "a"}]),
        "pandas.read_csv",
    ),
    "json.loads": Reader(
        lambda folder: folder / "queue.json", lambda path: json.loads(path.read_text("utf-8")), "json.loads"
    ),
    "read_queue, JSON": Reader(lambda folder: folder / "queue.json", read_queue, "json.loads"),
}


def write_files(folder: Path, n: int) -> None:
    """What the readers read."""
    folder.mkdir()
    write_tickets(folder / "tickets.csv", n)
    (folder / "team.csv").write_text("agent_id,skills\na,VPN:9\n", "utf-8")
    write_json(folder / "queue.json", folder / "tickets.csv")


def seconds_of(name: str, folder: Path) -> float:
    source = READERS[name].prepare(folder)
    start = time.perf_counter()
    kept = READERS[name].read(source)
    seconds = time.perf_counter() - start
    del kept
    return seconds


def peak_of(name: str, few: Path, folder: Path) -> float:
    """Megabytes that this process grows by, once it has read a small file so that all is loaded."""
    seconds_of(name, few)
    source = READERS[name].prepare(folder)
    reset_peak()
    before = memory("VmRSS")
    kept = READERS[name].read(source)
    del kept
    return max(0.0, memory("VmHWM") - before)


def table_of(folder: Path, rows: int, rounds: int) -> list[str]:
    """The table of all readers, measured in turn."""
    few, whole = folder / "few", folder / "all"
    write_files(few, 10)
    write_files(whole, rows)
    times: dict[str, list[float]] = {name: [] for name in READERS}
    for name in READERS:
        seconds_of(name, few)  # loads what it needs
    for _ in range(rounds):
        for name, found in times.items():
            found.append(seconds_of(name, whole))
    size = (whole / "tickets.csv").stat().st_size / 1e6
    lines = [
        f"{rows:,} rows, {size:.0f} MB of CSV",
        "",
        "| reader | s | ratio | to | peak MB |",
        "|---|---|---|---|---|",
    ]
    spawn = multiprocessing.get_context("spawn")
    for name, reader in READERS.items():
        middle, base = statistics.median(times[name]), statistics.median(times[reader.base])
        with spawn.Pool(1) as pool:
            peak = pool.apply(peak_of, (name, few, whole))
        lines.append(f"| {name} | {middle:.2f} | {middle / base:.1f} | {reader.base} | {peak:.0f} |")
    return lines


def write(folder: Path, lines: Sequence[str], asked: str) -> None:
    """A dated page with the setting and the table."""
    today = datetime.now(UTC).date().isoformat()
    setting = f"{cpu_count()} cores; Python {platform.python_version()}, {platform.system()}"
    words = [
        f"# Reading a table, {today}",
        "",
        f"`python -m benchmarks.reading {asked}`: medians. {setting}.",
        "",
        *lines,
    ]
    (folder / f"{today}-reading.md").write_text("\n".join(words) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = table_of(Path(folder), arguments.rows, arguments.rounds)
    print("\n".join(lines))
    if arguments.output is not None:
        write(arguments.output, lines, f"--rows {arguments.rows} --rounds {arguments.rounds}")


if __name__ == "__main__":
    main()
