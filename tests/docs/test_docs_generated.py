"""Generated pages are what their generators would write now, and a generator says so when they are not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docs_pages import ROOT, text

TOOLS = sorted(ROOT.glob("tools/*.py"))


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.stem)
def test_generated_files_are_fresh(tool: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(tool), "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.stem)
def test_an_unknown_option_is_refused(tool: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(tool), "--chekc"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--check" in done.stderr


def test_settle_writes_checks_and_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from pages import settle as module

    monkeypatch.setattr(module, "ROOT", tmp_path)
    made, over = tmp_path / "a" / "page.md", tmp_path / "over.md"
    over.write_text("old\n")
    assert module.settle({made: "new\n"}, "tool", check=True, surplus=[over]) == 1
    assert capsys.readouterr().err == "a/page.md is stale: run python tool\nover.md is stale: run python tool\n"
    assert over.exists()
    assert module.settle({made: "new\n"}, "tool", check=False, surplus=[over]) == 0
    assert made.read_text() == "new\n"
    assert not over.exists()
    assert module.settle({made: "new\n"}, "tool", check=True) == 0
    made.write_bytes(b"new\r\n")
    assert module.settle({made: "new\n"}, "tool", check=True) == 1


def test_the_reference_has_every_field_of_every_kind() -> None:
    from penstock.manifest import shapes

    for kind in shapes.kinds():
        page = text(ROOT / "docs" / "reference" / "manifests" / f"{kind}.md")
        for path, _ in shapes.walk(shapes.properties(shapes.inlined(f"rollout/v1/{kind}"))["spec"]):
            if not path or path[-1] is None:
                continue
            holder = "spec" + "".join("[]" if part is None else f".{part}" for part in path[:-1])
            section = page.split(f"\n## `{holder}`\n")[1].split("\n## ")[0]
            assert f"\n| `{path[-1]}` | " in section, f"{kind} {holder}.{path[-1]}"


def test_the_picture_is_an_image_without_a_host() -> None:
    drawn = text(ROOT / "docs" / "images" / "check.svg")
    root = ElementTree.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert set(re.findall(r"\w+://[^\s\"'<]+", drawn)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in drawn
    shown = "".join(root.itertext())
    assert "error[" in shown
    assert "= help:" in shown


def test_the_picture_shows_colours_and_escapes_markup() -> None:
    import picture

    drawn = picture.draw("penstock check", "\x1b[1;31merror[LV801]\x1b[0m a < b & c\n  two  spaces\n")
    lines = list(ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text"))
    assert ["".join(line.itertext()) for line in lines] == [
        "$ penstock check",
        "error[LV801]a < b & c",
        "two  spaces",
    ]
    first, second = list(lines[1])
    assert (first.get("class"), first.get("x"), first.text) == ("bold red", "16.0", "error[LV801]")
    assert (second.get("class"), second.text) == (None, "a < b & c")
    assert float(second.get("x", "0")) == pytest.approx(16 + 13 * 8.4, abs=0.1)
