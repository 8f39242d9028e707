"""What the integration tests share: the checkout, a clean environment, a small rollout, a git repository.

Gives fixtures only. Every program runs as a child process with an environment made here, so that neither the
machine's git settings nor a CI's variables decide an outcome.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

SCRIPTS = Path(sysconfig.get_path("scripts"))
"""Where the penstock, pre-commit and python of this test run are."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]

CONFIG = """\
apiVersion: config/v1
name: tiny
select: [LV801]
"""

ORGANIZATION = """\
apiVersion: rollout/v1
kind: Organization
metadata:
  name: tiny
spec:
  industry: legal services
  segment: startup
"""

CONTRACT = """\
apiVersion: rollout/v1
kind: VendorContract
metadata:
  name: lab
spec:
  vendor: A lab
  category: model-lab
  startsOn: 2026-01-01
  endsOn: 2026-12-31
"""


@pytest.fixture
def checkout() -> Path:
    """This repository, whether the tests import its source tree or an installed wheel."""
    return Path(__file__).parents[2]


@pytest.fixture
def load(checkout: Path) -> Callable[[str], Any]:
    """Parse a YAML file of the checkout."""
    return lambda name: yaml.safe_load((checkout / name).read_text(encoding="utf-8"))


@pytest.fixture
def penstock() -> Path:
    """The installed command."""
    command = SCRIPTS / "penstock"
    assert command.exists(), f"penstock is not installed beside {SCRIPTS / 'python'}"
    return command


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A user's environment without settings: the installed programs first, then the system's."""
    home = tmp_path_factory.mktemp("home")
    return {
        "PATH": os.pathsep.join([str(SCRIPTS), os.environ["PATH"]]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.com",
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run a program in a folder; its output comes back as text, standard error joined in."""

    def run(
        *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=540,
            check=False,
        )

    return run


@pytest.fixture
def rollout(tmp_path: Path) -> Path:
    """A folder with a rollout that is fine: an organization and a lab contract of exactly one year."""
    folder = tmp_path / "rollout"
    folder.mkdir()
    (folder / "penstock.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "organization.yaml").write_text(ORGANIZATION, encoding="utf-8")
    (folder / "contract.yaml").write_text(CONTRACT, encoding="utf-8")
    return folder


@pytest.fixture
def lengthen() -> Callable[[Path], str]:
    """Make the rollout's contract run three years. Gives where the finding must then be: ``file:line``."""

    def lengthen(folder: Path) -> str:
        text = CONTRACT.replace("endsOn: 2026-12-31", "endsOn: 2028-12-31")
        (folder / "contract.yaml").write_text(text, encoding="utf-8")
        line = next(number for number, words in enumerate(text.splitlines(), 1) if "endsOn" in words)
        return f"contract.yaml:{line}"

    return lengthen


@pytest.fixture
def repository(rollout: Path, run: Run) -> Path:
    """The rollout as a git repository with nothing committed yet."""
    assert run("git", "init", "--quiet", cwd=rollout).returncode == 0
    return rollout
