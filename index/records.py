"""Frozen dataclasses to JSON values and back, whatever fields they have.

Driven by the types themselves, so that a field added to a contract type is kept without a line
here. A field that holds its default is left out: lines stay short, and lines written before a field
was added can still be read. Which records a file holds is left to ``index.table``.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import threading
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar, overload

T = TypeVar("T")
_Decode = Callable[..., Any]
_PLAIN = (str, int, float, bool)


def dumps(value: object) -> str:
    """One line of JSON, always the same for equal values.

    >>> dumps({"险种": ("职工",), "until": date(2026, 11, 21)})
    '{"险种":["职工"],"until":"2026-11-21"}'
    """
    return json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"))


def encode(
    value: object,
    *,
    leave_out: str = "",
    instead: Mapping[type, Callable[[Any], Any]] = MappingProxyType({}),
) -> Any:
    """JSON values of dataclasses, tuples, dates and plain values; fields at their default omitted.

    ``leave_out`` names a field of ``value`` that is known from elsewhere; ``instead`` makes another
    value of those of a type, at any depth.
    """
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, (tuple, list)):
        return [encode(item, instead=instead) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: encode(item, instead=instead) for key, item in value.items()}
    if type(value) in instead:
        return instead[type(value)](value)
    found = {}
    kind: Any = type(value)
    for name, default in _fields(kind):
        item = getattr(value, name)
        if name != leave_out and item is not default and item != default:
            found[name] = encode(item, instead=instead)
    return found


def decode(kind: type[T], value: Any, **known: object) -> T:
    """What ``encode`` made of a ``kind``, as it was; ``known`` are the fields left out. A dataclass
    that stands in ``value`` as itself stays so.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what ``encode`` never made.
    """
    target: Any = kind
    return typing.cast(T, _decoder(target)(value, **known))


_making = threading.Lock()


class Later(Sequence[T]):
    """Records of which each is decoded when it is first asked for, and is one object from then on.
    Equal to any sequence of equal records."""

    def __init__(self, kind: type[T], values: Sequence[Any], **known: object) -> None:
        self._kind = kind
        self._items = list(values)
        self._known = known

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...

    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        item = self._items[place]
        if isinstance(item, dict):
            with _making:  # another thread may have been first
                item = self._items[place]
                if isinstance(item, dict):
                    item = self._items[place] = decode(self._kind, item, **self._known)
        found: T = item
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


@functools.cache
def _fields(kind: Any) -> tuple[tuple[str, object], ...]:
    """Name and default of each field worth writing: not those that follow from the others."""
    return tuple((f.name, f.default) for f in dataclasses.fields(kind) if f.compare and f.init)


@functools.cache
def _decoder(kind: Any) -> _Decode:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in _PLAIN or origin is typing.Literal:
        return _as_is
    if kind is date:
        return date.fromisoformat
    if origin in (typing.Union, types.UnionType):
        inner = _decoder(next(a for a in arguments if a is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple and arguments[1:] == (...,):
        return _tuple_of(_decoder(arguments[0]))
    if origin is tuple:
        return _tuple_of(_as_is)
    if origin is Mapping:
        return _mapping_of(_decoder(arguments[1]))
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind)
    raise TypeError(f"cannot store values of type {kind!r}: teach index.records to decode it")


def _as_is(value: Any) -> Any:
    return value


def _tuple_of(inner: _Decode) -> _Decode:
    if inner is _as_is:
        return tuple
    return lambda value: tuple(inner(item) for item in value)


def _mapping_of(inner: _Decode) -> _Decode:
    return lambda value: {key: inner(item) for key, item in value.items()}


def _dataclass_decoder(kind: Any) -> _Decode:
    hints = typing.get_type_hints(kind)
    known = {name: _decoder(hints[name]) for name, _ in _fields(kind)}
    plain = frozenset(name for name, inner in known.items() if inner is _as_is)

    def build(value: Any, **given: object) -> Any:
        if isinstance(value, kind):
            return value
        return kind(**{k: v if k in plain else known[k](v) for k, v in value.items()}, **given)

    return build
