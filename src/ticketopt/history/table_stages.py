"""Where tickets are after each row of a table, by its words for a status or an activity."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ticketopt._types import Int
from ticketopt.history.stages import Stage, stage_code
from ticketopt.history.table import Table
from ticketopt.intake.cells import read_each
from ticketopt.problem.report import shown

__all__ = ["stages_of"]

_SHOWN = 6

_UNKNOWN = -9


def stages_of(table: Table) -> Int:
    """Every row's `Stage`: by the finer status where it says one, else by the coarser; unknown words say nothing."""
    own = {**table.source.stages, **table.how.statuses}
    stages = np.full(table.n_rows, int(Stage.UNSAID))
    unknown: Counter[str] = Counter()
    for name in ("status", "substatus"):
        if name not in table:
            continue
        words = read_each(table.sheet.column(table.numbers[name]), lambda cell: str(cell).strip())
        found = {word: stage_code(word, own, table.source.words) for word in set(words) if word is not None}
        codes = {word: _UNKNOWN if stage is None else int(stage) for word, stage in found.items()}
        said = np.array([_UNKNOWN if word is None else codes[word] for word in words], dtype=np.int64)
        unknown.update(word for word in words if word is not None and codes[word] == _UNKNOWN)
        stages = np.where(said == _UNKNOWN, stages, said)
    if unknown:
        listed = ", ".join(f"{shown(word)} ({count})" for word, count in unknown.most_common(_SHOWN))
        text = f"{len(unknown)} words for a status are not known here, and leave it as it was: {listed}."
        table.note("unknown status", text, unknown.total())
    return stages
