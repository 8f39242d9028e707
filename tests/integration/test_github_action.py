"""action.yml: its shape, and its scripts run by bash as a runner would, against the installed penstock."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
"""How a runner starts a step with ``shell: bash``."""


@pytest.fixture
def action(load: Callable[[str], Any]) -> dict[str, Any]:
    return dict(load("action.yml"))


@pytest.fixture
def script(action: dict[str, Any], tmp_path: Path) -> Callable[[str], Path]:
    """One step's script, by the step's id, as a file."""

    def script(identifier: str) -> Path:
        step = next(step for step in action["runs"]["steps"] if step.get("id") == identifier)
        file = tmp_path / f"{identifier}.sh"
        file.write_text(step["run"], encoding="utf-8")
        return file

    return script


@pytest.fixture
def check(
    run: Callable[..., Any], script: Callable[[str], Path], penstock: Path, rollout: Path, tmp_path: Path
) -> Callable[..., tuple[Any, dict[str, str], str]]:
    """Run the check step with the action's default inputs but for those given by name.

    Gives the finished process, the step's outputs and the job summary.
    """

    def check(**inputs: str) -> tuple[Any, dict[str, str], str]:
        output, summary = tmp_path / "output", tmp_path / "summary.md"
        output.write_text("", encoding="utf-8")
        summary.write_text("", encoding="utf-8")
        env = {
            "PENSTOCK": str(penstock),
            "PENSTOCK_PATHS": ".",
            "PENSTOCK_ARGS": "",
            "PENSTOCK_FAIL_ON": "",
            "PENSTOCK_AS_OF": "",
            "PENSTOCK_BASE": "",
            "PENSTOCK_CHANGED": "false",
            "PENSTOCK_SARIF": "penstock.sarif",
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            **{f"PENSTOCK_{name.upper()}": value for name, value in inputs.items()},
        }
        done = run(*BASH, script("check"), cwd=rollout, env=env)
        outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        return done, outputs, summary.read_text(encoding="utf-8")

    return check


def test_scripts_hold_no_expressions(action: dict[str, Any]) -> None:
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert len(scripts) == 5
    assert not [text for text in scripts if "${{" in text]


def test_every_input_is_described_used_and_has_a_default(action: dict[str, Any], checkout: Path) -> None:
    text = (checkout / "action.yml").read_text(encoding="utf-8")
    for name, declared in action["inputs"].items():
        assert declared["description"], name
        assert "default" in declared, name
        assert f"inputs.{name}" in text, f"the input {name} is declared and never used"


def test_the_steps_environment_is_what_the_tests_set(action: dict[str, Any], check: Callable[..., Any]) -> None:
    step = next(step for step in action["runs"]["steps"] if step.get("id") == "check")
    assert set(step["env"]) == {
        "PENSTOCK",
        *(f"PENSTOCK_{name}" for name in ("PATHS", "ARGS", "FAIL_ON", "AS_OF", "BASE", "CHANGED", "SARIF")),
    }


def test_a_good_rollout_is_clean(check: Callable[..., Any]) -> None:
    done, outputs, _ = check()
    assert done.returncode == 0, done.stdout
    assert outputs == {"exit-code": "0", "sarif-file": "penstock.sarif"}


def test_a_finding_is_annotated_summarised_and_in_the_sarif_file(
    check: Callable[..., Any], rollout: Path, lengthen: Callable[[Path], str]
) -> None:
    file, line = lengthen(rollout).split(":")
    done, outputs, summary = check()
    assert done.returncode == 1, done.stdout
    assert outputs["exit-code"] == "1"
    (annotation,) = [text for text in done.stdout.splitlines() if text.startswith("::error ")]
    assert f"file={file}" in annotation
    assert f"line={line}" in annotation
    assert "LV801" in annotation
    assert "LV801" in summary
    (sarif_run,) = json.loads((rollout / "penstock.sarif").read_text(encoding="utf-8"))["runs"]
    (result,) = sarif_run["results"]
    assert result["ruleId"] == "LV801"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == int(line)


def test_the_sarif_file_can_be_left_out(check: Callable[..., Any], rollout: Path) -> None:
    _, outputs, _ = check(sarif="")
    assert outputs == {"exit-code": "0"}
    assert not (rollout / "penstock.sarif").exists()


def test_arguments_are_split_at_spaces_and_lines(check: Callable[..., Any], rollout: Path, lengthen: Any) -> None:
    lengthen(rollout)
    done, outputs, _ = check(args="--exit-zero\n  --statistics")
    assert done.returncode == 0, done.stdout
    assert outputs["exit-code"] == "0"


def test_the_failing_severity_and_the_date_are_passed_on(check: Callable[..., Any]) -> None:
    for wrong in ({"fail_on": "no-severity"}, {"as_of": "no-date"}):
        done, outputs, _ = check(**wrong)
        assert done.returncode == 2, done.stdout
        assert outputs["exit-code"] == "2"
        assert "no-" in done.stdout


def test_paths_are_one_a_line_and_may_hold_spaces(
    check: Callable[..., Any], rollout: Path, lengthen: Callable[[Path], str], tmp_path: Path
) -> None:
    spaced = rollout.rename(tmp_path / "with spaces")
    rollout.mkdir()
    lengthen(spaced)
    done, _, _ = check(paths="../with spaces\n")
    assert done.returncode == 1, done.stdout
    assert "LV801" in done.stdout


@pytest.mark.parametrize("name", ["paths", "args", "fail_on", "as_of", "base", "changed", "sarif"])
@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", "'; touch pwned; '", '"; touch pwned #'])
def test_no_input_is_run_as_code(check: Callable[..., Any], rollout: Path, name: str, text: str) -> None:
    check(**{name: text})
    assert not (rollout / "pwned").exists()


def test_an_input_cannot_write_another_output(check: Callable[..., Any]) -> None:
    done, outputs, _ = check(sarif="a.sarif\nexit-code=0")
    assert done.returncode == 2, done.stdout
    assert outputs == {}


def test_a_path_is_never_taken_for_an_option(check: Callable[..., Any], rollout: Path, lengthen: Any) -> None:
    lengthen(rollout)
    done, _, _ = check(paths=".\n--exit-zero")
    assert done.returncode == 2, done.stdout
    assert "--exit-zero" in done.stdout


PYTHON_STUB = """\
#!/bin/sh
case "$1 $2" in
  "-c "*) exit 0 ;;
  "-m venv")
    mkdir -p "$4/bin"
    cp "$0" "$4/bin/python"
    printf '#!/bin/sh\\necho penstock 0\\n' > "$4/bin/penstock"
    chmod +x "$4/bin/penstock" ;;
  "-m pip") for word in "$@"; do last=$word; done; printf '%s\\n' "$last" > "$PIP_LOG" ;;
