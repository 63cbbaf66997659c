"""How well a trained reader finds the skill, by past tickets per class, beside its parts.

    python -m benchmarks.matching [CSV --text COLUMN ... --label COLUMN] [--classes N] [--forward]

For each number of examples per class: the share of unseen tickets whose class comes first by words alone (TF-IDF), by
vectors alone, by the untrained reader alone, and by all together (`SkillMatcher`), in the mean over draws; then by how
much the blend is at worst behind the best part. With `--forward` tickets have times (drawn ones), so
that the parts are weighed forward in time. With a CSV file (.gz too) its largest classes are measured. Without one,
two sets of our own:

* `development`: the tickets of `benchmarks/triage_sets/development`, each set with its skills. They are few, so there
  is one line: each quarter is read by what was learned from the other three.
* `made up`: tickets of two phrases of one of the lexicon's concepts and often one of another; the class is the concept.
  These are no real tickets. Half of all phrases make up tickets, and the untrained reader has a lexicon of the others
  (its vectors were made from both).
* `made up, half the names say nothing`: the same, with numbers for the names of every other class, so that the
  untrained reader cannot know these.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.labelled import SETS, read_sets
from benchmarks.lexicon_ablation import without
from ticketopt._types import Float, Int
from ticketopt.history.skill_matcher import SkillMatcher
from ticketopt.triage import Reader
from ticketopt.triage.encoders.texts import phrases_of_concept
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.lexicon_file import default_lexicon

__all__ = ["Texts", "from_csv", "made_up", "main", "measured"]

EXAMPLES = (1, 2, 5, 10, 20, 50)
PARTS = ("words", "vectors", "untrained", "blend")
UNSEEN = 40
"""Tickets per class that are read, at most."""


@dataclass(frozen=True)
class Texts:
    """Tickets, the class of each, and what reads them untrained."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    reader: Reader

    def largest(self, classes: int, least: int) -> Texts:
        """The largest classes that have at least so many tickets."""
        kept = {label for label, n in Counter(self.labels).most_common(classes) if n >= least}
        rows = [k for k, label in enumerate(self.labels) if label in kept]
        texts, labels = tuple(self.texts[k] for k in rows), tuple(self.labels[k] for k in rows)
        return Texts(self.name, texts, labels, self.reader)


def from_csv(path: Path, text: Sequence[str], label: str, reader: Reader) -> Texts:
    """The rows of a file, each text and label once, so that no ticket that is read was learned from."""
    csv.field_size_limit(sys.maxsize)
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [("\n".join(row[name] for name in text), row[label]) for row in csv.DictReader(file)]
    texts = {text: label for text, label in rows if text.strip() and label.strip()}
    return Texts(path.name, tuple(texts), tuple(texts.values()), reader)


def development() -> list[Texts]:
    """Our own sets: text and first main skill."""
    sets = []
    for one in read_sets([SETS / "development"]):
        rows = [(t, truth.primary[0]) for t, truth in zip(one.queue.tickets, one.truths, strict=True) if truth.primary]
        texts, labels = zip(*((f"{t.title}\n{t.description}", label) for t, label in rows), strict=True)
        sets.append(Texts(one.name, texts, labels, Reader()))
    return sets


def made_up(classes: int, per_class: int, seed: int = 0) -> Texts:
    """Tickets made up of half of the lexicon's phrases, for a reader that has the other half."""
    lexicon = default_lexicon()
    chance = Random(seed)

    def is_kept(kind: str, phrase: str) -> bool:
        return kind == "names" or Random(phrase).random() < 0.5

    rest = without(lexicon, is_kept)
    phrases = _left_out(lexicon, rest)
    names = chance.sample(sorted(name for name, some in phrases.items() if len(some) >= 30), classes)
    texts: dict[str, str] = {}
    for name in names:
        others = sorted(set(phrases) - {name})
        for _ in range(per_class):
            parts = chance.sample(phrases[name], chance.choice([1, 2]))
            parts += chance.sample(phrases[chance.choice(others)], 1) if chance.random() < 0.5 else []
            chance.shuffle(parts)
            texts.setdefault(". ".join(parts), name.replace("_", " "))
    return Texts("made up", tuple(texts), tuple(texts.values()), Reader(lexicon=rest))


def half_named(texts: Texts) -> Texts:
    """The same tickets, every other class of a name that says nothing."""
    names = {label: f"team {k}" if k % 2 else label for k, label in enumerate(sorted(set(texts.labels)))}
    labels = tuple(names[label] for label in texts.labels)
    return Texts(f"{texts.name}, half the names say nothing", texts.texts, labels, texts.reader)


