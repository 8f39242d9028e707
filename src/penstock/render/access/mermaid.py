"""The map of access as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.

Texts stand in double quotes with everything but letters, digits and a few harmless marks as character codes, so
that no name can end its box, add a line or carry markup. Mermaid decodes such codes in boxes, not on arrows: an
arrow is labelled in words that need none. The boxes of the legend have the borders that the arrows are drawn with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from penstock.access.model import AccessMap
from penstock.access.pair import Status
from penstock.render.access import words
from penstock.render.access.graph import Edge, Graph, Node, graph

MAX_EDGES = 500
"""Mermaid's own limit, which a diagram cannot raise."""

_HARMLESS = re.compile(r"[^\w ,.@/+-]|_{2,}")
_SHAPES = {"agent": '(["{}"])', "way": '[["{}"]]', "holder": '{{{{"{}"}}}}', "source": '[("{}")]'}
_CLASSES = {
    "agent": "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
    "way": "fill:#fbefff,stroke:#8250df,color:#1f2328",
    "holder": "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "source": "fill:#f6f8fa,stroke:#57606a,color:#1f2328",
}
_LEGEND = "fill:#ffffff,color:#1f2328"
_RED, _AMBER, _GREEN, _GREY = "#cf222e", "#bf8700", "#1a7f37", "#6e7781"
_LINKS = {
    Status.UNCOVERED: ("-.->", f"stroke:{_RED},stroke-width:3px"),
    Status.EXCESS: ("==>", f"stroke:{_RED},stroke-width:4px"),
    Status.MISSING: ("-.->", f"stroke:{_AMBER},stroke-width:3px"),
    Status.EXPIRED: ("-.->", f"stroke:{_GREY},stroke-width:3px"),
    Status.NOT_YET: ("-.->", f"stroke:{_GREY},stroke-width:1px"),
    Status.BORROWED: ("==>", f"stroke:{_AMBER},stroke-width:4px"),
    Status.UNUSED: ("-->", f"stroke:{_GREY},stroke-width:2px"),
    Status.AS_NEEDED: ("-->", f"stroke:{_GREEN},stroke-width:2px"),
    Status.GRANTED: ("-->", f"stroke:{_GREEN},stroke-width:1px"),
}
_DOTTED = ",stroke-dasharray:3"


def render(found: AccessMap, views: Sequence[str]) -> str:
    """The flowchart, left to right, with a legend of the statuses that occur."""
    return "".join(f"{line}\n" for line in _lines(graph(found, views)))


def text(raw: str) -> str:
    """A text inside double quotes: it shows as it is, and does nothing."""
    return _HARMLESS.sub(lambda match: "".join(f"#{ord(char)};" for char in match[0]), raw)


def _lines(drawn: Graph) -> Iterator[str]:
    if len(drawn.edges) > MAX_EDGES:
        yield f"%% {len(drawn.edges)} arrows, where Mermaid draws {MAX_EDGES}: name agents or sources to see less"
    yield "flowchart LR"
    if not drawn.nodes:
        yield '  empty["nothing to show"]'
    for node in drawn.nodes:
        yield f"  {node.id}{_box(node)}"
    for edge in drawn.edges:
        yield f"  {edge.tail} {_arrow(edge)} {edge.head}"
    if drawn.statuses:
        yield from _legend(drawn.statuses)
        # An invisible link keeps the legend beside the picture: without it, arrows run behind it.
        yield f"  {next(node.id for node in drawn.nodes if node.kind == 'source')} ~~~ legend"
    yield from _styles(drawn)


def _box(node: Node) -> str:
    return _SHAPES[node.kind].format("<br/>".join(text(line) for line in node.lines))


def _arrow(edge: Edge) -> str:
    link = _LINKS[edge.status][0] if edge.status else ("-.-" if edge.lines else "---")
    return f'{link}|"{"<br/>".join(edge.lines)}"|' if edge.lines else link


def _legend(statuses: Sequence[Status]) -> Iterator[str]:
    yield '  subgraph legend ["legend"]'
    yield "    direction LR"
    for number, status in enumerate(statuses, 1):
        yield f'    meaning{number}["{text(words.STATUS[status])}<br/>{text(words.MEANING[status])}"]'
    yield "  end"


def _styles(drawn: Graph) -> Iterator[str]:
    """Mermaid counts links in the order in which they stand, from 0."""
    for number, status in enumerate(drawn.statuses, 1):
        arrow, look = _LINKS[status]
        numbers = (at for at, edge in enumerate(drawn.edges) if edge.status is status)
        yield f"  linkStyle {_joined(numbers)} {look}"
        yield f"  style meaning{number} {_LEGEND},{look}{_DOTTED if '.' in arrow else ''}"
    for kind in _SHAPES:
        members = [node.id for node in drawn.nodes if node.kind == kind]
        if members:
            yield f"  classDef {kind} {_CLASSES[kind]}"
            yield f"  class {_joined(members)} {kind}"


def _joined(members: Iterable[object]) -> str:
    return ",".join(str(member) for member in members)
