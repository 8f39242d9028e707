"""The peers' commands over a generated rollout, and whether they found what is planted.

Takes where they are installed; gives cases for `measure.py`. A peer finds what it has rules for: only the planted
findings of those rules are compared with its own.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import peer_rules
from commands import Bench, Found, Rollout, environment
from measure import Case

FOLDERS = ("company", "shared", "units")


@dataclass(frozen=True, slots=True)
class Peer:
    """One tool. `files`: over how many it is measured at most. `rules`: which of penstock's it is given.

    `command` gets the program, its configuration, and the files: none for all of the rollout.
    """

    name: str
    program: Path
    files: int
    rules: tuple[str, ...]
    what: str
    command: Callable[[str, list[str], Rollout], list[str]]
    found: Callable[[str, Rollout], Iterable[tuple[str, str]]]

    @property
    def version(self) -> str | None:
        """What it says its version is; None: it is not installed."""
        if not self.program.exists():
            return None
        said = subprocess.run([str(self.program), "--version"], capture_output=True, text=True, check=True).stdout
        return said.split()[-1].strip()

    def case(self, of: Rollout, file: str | None = None) -> Case:
        """The peer over all of a rollout, or over one file of it."""
        command = self.command(str(self.program), [file] if file else [], of)
        expected = Counter(
            (rule, path) for rule, path in of.expected.elements() if rule in self.rules and file in (None, path)
        )

        def verdict(code: int, output: str, errors: str) -> str | None:
            if code not in (0, 1):
                return f"exit code {code}: {errors[-400:]}"
            found: Found = Counter(self.found(output, of))
            if found == expected:
                return None
            return f"{(found - expected).total()} too many, {(expected - found).total()} missing"

        return Case(self.name, command, of.folder, environment(), verdict)


def peers(bench: Bench, venv: Path, npm: Path) -> list[Peer]:
    """Every peer, with its configuration written to the scratch folder."""
    folder = bench.scratch / "peers"
    folder.mkdir(exist_ok=True)
    schema = folder / "rollout.schema.json"
    subprocess.run([*bench.penstock, "schema", "--output", str(schema)], check=True, capture_output=True)
    rules = tuple(rule.id for rule in peer_rules.RULES)
    policies, ruleset = str(peer_rules.checkov(folder)), str(peer_rules.spectral(folder))
    checks = ",".join(f"CKV2_{rule}" for rule in rules)
    checkov = [
        "--framework",
        "kubernetes",
        "--external-checks-dir",
        policies,
        "--check",
        checks,
        "--skip-download",
    ]
    return [
        Peer(
            "check-jsonschema",
            venv / "bin" / "check-jsonschema",
            10_000,
            ("LV004",),
            "the schema",
            lambda program, files, of: [program, "--schemafile", str(schema), "-o", "json", *(files or _all(of))],
            _of_check_jsonschema,
        ),
        Peer(
            "yamllint",
            venv / "bin" / "yamllint",
            10_000,
            (),
            "style",
            lambda program, files, _: [program, "-d", "relaxed", "-f", "parsable", *(files or ["."])],
            lambda _, __: (),
        ),
        Peer(
            "checkov",
            venv / "bin" / "checkov",
            10_000,
            rules,
            f"{len(rules)} rules",
            lambda program, files, _: [
                program,
                *(["-f", *files] if files else ["-d", "."]),
                *checkov,
                *("-o", "json", "--compact", "--quiet"),
            ],
            _of_checkov,
        ),
        Peer(
            "spectral",
            npm / "node_modules" / ".bin" / "spectral",
            2_000,
            rules,
            f"{len(rules)} rules",
            lambda program, files, _: [
                program,
                *("lint", "-r", ruleset, "-f", "json", "--quiet"),
                *(files or [f"{{{','.join(FOLDERS)}}}/**/*.yaml"]),
            ],
            _of_spectral,
        ),
    ]


def _all(of: Rollout) -> list[str]:
    return sorted(
        str(path.relative_to(of.folder)) for name in FOLDERS for path in (of.folder / name).rglob("*.yaml")
    )


def _of_check_jsonschema(output: str, _: Rollout) -> Iterable[tuple[str, str]]:
    said = json.loads(output)
    return [("LV004", str(PurePosixPath(error["filename"]))) for error in said.get("errors", ())]


def _of_checkov(output: str, _: Rollout) -> Iterable[tuple[str, str]]:
    failed = json.loads(output).get("results", {}).get("failed_checks", ())
    return [(check["check_name"], check["file_path"].lstrip("/")) for check in failed]


def _of_spectral(output: str, of: Rollout) -> Iterable[tuple[str, str]]:
    start = output.find("[")
    said = json.loads(output[start:]) if start >= 0 else ()
    # It says a thing once for each part that is missing.
    return {(each["code"], str(Path(each["source"]).relative_to(of.folder.resolve()))) for each in said}
