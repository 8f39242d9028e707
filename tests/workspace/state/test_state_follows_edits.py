"""A state is never the reason for another verdict: after any edits, a check with one and a check without agree."""

from __future__ import annotations

import copy
import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from penstock.manifest.resource import Resource
from penstock.policy.model import ROLLOUT_KIND
from penstock.policy.sweep import Judgement, Sweep
from penstock.render.json import render
from penstock.workspace.check import Options, check
from penstock.workspace.state import sight, taking

EXAMPLES = Path(__file__).parents[3] / "examples"
ROLLOUTS = sorted(path.parent for path in EXAMPLES.glob("**/penstock.yaml"))
DAYS = ("2026-11-20", "2026-11-21", "2026-12-31", "2027-06-30")
STEPS = 16
_TEXTS = frozenset({"description", "purpose", "workflow", "title", "reason", "note"})


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
    monkeypatch.setattr(sight, "LEAST", 1)
    monkeypatch.setattr(taking, "DRIFT", 0.1)
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
            self.change_field,
            self.change_field,
            self.drop_field,
            self.take_field,
            self.turn_list,
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

    def change_field(self) -> str:
        """Another value for one anywhere in a manifest, of the same type: the manifest stays as it should be."""
        return self._edit(self._other_value)

    def _other_value(self, holder: Any, key: Any) -> None:
        value = holder[key]
        if isinstance(value, bool):
            holder[key] = not value
        elif isinstance(value, (int, float)):
            holder[key] = value + self.chance.choice([1, -1, 1000])
        elif isinstance(value, str) and key in _TEXTS:
            holder[key] = f"{value} again"
        elif isinstance(value, date):
            holder[key] = value + timedelta(days=self.chance.choice([1, -30, 400]))
        else:
            others = [each for each in self._values(key) if type(each) is type(value)]
            holder[key] = self.chance.choice(others or [value])

    def drop_field(self) -> str:
        """Without one of its fields, wherever it stands."""
        return self._edit(lambda holder, key: holder.pop(key))

    def take_field(self) -> str:
        """One more field, as another manifest has it there, or another value for one."""

        def take(holder: Any, key: Any) -> None:
            if isinstance(holder, dict):
                like = [each for each in self._holders() if isinstance(each, dict) and key in each]
                holder.update(copy.deepcopy(self.chance.choice(like)))

        return self._edit(take)

    def turn_list(self) -> str:
        """A list in another order, or with one of its elements twice."""

        def turn(holder: Any, key: Any) -> None:
            value = holder[key]
            if isinstance(value, list):
                value.append(copy.deepcopy(self.chance.choice(value))) if self.chance.random() < 0.3 else None
                self.chance.shuffle(value)

        return self._edit(turn)

    def _edit(self, change: Callable[[Any, Any], object]) -> str:
        path = self.some()
        documents = _documents(path.read_text(encoding="utf-8"))
        places = [(holder, key) for each in documents for holder in _inside(each) for key in _keys(holder)]
        if not places:
            return "nothing"
        holder, key = self.chance.choice(places)
        change(holder, key)
        return self._write(path, yaml.safe_dump_all(documents, sort_keys=False), f"{change.__qualname__} {key}")

    def _holders(self) -> list[Any]:
        """Every map and list of the rollout as it was."""
        found = []
        for text in self.before.values():
            found += [holder for each in _documents(text) for holder in _inside(each)]
        return found

    def _values(self, key: Any) -> list[Any]:
        return [holder[key] for holder in self._holders() if isinstance(holder, dict) and key in holder]

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


def _documents(text: str) -> list[Any]:
    """What a file holds; nothing where it is broken."""
    try:
        return list(yaml.safe_load_all(text))
    except yaml.YAMLError:
        return []


def _inside(value: Any) -> Iterator[Any]:
    """Every map and list in a value that has something in it."""
    if isinstance(value, (dict, list)) and value:
        yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from _inside(each)


def _keys(holder: Any) -> list[Any]:
    return [*holder] if isinstance(holder, dict) else [*range(len(holder))]


