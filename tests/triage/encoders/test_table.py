"""The table that we ship, and how tables are written."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from ticketopt.triage.encoders.table import LARGEST_ENTRY, LARGEST_SCALE, load, quantized, save
from ticketopt.triage.encoders.train import Recipe, kept

SHIPPED = Path(str(resources.files("ticketopt").joinpath("data/vectors")))
DOCS = Path(__file__).parents[3] / "docs" / "vectors.md"


class TestShipped:
    def test_its_files_are_those_that_the_docs_name(self) -> None:
        text = DOCS.read_text("utf-8")
        for path in sorted(SHIPPED.iterdir()):
            assert f"| `{path.name}` | `{sha256(path.read_bytes()).hexdigest()}` |" in text, path.name

    def test_it_is_small(self) -> None:
        assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 4_000_000

    def test_it_was_made_by_the_recipe_that_is_here(self) -> None:
        recipe = load().about["recipe"]
        assert Recipe(**recipe) == Recipe() and load().dimension == Recipe().dimension

    def test_rows_are_of_different_pieces(self) -> None:
        table = load()
        assert len(set(table.pieces)) == len(table.pieces) == len(table.rows) == len(table.scales)
        assert all(map(kept, table.pieces))
        assert np.abs(table.rows.astype(int)).max() <= LARGEST_ENTRY and 1 <= table.scales.max() <= LARGEST_SCALE

    def test_it_stays_in_the_file_until_it_is_looked_at(self) -> None:
        assert isinstance(load().rows, np.memmap) and not load().rows.flags.writeable

    def test_no_library_but_numpy_is_loaded(self) -> None:
        code = (
            "from ticketopt.triage.encoders.static import default_encoder; default_encoder().encode(['a printer']); "
            "import sys; print([m for m in ('scipy', 'onnxruntime', 'tokenizers', 'torch') if m in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


class TestWritten:
    def test_rounding_is_small_and_nothing_else_is_lost(self, tmp_path: Path) -> None:
        rows = np.random.default_rng(2).normal(size=(50, 16)).astype(np.float32)
        rows[7] = 0
        rows[8] /= 100
        pieces = [f"piece{k}" for k in range(50)]
        save(quantized(rows, pieces, {"name": "test"}), tmp_path / "new")
        table = load(tmp_path / "new")
        assert (table.pieces, table.about, table.dimension) == (tuple(pieces), {"name": "test"}, 16)
        found = table.rows * table.scales[:, None].astype(float)
        unit = np.abs(rows).max() / (LARGEST_ENTRY * LARGEST_SCALE)
        assert np.abs(found * unit - rows).max() <= np.abs(rows).max() / LARGEST_ENTRY
        assert not found[7].any()
        assert found[8] @ rows[8] / np.linalg.norm(found[8]) == pytest.approx(np.linalg.norm(rows[8]), rel=1e-3)
