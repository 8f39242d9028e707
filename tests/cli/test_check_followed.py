"""``penstock check`` followed: what a profile of a real run holds, and who gets to see a bar."""

from __future__ import annotations

import json
import marshal
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from penstock.cli import main
from penstock.course import (
    CONFIGURATION,
    EXCEPTIONS,
    FINDING,
    LINKING,
    OUTPUT,
    PACKING,
    PACKS,
    PARSING,
    READING,
    REPORT,
    RULES,
    SAVING,
    SCHEMA,
    STATE,
    UNFOLLOWED,
)
from penstock.profile import OTHER, START, Profile
from penstock.workspace.closely import reader
from penstock.workspace.intakes import Read, read_all

CONTRACT = """apiVersion: rollout/v1
kind: VendorContract
metadata: {{name: lab-{0}}}
spec: {{vendor: Acme, category: model-lab, startsOn: 2026-01-01, endsOn: 20{0}-12-31}}
"""
CHECK = ["check", "--as-of", "2026-11-20", "--exit-zero"]
YEARS = range(26, 31)
ALWAYS = {START, CONFIGURATION, FINDING, PACKS, STATE, READING, RULES, EXCEPTIONS, REPORT, OUTPUT, OTHER}
ANEW = {PARSING, SCHEMA, PACKING, LINKING, SAVING}