def _left_out(lexicon: Lexicon, rest: Lexicon) -> dict[str, list[str]]:
    kept = {concept.name: set(phrases_of_concept(concept)) for concept in rest.concepts}
    found = {c.name: [p for p in phrases_of_concept(c) if p not in kept[c.name]] for c in lexicon.concepts}
    return {name: phrases for name, phrases in found.items() if phrases}


def measured(
    texts: Texts, train: Sequence[int], test: Sequence[int], *, forward: bool = False
) -> tuple[Float, SkillMatcher]:
    """Tickets x parts: whether the class came first."""
    times = Random(0).sample(range(len(train)), len(train)) if forward else None
    known = [texts.texts[k] for k in train], [texts.labels[k] for k in train]
    matcher = SkillMatcher.fit(*known, times=times, reader=texts.reader)
    unseen = [texts.texts[k] for k in test]
    truth: Int = np.array([matcher.labels.index(texts.labels[k]) for k in test])
    words, vectors, untrained = matcher.parts(unseen)
    found = (words, vectors, untrained, matcher.probabilities(unseen))
    return np.stack([one.argmax(axis=1) == truth for one in found], axis=1).astype(float), matcher


def drawn(texts: Texts, n: int, seed: int) -> tuple[list[int], list[int]]:
    """`n` tickets of each class to learn from, and others to read, the same for every `n`."""
    train, test = [], []
    for label in sorted(set(texts.labels)):
        rows = [k for k, own in enumerate(texts.labels) if own == label]
        Random(f"{seed} {label}").shuffle(rows)
        unseen = min(UNSEEN, max(1, len(rows) - max(EXAMPLES)))
        test += rows[:unseen]
        train += rows[unseen : unseen + n]
    return train, test


def by_examples(texts: Texts, examples: Sequence[int], draws: Sequence[int], *, forward: bool = False) -> float:
    """Print the table of one set; by how much the blend is at worst behind the best part."""
    print(f"{texts.name}: {len(set(texts.labels))} classes, {len(texts.texts):,} tickets", flush=True)
    worst = -1.0
    for n in examples:
        rows, weights = [], []
        for seed in draws:
            found, matcher = measured(texts, *drawn(texts, n, seed), forward=forward)
            rows.append(found.mean(axis=0))
            weights.append([matcher.stack.words, matcher.stack.vectors, matcher.stack.untrained])
        worst = max(worst, _line(f"{n:4} per class", np.mean(rows, axis=0), np.mean(weights, axis=0)))
    return worst


def one_in_four(sets: Sequence[Texts], draws: Sequence[int]) -> float:
    """Print the line of small sets, each with its own skills, pooled over their tickets."""
    rows, weights = [], []
    for texts in sets:
        for seed in draws:
            order = list(range(len(texts.texts)))
            Random(seed).shuffle(order)
            for part in range(4):
                train = [k for place, k in enumerate(order) if place % 4 != part]
                known = {texts.labels[k] for k in train}
                found, matcher = measured(texts, train, [k for k in order[part::4] if texts.labels[k] in known])
                rows.append(found)
                weights.append([matcher.stack.words, matcher.stack.vectors, matcher.stack.untrained])
    print(f"development: {len(sets)} sets, {sum(map(len, rows))} readings of tickets")
    return _line("1 to 4 each  ", np.concatenate(rows).mean(axis=0), np.mean(weights, axis=0))


def _line(name: str, found: Float, weights: Float) -> float:
    behind = float(found[:-1].max() - found[-1])
    cells = "  ".join(f"{part} {value:.3f}" for part, value in zip(PARTS, found, strict=True))
    print(f"{name}  {cells}  behind the best part {behind:+.3f}  weights {np.round(weights, 2).tolist()}", flush=True)
    return behind


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description="A trained reader beside its parts.")
    parser.add_argument("csv", type=Path, nargs="?", help="a file of tickets; without one, sets of our own")
    parser.add_argument("--text", nargs="+", default=["text"], help="columns that are joined")
    parser.add_argument("--label", default="label", help="column of the class")
    parser.add_argument("--classes", type=int, default=15)
    parser.add_argument("--examples", type=int, nargs="+", default=EXAMPLES)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0, help="of the first draw, and of the tickets that are made up")
    parser.add_argument("--forward", action="store_true", help="weigh the parts forward in time")
    options = parser.parse_args(arguments)
    draws = range(options.seed, options.seed + options.draws)
    if options.csv:
        texts = from_csv(options.csv, options.text, options.label, Reader())
        texts = texts.largest(options.classes, max(EXAMPLES) + 10)
        worst = by_examples(texts, options.examples, draws, forward=options.forward)
    else:
        own = made_up(options.classes, 120, options.seed)
        worst = one_in_four(development(), draws)
        for texts in (own, half_named(own)):
            worst = max(worst, by_examples(texts, options.examples, draws, forward=options.forward))
    print(f"at worst {100 * worst:+.1f} points behind the best part")


if __name__ == "__main__":
    main()
