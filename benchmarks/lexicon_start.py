"""How long a new process takes until it can read tickets: `python -m benchmarks.lexicon_start`.

Every round starts a process that loads our lexicon, links skills (names of concepts from all over the lexicon) and
makes the readers of urgency; quoted are medians of processor time without the imports, which `benchmarks.startup`
measures. It says whether the lexicon was the compiled one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from time import process_time

from ticketopt.problem.collector import collector_paused
from ticketopt.triage.lexicon import Prepared
from ticketopt.triage.lexicon_file import default_lexicon
from ticketopt.triage.linking import link
from ticketopt.triage.stance import Stance
from ticketopt.triage.urgency import UrgencyReader


def measured(skills: Sequence[str]) -> dict[str, float]:
    """Milliseconds of each step in this process, where none of it happened before; and 1 if it was compiled."""
    marks = [process_time()]
    with collector_paused():
        lexicon = default_lexicon()
        marks.append(process_time())
        link(skills, lexicon)
        marks.append(process_time())
        Stance(lexicon), UrgencyReader(lexicon)
        marks.append(process_time())
    steps = [1000 * (end - start) for start, end in pairwise(marks)]
    is_compiled = float(isinstance(lexicon.concepts, Prepared))
    return {"lexicon": steps[0], "links": steps[1], "readers": steps[2], "all": sum(steps), "compiled": is_compiled}


def _in_new_process(skills: Sequence[str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.lexicon_start", "--here", json.dumps(skills)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(prog="benchmarks.lexicon_start", description="How long until tickets can be read.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--skills", type=int, default=30)
    parser.add_argument("--here", metavar="JSON", help="measure these skills in this process, and print JSON")
    options = parser.parse_args(arguments)
    if options.here:
        print(json.dumps(measured(json.loads(options.here))))
        return
    concepts = default_lexicon().concepts
    skills = [concepts[k * len(concepts) // options.skills].names[0] for k in range(options.skills)]
    rounds = [_in_new_process(skills) for _ in range(options.rounds)]
    for step in rounds[0]:
        print(f"{step:10}{statistics.median(found[step] for found in rounds):8.1f}" + " ms" * (step != "compiled"))


if __name__ == "__main__":
    main()
