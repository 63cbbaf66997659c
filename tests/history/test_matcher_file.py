"""A file of what texts taught is read, or is one clear error: whatever byte is wrong, however it is packed."""

import json
import tracemalloc
import zipfile

import numpy as np
import pytest

from ticketopt import InvalidInputError
from ticketopt.history.matcher_file import FORMAT, load_learned

HEADER = {"format": FORMAT, "labels": ["a", "b"], "counts": [3, 3], "vocabulary": ["x", "y"], "encoder": "e"}
MANY = np.zeros(25_000_000)


def written(path, header=HEADER, **changed):
    """A file with the smallest content there is, in which some arrays are others."""
    sizes = {"idf": 2, "words": (2, 2), "words_start": 2, "vectors": (5, 2), "vectors_start": 2, "stack": 3}
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    arrays = {"header": np.frombuffer(text, dtype=np.uint8), **{name: np.zeros(size) for name, size in sizes.items()}}
    np.savez_compressed(path, **{**arrays, **changed})
    return path


def refused(path):
    with pytest.raises(InvalidInputError) as caught:
        load_learned(path)
    return str(caught.value)


def test_whatever_byte_is_wrong_it_is_read_or_one_clear_error(tmp_path):
    raw = written(tmp_path / "m.npz").read_bytes()
    assert load_learned(tmp_path / "m.npz").labels == ("a", "b")
    n_refused, path = 0, tmp_path / "damaged.npz"
    for place in range(len(raw)):
        for flip in (0xFF, 0x01):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ flip]) + raw[place + 1 :])
            try:
                load_learned(path)
            except InvalidInputError:
                n_refused += 1
    assert n_refused > len(raw)
    for length in range(0, len(raw), 7):
        path.write_bytes(raw[:length])
        assert "cannot be read" in refused(path)


@pytest.mark.parametrize("name", ["more", "idf", "words", "vectors", "stack", "header"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, name):
    path = written(tmp_path / "m.npz", **({"header": b" " * 25_000_000} if name == "header" else {name: MANY}))
    assert path.stat().st_size < 300_000
    tracemalloc.start()
    try:
        assert "cannot be read" in refused(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_member_that_says_less_than_it_holds_is_not_unpacked_further(tmp_path):
    path = written(tmp_path / "m.npz", idf=MANY)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("idf.npy").file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (144).to_bytes(4, "little")))
    tracemalloc.start()
    try:
        assert "cannot be read" in refused(path)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "header",
    [b"[" * 60_000, b"5", b"null", b"\xff", b"{}", b'{"format": 2, "vocabulary": 5, "labels": [], "counts": []}'],
)
def test_a_header_that_is_none(tmp_path, header):
    assert "cannot be read" in refused(written(tmp_path / "m.npz", header=header))


def test_another_format_is_said_whatever_else_is_there(tmp_path):
    assert "has format 3" in refused(written(tmp_path / "m.npz", header={"format": 3}, more=np.zeros(3)))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused(tmp_path, packing):
    written(tmp_path / "m.npz")
    with zipfile.ZipFile(tmp_path / "m.npz") as old, zipfile.ZipFile(tmp_path / "n.npz", "w", packing) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert "cannot be read" in refused(tmp_path / "n.npz")
