"""The macros that go through a list or a map, as steps: they take the range's value.

all() and exists() absorb the errors of turns that do not decide; the others do not. Must not know the syntax tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from penstock.cel.closures import Frame, Node
from penstock.cel.errors import EvalError
from penstock.cel.exact.made import Entries
from penstock.cel.exact.steps import Step
from penstock.cel.operations import elements, truth
from penstock.cel.values import describe
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Loop:
    """One macro in one place. ``slots`` are one or two; ``cost`` is what a turn spends beside its calls."""

    macro: str
    slots: Sequence[int]
    condition: Node | None
    result: Node | None
    cost: int

    def turns(self, value: object, frame: Frame) -> Iterator[object]:
        """Each element (or key; or value, when there are two variables), with the slots set for it."""
        slots, cost = frame.slots, self.cost
        if len(self.slots) == 1:
            (slot,) = self.slots
            for item in elements(value, self.macro):
                frame.spend(cost)
                slots[slot] = item
                yield item
        else:
            first, second = self.slots
            for position, item in _pairs(value, self.macro):
                frame.spend(cost)
                slots[first], slots[second] = position, item
                yield item

    def passes(self, frame: Frame) -> bool:
        return self.condition is None or truth(self.condition(frame), f"{self.macro}()")

    def value(self, frame: Frame) -> object:
        assert self.result is not None
        return self.result(frame)


def _pairs(value: object, macro: str) -> Iterable[tuple[object, object]]:
    if isinstance(value, Mapping):
        return ((key, value[key]) for key in list(value))
    return enumerate(elements(value, macro))


def _quantify(loop: Loop, decisive: bool) -> Step:
    def take(value: object, frame: Frame) -> object:
        failure: EvalError | None = None
        for _ in loop.turns(value, frame):
            try:
                if loop.passes(frame) is decisive:
                    return decisive
            except EvalError as error:
                failure = failure or error
        if failure is not None:
            raise failure
        return not decisive

    return take


def _all(loop: Loop) -> Step:
    return _quantify(loop, False)


def _exists(loop: Loop) -> Step:
    return _quantify(loop, True)


def _exists_one(loop: Loop) -> Step:
    return lambda value, frame: sum(loop.passes(frame) for _ in loop.turns(value, frame)) == 1


def _filter(loop: Loop) -> Step:
    return lambda value, frame: [item for item in loop.turns(value, frame) if loop.passes(frame)]


def _map(loop: Loop) -> Step:
    return lambda value, frame: [loop.value(frame) for _ in loop.turns(value, frame) if loop.passes(frame)]


def _transform_map(loop: Loop) -> Step:
    key_slot = loop.slots[0]

    def take(value: object, frame: Frame) -> object:
        made = Entries()
        for _ in loop.turns(value, frame):
            key = frame.slots[key_slot]
            if loop.passes(frame):
                made.put(key, loop.value(frame))
        return made.map()

    return take


def _transform_entries(loop: Loop) -> Step:
    def take(value: object, frame: Frame) -> object:
        made = Entries()
        for _ in loop.turns(value, frame):
            if not loop.passes(frame):
                continue
            entries = loop.value(frame)
            if not isinstance(entries, Mapping):
                raise EvalError(f"{loop.macro}() needs a map of the new entries, not {describe(entries)}")
            frame.spend(len(entries))
            for key in entries:
                made.put(key, entries[key])
        return made.map()

    return take


def _sort_by(loop: Loop) -> Step:
    def take(value: object, frame: Frame) -> object:
        from penstock.cel.standard.lists import sort_by

        if isinstance(value, Mapping):
            raise EvalError(f"{loop.macro}() needs a list, not {describe(value)}")
        items = list(elements(value, loop.macro))
        return list(sort_by(items, [loop.value(frame) for _ in loop.turns(items, frame)]))

    return take


MACROS: Mapping[str, Callable[[Loop], Step]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "existsOne": _exists_one,
    "filter": _filter,
    "map": _map,
    "transformList": _map,
    "transformMap": _transform_map,
    "transformMapEntry": _transform_entries,
    "sortBy": _sort_by,
}
