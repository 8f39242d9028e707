"""Which element of a list is which of another.

Takes two lists and the schema of their elements; gives pairs of indices. Equal elements belong together, then
those that are called the same, then those that are equal but for their name. Where one stands plays no part.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping

from penstock.change.same import same
from penstock.manifest.shapes import Schema
from penstock.record import dataclass

_LABELS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Exchange rate": (("currency",),),
    "Measurement": (("measuredOn",),),
    "Re-validation": (("validatedOn", "tier", "model"), ("tier", "model"), ("model",)),
    "Alert": (("atPercent",), ("action",)),
    "Notice": (("audience", "recipient"), ("recipient",), ("audience",)),
    "Audience informed": (("audience",),),
    "Product": (("name", "category"), ("name",)),
    "Resource": (("kind", "name"),),
    "Pack": (("git", "path"), ("package", "pack")),
    "Validation": (("expression",), ("at", "message"), ("message",), ("at",)),
}
"""By the title of an element: the fields that tell one from another, where that is more or else than its name."""

_CALLED: Mapping[str, tuple[str, ...]] = {"Validation": ("at",)}
"""By the title of an element: what it is called by, where that is not what tells it from others."""

_NAME = (("name",),)
_LONG = 400
"""Lists of more elements than this are paired by hash alone."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two lists, element by element."""

    pairs: tuple[tuple[int, int], ...]
    """In the new list's order."""
    added: tuple[int, ...]
    removed: tuple[int, ...]

    @property
    def is_reordered(self) -> bool:
        """Whether elements that are in both stand in another order."""
        before = [old for old, _ in self.pairs]
        return before != sorted(before)


def align(old: list[object], new: list[object], element: Schema) -> Alignment:
    """Pair the elements of two lists."""
    left = _Left(old, new)
    left.by_key(_exact)
    if left.remains:
        left.equal(element)
    for fields in _LABELS.get(str(element.get("title")), _NAME):
        left.by_key(lambda value, fields=fields: _label(value, fields))  # type: ignore[misc]
    left.by_key(_rest)
    return Alignment(tuple(sorted(left.pairs, key=lambda pair: pair[1])), tuple(left.new), tuple(left.old))


class _Left:
    """The elements not yet paired, and the pairs."""

    def __init__(self, old: list[object], new: list[object]) -> None:
        self._before, self._after = old, new
        # Dictionaries as sets that keep their order.
        self.old, self.new = dict.fromkeys(range(len(old))), dict.fromkeys(range(len(new)))
        self.pairs: list[tuple[int, int]] = []

    @property
    def remains(self) -> bool:
        """Whether there is something left on both sides."""
        return bool(self.old and self.new)

    def by_key(self, key: Callable[[object], Hashable]) -> None:
        """Pair those with equal keys, in order; those without one (None) stay."""
        if not self.remains:
            return
        waiting: dict[Hashable, list[int]] = {}
        for index in self.old:
            found = key(self._before[index])
            if found is not None:
                waiting.setdefault(found, []).append(index)
        for index in list(self.new):
            same_key = waiting.get(key(self._after[index]))
            if same_key:
                self._take(same_key.pop(0), index)

    def equal(self, element: Schema) -> None:
        """Pair those that mean the same although they are written differently."""
        if len(self.old) * len(self.new) > _LONG * _LONG:
            return
        for before in list(self.old):
            for after in list(self.new):
                if same(self._before[before], self._after[after], element):
                    self._take(before, after)
                    break

    def _take(self, before: int, after: int) -> None:
        del self.old[before], self.new[after]
        self.pairs.append((before, after))


def label_fields(value: Mapping[str, object], element: Schema) -> tuple[str, ...]:
    """The fields that an element of a list is called by."""
    title = str(element.get("title"))
    if title in _CALLED:
        return _CALLED[title]
    labels = _LABELS.get(title, _NAME)
    return next((fields for fields in labels if fields[0] in value), labels[0])


def _exact(value: object) -> Hashable:
    return tuple(_frozen(value, ()))


def _label(value: object, fields: tuple[str, ...]) -> Hashable:
    if not isinstance(value, dict):
        return None
    found = tuple(_exact(value[name]) if name in value else None for name in fields)
    return None if found[0] is None else found


def _rest(value: object) -> Hashable:
    """All of an element but its name: what stays when it is called something else."""
    if not isinstance(value, dict) or "name" not in value or len(value) < 2:
        return None
    return _exact({key: field for key, field in value.items() if key != "name"})


def _frozen(value: object, path: tuple[Hashable, ...]) -> Iterator[Hashable]:
    """The parts of a value in an order of their own."""
    if isinstance(value, dict):
        yield (path, "mapping")
        for key in sorted(value, key=str):
            yield from _frozen(value[key], (*path, key))
    elif isinstance(value, list):
        yield (path, "list")
        for index, each in enumerate(value):
            yield from _frozen(each, (*path, index))
    else:
        yield (path, type(value).__name__, value if value == value else "nan")