esac
"""


def test_the_install_step_takes_the_action_s_own_folder(
    run: Callable[..., Any], script: Callable[[str], Path], tmp_path: Path, environment: dict[str, str]
) -> None:
    programs, temporary = tmp_path / "programs", tmp_path / "runner temp"
    programs.mkdir()
    temporary.mkdir()
    stub = programs / "python3"
    stub.write_text(PYTHON_STUB, encoding="utf-8")
    stub.chmod(0o755)
    env = {
        "PATH": f"{programs}:{environment['PATH']}",
        "RUNNER_TEMP": str(temporary),
        "GITHUB_ACTION_PATH": "/actions/pen stock",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "PIP_LOG": str(tmp_path / "pip.log"),
    }
    done = run(*BASH, script("install"), cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "pip.log").read_text(encoding="utf-8") == "/actions/pen stock\n"
    scripts = temporary / "penstock-environment" / "bin"
    said = (tmp_path / "output").read_text(encoding="utf-8")
    assert said == f"penstock={scripts / 'penstock'}\npython={scripts / 'python'}\n"


def test_a_runner_without_python_is_told_so(
    run: Callable[..., Any], script: Callable[[str], Path], tmp_path: Path
) -> None:
    bash = shutil.which("bash")
    assert bash
    done = run(bash, *BASH[1:], script("install"), cwd=tmp_path, env={"PATH": str(tmp_path)})
    assert done.returncode == 2, done.stdout
    assert "python-version" in done.stdout


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("identifier", ["install", "base", "check", "compare", "comment"])
def test_scripts_pass_shellcheck(run: Callable[..., Any], script: Callable[[str], Path], identifier: str) -> None:
    file = script(identifier)
    done = run("shellcheck", "--shell=bash", file, cwd=file.parent)
    assert done.returncode == 0, done.stdout
