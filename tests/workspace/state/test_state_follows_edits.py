"""A state is never the reason for another verdict: after any edits, a check with one and a check without agree."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.render.json import render
from penstock.workspace.check import Options, check
from penstock.workspace.state import taking

EXAMPLES = Path(__file__).parents[3] / "examples"
ROLLOUTS = sorted(path.parent for path in EXAMPLES.glob("**/penstock.yaml"))
DAYS = ("2026-11-20", "2026-11-21", "2026-12-31", "2027-06-30")
STEPS = 12


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in pack as it is kept: made once, for it takes seconds."""
    folder = tmp_path_factory.mktemp("packs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENSTOCK_CACHE_DIR", str(folder))
        check(Options(paths=(str(ROLLOUTS[0]),), as_of=DAYS[0]))
    return folder / "packs"


@pytest.fixture(autouse=True)
def _states_of_any_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, packs: Path) -> None:
    monkeypatch.setattr(taking, "LEAST", 1)
    monkeypatch.setattr(taking, "_DRIFT", 0.1)
    (tmp_path / "cache").mkdir(mode=0o700)
    if packs.is_dir():
        shutil.copytree(packs, tmp_path / "cache" / "packs")
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(tmp_path / "cache"))


class Edits:
    """A rollout that is edited at random."""

    def __init__(self, source: Path, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        shutil.copytree(source, folder)
        self.before = {path: path.read_text(encoding="utf-8") for path in self.files()}
        self.day = DAYS[0]
        self.number = 0

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*.yaml") if path.name != "penstock.yaml")

    def step(self) -> str:
        """One edit; what was done, for whoever reads a failure."""
        self.number += 1
        steps: tuple[Callable[[], str], ...] = (
            self.change_value,
            self.change_value,
            self.change_value,
            self.swap_names,
            self.drop_line,
            self.comment,
            self.suppress,
            self.touch,
            self.rename,
            self.delete,
            self.revert,
            self.add,
            self.set_parameter,
            self.change_day,
            self.break_syntax,
        )
        return self.chance.choice(steps)()

    def some(self) -> Path:
        return self.chance.choice(self.files())

    def change_value(self) -> str:
        """Another word for one in the rollout: a number, a date, a name, a truth value."""
        path = self.some()
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = [number for number, line in enumerate(lines) if ": " in line and "#" not in line]
        if not at:
            return "nothing"
        number = self.chance.choice(at)
        key, _, value = lines[number].partition(": ")
        other = self.chance.choice(
            ["true", "false", "7", "0", "2027-01-31", "production", "retired", "null", self._name(), value.strip()]
        )
        lines[number] = f"{key}: {other}\n"
        return self._write(path, "".join(lines), f"{path.name}:{number + 1} {key.strip()} = {other}")

    def _name(self) -> str:
        """A name that a manifest of the rollout has."""
        for line in self.some().read_text(encoding="utf-8").splitlines():
            if line.strip().startswith("name: "):
                return line.partition(": ")[2]
        return "nobody"

    def swap_names(self) -> str:
        """Every use of a name in one file becomes another name."""
        path, one, other = self.some(), self._name(), self._name()
        text = path.read_text(encoding="utf-8")
        return self._write(path, text.replace(one, other), f"{path.name} {one} -> {other}")

    def drop_line(self) -> str:
        path = self.some()
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if lines:
            del lines[self.chance.randrange(len(lines))]
        return self._write(path, "".join(lines), f"{path.name} loses a line")

    def comment(self) -> str:
        path = self.some()
        return self._write(path, f"# edit {self.number}\n" + path.read_text(encoding="utf-8"), f"# in {path.name}")

    def suppress(self) -> str:
        path = self.some()
        rule = self.chance.choice(["LV801", "LV601", "LV201", "LV999", "LV304"])
        text = f"# penstock: ignore[{rule}] -- accepted by the board\n" + path.read_text(encoding="utf-8")
        return self._write(path, text, f"suppress {rule} in {path.name}")

    def touch(self) -> str:
        path = self.some()
        os.utime(path, ns=(self.number, self.number))
        return f"touch {path.name}"

    def rename(self) -> str:
        path = self.some()
        path.rename(path.with_name(f"moved-{self.number}.yaml"))
        return f"rename {path.name}"

    def delete(self) -> str:
        path = self.some()
        path.unlink()
        return f"delete {path.name}"

    def revert(self) -> str:
        for path, text in self.before.items():
            path.write_text(text, encoding="utf-8")
        return "revert"

    def add(self) -> str:
        path = self.some()
        text = path.read_text(encoding="utf-8").replace("name: ", "name: new-", 1)
        return self._write(path.with_name(f"new-{self.number}.yaml"), text, f"add from {path.name}")

    def set_parameter(self) -> str:
        config = self.folder / "penstock.yaml"
        text = config.read_text(encoding="utf-8").partition("\n# set\n")[0]
        if "\nrules:" in text:
            return "nothing"
        severity = self.chance.choice(["off", "info", "warning", "error"])
        text += f"\n# set\nrules:\n  LV801: {{severity: {severity}}}\n  LV605: {{severity: {severity}}}\n"
        return self._write(config, text, f"LV801 and LV605 {severity}")

    def change_day(self) -> str:
        self.day = self.chance.choice(DAYS)
        return f"as of {self.day}"

    def break_syntax(self) -> str:
        if self.chance.random() < 0.5:
            return "nothing"
        path = self.some()
        return self._write(path, path.read_text(encoding="utf-8") + "\n  }broken: [\n", f"break {path.name}")

    def _write(self, path: Path, text: str, said: str) -> str:
        # In the same tick and of the same size as often as not: the hardest case for stamps.
        path.write_text(text, encoding="utf-8")
        return said


def known(day: str) -> str:
    """What a check says that may use a state."""
    return render(check(Options(as_of=day, allow_empty=True)))


def fresh(day: str) -> str:
    """What one says that may not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "LEAST", 10**9)
        return render(check(Options(as_of=day, allow_empty=True)))


@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("rollout", ROLLOUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_check_with_a_state_says_what_one_without_says(
    rollout: Path, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = Edits(rollout, tmp_path / "rollout", seed)
    monkeypatch.chdir(edits.folder)
    done = ["as it was"]
    for _ in range(STEPS):
        assert known(edits.day) == fresh(edits.day), done
        done.append(edits.step())


@pytest.mark.parametrize("harm", ["cut", "empty", "foreign", "head", "record", "gone"])
def test_a_state_that_was_harmed_is_no_state(harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = Edits(ROLLOUTS[0], tmp_path / "rollout", 1)
    monkeypatch.chdir(edits.folder)
    check(Options(as_of=edits.day))
    for number in range(4):
        (state,) = (tmp_path / "cache" / "states").iterdir()
        data = bytearray(state.read_bytes())
        if harm == "cut":
            state.write_bytes(data[: len(data) * number // 4])
        elif harm == "empty":
            state.write_bytes(b"")
        elif harm == "foreign":
            state.write_bytes(random.Random(number).randbytes(len(data)))
        elif harm == "head":
            data[len(data) - 200 - number * 50] ^= 1
            state.write_bytes(data)
        elif harm == "record":
            for at in range(40, len(data) // 2, 97):
                data[at] ^= 1
            state.write_bytes(data)
        else:
            state.unlink()
        edits.change_value()
        assert known(edits.day) == fresh(edits.day)
