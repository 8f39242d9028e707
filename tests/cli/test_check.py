"""``penstock check`` as a process: outputs and files, colours, pipes, interruptions, bugs, and steadiness."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from penstock.cli import main
from penstock.render import FORMATS
from penstock.workspace import check as check_module

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Läb, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}
"""
REPOSITORY = Path(__file__).parents[2]
CHECK = ["check", "--as-of", "2026-11-20", "--select", "LV801"]


@pytest.fixture
def rollout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "penstock.yaml").write_text("")
    (tmp_path / "lab.yaml").write_text(LAB, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY", "GITHUB_REPOSITORY", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def process(*arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    command = [sys.executable, "-m", "penstock", *arguments]
    return subprocess.run(command, env={**kept, **env}, capture_output=True, timeout=120, check=False)


def test_several_outputs_in_one_run(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "-o", "concise", "-o", "sarif=out.sarif", "--output", "json=out.json"]) == 1
    assert capsys.readouterr().out.startswith("lab.yaml:4:77: error LV801[")
    (result,) = json.loads((rollout / "out.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] == "LV801"
    (finding,) = json.loads((rollout / "out.json").read_text())["findings"]
    assert finding["rule"] == "LV801"


def test_an_output_file_is_replaced_whole(rollout: Path) -> None:
    (rollout / "out.json").write_text("x" * 1_000_000)
    main([*CHECK, "-o", "json=out.json"])
    assert json.loads((rollout / "out.json").read_text())["apiVersion"] == "report/v1"
    assert sorted(path.name for path in rollout.iterdir()) == ["lab.yaml", "out.json", "penstock.yaml"]


def test_an_output_that_cannot_be_written_is_a_fault(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "-o", "json=missing/out.json"]) == 2
    assert "cannot write missing/out.json" in capsys.readouterr().err


def test_github_appends_to_the_step_summary(rollout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = rollout / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://git.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/rollout")
    monkeypatch.setenv("GITHUB_SHA", "0123abc")
    assert main([*CHECK, "-o", "github"]) == 1
    text = summary.read_text()
    assert text.startswith("before\n")
    assert "https://git.example/acme/rollout/blob/0123abc/lab.yaml" in text


@pytest.mark.parametrize(
    ("arguments", "env", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
@pytest.mark.usefixtures("rollout")
def test_colours_are_for_terminals_or_as_asked(arguments: list[str], env: dict[str, str], colored: bool) -> None:
    assert (b"\x1b[" in process(*CHECK, *arguments, **env).stdout) is colored


@pytest.mark.usefixtures("rollout")
def test_a_terminal_that_is_not_utf_8_gets_escapes_not_an_error() -> None:
    done = process(*CHECK, "-o", "concise", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert b"Acme L\\xe4b" in done.stdout


@pytest.mark.usefixtures("rollout")
def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f'"{sys.executable}" -m penstock rules | head -n 1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, check=False)
    assert done.stderr == b""


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, rollout: Path) -> None:
    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check_module, "check", interrupted)
    assert main(CHECK) == 130


def test_a_bug_says_how_to_report_it(
    monkeypatch: pytest.MonkeyPatch, rollout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("surprise \x1b[31m")

    monkeypatch.setattr(check_module, "check", broken)
    monkeypatch.delenv("PENSTOCK_DEBUG", raising=False)
    assert main(CHECK) == 2
    shown = capsys.readouterr().err
    assert "RuntimeError" in shown
    assert "CONTRIBUTING.md" in shown
    assert "Traceback" not in shown
    assert "\x1b" not in shown


def test_every_format_is_the_same_to_the_byte_from_run_to_run(tmp_path: Path) -> None:
    twin = REPOSITORY / "examples" / "broken" / "startup-legal-contracts"
    written = []
    for seed in ("0", "1", "77"):
        folder = tmp_path / seed
        folder.mkdir()
        outputs = [word for name in FORMATS for word in ("-o", f"{name}={folder / name}")]
        done = process("check", str(twin), "--as-of", "2026-11-20", *outputs, PYTHONHASHSEED=seed)
        assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
        written.append({name: (folder / name).read_bytes() for name in FORMATS})
    assert written[0] == written[1] == written[2]
    assert all(b"LV001" in text or b"LV004" in text for text in written[0].values())


def test_the_version_is_answered_without_importing_the_package() -> None:
    code = (
        "import sys; from penstock.cli import main; main(['--version']);"
        "print(sorted(name for name in sys.modules if name.startswith('penstock')), 'argparse' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[1] == "['penstock', 'penstock.cli'] False"


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["policy", "test", "--help"]])
def test_help_exits_clean(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 0
    assert "usage: penstock" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["chek"], ["check", "--nope"]])
def test_a_wrong_command_line_is_a_fault(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
