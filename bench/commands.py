"""The commands that are measured: penstock and the floors over a generated rollout, and whether they were right.

Takes a rollout that `rollout.py` wrote; gives cases for `measure.py`. What penstock found is read from the text it
shows anyway, so that the check of it costs nothing that a user would not wait for, too.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import rollout
from measure import Case, run, settle

HERE = Path(__file__).parent
_FOUND = re.compile(r"^(?:error|warning|info)\[([A-Z]+[0-9]+)\](?:.*\n)+? *--> (.*?):[0-9]+:[0-9]+$", re.MULTILINE)
_EDITED = re.compile(
    r"^( +(?:description|purpose|workflow|dataExport): )([^,\n]*?)(?: again ([0-9]+))?$", re.MULTILINE
)
_KINDS = ("grant-00000", "grant-00005", "agent-0", "agent-1", "budget-running", "data-0", "use-case", "software")


Found = Counter[tuple[str, str]]  # rules and files


@dataclass(frozen=True, slots=True)
class Rollout:
    """A generated rollout on disk, and the findings it must give."""

    folder: Path
    expected: Found

    def without(self, rules: Collection[str]) -> Rollout:
        """The same one with what is found when these rules are left out."""
        kept = ((rule, path) for rule, path in self.expected.elements() if rule not in rules)
        return Rollout(self.folder, Counter(kept))


class Bench:
    """Where things are, and which penstock is measured."""

    def __init__(self, workspace: Path, python: str) -> None:
        self.workspace = workspace
        self.python = python
        self.scratch = workspace / "scratch"
        self.scratch.mkdir(parents=True, exist_ok=True)
        script = Path(python).with_name("penstock")
        self.penstock = [str(script)] if script.exists() else [python, "-m", "penstock"]
        self._caches = itertools.count()

    def rollout(self, manifests: int = 0, grants: int = 0) -> Rollout:
        """The rollout of that size, made anew unless it is there from the same generator."""
        folder = self.workspace / (f"grants-{grants}" if grants else f"manifests-{manifests}")
        listed = rollout.planted_file(folder)
        if (
            not folder.is_dir()
            or not listed.is_file()
            or json.loads(listed.read_text())["made"] != rollout.made_by()
        ):
            rollout.make(folder, manifests, grants)
        findings = json.loads(listed.read_text(encoding="utf-8"))["findings"]
        return Rollout(folder, Counter((rule, path) for rule, path in findings))

    def floor(self, name: str, of: Rollout) -> Case:
        code = f"import sys; sys.path.insert(0, {str(HERE)!r}); import floors; floors.FLOORS[{name!r}]('.')"
        command = [self.python, "-c", "pass" if name == "pass" else code]
        return Case(
            name, command, of.folder, environment(), _right_predicates(of) if name == "predicates" else _right
        )

    def version(self, of: Rollout) -> Case:
        return Case("--version", [*self.penstock, "--version"], of.folder, environment(), _right)

    def cold(self, name: str, of: Rollout, processes: int = 1, options: tuple[str, ...] = ()) -> Case:
        """A check with an empty cache folder."""
        cache = self.scratch / f"cold-{next(self._caches)}"
        return self._check(name, of, cache, lambda _: shutil.rmtree(cache, ignore_errors=True), processes, options)

    def warm(self, name: str, of: Rollout, processes: int = 1, options: tuple[str, ...] = ()) -> Case:
        """A check after another one, nothing changed in between."""
        cache = self.scratch / f"warm-{next(self._caches)}"
        shutil.rmtree(cache, ignore_errors=True)
        first = self._check(name, of, cache, lambda _: None, processes, options)
        return self._check(name, of, cache, lambda _: self.untimed(first), processes, options)

    def edited(self, name: str, of: Rollout, processes: int = 1) -> Case:
        """A check after another one, ten files edited in between."""
        cache = self.scratch / f"edited-{next(self._caches)}"
        shutil.rmtree(cache, ignore_errors=True)
        first = self._check(name, of, cache, lambda _: None, processes, ())
        chosen = _ten(of.folder)

        def prepare(_: int) -> None:
            self.untimed(first)
            for path in chosen:
                _edit(path)
            settle()

        return self._check(name, of, cache, prepare, processes, ())

    def compiled(self, name: str, of: Rollout, least: Rollout, options: tuple[str, ...]) -> Case:
        """A check of a rollout not seen before; the policies are compiled, since another was checked with them."""
        cache = self.scratch / f"compiled-{next(self._caches)}"
        other = self._check(name, least, cache, lambda _: None, 1, options)

        def prepare(_: int) -> None:
            shutil.rmtree(cache, ignore_errors=True)
            self.untimed(other)

        return self._check(name, of, cache, prepare, 1, options)

    def untimed(self, case: Case) -> None:
        run(case, self.scratch)

    def _check(
        self,
        name: str,
        of: Rollout,
        cache: Path,
        prepare: Callable[[int], object],
        processes: int,
        options: tuple[str, ...],
    ) -> Case:
        command = [*self.penstock, "check", "--as-of", rollout.AS_OF, *options, "."]
        env = environment(PENSTOCK_CACHE_DIR=str(cache), PENSTOCK_PROCESSES=str(processes))
        return Case(name, command, of.folder, env, _right_findings(of), prepare)


def environment(**more: str) -> dict[str, str]:
    """The environment of every command: what is needed to start it, and no settings of this user."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT") if name in os.environ
    }
    return kept | {"NO_COLOR": "1"} | more


def _right(code: int, _: str, errors: str) -> str | None:
    return None if code == 0 else f"exit code {code}: {errors[-400:]}"


def _right_predicates(of: Rollout) -> Callable[[int, str, str], str | None]:
    def verdict(code: int, output: str, errors: str) -> str | None:
        found = Counter((rule, path) for rule, _, path in (line.partition(" ") for line in output.splitlines()))
        return _right(code, output, errors) or _difference(found, of.expected)

    return verdict


def _right_findings(of: Rollout) -> Callable[[int, str, str], str | None]:
    def verdict(code: int, output: str, errors: str) -> str | None:
        if code not in (0, 1):
            return f"exit code {code}: {errors[-400:]}"
        found = Counter((rule, path) for rule, path in _FOUND.findall(output))
        wrong = _difference(found, of.expected)
        if wrong is None and (code == 1) != bool(of.expected):
            return f"exit code {code} with {len(found)} findings"
        return wrong

    return verdict


def _difference(found: Found, expected: Found) -> str | None:
    if found == expected:
        return None
    extra, missing = list((found - expected).elements()), list((expected - found).elements())
    return f"{len(extra)} findings too many {extra[:3]}, {len(missing)} missing {missing[:3]}"


def _ten(folder: Path) -> list[Path]:
    """Ten files of different kinds in different places."""
    chosen = []
    for kind in _KINDS:
        of_kind = sorted(folder.glob(f"units/*/*/{'grants/' if kind.startswith('grant') else ''}{kind}.yaml"))
        chosen += [of_kind[(len(of_kind) * 2 // 5)]]
        if kind.startswith("agent"):
            chosen += [of_kind[(len(of_kind) * 4 // 5)]]
    return chosen


def _edit(path: Path) -> None:
    """Change a text in the file that no rule looks at."""
    text = path.read_text(encoding="utf-8")
    edited, count = _EDITED.subn(
        lambda found: f"{found[1]}{found[2]} again {int(found[3] or 0) + 1}", text, count=1
    )
    if not count:
        raise SystemExit(f"nothing to edit in {path}")
    path.write_text(edited, encoding="utf-8")
