"""The GitLab template: its shape, and its scripts run by the shells that a runner may use."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

TEMPLATE = "ci/gitlab/penstock.gitlab-ci.yml"
CODE_QUALITY = "gl-code-quality-report.json"
JUNIT = "penstock-junit.xml"


@pytest.fixture
def job(load: Callable[[str], Any]) -> dict[str, Any]:
    return dict(load(TEMPLATE)["penstock"])


@pytest.fixture(params=["bash", "sh"])
def check(
    request: pytest.FixtureRequest,
    job: dict[str, Any],
    run: Callable[..., Any],
    penstock: Path,
    rollout: Path,
    tmp_path: Path,
) -> Callable[..., Any]:
    """Run the job's script with its default variables but for those given by name."""
    bin_folder = tmp_path / "builds" / "penstock-environment" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "penstock").symlink_to(penstock)
    text = "set -e\n" + "\n".join(job["script"])

    def check(**variables: str) -> Any:
        named = {name if name.isupper() else f"PENSTOCK_{name.upper()}": each for name, each in variables.items()}
        env = {**job["variables"], "CI_BUILDS_DIR": str(tmp_path / "builds"), **named}
        return run(request.param, "-c", text, cwd=rollout, env=env)

    return check


def test_the_reports_are_the_files_the_script_writes(job: dict[str, Any]) -> None:
    artifacts = job["artifacts"]
    assert artifacts["reports"] == {"codequality": CODE_QUALITY, "junit": JUNIT}
    assert artifacts["paths"] == [CODE_QUALITY, JUNIT]
    assert artifacts["when"] == "always", "a failed job must still hand over what it found"


def test_inputs_are_variables_and_never_pasted_into_a_script(job: dict[str, Any]) -> None:
    assert "$[[" not in "\n".join(job["before_script"] + job["script"])


def test_the_image_is_pinned_to_a_version(job: dict[str, Any]) -> None:
    name, _, tag = job["image"].partition(":")
    assert (name, tag[:3]) == ("python", "3.1")


def test_a_good_rollout_leaves_empty_reports(check: Callable[..., Any], rollout: Path) -> None:
    done = check()
    assert done.returncode == 0, done.stdout
    assert json.loads((rollout / CODE_QUALITY).read_text(encoding="utf-8")) == []
    assert not ElementTree.parse(rollout / JUNIT).findall(".//failure")


def test_a_finding_is_in_the_log_and_in_both_reports(
    check: Callable[..., Any], rollout: Path, lengthen: Callable[[Path], str]
) -> None:
    place = lengthen(rollout)
    done = check()
    assert done.returncode == 1, done.stdout
    assert place in done.stdout
    (entry,) = json.loads((rollout / CODE_QUALITY).read_text(encoding="utf-8"))
    file, line = place.split(":")
    assert "LV801" in json.dumps(entry)
    assert entry["location"]["path"] == file
    assert entry["location"]["lines"]["begin"] == int(line)
    (failure,) = ElementTree.parse(rollout / JUNIT).findall(".//failure")
    assert place in ElementTree.tostring(failure, encoding="unicode")


def test_arguments_are_split_at_spaces(check: Callable[..., Any], rollout: Path, lengthen: Any) -> None:
    lengthen(rollout)
    done = check(args="--exit-zero --statistics")
    assert done.returncode == 0, done.stdout


BASE, TARGET = "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA"


@pytest.mark.parametrize(
    ("variables", "compared"),
    [
        ({}, None),
        ({BASE: "first"}, "first"),
        ({BASE: "first", TARGET: ""}, "first"),
        ({BASE: "first", TARGET: "second"}, "second"),
        ({BASE: "first", "base": "second"}, "second"),
        ({BASE: "first", "base": ""}, None),
    ],
    ids=["a-branch", "a-merge-request", "its-own-pipeline", "merged-results", "named", "switched-off"],
)
def test_a_merge_request_is_compared_with_its_base(
    check: Callable[..., Any],
    repository: Path,
    run: Callable[..., Any],
    variables: dict[str, str],
    compared: str | None,
) -> None:
    for name in ("first", "second"):
        for words in (("add", "--all"), ("commit", "--quiet", "--allow-empty", "--message", name), ("tag", name)):
            assert run("git", *words, cwd=repository).returncode == 0
    done = check(**variables)
    assert done.returncode == 0, done.stdout
    told = [line.split()[2] for line in done.stdout.splitlines() if line.startswith("Compared with")]
    assert told == ([compared] if compared else [])


def test_a_base_that_is_not_there_is_no_green_job(check: Callable[..., Any], repository: Path) -> None:
    done = check(CI_MERGE_REQUEST_DIFF_BASE_SHA="0" * 40)
    assert done.returncode == 2, done.stdout


@pytest.mark.parametrize("name", ["paths", "args", "base"])
@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", "; touch pwned", "*"])
def test_no_variable_is_run_as_code_or_expanded(
    check: Callable[..., Any], rollout: Path, name: str, text: str
) -> None:
    done = check(**{name: text})
    assert not (rollout / "pwned").exists()
    assert done.returncode == 2, done.stdout


def test_the_package_must_be_named(job: dict[str, Any], run: Callable[..., Any], tmp_path: Path) -> None:
    done = run("sh", "-ec", "\n".join(job["before_script"]), cwd=tmp_path, env=job["variables"])
    assert done.returncode == 2, done.stdout
    assert "PENSTOCK_PACKAGE" in done.stdout


APT = """\
#!/bin/sh
echo "apt-get $1" >> "$LOG"
"""
PYTHON = """\
#!/bin/sh
mkdir -p "$3/bin"
printf '#!/bin/sh\\n' > "$3/bin/pip"
chmod +x "$3/bin/pip"
"""


@pytest.mark.parametrize(
    ("variables", "installed"),
    [
        ({"PENSTOCK_PACKAGE": "penstock.whl"}, False),
        ({"PENSTOCK_PACKAGE": "git+file:///penstock"}, True),
        ({"PENSTOCK_PACKAGE": "penstock @ git+file:///penstock"}, True),
        ({"PENSTOCK_PACKAGE": "penstock.whl", BASE: "0123abc"}, True),
        ({"PENSTOCK_PACKAGE": "penstock.whl", BASE: "0123abc", "PENSTOCK_BASE": ""}, False),
    ],
)
def test_git_is_installed_where_it_is_needed_and_missing(
    job: dict[str, Any], run: Callable[..., Any], tmp_path: Path, variables: dict[str, str], installed: bool
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in {"apt-get": APT, "python3": PYTHON}.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    for name in ("sh", "mkdir", "chmod"):
        (programs / name).symlink_to(shutil.which(name) or "")
    env = {"PATH": str(programs), "CI_BUILDS_DIR": str(tmp_path), "LOG": str(tmp_path / "log"), **variables}
    done = run("/bin/sh", "-ec", "\n".join(job["before_script"]), cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stdout
    log = (tmp_path / "log").read_text(encoding="utf-8") if (tmp_path / "log").exists() else ""
    assert log == ("apt-get update\napt-get install\n" if installed else "")


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("part", ["before_script", "script"])
def test_scripts_pass_shellcheck(job: dict[str, Any], run: Callable[..., Any], tmp_path: Path, part: str) -> None:
    file = tmp_path / f"{part}.sh"
    file.write_text("\n".join(job[part]), encoding="utf-8")
    done = run("shellcheck", "--shell=sh", file, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
