"""Mermaid and DOT: every line is of a strict grammar of what is written, and says again what the graph holds.

The grammars are narrower than the languages: a text is harmless characters and codes between quotes. So a text
that left its quotes, or a line that a name added, would not be read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from access_rollouts import agent, grant, mapped, source, use_case
from hypothesis import given
from hypothesis import strategies as st

from penstock.access import AccessMap
from penstock.access.pair import Principal, Status
from penstock.render.access import VIEWS, dot, mermaid
from penstock.render.access.graph import Graph, graph
from penstock.render.escape import ACTIVE

ID = r"(?:agent|way|holder|source)\d+"
TEXT = r'"((?:[\w ,.@/+-]|#\d+;|<br/>)*)"'
WORDS = r'"([a-z ,]+(?:<br/>[a-z ,]+)?)"'
LOOK = r"stroke:#[0-9a-f]{6},stroke-width:[1-4]px"
SHAPES = {
    "agent": rf"\(\[{TEXT}\]\)",
    "way": rf"\[\[{TEXT}\]\]",
    "holder": rf"\{{\{{{TEXT}\}}\}}",
    "source": rf"\[\({TEXT}\)\]",
}
NODES = [re.compile(rf"  ({kind}\d+){shape}") for kind, shape in SHAPES.items()]
EDGE = re.compile(rf"  ({ID}) (-->|==>|-\.->|---|-\.-)(?:\|{WORDS}\|)? ({ID})")
STYLES = [
    re.compile(rf"  linkStyle \d+(?:,\d+)* {LOOK}"),
    re.compile(rf"  style meaning\d fill:#ffffff,color:#1f2328,{LOOK}(?:,stroke-dasharray:3)?"),
    re.compile(r"  classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#1f2328"),
    re.compile(rf"  class {ID}(?:,{ID})* (?:agent|way|holder|source)"),
]
MEANING = re.compile(rf"    meaning\d\[{TEXT}\]")

QUOTED = r'"(?:[^"\\\n]|\\[n"\\])*"'
ATTRIBUTES = rf"(?: \[([a-z]+={QUOTED}(?:, [a-z]+={QUOTED})*)\])?;"
DOT_NODE = re.compile(rf"  ({ID}){ATTRIBUTES}")
DOT_EDGE = re.compile(rf"  ({ID}) -> ({ID}){ATTRIBUTES}")
DOT_LEGEND = re.compile(rf"    (?:mark\d|meaning\d|mark\d -> meaning\d){ATTRIBUTES}")
DOT_HEAD = [
    "digraph access {",
    "  rankdir=LR;",
    '  node [fontname="sans-serif"];',
    '  edge [fontname="sans-serif"];',
]
DOT_LEGEND_HEAD = ["  subgraph cluster_legend {", '    label="legend";', "    node [shape=plaintext];"]


def shown(coded: str) -> tuple[str, ...]:
    """The lines that a Mermaid box shows."""
    return tuple(re.sub(r"#(\d+);", lambda code: chr(int(code[1])), line) for line in coded.split("<br/>"))


def read_mermaid(text: str) -> tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, str, tuple[str, ...]]]]:
    """The nodes and edges of a flowchart.

    Raises:
        AssertionError: a line is not of the grammar.
    """
    assert text.endswith("\n")
    first, *lines = text[:-1].split("\n")
    assert first == "flowchart LR"
    nodes, edges = [], []
    state = "nodes"
    for line in lines:
        if found := next((match for node in NODES if (match := node.fullmatch(line))), None):
            assert state == "nodes"
            nodes.append((found[1], shown(found[2])))
        elif found := EDGE.fullmatch(line):
            state = "edges"
            edges.append((found[1], found[4], tuple(found[3].split("<br/>")) if found[3] else ()))
        elif line == '  subgraph legend ["legend"]':
            assert state == "edges"
            state = "legend"
        elif state == "legend" and line in ("    direction LR", "  end"):
            state = "legend" if line.startswith("    ") else "link"
        elif state == "legend":
            assert MEANING.fullmatch(line), line
        elif state == "link":
            assert re.fullmatch(r"  source\d+ ~~~ legend", line), line
            state = "styles"
        else:
            assert any(style.fullmatch(line) for style in STYLES), line
    return nodes, edges


def read_dot(text: str) -> tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, str, tuple[str, ...]]]]:
    """The nodes and edges of a graph for Graphviz.

    Raises:
        AssertionError: a line is not of the grammar.
    """
    assert text.endswith("}\n")
    lines = text[:-1].split("\n")
    assert lines[: len(DOT_HEAD)] == DOT_HEAD
    nodes, edges = [], []
    body = lines[len(DOT_HEAD) : -1]
    if DOT_LEGEND_HEAD[0] in body:
        start = body.index(DOT_LEGEND_HEAD[0])
        legend = body[start:]
        assert legend[:3] == DOT_LEGEND_HEAD
        assert legend[-1] == "  }"
        assert all(DOT_LEGEND.fullmatch(line) for line in legend[3:-1])
        body = body[:start]
    for line in body:
        if found := DOT_NODE.fullmatch(line):
            nodes.append((found[1], _label(found[2])))
        else:
            found = DOT_EDGE.fullmatch(line)
            assert found, line
            edges.append((found[1], found[2], _label(found[3])))
    return nodes, edges


def _label(attributes: str) -> tuple[str, ...]:
    label = re.match(rf"label=({QUOTED})", attributes)
    if label is None:
        return ()
    # As Graphviz reads it: the quotes first, then the line breaks and entities of a label.
    lines = _marked(label[1][1:-1]).split("\\n")
    return tuple(line.replace("\0", "\\").replace("&amp;", "&") for line in lines)


def _marked(raw: str) -> str:
    """Escaped quotes and backslashes as characters, a backslash as NUL so that it starts nothing."""
    return re.sub(r'\\(["\\])', lambda pair: "\0" if pair[1] == "\\" else '"', raw)


def expected(drawn: Graph):
    return (
        [(node.id, node.lines) for node in drawn.nodes],
        [(edge.tail, edge.head, edge.lines) for edge in drawn.edges],
    )


def check(found: AccessMap, views: tuple[str, ...]) -> None:
    drawn = graph(found, views)
    assert read_mermaid(mermaid.render(found, views)) == expected(drawn)
    assert read_dot(dot.render(found, views)) == expected(drawn)


def rich(group: str = "handlers", tool: str = "lookup") -> AccessMap:
    """A map with every status, and a text that may be anything."""
    lent = {"group": group}
    return mapped(
        *(source(name, "restricted") for name in ("a", "b", "c", "d", "e", "f")),
        use_case(needs={"a": "read", "b": "read", "c": "read", "d": "read", "f": "write"}),
        agent(tools={tool: {"a": "read", "e": "write"}}, actsAs=lent, autonomy="autonomous"),
        grant("ga", dataSource="a", permission="admin"),
        grant("gb", dataSource="b", expiresOn="2026-01-01"),
        grant("gc", lent, dataSource="c"),
        grant("gd", dataSource="d"),
        grant("gf", dataSource="f", grantedOn="2027-01-01", permission="write"),
        grant("gx", {"group": "*"}, dataSource="a"),
    )


HOSTILE = [
    '"]; click agent1 "javascript:alert(1)"',
    'x"] --> y["z',
    "<script>alert(1)</script>",
    "`**bold**`",
    "a\\",
    'a\\"b',
    "\\N\\G\\l\\n",
    "%%{init: {}}%%",
    "#quot;] end #59;",
    "style x: #35; y",
    "linkStyle 0 stroke:#fff;",
    "two\nlines",
    "\x1b[31mred",
    "\u202eright",
    "end",
    "```\n# heading",
    "::error::x",
    "|a|b|",
    "&lt;b&gt;&amp;",
    "@{shape: x}",
    "{{x}}",
    "日本語",
    "__init__",
    "x:::agent",
    "<br/>",
]


@pytest.mark.parametrize("views", [("agents",), ("people",), ("sources",), ("agents", "people")])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_box(text: str, views: tuple[str, ...]) -> None:
    check(rich(group=text), views)


@given(st.text(min_size=1), st.sampled_from(VIEWS))
def test_any_text_stays_in_its_box(text: str, view: str) -> None:
    anything = Principal("group", text)
    found = rich()
    (one,) = found.agents
    lenders = [
        replace(holder, principal=anything) if holder.principal == one.acts_as else holder
        for holder in found.holders
    ]
    check(replace(found, agents=(replace(one, acts_as=anything),), holders=tuple(lenders)), (view,))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_active_character_is_written(text: str) -> None:
    found = rich(group=text)
    for written in (mermaid.render(found, ("sources",)), dot.render(found, ("sources",))):
        assert not ACTIVE.search(written.replace("\n", ""))


def test_the_legend_explains_the_gravest_status_of_each_arrow() -> None:
    drawn = graph(rich(), ("sources",))
    assert set(drawn.statuses) == {
        Status.UNCOVERED,
        Status.EXCESS,
        Status.MISSING,
        Status.BORROWED,
        Status.UNUSED,
        Status.GRANTED,
    }
    text = mermaid.render(rich(), ("sources",))
    assert text.count("    meaning") == text.count("  linkStyle") == len(drawn.statuses)


def test_the_nodes_and_edges_of_a_map() -> None:
    drawn = graph(rich(), ("agents",))
    assert [(node.id, node.lines) for node in drawn.nodes] == [
        ("agent1", ("triager", "acts by itself")),
        ("holder1", ("group", "handlers")),
        ("source1", ("a", "restricted")),
        ("way1", ("tool", "lookup")),
        ("source2", ("b", "restricted")),
        ("source3", ("c", "restricted")),
        ("source4", ("d", "restricted")),
        ("source5", ("e", "restricted")),
        ("source6", ("f", "restricted")),
    ]
    assert [(edge.tail, edge.head, edge.lines) for edge in drawn.edges] == [
        ("agent1", "holder1", ("acts as",)),
        ("agent1", "way1", ()),
        ("way1", "source1", ("read, granted admin", "excess, borrowed")),
        ("agent1", "source2", ("read", "missing, expired")),
        ("agent1", "source3", ("read", "borrowed")),
        ("agent1", "source4", ("read", "unused")),
        ("way1", "source5", ("write", "uncovered")),
        ("agent1", "source6", ("write", "missing, not yet in force")),
    ]


@pytest.mark.parametrize(
    ("case", "lent", "covered", "label"),
    [
        (use_case(needs={"a": "write"}), None, Status.AS_NEEDED, ("read, granted write",)),
        (use_case(needs={"a": "write"}), "handlers", Status.BORROWED, ("read, granted write", "borrowed")),
        (use_case("another"), None, Status.GRANTED, ("read, granted write",)),
    ],
)
def test_only_the_tool_that_exceeds_the_grant_is_drawn_as_uncovered(
    case: dict[str, Any], lent: str | None, covered: Status, label: tuple[str, ...]
) -> None:
    borrowed = {"actsAs": {"group": lent}} if lent else {}
    found = mapped(
        source("a", "restricted"),
        case,
        agent(tools={"tool-a": {"a": "admin"}}, servers={"mcp-a": {"a": "read"}}, **borrowed),
        grant("g", borrowed.get("actsAs"), dataSource="a", permission="write"),
    )
    drawn = graph(found, ("agents",))
    names = {node.id: node.lines[-1] for node in drawn.nodes}
    arrows = {names[edge.tail]: edge for edge in drawn.edges if edge.head == "source1"}
    assert {way: edge.status for way, edge in arrows.items()} == {"tool-a": Status.UNCOVERED, "mcp-a": covered}
    assert arrows["tool-a"].lines == ("admin, granted write", ", ".join(("uncovered", *label[1:])))
    assert arrows["mcp-a"].lines == label
    check(found, ("agents",))
    dashed = [line.split()[0] for line in mermaid.render(found, ("agents",)).split("\n") if " -.->|" in line]
    assert dashed == [arrows["tool-a"].tail]


def test_tools_of_two_agents_are_two_boxes() -> None:
    tool = {"x": {"claims-db": "read"}}
    found = mapped(
        source(), use_case(needs={"claims-db": "read"}), agent("a", tools=tool), agent("b", servers=tool)
    )
    ways = [node.lines for node in graph(found, ("agents",)).nodes if node.kind == "way"]
    assert ways == [("tool", "x"), ("MCP server", "x")]


def test_sources_that_nobody_reaches_are_drawn_when_sources_are_asked_for() -> None:
    found = mapped(source())
    assert [node.lines for node in graph(found, ("sources",)).nodes] == [("claims-db", "internal")]
    assert graph(found, ("agents", "people")).nodes == []


def test_nothing_to_draw_is_said() -> None:
    assert mermaid.render(mapped(), ("agents",)) == 'flowchart LR\n  empty["nothing to show"]\n'
    assert dot.render(mapped(), ("agents",)) == "\n".join([*DOT_HEAD, "}"]) + "\n"


def test_more_arrows_than_mermaid_draws_are_announced() -> None:
    sources = [f"s{number}" for number in range(260)]
    behind = dict.fromkeys(sources, "read")
    found = mapped(use_case(), agent(tools={"a": behind, "b": behind}))
    assert mermaid.render(found, ("agents",)).split("\n")[0] == (
        "%% 522 arrows, where Mermaid draws 500: name agents or sources to see less"
    )


def test_the_order_is_the_same_every_time() -> None:
    assert mermaid.render(rich(), ("sources",)) == mermaid.render(rich(), ("sources",))
    assert dot.render(rich(), ("sources",)) == dot.render(rich(), ("sources",))


def test_a_text_that_broke_out_would_be_seen() -> None:
    text = mermaid.render(rich(), ("agents",))
    with pytest.raises(AssertionError):
        read_mermaid(text.replace("handlers", 'x"] --> y["z'))
    graphviz = dot.render(rich(), ("agents",))
    with pytest.raises(AssertionError):
        read_dot(graphviz.replace("handlers", 'x"]; y -> z [label="'))
