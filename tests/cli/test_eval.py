"""``penstock eval``: values, faults, standard input, and the prompt at a real terminal."""

from __future__ import annotations

import io
import json
import os
import select
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from penstock.cli import main
from penstock.cli.history import history_file, keep, recall, state_folder
from penstock.cli.prompt import matches, offered
from penstock.policy.console import Console
from penstock.workspace.opened import open_rollout
from penstock.workspace.target import only, parse_target

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}
"""
AGENTS = """apiVersion: rollout/v1
kind: Agent
metadata: {name: triager}
spec: {useCase: claims, tasks: [sort]}
---
apiVersion: rollout/v1
kind: Agent
metadata: {name: writer}
spec: {useCase: claims}
"""


@pytest.fixture(autouse=True)
def rollout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "penstock.yaml").write_text("name: acme\n")
    (folder / "lab.yaml").write_text(LAB)
    (folder / "agents.yaml").write_text(AGENTS)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return folder


def value(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["eval", *words]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def feed(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (["1 + 1"], "2\n"),
        (["'no'"], '"no"\n'),
        (["null"], "null\n"),
        (["asOf", "--as-of", "2026-11-20"], "2026-11-20\n"),
        (["organization"], "null\n"),
        (["object.metadata", "--on", "VendorContract/acme-lab"], "name: acme-lab\n"),
        (["object.spec.vendor", "--on", "lab.yaml"], "Acme Lab\n"),
        (["object.kind", "--on", "agents.yaml:writer"], "Agent\n"),
        (["object.kind", "--on", "Rollout/acme"], "Rollout\n"),
        (["resources('Agent').map(a, a.metadata.name)"], "- triager\n- writer\n"),
        (["ref('writer', 'Agent').spec"], "useCase: claims\n"),
        (["{'a': [1, {'on': [[2]]}], 'b c': {}}"], 'a:\n  - 1\n  - "on":\n      - [2]\nb c: {}\n'),
        (["days('2026-01-01', '2026-01-31')", ".."], "30\n"),
        (["'\\u202e\\x1b'"], '"\\u202e\\u001b"\n'),
    ],
)
def test_values_as_yaml(capsys: pytest.CaptureFixture[str], words: list[str], out: str) -> None:
    assert value(capsys, *words) == out


def test_values_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    out = value(
        capsys,
        "[object.spec, date(asOf), 2u, duration('90s')]",
        "--on",
        "lab.yaml",
        "-o",
        "json",
        "--as-of",
        "2026-11-20",
    )
    spec = {"vendor": "Acme Lab", "category": "model-lab", "startsOn": "2026-01-01", "endsOn": "2028-12-31"}
    assert json.loads(out) == [spec, "2026-11-20T00:00:00Z", 2, "90s"]


def test_values_as_a_tree(capsys: pytest.CaptureFixture[str]) -> None:
    out = value(
        capsys, "object.spec.endsOn < asOf", "--on", "lab.yaml", "--output", "tree", "--as-of", "2026-11-20"
    )
    assert out.splitlines() == [
        "object.spec.endsOn < asOf",
        "= false",
        '├─ object.spec.endsOn  = "2028-12-31"',
        '└─ asOf                = "2026-11-20"',
    ]


@pytest.mark.parametrize(
    ("words", "place", "message"),
    [
        (["1 +"], "expression:1:3", "a value is missing behind `+`"),
        (["object.spec"], "expression:1:1", "unknown name `object`"),
        (["object.spec.endOn", "--on", "lab.yaml"], "expression:1:13", "VendorContract.spec has no field `endOn`"),
        (["1 + 'a'"], "expression:1:", ""),
        (["1 / 0"], "expression:1:1", "division by zero"),
        (["1 +\n  nope"], "expression:2:3", "unknown name `nope`"),
        (["ref('nobody', 'Agent')"], "expression:1:1", "there is no Agent named 'nobody'"),
        (["params.x"], "expression:1:1", "unknown name `params`"),
        (["x" * 9000], "expression:1:", ""),
        (["(" * 500], "expression:1:", ""),
    ],
)
def test_faults_have_a_caret(
    capsys: pytest.CaptureFixture[str], words: list[str], place: str, message: str
) -> None:
    assert main(["eval", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"penstock: error: {message}")
    assert f"\n  --> {place}" in captured.err
    assert "^" in captured.err


def test_hints_for_names_that_only_others_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "object.spec"]) == 2
    assert "= help: name the manifest that `object` stands for: --on Kind/name" in capsys.readouterr().err
    assert main(["eval", "variables.x"]) == 2
    assert "= help: only the expressions of a policy have variables" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--on", "agents.yaml"], "agents.yaml is not one manifest: `Agent/triager` and `Agent/writer`"),
        (["--on", "Agent/nobody"], "the rollout acme has no resource `Agent/nobody`"),
        (["--on", "nowhere.yaml"], "there is no file or folder nowhere.yaml"),
        (["nowhere"], "there is no file or folder nowhere"),
        (["--as-of", "soon"], "--as-of takes a date such as 2026-01-31, not 'soon'"),
        (["--config", "none.yaml"], "there is no configuration file none.yaml"),
    ],
)
def test_usage_faults(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(["eval", "1", *words]) == 2
    assert capsys.readouterr().err.startswith(f"penstock: error: {message}")


def test_a_tree_of_what_has_no_value_is_shown_with_the_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "[1, 0].map(x, 1 / x)", "-o", "tree"]) == 2
    captured = capsys.readouterr()
    assert "├─ for x = 1  = 1\n" in captured.out
    assert "└─ for x = 0  error: division by zero" in captured.out
    assert captured.err.startswith("penstock: error: division by zero")


def test_standard_input_a_line_each(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    feed(monkeypatch, b"\xef\xbb\xbf1 + 1\n\n// a comment\nnope\n[1]\n\xff\n")
    assert main(["eval"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "2\n---\n- 1\n"
    assert "  --> standard input:4:1\n" in captured.err
    assert "  --> standard input:6:1\n" in captured.err
    feed(monkeypatch, b"1\n2")
    assert value(capsys, "-", ".", "-o", "json") == "1\n2\n"
    feed(monkeypatch, b"")
    assert value(capsys) == ""


def console(on: str | None = None) -> Console:
    opened = open_rollout(Path())
    return Console(opened.rollout, "2026-11-20", only(opened, parse_target(on)) if on else None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (":", (":on", ":type", ":output", ":help", ":quit")),
        (":o", (":on", ":output")),
        (":on Agent/w", ("Agent/writer",)),
        (":output j", ("json",)),
        (":type object.spec.us", ("useCase",)),
        (":help x", ()),
        ("ref('wr", ("writer",)),
        ("object.spec.us", ("useCase",)),
    ],
)
def test_what_tab_offers(line: str, words: tuple[str, ...]) -> None:
    assert offered(line, len(line), console("Agent/triager"), ["Agent/triager", "Agent/writer"]).words == words


def test_candidates_replace_what_readline_takes_for_a_word() -> None:
    here = console()
    # readline's word begins behind the slash, or before the word that is completed.
    assert matches(":on Agent/w", 10, 11, here, ["Agent/writer"]) == ["writer"]
    assert matches("1-asO", 0, 5, here, []) == ["1-asOf"]


class Recorder:
    """What the prompt uses of readline."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def set_history_length(self, count: int) -> None:
        pass

    def read_history_file(self, name: str) -> None:
        self.lines = Path(name).read_text().splitlines()

    def write_history_file(self, name: str) -> None:
        Path(name).write_text("".join(f"{line}\n" for line in self.lines))


