"""``penstock check --watch``: what is on the screen after each save, and how it ends."""

from __future__ import annotations

import io
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from penstock import cli
from penstock.workspace import file_events

CONTRACT = """apiVersion: rollout/v1
kind: VendorContract
metadata:
  name: acme
spec:
  vendor: Acme
  category: model-lab
  startsOn: 2026-01-01
  endsOn: {ends}
"""
WORDS = ("check", "--as-of", "2026-11-20", "--select", "LV801", "-o", "concise")
FOUND = (
    "lab.yaml:9:11: error LV801[contract-term-over-a-year] the contract with `Acme` runs 36 months, from "
    "2026-01-01 to 2028-12-31; this kind of contract (model-lab) may run 12 months at most, here to 2026-12-31\n"
)
END = "\nChecked at 00:00:00 in 0.00 s; watching 1 file, Ctrl-C to stop.\n"
RULER = "-" * 72 + "\n"


def put(ends: str) -> None:
    Path("lab.yaml").write_text(CONTRACT.format(ends=ends))


class Terminal(io.StringIO):
    """A terminal that keeps what was written."""

    def isatty(self) -> bool:
        return True


class Scripted:
    """Saves files one after the other, and presses Ctrl-C."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.steps = list(steps)

    def wait(self, took: float) -> Collection[str] | None:
        if not self.steps:
            raise KeyboardInterrupt
        self.steps.pop(0)()
        return None

    def settle(self) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "CI", "GITHUB_STEP_SUMMARY", "PENSTOCK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "penstock.yaml").write_text("")
    put("2028-12-31")
    return tmp_path


def session(
    monkeypatch: pytest.MonkeyPatch,
    *words: str,
    steps: Collection[Callable[[], object]] = (),
    terminal: bool = False,
) -> tuple[int, str, str]:
    """Exit code and what was printed, without the time and how long it took."""
    out, err = Terminal() if terminal else io.StringIO(), io.StringIO()
    monkeypatch.setattr(file_events, "events", lambda folders: Scripted(*steps))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    code = cli.main([*WORDS, "--watch", *words])
    texts = (
        re.sub(r"at \d\d:\d\d:\d\d in \d+\.\d\d s", "at 00:00:00 in 0.00 s", stream.getvalue())
        for stream in (out, err)
    )
    return (code, *texts)  # type: ignore[return-value]


def test_a_report_after_each_save(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [lambda: put("2026-12-31"), lambda: None, lambda: put("2028-12-31")]
    assert session(monkeypatch, steps=steps) == (130, FOUND + END + RULER + END + RULER + FOUND + END, "")


def test_a_terminal_is_cleared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clear = "\x1b[2J\x1b[H"
    done = session(monkeypatch, steps=[lambda: put("2026-12-31")], terminal=True)
    assert done == (130, clear + FOUND + END + clear + END + "\n", "")


def test_a_terminal_that_cannot_be_cleared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    done = session(monkeypatch, steps=[lambda: put("2026-12-31")], terminal=True)
    assert done == (130, FOUND + END + RULER + END, "")


def test_faults_are_told_and_watching_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = folder / "penstock.yaml"
    steps = [lambda: config.write_text("pack: levie\n"), lambda: put("2026-12-31"), lambda: config.write_text("")]
    code, out, err = session(monkeypatch, steps=steps)
    assert (code, out) == (130, FOUND + END + RULER + END + RULER + END)
    assert err.count("penstock: error") == 1
    assert "penstock.yaml:1:1" in err


def test_a_bug_is_told_and_watching_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.workspace import watching

    real = watching.judge
    left = [1]

    def judge(*given: object) -> object:
        if left and not left.pop():
            raise RuntimeError("something is wrong")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "judge", judge)
    left.insert(0, 0)
    code, out, err = session(monkeypatch, steps=[lambda: put("2026-12-31"), lambda: put("2028-12-31")])
    assert (code, out) == (130, FOUND + END + RULER + END + RULER + FOUND + END)
    assert "internal error: RuntimeError" in err


def test_a_command_line_that_is_wrong_ends_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = session(monkeypatch, "nowhere")
    assert (code, out) == (2, "")
    assert err == "penstock: error: there is no file or folder nowhere\n"


def test_a_path_that_goes_and_comes_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, away = folder / "lab.yaml", folder / "lab.txt"
    code, out, err = session(monkeypatch, "lab.yaml", steps=[lambda: lab.rename(away), lambda: away.rename(lab)])
    assert (code, out) == (130, FOUND + END + RULER + END + RULER + FOUND + END)
    assert err == "penstock: error: there is no file or folder lab.yaml\n"


def test_a_report_for_programs_is_alone_on_standard_output(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "WORDS", (*WORDS[:-1], "json"))
    code, out, err = session(monkeypatch, steps=[lambda: put("2026-12-31")])
    assert (code, err) == (130, END + RULER + END)
    assert out.startswith("{\n")
    assert out.endswith("}\n")
    assert out.count('"apiVersion": "report/v1"') == 2


def test_files_are_written_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also beside the manifests, where they are files that change."""
    counts = []
    report = folder / "report.txt"
    count = lambda: counts.append(report.read_text().count("LV801"))  # noqa: E731
    save = [count, lambda: put("2026-12-31"), count, lambda: None]
    code, out, err = session(monkeypatch, "-o", "concise=report.txt", "-o", "json=report.json", steps=save)
    assert (code, err) == (130, "")
    assert counts == [1, 0]
    # A report that came into the folder is one more file to check, once.
    assert out.count("Checked at") == 3


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_a_session_at_a_terminal(folder: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    line = [sys.executable, "-m", "penstock", *WORDS, "--watch"]
    process = subprocess.Popen(
        line, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)

    def screen() -> str:
        """All that is written until watching goes on."""
        text = b""
        until = time.monotonic() + 120
        while b"Ctrl-C to stop.\r\n" not in text:
            assert time.monotonic() < until, text
            if select.select([ours], [], [], 1)[0]:
                text += os.read(ours, 65536)
        return text.decode()

    try:
        assert "LV801" in screen()
        put("2026-12-31")
        assert "LV801" not in screen()
        put("2028-12-31")
        assert "LV801" in screen()
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 130
    finally:
        process.kill()
        process.wait()
        os.close(ours)
