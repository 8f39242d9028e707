"""What an answer costs, counted: the modules it imports, the files it opens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from answered import contract

from penstock.workspace.state.sight import LEAST

PROGRAM = """
import sys, time
before = set(sys.modules)
real = time.time_ns
time.time_ns = lambda: real() + LATER * 10**9
opened, listed = [], []
def hook(event, given):
    if event == "open":
        opened.append(str(given[0]))
    elif event == "os.scandir":
        listed.append(str(given[0]))
sys.addaudithook(hook)
from penstock.cli import main
code = main(["check", *sys.argv[1:]])
modules = sorted(set(sys.modules) - before)
own = {name for name in opened if not name.endswith((".py", ".pyc", ".so"))}
told = {"code": code, "modules": modules, "opened": sorted(own), "listed": listed}
import json
print(json.dumps(told), file=sys.stderr)
"""


def told(folder: Path, *words: str, later: int = 10) -> dict[str, Any]:
    """What a check did, in a process of its own that began so many seconds later."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM.replace("LATER", str(later)), *words],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name.startswith("PENSTOCK")},
        capture_output=True,
        text=True,
        check=True,
    )
    return {**json.loads(done.stderr.splitlines()[-1]), "out": done.stdout}


def test_an_answer_imports_next_to_nothing_and_opens_one_file(rollout: Path, cache_folder: Path) -> None:
    words = ("--as-of", "2026-11-20")
    first = told(rollout, *words)
    assert {"argparse", "penstock.workspace.check"} <= set(first["modules"])
    second = told(rollout, *words)
    assert (second["code"], second["out"]) == (first["code"], first["out"])
    assert set(second["modules"]) <= {
        "__future__",
        "_blake2",
        "penstock",
        "penstock.answers",
        "penstock.answers.answer",
        "penstock.answers.seen",
        "penstock.answers.stamps",
        "penstock.answers.walk",
        "penstock.cache",
        "penstock.cli",
    }
    (answer,) = second["opened"]
    assert Path(answer).parent == cache_folder / "answers"
    folders = [name for name in second["listed"] if Path(rollout, name).is_relative_to(rollout)]
    assert sorted(str(Path(rollout, name).relative_to(rollout)) for name in folders) == [".", "policies", "sub"]


def test_files_that_just_changed_are_opened_once_they_have_an_age(rollout: Path, cache_folder: Path) -> None:
    words = ("--as-of", "2026-11-20")
    # From the future, all of these files are young: as if the clock had been set back.
    told(rollout, *words, later=-3600)
    young = told(rollout, *words, later=-3600)
    assert "penstock.workspace.check" not in young["modules"]
    assert {Path(name).name for name in young["opened"]} >= {"one.yaml", "two.yaml", "three.yaml", "penstock.yaml"}
    aged = told(rollout, *words)  # reads them once more, and then trusts their stamps
    assert len(aged["opened"]) > 5
    assert len(told(rollout, *words)["opened"]) == 1


def test_a_miss_walks_only_once_more(rollout: Path, cache_folder: Path) -> None:
    """The walk that finds the manifests is the one that is kept."""
    words = ("--as-of", "2026-11-20")
    told(rollout, *words)
    (rollout / "sub" / "four.yaml").write_text("")
    listed = [name for name in told(rollout, *words)["listed"] if Path(rollout, name) == rollout / "sub"]
    assert len(listed) == 2


def test_a_run_after_an_edit_walks_once_and_reads_what_was_edited(rollout: Path, cache_folder: Path) -> None:
    words = ("--as-of", "2026-11-20", "--ignore", "LV007")
    (rollout / "many").mkdir()
    for number in range(LEAST):
        (rollout / "many" / f"{number}.yaml").write_text(contract(f"many-{number}", "abc"))
    told(rollout, *words)
    (rollout / "many" / "7.yaml").write_text(contract("many-7", "changed"))
    done = told(rollout, *words)
    folders = [Path(rollout, name) for name in done["listed"]]
    assert [folders.count(rollout / name) for name in ("", "sub", "many")] == [1, 1, 1]
    opened = {Path(rollout, name) for name in done["opened"]}
    assert {path.name for path in opened if path.parent.name == "many"} == {"7.yaml"}
    assert not {"argparse", "tempfile"} & set(done["modules"])
