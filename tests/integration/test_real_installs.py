"""penstock installed the ways users install it. These need a package index, so they run only when asked to:
``PENSTOCK_TEST_INSTALL=1 pytest tests/integration``. ``nox`` and ``.ci/run`` ask.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.skipif(
    os.environ.get("PENSTOCK_TEST_INSTALL") != "1",
    reason="installs penstock from a package index; set PENSTOCK_TEST_INSTALL=1",
)


@pytest.fixture
def indexed() -> dict[str, str]:
    """What of the real environment decides which index pip uses and how it is reached."""
    wanted = re.compile(r"(PIP|SSL|REQUESTS|CURL|HTTPS?|NO|ALL)_\w+|HOME|XDG_CONFIG_HOME|\w+_proxy")
    return {name: value for name, value in os.environ.items() if wanted.fullmatch(name)}


@pytest.fixture
def clone(checkout: Path, run: Callable[..., Any], tmp_path: Path) -> Path:
    """The checkout as it stands, uncommitted files and all, as a git repository with one commit."""
    target = tmp_path / "penstock"
    listed = run("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=checkout)
    assert listed.returncode == 0, listed.stdout
    for name in filter(None, listed.stdout.split("\0")):
        if (checkout / name).is_file():  # a deleted file is still listed
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / name, target / name)
    for command in (["init", "--quiet"], ["add", "--all", "--force"], ["commit", "--quiet", "-m", "all"]):
        done = run("git", *command, cwd=target)
        assert done.returncode == 0, done.stdout
    return target


def test_pre_commit_installs_and_runs_the_hooks(
    clone: Path,
    repository: Path,
    run: Callable[..., Any],
    indexed: dict[str, str],
    lengthen: Callable[[Path], str],
) -> None:
    revision = run("git", "rev-parse", "HEAD", cwd=clone).stdout.strip()
    hooks = [{"id": "penstock"}, {"id": "penstock-schema"}]
    config = {"repos": [{"repo": str(clone), "rev": revision, "hooks": hooks}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    # Without the penstock of this test run: the hooks must bring their own.
    alone = {**indexed, "PATH": os.environ["PATH"]}
    pre_commit = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    run("git", "add", "--all", cwd=repository)
    good = run(*pre_commit, cwd=repository, env=alone)
    assert good.returncode == 0, good.stdout
    assert good.stdout.count("Passed") == 2

    place = lengthen(repository)
    run("git", "add", "--all", cwd=repository)
    bad = run(*pre_commit, cwd=repository, env=alone)
    assert bad.returncode == 1, bad.stdout
    assert "LV801" in bad.stdout
    assert place in bad.stdout
    assert bad.stdout.count("Passed") == 1, "the schema hook has nothing against a long contract"


def test_the_action_installs_and_checks(
    clone: Path,
    rollout: Path,
    load: Callable[[str], Any],
    run: Callable[..., Any],
    indexed: dict[str, str],
    lengthen: Callable[[Path], str],
    tmp_path: Path,
) -> None:
    output, summary = tmp_path / "output", tmp_path / "summary.md"
    runner = {
        **indexed,
        "GITHUB_ACTION_PATH": str(clone),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
        "RUNNER_TEMP": str(tmp_path),
    }
    steps = {step["id"]: step for step in load("action.yml")["runs"]["steps"] if "id" in step}
    done = run("bash", "-eo", "pipefail", "-c", steps["install"]["run"], cwd=rollout, env=runner)
    assert done.returncode == 0, done.stdout

    lengthen(rollout)
    told = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
    inputs = {**dict.fromkeys(steps["check"]["env"], ""), "PENSTOCK": told["penstock"], "PENSTOCK_PATHS": "."}
    done = run("bash", "-eo", "pipefail", "-c", steps["check"]["run"], cwd=rollout, env={**runner, **inputs})
    assert done.returncode == 1, done.stdout
    assert "LV801" in done.stdout
    assert "LV801" in summary.read_text(encoding="utf-8")


def test_the_container_s_context_is_enough_to_install(
    clone: Path, run: Callable[..., Any], indexed: dict[str, str], rollout: Path, tmp_path: Path
) -> None:
    """The Dockerfile's own pip line, in a folder that holds what ``.dockerignore`` lets through."""
    context = tmp_path / "context"
    context.mkdir()
    for line in (clone / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line.startswith("!"):
            source = clone / line[1:]
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, context / line[1:])
    dockerfile = (clone / "Dockerfile").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^RUN (.*)$", dockerfile)
    command = line.replace("/opt/penstock", shlex.quote(str(tmp_path / "opt"))).replace("python ", "python3 ", 1)
    python = Path(sys.executable).parent
    path = {"PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}
    done = run("sh", "-ec", command, cwd=context, env={**indexed, **path})
    assert done.returncode == 0, done.stdout
    done = run(tmp_path / "opt" / "bin" / "penstock", "check", cwd=rollout)
    assert done.returncode == 0, done.stdout


def test_the_readme_s_first_command_works_as_written(
    clone: Path, run: Callable[..., Any], indexed: dict[str, str]
) -> None:
    readme = (clone / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"(?m)^(?:\$ )?(python3 -m venv .*penstock check .*)$", readme)
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = run("sh", "-c", command, cwd=clone, env={**indexed, **path})
    assert done.returncode == 1, done.stdout
    assert re.search(r"\bLV\d{3}\b", done.stdout), "the broken example must show findings"
