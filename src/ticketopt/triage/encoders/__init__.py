"""Encoders of a user's own, from files on this machine. To add one, write its file and its entry."""

from collections.abc import Callable, Mapping

from ticketopt.errors import InvalidInputError
from ticketopt.triage.encoders import fastembed, model2vec, onnx, sentence_transformers
from ticketopt.triage.encoders.base import Encoder

__all__ = ["ENCODERS", "load_encoder"]

ENCODERS: dict[str, Callable[[str], Encoder]] = {
    "sentence_transformers": sentence_transformers.load,
    "fastembed": fastembed.load,
    "model2vec": model2vec.load,
    "onnx": onnx.load,
}
"""Kind -> what makes such an encoder of the rest of its place."""


def load_encoder(place: str, *, encoders: Mapping[str, Callable[[str], Encoder]] = ENCODERS) -> Encoder:
    """The encoder at a place such as `onnx:/models/minilm`. Nothing is downloaded.

    Parameters
    ----------
    place : kind, colon, path.
    encoders : the kinds that can be named.

    Examples
    --------
    >>> import ticketopt
    >>> ticketopt.load_encoder("onnx:/nowhere")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ticketopt.errors.InvalidInputError: encoder: ...
    """
    kind, colon, path = place.partition(":")
    if kind not in encoders or not colon or not path:
        problem = f"{place!r} names no encoder" if kind in encoders else f"{kind!r} is no kind of encoder"
        raise InvalidInputError.single("encoder", problem, f"write KIND:PATH; the kinds are {', '.join(encoders)}")
    return encoders[kind](path)
