"""Text and Markdown: what they keep to whatever the manifests say; whole outputs are in tests/cases."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from access_rollouts import AS_OF, agent, grant, manifest, mapped, source, use_case
from hypothesis import given
from hypothesis import strategies as st

from penstock.access import AccessMap
from penstock.access.pair import Principal
from penstock.cli import main
from penstock.render.access import FORMATS, VIEWS, render
from penstock.render.escape import ACTIVE
from penstock.render.width import columns

EVERYTHING = ("agents", "people", "sources")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def acme() -> AccessMap:
    return mapped(
        source("a", "restricted", redundantWith=["b"], systemOfRecord="a"),
        source("b", "confidential", owner="o@acme.example"),
        use_case(needs={"a": "read", "b": "write"}, tasks=[{"name": "sort"}]),
        agent(tools={"x": {"a": "read", "b": "read"}}, actsAs={"group": "handlers"}, autonomy="suggest"),
        grant("ga", dataSource="a", permission="admin", purpose="Two\nlines", scope={"rows": "x = 1"}),
        grant("gb", {"group": "handlers"}, dataSource="b", approver="o@acme.example", grantedOn="2026-01-01"),
        grant("gc", {"person": "lee@acme.example"}, dataSource="b", expiresOn="2026-01-01"),
    )


@pytest.mark.parametrize("full", [False, True])
def test_colour_adds_nothing_but_colour(full: bool) -> None:
    plain = render(acme(), "text", EVERYTHING, full=full)
    coloured = render(acme(), "text", EVERYTHING, full=full, color=True)
    assert ANSI.sub("", coloured) == plain
    assert coloured != plain


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_to_the_width(width: int, full: bool) -> None:
    text = render(acme(), "text", EVERYTHING, full=full, width=width)
    assert [line for line in text.splitlines() if columns(line) > width] == []


@given(st.text(min_size=1), st.sampled_from(VIEWS), st.booleans())
def test_no_text_acts(text: str, view: str, full: bool) -> None:
    found = acme()
    anything = Principal("group", text)
    lenders = tuple(
        replace(
            holder, principal=anything, accesses=tuple(replace(a, principal=anything) for a in holder.accesses)
        )
        for holder in found.holders
    )
    found = replace(found, agents=(replace(found.agents[0], acts_as=anything),), holders=lenders)
    for form in FORMATS:
        written = render(found, form, (view,), full=full)
        assert not ACTIVE.search(written.replace("\n", "")), form
        assert not re.search(r"^\s*::|##\[", written, flags=re.MULTILINE), form


@given(st.text(min_size=1))
def test_a_cell_of_a_table_stays_one(text: str) -> None:
    (one,) = acme().agents
    changed = replace(one, accesses=tuple(replace(access, source="a") for access in one.accesses), use_case=text)
    written = render(replace(acme(), agents=(changed,)), "markdown", ("agents",))
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {8}


def test_only_what_is_seen_is_counted() -> None:
    assert render(acme(), "text", ("people",)).splitlines()[-1] == (
        f"0 agents, 2 groups and people, 2 data sources, as of {AS_OF}: 1 expired."
    )


def test_files_are_written_beside_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = (source(), use_case(), agent(), grant("g"), manifest("Waiver", "broken", {}))
    (tmp_path / "all.yaml").write_text("---\n".join(json.dumps(one) + "\n" for one in made))
    outputs = [word for form in FORMATS if form != "text" for word in ("-o", f"{form}=map.{form}")]
    assert main(["access", "--as-of", AS_OF, "-o", "text", *outputs]) == 0
    assert "agent triager: use case triage (pilot), autonomy not stated\n" in capsys.readouterr().out
    assert json.loads((tmp_path / "map.json").read_text("utf-8"))["apiVersion"] == "access/v1"
    picture = (tmp_path / "map.mermaid").read_text("utf-8")
    assert picture.startswith("flowchart LR\n")
    assert f"```mermaid\n{picture}```\n" in (tmp_path / "map.markdown").read_text("utf-8")
    assert (tmp_path / "map.dot").read_text("utf-8").startswith("digraph access {\n")


def test_too_many_arrows_are_left_out_of_markdown() -> None:
    behind = dict.fromkeys((f"s{number}" for number in range(200)), "read")
    found = mapped(use_case(), agent(tools={"x": behind}))
    written = render(found, "markdown", ("agents",))
    assert "```mermaid" not in written
    assert written.endswith(
        "201 arrows are too many for a picture: name agents or sources to `penstock access`.\n"
    )
