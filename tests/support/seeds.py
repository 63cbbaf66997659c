"""How many cases a test tries: few by default, many with `--exhaustive`, some others with `--exhaustive-sample`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from hypothesis import settings

EXAMPLES = {False: 25, True: 100}
"""Hypothesis' examples of a property that names no number of its own: by default, and with `--exhaustive`."""

LEAST = 20
"""A property is tried on so many examples at least, unless it has fewer."""

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


def examples(many: int) -> int:
    """How many examples to try of the many that a property has with `--exhaustive`: its share by the loaded profile."""
    return max(min(many, LEAST), many * settings().max_examples // EXAMPLES[True])