def known(day: str) -> str:
    """What a check says that may use a state."""
    return render(check(Options(as_of=day, allow_empty=True)))


def fresh(day: str) -> str:
    """What one says that may not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sight, "LEAST", 10**9)
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


def test_files_are_shown_as_a_working_directory_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = Edits(ROLLOUTS[0], tmp_path / "rollout", 1)
    folders = sorted({path.parent for path in edits.folder.rglob("*.yaml")})
    for folder in (folders[0], folders[len(folders) // 2], folders[-1]):
        monkeypatch.chdir(folder)
        for _ in range(2):
            assert known(edits.day) == fresh(edits.day)
            edits.comment()


def judged_again(monkeypatch: pytest.MonkeyPatch, path: Path, before: str, after: str) -> set[str]:
    """Whom a check judges when one text in a file has become another."""
    known(DAYS[0])
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    found: set[str] = set()
    real = Sweep.judge

    def judge(sweep: Sweep, resource: Resource | None) -> Judgement:
        found.add(resource.id if resource is not None else ROLLOUT_KIND)
        return real(sweep, resource)

    with monkeypatch.context() as patch:
        patch.setattr(Sweep, "judge", judge)
        said = known(DAYS[0])
    assert said == fresh(DAYS[0])
    return found


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rollout"
    shutil.copytree(EXAMPLES / "startup-legal-contracts", folder)
    monkeypatch.chdir(folder)
    return folder


ORGANIZATION = "company/organization.yaml"
REVIEW = "workflows/contract-review"


@pytest.mark.parametrize(
    ("file", "before", "after", "judged"),
    [
        # What nobody else looks at, in a file of several manifests; what no rule looks at at all.
        ("shared/data-sources.yaml", "one vault a client", "a vault for each", "DataSource/client-contracts"),
        ("shared/data-sources.yaml", "  # The mirror lags", "  # It lags", ""),
        # LV309 alone looks at whatever there is of a use case, for the use case's agents.
        (f"{REVIEW}/use-case.yaml", "From an", "From one", "UseCase/contract-review Agent/contract-reviewer"),
        # The Organization, which all may look at, and its lists, in which all may look for a name.
        (ORGANIZATION, "title: Clausewright", "title: The company", "Organization/clausewright"),
        (ORGANIZATION, "head: b.achebe", "head: c.achebe", "Organization/clausewright"),
        (
            *(ORGANIZATION, "adoptedOn: 2024-11-04", "adoptedOn: 2024-11-05"),
            "Organization/clausewright VendorContract/corvane-lab VendorContract/deedbox-clm"
            " VendorContract/forgehollow-code VendorContract/inkwharf-signature VendorContract/tessaly-lab",
        ),
        (
            *(ORGANIZATION, "stage: stateful-agentic", "stage: agent-pilots"),
            "Rollout Organization/clausewright UseCase/contract-execution UseCase/contract-review"
            " UseCase/playbook-tests",
        ),
    ],
)
def test_who_cannot_observe_an_edit_is_not_judged_again(
    shop: Path, monkeypatch: pytest.MonkeyPatch, file: str, before: str, after: str, judged: str
) -> None:
    assert judged_again(monkeypatch, shop / file, before, after) == set(judged.split())


def test_a_name_that_is_gone_from_the_organization_is_missed(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody has said that it is looked for there: everything is judged again.
    again = judged_again(monkeypatch, shop / ORGANIZATION, "name: legal-operations", "name: legal-affairs")
    assert {"Rollout", "UseCase/contract-review", "AccessGrant/playbook-tester-clauses"} <= again


def test_a_finding_is_made_again_when_what_it_points_to_has_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLES / "broken" / "financial-services-onboarding", tmp_path / "rollout")
    monkeypatch.chdir(tmp_path / "rollout")
    first = "kind: DataSource\nmetadata:\n  name: case-management\n"
    again = judged_again(monkeypatch, Path("data-sources/records.yaml"), first, f"# One line more.\n{first}")
    own = "DataSource/case-management"
    assert again == {own, "AccessGrant/document-reviewer-counterparties", "UseCase/document-review"}
