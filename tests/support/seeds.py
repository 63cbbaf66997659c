"""Which seeds a test tries: few by default, many with `--exhaustive`, some of the others with `--exhaustive-sample`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

TIMES = 2
"""A sample is so many times as large as what is tried by default."""


@dataclass(frozen=True)
class Seeds:
    """Called by a test with the two numbers of cases it has.

    Attributes
    ----------
    is_exhaustive : try them all.
    sample : draws, from the seeds that only `is_exhaustive` tries, those to try instead; None for no sample.
    """

    is_exhaustive: bool = False
    sample: int | None = None

    def __call__(self, few: int, many: int) -> Sequence[int]:
        """The seeds to try: the first few, all of the many, or a sample of the rest."""
        if self.sample is None:
            return range(many if self.is_exhaustive else few)
        rest = range(few, many)
        return Random(self.sample).sample(rest, min(len(rest), TIMES * few))
