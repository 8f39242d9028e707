"""Parser events to native data: the one loop that every manifest goes through.

Takes a prepared text, gives dicts, lists and scalars, sharing the objects that aliases name; what is wrong goes
to a Collector. Speed matters here: the common case, an untagged scalar, is handled without a further call. It
must not know what the data means.
"""

from __future__ import annotations

import re
from sys import intern
from typing import TYPE_CHECKING, Any

from penstock.source import limits, parser
from penstock.source.resolver import CORE, NUMERIC, WORDS, Scalar, UnfitScalarError, plain, tagged
from penstock.source.text import shown

if TYPE_CHECKING:
    from penstock.model import PathElement
    from penstock.source.document import FaultKind
    from penstock.source.faults import Collector
    from penstock.source.text import Prepared

_KEY_TO_CHECK = NUMERIC | {"<"}
_SCALAR_TAGS = frozenset(CORE + name for name in ("null", "bool", "int", "float", "str", "map", "seq")) | {"!"}
_TAG = re.compile(r"(?:&\S+\s+)?(!<[^>\s]*>|![^\s,\[\]{}]*)")
_HINT_TAG = "a manifest is plain data: remove the tag, and put the value in quotes if it is a text"


class Stop(Exception):  # noqa: N818 - no error of its own: what is wrong is collected already
    """The rest of the text is not read, from ``index`` on."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class _Anchor:
    """What an anchor names, how many nodes it holds and how deep they go; unfinished while it is being read."""

    __slots__ = ("finished", "height", "size", "value")

    def __init__(self) -> None:
        self.value: object = None
        self.size = 1
        self.height = 0
        self.finished = False


class Builder:
    """Reads one file's events. Documents come one after the other: ``next_root``, then ``build``."""

    def __init__(self, prepared: Prepared, collector: Collector) -> None:
        self._prepared = prepared
        self._collector = collector
        self._next = parser.event_source(prepared.text)
        if len(prepared.text) > limits.NODES:  # a smaller text cannot hold that many
            self._next = self._limited(self._next)
        self._anchors: dict[str, _Anchor] = {}
        self._path: list[PathElement] = []
        self._nodes = 0
        self._deepest = 0
        self._document = 0
        self.starts: list[int] = []
        """Where each document that is not empty begins, with its directives, in the prepared text."""
        self.open_document: int | None = None
        """The document that more text could still belong to: nothing marked its end so far."""

    def next_root(self, document: int) -> Any:
        """The event that begins the next document that is not empty, or None behind the last."""
        self._document = document
        while (event := self._next()) is not None:
            kind = event.__class__
            if kind is parser.DocumentStart:
                self._count(1, event)
                self._anchors = {}
                self._path = []
                self.open_document = None
                root = self._next()
                if root.__class__ is not parser.ScalarEvent or root.start_mark.index != root.end_mark.index:
                    self.open_document = document
                    self.starts.append(event.start_mark.index - event.start_mark.column)
                    return root
            elif kind is parser.DocumentEnd and event.explicit:
                self.open_document = None
        return None

    def build(self, root: Any) -> object:
        """The data of the document that ``root`` begins.

        Raises:
            Stop: the document exceeds a limit; that is collected, and the rest of the file cannot be read.
        """
        return self._node(root, 0)

    def _mapping(self, depth: int) -> dict[str, object]:
        next_event, scalar, words, numeric = self._next, parser.ScalarEvent, WORDS, NUMERIC
        data: dict[str, object] = {}
        merges: list[dict[str, object]] | None = None
        key: str | None
        while True:
            event = next_event()
            if event.__class__ is scalar and event.anchor is None and event.tag is None:
                key = intern(event.value)  # thousands of manifests, a hundred keys: a third of the memory
                if key in words or key[0] in _KEY_TO_CHECK:
                    if key == "<<" and not event.style:
                        merges = self._merge(event, depth, merges)
                        continue
                    key = self._key(event, depth)
            elif event.__class__ is parser.MappingEnd:
                break
            else:
                key = self._key(event, depth)
            if key is None or key in data:
                self._surplus(key, event, depth)
                continue
            event = next_event()
            if event.__class__ is scalar and event.anchor is None and event.tag is None:
                value = event.value
                if event.style or (value not in words and value[0] not in numeric):
                    data[key] = value
                    continue
            self._path.append(key)
            data[key] = self._node(event, depth)
            self._path.pop()
        self._count(2 * len(data), event)  # what is merged in was counted at its alias
        for merged in merges or ():
            for name, taken in merged.items():
                data.setdefault(name, taken)
        return data

    def _sequence(self, depth: int) -> list[object]:
        next_event, scalar, words, numeric = self._next, parser.ScalarEvent, WORDS, NUMERIC
        data: list[object] = []
        while True:
            event = next_event()
            if event.__class__ is scalar and event.anchor is None and event.tag is None:
                value = event.value
                if event.style or (value not in words and value[0] not in numeric):
                    data.append(value)
                    continue
            elif event.__class__ is parser.SequenceEnd:
                break
            self._path.append(len(data))
            data.append(self._node(event, depth))
            self._path.pop()
        self._count(len(data), event)
        return data

    def _node(self, event: Any, depth: int) -> object:
        """The value that ``event`` begins, inside ``depth`` mappings and lists."""
        kind = event.__class__
        if kind is parser.ScalarEvent:
            return self._scalar(event)
        if kind is parser.Alias:
            return self._alias(event, depth)
        if depth >= limits.DEPTH:
            self._fault(f"nested deeper than {limits.DEPTH} levels", "flatten it: none needs as many", event)
            raise Stop(event.end_mark.index)
        self._deepest = max(self._deepest, depth + 1)
        is_mapping = kind is parser.MappingStart
        if event.tag not in (None, "!", CORE + ("map" if is_mapping else "seq")):
            self._bad_tag(event)
        if event.anchor is not None:
            return self._anchored(event, depth)
        return self._mapping(depth + 1) if is_mapping else self._sequence(depth + 1)

    def _anchored(self, event: Any, depth: int) -> object:
        anchor = self._anchors[event.anchor] = _Anchor()
        nodes, deepest = self._nodes, self._deepest
        self._deepest = depth + 1
        if event.__class__ is parser.MappingStart:
            anchor.value = self._mapping(depth + 1)
        else:
            anchor.value = self._sequence(depth + 1)
        anchor.size += self._nodes - nodes
        anchor.height = self._deepest - depth
        anchor.finished = True
        self._deepest = max(self._deepest, deepest)
        return anchor.value

    def _alias(self, event: Any, depth: int) -> object:
        name = event.anchor
        anchor = self._anchors.get(name)
        if anchor is None:
            self._fault(
                f"the alias *{name} stands for nothing: no &{name} comes before it in this document",
                f'put &{name} before the value it stands for, or quote a text that begins with *: "*{name}"',
                event,
            )
            return None
        if not anchor.finished:
            self._fault(f"the alias *{name} stands inside the value it stands for", "write the value out", event)
            return None
        if depth + anchor.height > limits.DEPTH:
            self._fault(f"the alias *{name} nests the data deeper than {limits.DEPTH} levels", "write less", event)
            raise Stop(event.end_mark.index)
        self._deepest = max(self._deepest, depth + anchor.height)
        self._count(anchor.size, event)
        return anchor.value

    def _is_undefined(self, event: Any) -> bool:
        """Whether it is an alias that stands for nothing, which is collected already."""
        if event.__class__ is not parser.Alias:
            return False
        anchor = self._anchors.get(event.anchor)
        return anchor is None or not anchor.finished

    def _scalar(self, event: Any) -> Scalar:
        text: str = event.value
        value: Scalar = text
        if event.tag is not None and event.tag not in _SCALAR_TAGS:
            self._bad_tag(event)
        elif event.tag is not None or not event.style:
            try:
                value = plain(text) if event.tag is None else tagged(event.tag, text)
            except UnfitScalarError as unfit:
                self._fault(unfit.message, unfit.hint, event)
        if event.anchor is not None:
            anchor = self._anchors[event.anchor] = _Anchor()
            anchor.value = value
            anchor.finished = True
        return value

    def _key(self, event: Any, depth: int) -> str | None:
        """The key that ``event`` begins; None, collected, when it cannot be one. A scalar's text always can."""
        value = self._node(event, depth)
        if isinstance(value, str):
            return value
        if event.__class__ is parser.ScalarEvent:
            text: str = event.value
            message = (
                f"the key {shown(text)} is {_KINDS[type(value)]}: keys are texts" if text else "a key is missing"
            )
            self._fault(
                message, f'put it in quotes: "{shown(text)}"' if text else "write it before the colon", event
            )
            return text
        if self._is_undefined(event):
            return None
        start = event.start_mark.index
        before = self._prepared.text[max(start - 80, 0) : start].rstrip()
        if event.__class__ is parser.MappingStart and event.flow_style and before.endswith("{"):
            hint = "a template in braces is a text: put it in quotes"
        else:
            hint = "write a text as the key"
        self._fault(f"a key here is {_KINDS[type(value)]}: keys are texts", hint, event)
        return None

    def _surplus(self, key: str | None, event: Any, depth: int) -> None:
        """Read past the value of a key that is repeated or none at all."""
        if key is not None:
            self._path.append(key)
            self._fault(f"the key {shown(key)} is written twice", "keep one of the two", event, repeated=True)
        self._node(self._next(), depth)
        if key is not None:
            self._path.pop()

    def _merge(self, event: Any, depth: int, merges: list[dict[str, object]] | None) -> list[dict[str, object]]:
        """The mappings that a ``<<`` names. They lie as deep as the mapping that takes them in."""
        if merges is not None:
            self._fault("<< is written twice", "name all in one list: <<: [*one, *other]", event, repeated=True)
        event = self._next()
        value = self._node(event, depth - 2 if event.__class__ is parser.SequenceStart else depth - 1)
        named = value if isinstance(value, list) else [value]
        merged = [each for each in named if isinstance(each, dict)]
        if len(merged) < len(named) and not self._is_undefined(event):
            self._fault("<< takes in a mapping, or a list of mappings", "name one by its alias: <<: *name", event)
        return merged if merges is None else merges

    def _bad_tag(self, event: Any) -> None:
        found = _TAG.match(self._prepared.text, event.start_mark.index)
        if found is None:
            self._fault("this tag is not allowed", _HINT_TAG, event)
        else:
            self._fault_at(f"the tag {found[1]} is not allowed", _HINT_TAG, *found.span(1))

    def _limited(self, next_event: parser.NextEvent) -> parser.NextEvent:
        """The same events, stopped where a flat file gets too large: its lists are counted only at their ends."""
        left = 2 * limits.NODES + 2

        def limited() -> Any:
            nonlocal left
            left -= 1
            event = next_event()
            if left < 0:
                self._count(limits.NODES + 1, event)
            return event

        return limited

    def _count(self, nodes: int, event: Any) -> None:
        self._nodes += nodes
        if self._nodes > limits.NODES:
            if event.__class__ is parser.Alias:
                message = f"the alias *{event.anchor} makes the file more than {limits.NODES:,} values large"
            else:
                message = f"the file holds more than {limits.NODES:,} values"
            self._fault(message, "split the file, or leave it out of the manifests", event)
            raise Stop(event.end_mark.index)

    def _fault(self, message: str, hint: str, event: Any, *, repeated: bool = False) -> None:
        start = event.start_mark.index
        self._fault_at(message, hint, start, max(event.end_mark.index, start), repeated=repeated)

    def _fault_at(self, message: str, hint: str, start: int, end: int, *, repeated: bool = False) -> None:
        first, behind = self._prepared.index(start), self._prepared.index(end)
        path = tuple(self._path)
        if len(self._collector.faults) == limits.FAULTS:
            message = f"more than {limits.FAULTS:,} faults: the rest of the file is not read"
            self._collector.add(message, "mend those first", first, behind, self._document, path)
            raise Stop(start)
        kind: FaultKind = "duplicate-key" if repeated else "syntax-error"
        self._collector.add(message, hint, first, behind, self._document, path, kind)


_KINDS = {
    dict: "a mapping",
    list: "a list",
    str: "a text",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    type(None): "null",
}
