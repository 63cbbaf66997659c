"""The benchmark of the whole way measures what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.whole_way import WAYS, lines_of, measured, queue_of, ways_of, write

from ticketopt import assign, verify


@pytest.mark.slow
def test_every_way_is_measured_and_ends_at_the_same_plan(tmp_path: Path) -> None:
    queue = queue_of(12, 3)
    found = measured(queue, rounds=1)
    assert tuple(found) == WAYS and all(wall > 0 for wall, _ in found.values())
    ways = ways_of(queue, tmp_path)
    result = assign(queue.tickets, queue.agents)
    assert verify(result.problem, result) == [] and len(result.assigned) == 12
    assert list(ways["frame to frame"]()["agent_id"]) == list(result.assigned.values())  # type: ignore[index]
    assert len(ways["pandas, CSV"]()) == 12  # type: ignore[arg-type]


def test_the_page_says_what_it_comes_to(tmp_path: Path) -> None:
    times = {name: (2.0 if name == "frame to frame" else 1.0, 0.5) for name in WAYS}
    write(tmp_path, lines_of(2**17, 1, times, peak=1.5), "--quick")
    (page,) = tmp_path.iterdir()
    assert "Frame to frame takes 2.0 times the engine's time (1.0 by CPU) and 2 MB, 1.50 times the matrix's 1." in (
        page.read_text("utf-8").replace("\n", " ")
    )