@pytest.fixture
def rollout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five contracts, few as they are, of which a state is kept."""
    folder = tmp_path / "rollout"
    folder.mkdir()
    (folder / "penstock.yaml").write_text("")
    for year in YEARS:
        (folder / f"lab-{year}.yaml").write_text(CONTRACT.format(year))
    monkeypatch.setattr("penstock.workspace.state.sight.LEAST", 0)
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(folder)
    return folder


def profiled(*words: str) -> dict[str, Any]:
    assert main([*CHECK, "--profile-json", "profile.json", *words]) == 0
    path = Path("profile.json")
    found: dict[str, Any] = json.loads(path.read_text())
    path.unlink()
    return found


def parts(found: dict[str, Any]) -> dict[str, float]:
    return {each["part"]: each["ms"] for each in found["parts"]}


def test_a_run_has_all_its_parts_and_they_add_up(rollout: Path) -> None:
    found = profiled()
    assert set(parts(found)) == ALWAYS | ANEW
    assert sum(parts(found).values()) == pytest.approx(found["total"], abs=0.1)
    assert all(spent >= 0 for spent in parts(found).values())
    assert 0 < sum(each["ms"] for each in found["rules"]) <= parts(found)[RULES]
    assert found["files"] == {"read": 5, "known": 0}
    assert found["judgements"] == {"made": 6, "known": 0}
    assert found["manifests"] == 5


def test_each_rule_is_asked_of_each_manifest_that_it_is_about(rollout: Path) -> None:
    main([*CHECK, "-o", "json=report.json", "--profile"])
    evaluations = json.loads(Path("report.json").read_text())["stats"]["evaluations"]
    Path("report.json").unlink()
    found = profiled("--no-cache")
    asked = {each["rule"]: each["asked"] for each in found["rules"]}
    assert asked["LV801"] == 5
    # A rule that waits for a later stage is not asked.
    assert 5 < sum(asked.values()) <= evaluations
    (lab,) = [each for each in found["rules"] if each["rule"] == "LV801"]
    assert lab["name"] == "contract-term-over-a-year"


def test_what_an_earlier_run_knew_is_told(rollout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the files had been there for a while: one that is new is read again.
    monkeypatch.setattr("penstock.workspace.state.taking.is_young", lambda stamp, since: False)
    profiled()
    found = profiled()
    assert set(parts(found)) == ALWAYS
    assert (found["files"], found["judgements"]) == ({"read": 0, "known": 5}, {"made": 0, "known": 6})
    (rollout / "lab-27.yaml").write_text(CONTRACT.format(27).replace("Acme", "Acme Labs"))
    found = profiled()
    assert (found["files"], found["judgements"]) == ({"read": 1, "known": 4}, {"made": 1, "known": 5})
    assert {each["asked"] for each in found["rules"]} == {0, 1}


@pytest.mark.parametrize(
    ("words", "beside"),
    [
        (["--no-cache"], {LINKING, PACKING, PARSING, SCHEMA}),
        (["--schema-only"], {LINKING, PACKING, PARSING, SCHEMA}),
        (["lab-28.yaml"], ANEW),
    ],
)
def test_other_ways_have_their_parts_too(rollout: Path, words: list[str], beside: set[str]) -> None:
    found = profiled(*words)
    assert beside <= set(parts(found))
    assert sum(parts(found).values()) == pytest.approx(found["total"], abs=0.1)
    assert found["files"]["read"] == 5 if words != ["--schema-only"] else True


def test_the_report_is_the_same_and_the_profile_behind_it(
    rollout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*CHECK, "--no-cache"])
    plain = capsys.readouterr()
    main([*CHECK, "--no-cache", "--profile"])
    followed = capsys.readouterr()
    assert "LV801" in plain.out
    assert followed.out == plain.out
    assert plain.err == ""
    assert followed.err.startswith("\nProfile: ")
    main([*CHECK, "--no-cache", "--profile-json", "profile.json"])
    assert capsys.readouterr() == plain


def test_a_profile_is_never_an_answer_from_before(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        main([*CHECK, "--profile"])
        assert capsys.readouterr().err.startswith("\nProfile: ")
    assert not (rollout.parent / "cache" / "answers").exists()


def test_a_profile_that_cannot_be_written_is_a_fault(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--profile-json", "missing/profile.json"]) == 2
    assert "cannot write missing/profile.json" in capsys.readouterr().err


def test_a_file_read_closely_is_read_the_same(rollout: Path) -> None:
    (rollout / "wrong.yaml").write_text("a: [")
    (rollout / "odd.yaml").write_bytes(b"\xff\xff")
    names = [*(f"lab-{year}.yaml" for year in YEARS), "wrong.yaml", "odd.yaml", "missing.yaml"]
    expected = list(map(plain, read_all(names)))
    assert list(map(plain, reader(Profile())(names))) == expected
    assert list(map(plain, reader(UNFOLLOWED)(names))) == expected


def plain(read: Read) -> object:
    """What was read, with data that can be compared: the same may be packed in more than one way."""
    path, commented, resources, *rest = read.record
    return read.content, path, commented, [(*each[:-1], marshal.loads(each[-1])) for each in resources], *rest


# A process of its own, whose bar is due at once.
_AT_ONCE = """
import sys
import penstock.render.progress as progress
progress.AFTER = 0
progress._BETWEEN = 0
from penstock.cli import main
sys.exit(main(sys.argv[1:]))
"""


def on_terminal(*words: str, code: int = 0, **environment: str) -> tuple[str, str]:
    """What a check writes to a terminal as its standard error, and to its standard output."""
    pty = pytest.importorskip("pty")
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "PYTHONPATH", "PENSTOCK_CACHE_DIR")
        if name in os.environ
    }
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _AT_ONCE, *CHECK, *words]
    environment = {"TERM": "xterm", "PYTHONUTF8": "1", **environment}
    done = subprocess.run(
        command, env={**kept, **environment}, stdout=subprocess.PIPE, stderr=theirs, timeout=120, check=False
    )
    assert done.returncode == code
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # how Linux says that nobody holds the other end
        pass
    finally:
        os.close(ours)
    return shown.decode(), done.stdout.decode()


def test_a_bar_is_on_a_terminal_only_and_vanishes(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*CHECK, "--no-cache"])
    plain = capsys.readouterr().out
    shown, printed = on_terminal("--no-cache")
    assert printed == plain
    assert "5 of 5 files" in shown
    assert "5 of 5 manifests" in shown
    assert "\x1b[1;32m" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\x1b[2K")


def test_a_bar_is_without_colours_where_none_are_wanted(rollout: Path) -> None:
    shown, _ = on_terminal("--no-cache", NO_COLOR="1")
    assert "5 of 5 files" in shown
    assert set(shown.split("\x1b")[1:]) >= {"[2K"}
    assert "\x1b[1" not in shown
    assert "\x1b[1" not in on_terminal("--no-cache", "--color", "never")[0]


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"CI": "true"}])
def test_no_bar_where_it_would_stay(rollout: Path, environment: dict[str, str]) -> None:
    assert on_terminal("--no-cache", **environment)[0] == ""


def test_no_bar_beside_a_profile(rollout: Path) -> None:
    assert on_terminal("--no-cache", "--profile")[0].startswith("\r\nProfile: ")


def test_a_bar_vanishes_before_a_fault(rollout: Path) -> None:
    (rollout / "penstock.yaml").write_text("packs: [levie, ./missing]\n")
    shown, printed = on_terminal("--no-cache", code=2)
    bar, fault = shown.split("\r\x1b[2K")[-2:]
    assert bar == "\x1b[1mPreparing policies...\x1b[0m"
    assert fault.startswith("penstock: error: ")
    assert printed == ""
