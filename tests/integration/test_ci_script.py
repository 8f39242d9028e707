"""``.ci/run`` itself, with stand-ins for Python and nox: what it picks, what it says last, how it ends."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SHIM = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"

PYTHON = """\
#!/bin/sh
case "$1 $2" in
  "-c "*) exit 0 ;;
  "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$NOX_STUB" "$3/bin/nox" ;;
esac
"""

NOX = """\
#!/bin/sh
printf '%s\\n' "$NOX_SAYS"
exit "$NOX_STATUS"
"""


@pytest.fixture
def ci(checkout: Path, run: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Run the script where every python but ``python3`` is a shim that fails."""
    programs = tmp_path / "programs"
    programs.mkdir()
    files = {f"python3.{minor}": SHIM for minor in range(10, 15)} | {"python3": PYTHON, "nox-stub": NOX}
    for name, text in files.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)

    def ci(says: str, status: int, python: str = PYTHON) -> Any:
        (programs / "python3").write_text(python, encoding="utf-8")
        env = {
            "PATH": f"{programs}:/usr/bin:/bin",
            "PYENV_ROOT": str(tmp_path / "no-pyenv"),
            "NOX_STUB": str(programs / "nox-stub"),
            "NOX_SAYS": says,
            "NOX_STATUS": str(status),
        }
        return run("bash", checkout / ".ci" / "run", cwd=tmp_path, env=env)

    return ci


def test_failing_shims_are_passed_over_and_the_summary_comes_last(ci: Callable[..., Any]) -> None:
    done = ci(
        "1 passed in 0.10s\nnox > Session was successful\n2 passed, 1 skipped in 71.20s (0:01:11)\nnox > Ran", 0
    )
    assert done.returncode == 0, done.stdout
    assert "programs/python3 -m venv" in done.stdout
    assert done.stdout.splitlines()[-2:] == ["1 passed in 0.10s", "2 passed, 1 skipped in 71.20s (0:01:11)"]


def test_a_failed_session_fails_the_run(ci: Callable[..., Any]) -> None:
    done = ci("1 failed, 3 passed in 2.00s", 1)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 failed, 3 passed in 2.00s"


def test_a_run_without_tests_is_not_green(ci: Callable[..., Any]) -> None:
    done = ci("nox > No sessions selected", 0)
    assert done.returncode == 1
    assert "no test run came to its end" in done.stdout


def test_a_machine_without_python_is_told_so(ci: Callable[..., Any]) -> None:
    done = ci("", 0, python=SHIM)
    assert done.returncode == 2
    assert "no Python 3.10 or newer" in done.stdout


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_script_passes_shellcheck(checkout: Path, run: Callable[..., Any]) -> None:
    done = run("shellcheck", checkout / ".ci" / "run", cwd=checkout)
    assert done.returncode == 0, done.stdout