def test_the_history_is_private(tmp_path: Path) -> None:
    file = history_file()
    assert file == tmp_path / "state" / "penstock" / "eval-history"
    written, read = Recorder(), Recorder()
    recall(written, file)  # there is none yet
    written.lines = ["1 + 1"]
    keep(written, file)
    recall(read, file)
    assert read.lines == ["1 + 1"]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_history_that_cannot_be_kept_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    recall(Recorder(), history_file())
    keep(Recorder(), history_file())
    keep(Recorder(), None)
    recall(Recorder(), None)


@pytest.mark.parametrize(
    ("platform", "env", "folder"),
    [
        ("linux", {}, "/home/me/.local/state/penstock"),
        ("linux", {"XDG_STATE_HOME": "/var/me"}, "/var/me/penstock"),
        ("linux", {"XDG_STATE_HOME": "relative"}, "/home/me/.local/state/penstock"),
        ("darwin", {}, "/home/me/Library/Application Support/penstock"),
        ("win32", {"LOCALAPPDATA": "/data"}, "/data/penstock"),
        ("win32", {}, "/home/me/AppData/Local/penstock"),
    ],
)
def test_state_folders(platform: str, env: dict[str, str], folder: str) -> None:
    assert state_folder(platform, env, Path("/home/me")) == Path(folder)


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX's")
def test_the_prompt_at_a_terminal(rollout: Path) -> None:
    import pty

    pytest.importorskip("readline")
    main_end, other_end = pty.openpty()
    env = {**os.environ, "TERM": "dumb", "INPUTRC": os.devnull, "PYTHONUTF8": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "penstock", "eval", "--as-of", "2026-11-20"],
        stdin=other_end,
        stdout=other_end,
        stderr=other_end,
        env=env,
        start_new_session=True,
        preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
    )
    os.close(other_end)
    seen = ""

    def until(text: str, end: str = "\r\n> ") -> None:
        nonlocal seen
        fresh = ""
        # Only at the prompt does readline take keys as we send them.
        while text not in fresh or not fresh.endswith(end):
            ready, _, _ = select.select([main_end], [], [], 60)
            assert ready, seen + fresh
            fresh += os.read(main_end, 4096).decode()
        seen += fresh

    def say(keys: str, answer: str, end: str = "\r\n> ") -> None:
        os.write(main_end, keys.encode())
        until(answer, end)

    try:
        until("rollout acme, 3 manifests, as of 2026-11-20; no object yet: `:on Kind/name`; :help")
        say("object.kind\r", "help: name the manifest that `object` stands for")
        say(":on Agent/wri\t\r", "object is Agent/writer")
        say("object.spec.use\t\r", "claims")
        say("half a line", "half a line", end="line")
        # CPython may overlook a signal that comes just before it waits for the next key: ask again.
        os.write(main_end, b"\x03")
        while not select.select([main_end], [], [], 2)[0]:
            os.write(main_end, b"\x03")
        until("", "> ")
        say(":type object.spec.useCase\r", "string")
        say(":output tree\r", "")
        say("object.kind == 'Agent'\r", "= true")
        say(":nonsense\r", "there is no command :nonsense")
        say(":on Agent/nobody\r", "has no resource `Agent/nobody`")
        os.write(main_end, b"\x04")
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(main_end)
    assert "Traceback" not in seen
    kept = (history_file() or rollout).read_text().splitlines()
    assert "object.spec.useCase" in kept
    assert "half a line" not in kept
