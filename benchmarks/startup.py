"""How long it takes until something happens: imports and commands, beside the time that importing numpy takes.

    python -m benchmarks.startup [--rounds 15] [--check]

Every round starts one new process for each, in turn; quoted are medians of processor time (user and system), and their
ratios to `import numpy` in the same rounds. Modules are compiled in a first round that does not count, as an installed
package is: into a folder of this run, whatever the environment says about writing bytecode. `--check` fails where a
goal is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

__all__ = ["GOALS", "main", "measured"]

GOALS = {"import ticketopt": 1.2, "ticketopt --help": 1.5, "ticketopt assign": 5.0}
"""What -> at most so many times `import numpy`."""

BASE = "import numpy"


def commands(example: Path) -> dict[str, list[str]]:
    """What is started, by its name."""
    face = [sys.executable, "-m", "ticketopt.cli"]
    return {
        BASE: [sys.executable, "-c", "import numpy"],
        "import ticketopt": [sys.executable, "-c", "import ticketopt"],
        "ticketopt --help": [*face, "--help"],
        "ticketopt assign": [*face, "assign", str(example)],
    }


def seconds_of(command: list[str], bytecode: Path) -> float:
    """Processor time of a process and all that it starts, its compiled modules in a folder."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    before = getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    after = getrusage(RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def measured(rounds: int) -> dict[str, float]:
    """Median seconds of each, over so many rounds and one more before them."""
    with tempfile.TemporaryDirectory() as folder:
        example = Path(folder) / "example.json"
        example.write_text(files("ticketopt").joinpath("data/example.json").read_text("utf-8"), "utf-8")
        all_commands = commands(example)
        times: dict[str, list[float]] = {name: [] for name in all_commands}
        for number in range(rounds + 1):
            for name, command in all_commands.items():
                seconds = seconds_of(command, Path(folder) / "bytecode")
                if number:
                    times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    arguments = parser.parse_args()
    found = measured(arguments.rounds)
    missed = []
    print("| what | ms | times `import numpy` | goal |\n|---|---|---|---|")
    for name, seconds in found.items():
        ratio, goal = seconds / found[BASE], GOALS.get(name)
        print(f"| {name} | {1000 * seconds:.0f} | {ratio:.2f} | {'' if goal is None else f'{goal:g}'} |")
        if goal is not None and ratio > goal:
            missed.append(name)
    if missed and arguments.check:
        sys.exit(f"above its goal: {', '.join(missed)}")


if __name__ == "__main__":
    main()
