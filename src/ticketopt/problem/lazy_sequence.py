"""`LazySequence`: a list that is made when somebody looks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, overload

__all__ = ["LazySequence"]

_Item = TypeVar("_Item", covariant=True)


class LazySequence(Sequence[_Item]):
    """A sequence of known length that is listed when somebody looks into it; copied or pickled it is a plain tuple.

    Parameters
    ----------
    items : makes them, the same whenever it is called.
    """

    def __init__(self, size: int, items: Callable[[], Iterable[_Item]]) -> None:
        self._size, self._items = size, items
        self._all: tuple[_Item, ...] | None = None

    def whole(self) -> tuple[_Item, ...]:
        """All of them."""
        if self._all is None:
            self._all = tuple(self._made())
        return self._all

    def _made(self) -> Iterable[_Item]:
        return self._items()

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | Sequence[_Item]:
        return self.whole()[index]

    def __iter__(self) -> Iterator[_Item]:
        return iter(self.whole())

    def __add__(self, other: Iterable[_Item]) -> tuple[_Item, ...]:
        return (*self.whole(), *other)

    def __radd__(self, other: Iterable[_Item]) -> tuple[_Item, ...]:
        return (*other, *self.whole())

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, tuple | LazySequence) and self.whole() == tuple(other))

    def __hash__(self) -> int:
        return hash(self.whole())

    def __repr__(self) -> str:
        return repr(self.whole())

    def __reduce__(self) -> tuple[type[tuple[_Item, ...]], tuple[tuple[_Item, ...]]]:
        return tuple, (self.whole(),)
