"""``penstock completion``: the scripts are accepted by their shells, and complete what penstock takes."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import shtab

from penstock.cli import COMMANDS, main
from penstock.manifest.schema import kinds
from penstock.render import FORMATS
from penstock.workspace.catalog import catalog

SHELLS = tuple(shell for shell in ("bash", "zsh", "tcsh", "fish") if shell in shtab.SUPPORTED_SHELLS)


def script(capsys: pytest.CaptureFixture[str], shell: str) -> str:
    assert main(["completion", shell]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def completed(script: str, folder: Path, line: str) -> set[str]:
    """What bash offers for the last word of ``line``, as its completion machinery would be told."""
    words = shlex.split(line) if not line.endswith(" ") else [*shlex.split(line), ""]
    ask = f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; COMPREPLY=()\n"
    ask += "$(complete -p penstock | sed 's/.*-F \\([^ ]*\\) .*/\\1/')\n" + 'printf "%s\\n" "${COMPREPLY[@]}"\n'
    (folder / ".completion.bash").write_text(script + ask, encoding="utf-8")
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", ".completion.bash"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "use-cases").mkdir()
    (tmp_path / "organization.yaml").write_text("")
    return tmp_path


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


@needs_bash
def test_bash_completes_what_each_argument_takes(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    made = script(capsys, "bash")
    rules = set(catalog(Path.cwd()))
    expected = {
        "penstock ": set(COMMANDS),
        "penstock com": {"completion"},
        "penstock new ": set(kinds()),
        "penstock new Use": {"UseCase"},
        "penstock explain LV80": {rule for rule in rules if rule.startswith("LV80")},
        "penstock explain LV801 LV00": {rule for rule in rules if rule.startswith("LV00")},
        "penstock check --select LV6": {rule for rule in rules if rule.startswith("LV6")},
        "penstock check --output ": set(FORMATS),
        "penstock check -o sa": {"sarif"},
        "penstock plan -o ": {"text", "json", "markdown"},
        "penstock cost -o ": {"text", "json", "csv", "markdown"},
        "penstock cost --by te": {"team"},
        "penstock check --fail-on ": {"error", "warning", "info"},
        "penstock check org": {"organization.yaml"},
        "penstock check --config org": {"organization.yaml"},
        "penstock init use": {"use-cases"},
        "penstock init org": set(),
        "penstock schema po": {"policy"},
        "penstock completion ": set(SHELLS),
        "penstock new --f": {"--file"},
    }
    assert {line: completed(made, folder, line) for line in expected} == expected


@needs_bash
def test_options_that_begin_so_are_offered(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    offered = completed(script(capsys, "bash"), folder, "penstock check --e")
    assert offered == {"--engine", "--exit-zero"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_names_every_command(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    made = script(capsys, shell)
    for word in (*COMMANDS, "VendorContract", "sarif", "LV801"):
        assert word in made


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_accepts_its_script(capsys: pytest.CaptureFixture[str], tmp_path: Path, shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell}")
    (tmp_path / "script").write_text(script(capsys, shell), encoding="utf-8")
    done = subprocess.run([program, "-n", "script"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_shell_without_completion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bsh"]) == 2
    assert "there is no completion for the shell 'bsh'\n  = help: did you mean `bash`?" in capsys.readouterr().err


def test_the_help_says_how_to_switch_it_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["completion", "--help"])
    text = capsys.readouterr().out
    assert all(f"penstock completion {shell}" in text for shell in SHELLS)


def test_a_broken_configuration_only_costs_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "penstock.yaml").write_text("nonsense: true\n")
    monkeypatch.chdir(tmp_path)
    made = script(capsys, "bash")
    assert "UseCase" in made
    assert "LV801" not in made
