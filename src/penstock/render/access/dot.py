"""The map of access as a graph for Graphviz.

Texts stand in double quotes with backslashes, quotes and ampersands escaped: the only characters that act there,
since line breaks and control characters have been made visible before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from penstock.access.model import AccessMap
from penstock.access.pair import Status
from penstock.render.access import words
from penstock.render.access.graph import Edge, Graph, Node, graph

_ACTING = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;"})
_NODES = {
    "agent": {"shape": "box", "style": "rounded,filled", "fillcolor": "#ddf4ff", "color": "#0969da"},
    "way": {"shape": "component", "style": "filled", "fillcolor": "#fbefff", "color": "#8250df"},
    "holder": {"shape": "hexagon", "style": "filled", "fillcolor": "#fff8c5", "color": "#9a6700"},
    "source": {"shape": "cylinder", "style": "filled", "fillcolor": "#f6f8fa", "color": "#57606a"},
}
_EDGES = {
    Status.UNCOVERED: {"color": "#cf222e", "penwidth": "3", "style": "dashed"},
    Status.EXCESS: {"color": "#cf222e", "penwidth": "4", "style": "solid"},
    Status.MISSING: {"color": "#bf8700", "penwidth": "2", "style": "dashed"},
    Status.EXPIRED: {"color": "#6e7781", "penwidth": "2", "style": "dotted"},
    Status.NOT_YET: {"color": "#6e7781", "penwidth": "1", "style": "dotted"},
    Status.BORROWED: {"color": "#bf8700", "penwidth": "3", "style": "solid"},
    Status.UNUSED: {"color": "#6e7781", "penwidth": "1", "style": "solid"},
    Status.AS_NEEDED: {"color": "#1a7f37", "penwidth": "2", "style": "solid"},
    Status.GRANTED: {"color": "#1a7f37", "penwidth": "1", "style": "solid"},
}


def render(found: AccessMap, views: Sequence[str]) -> str:
    """The graph, left to right, with a legend of the statuses that occur."""
    return "".join(f"{line}\n" for line in _lines(graph(found, views)))


def text(raw: str) -> str:
    """A text inside double quotes: it shows as it is."""
    return raw.translate(_ACTING)


def _lines(drawn: Graph) -> Iterator[str]:
    yield "digraph access {"
    yield "  rankdir=LR;"
    yield '  node [fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif"];'
    for node in drawn.nodes:
        yield f"  {node.id}{_attributes({'label': _label(node), **_NODES[node.kind]})};"
    for edge in drawn.edges:
        yield f"  {edge.tail} -> {edge.head}{_attributes(_edge(edge))};"
    yield from _legend(drawn.statuses)
    yield "}"


def _label(node: Node) -> str:
    # \n is DOT's own line break; what stands in a text is escaped on either side of it.
    return "\\n".join(text(line) for line in node.lines)


def _edge(edge: Edge) -> Mapping[str, str]:
    look = _EDGES[edge.status] if edge.status else {"arrowhead": "none", "color": "#6e7781"}
    return {"label": "\\n".join(edge.lines), **look} if edge.lines else look


def _legend(statuses: Sequence[Status]) -> Iterator[str]:
    if not statuses:
        return
    yield "  subgraph cluster_legend {"
    yield '    label="legend";'
    yield "    node [shape=plaintext];"
    for number, status in enumerate(statuses, 1):
        yield f'    mark{number} [label=""];'
        yield f"    meaning{number}{_attributes({'label': text(words.MEANING[status])})};"
        look = {"label": text(words.STATUS[status]), **_EDGES[status]}
        yield f"    mark{number} -> meaning{number}{_attributes(look)};"
    yield "  }"


def _attributes(given: Mapping[str, str]) -> str:
    listed = ", ".join(f'{name}="{value}"' for name, value in given.items())
    return f" [{listed}]" if listed else ""
