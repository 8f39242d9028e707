"""Packs from the cache: the same findings as by the long way, nothing imported that compiling needs, no trust."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from penstock import bundle, cache
from penstock.cel import engine
from penstock.cel.stored import StoredProgram
from penstock.errors import GroupedError
from penstock.policy import load_pack
from penstock.policy.packs import load_pack_files
from penstock.policy.stored import load_stored
from penstock.workspace.check import Options, check

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
NESTED = "    - {expression: object.spec.roi.metric.name == '', message: no, at: spec.stage}"
PACK = """apiVersion: policy/v1
kind: Policy
metadata: {name: too-many-tasks}
spec:
  id: OWN001
  title: Too many tasks
  severity: error
  step: 1
  sources: [{document: framework, section: Step 1}]
  why: Because.
  remediation: Mend it.
  match: {kinds: [UseCase]}
  validations:
    - {expression: size(object.spec.stage) < 99, message: no, at: spec.stage}
  examples:
    good: [{name: good, manifests: [{kind: UseCase, metadata: {name: a}}]}]
    bad:
      - name: bad
        manifests: [{kind: UseCase, metadata: {name: a}}]
        findings: [{resource: UseCase/a, at: spec}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "cache"
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(made))
    return made


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    made = tmp_path / "pack"
    made.mkdir()
    (made / "too-many-tasks.yaml").write_text(PACK, encoding="utf-8")
    return made


def is_stored(reference: str, base: Path) -> bool:
    """Whether nothing was checked: the pack came from an entry."""
    with mock.patch("penstock.policy.packs.load_pack_files", wraps=load_pack_files) as long_way:
        (policy,) = load_stored(reference, base).policies
    assert isinstance(policy.validations[0].expression.program, StoredProgram)
    return not long_way.called


def test_a_first_run_makes_the_code_of_a_pack_once(tmp_path: Path, pack: Path) -> None:
    with mock.patch("builtins.compile", wraps=compile) as compiled:
        (policy,) = load_stored("pack", tmp_path).policies
        assert policy.check is not None
        bindings = {"object": {"spec": {"stage": "pilot"}}}
        assert policy.validations[0].expression.program.evaluate(bindings, {}) is True
        made = [call.args[1] for call in compiled.call_args_list if str(call.args[1]).startswith("<")]
    assert sorted(made) == ["<cel>", "<decisions>"]


@pytest.mark.parametrize(
    "rollout", sorted(EXAMPLES.glob("broken/*/penstock.yaml")), ids=lambda path: path.parent.name
)
def test_the_findings_are_those_of_the_long_way(rollout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(paths=(str(rollout.parent),), as_of="2026-11-20")
    first, second = check(options), check(options)
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", "")
    plain = check(options)
    assert first.findings == second.findings == plain.findings
    assert first.rules == second.rules == plain.rules
    assert len(plain.findings) > 10


def test_what_the_code_cannot_say_has_the_place_of_the_fault(tmp_path: Path, pack: Path) -> None:
    text = PACK.replace("size(object.spec.stage) < 99", "object.spec.roi.metric.name == ''")
    (pack / "too-many-tasks.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "penstock.yaml").write_text(
        "apiVersion: config/v1\nname: own\npacks: [./pack]\nmanifests: {exclude: [pack]}\n"
    )
    manifest: dict[str, Any] = dict(load_pack("levie", tmp_path, engine()).base.manifests["UseCase"])
    manifest["spec"] = {name: value for name, value in manifest["spec"].items() if name != "roi"}
    (tmp_path / "use-case.json").write_text(json.dumps(manifest), encoding="utf-8")
    options = Options(paths=(str(tmp_path),), as_of="2026-11-20")
    first, second = ([found for found in check(options).findings if found.rule == "LV011"] for _ in range(2))
    assert first == second
    assert "OWN001 (too-many-tasks) could not be evaluated: no such key: `roi`" in first[0].message
    (near,) = first[0].related
    assert near.location.span is not None
    assert near.location.span.start.line == text.splitlines().index(NESTED) + 1


def test_a_changed_policy_is_checked_again(tmp_path: Path, pack: Path) -> None:
    assert not is_stored("pack", tmp_path)
    assert is_stored("pack", tmp_path)
    (pack / "too-many-tasks.yaml").write_text(PACK.replace("< 99", "< 98"), encoding="utf-8")
    assert not is_stored("pack", tmp_path)
    (pack / "too-many-tasks.yaml").write_text(
        PACK.replace("object.spec.stage", "object.spec.stag"), encoding="utf-8"
    )
    with pytest.raises(GroupedError, match=r"UseCase.spec has no field `stag`"):
        load_stored("pack", tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(path.read_bytes()[:40] + b"\0" * 40 + path.read_bytes()[80:]),
        lambda path: cache.write("packs", path.name, {"code": "nothing of the kind"}),
        lambda path: cache.write("packs", path.name, ["a list"]),
        lambda path: path.chmod(0o622),
        lambda path: path.parent.chmod(0o777),
        lambda path: path.parent.parent.chmod(0o777),
    ],
    ids=["empty", "cut off", "overwritten", "of another shape", "a list", "open file", "open folder", "open root"],
)
def test_an_entry_that_is_damaged_or_not_our_own_is_not_used(
    tmp_path: Path, pack: Path, folder: Path, damage: Callable[[Path], object]
) -> None:
    assert not is_stored("pack", tmp_path)
    (entry,) = (folder / "packs").iterdir()
    assert is_stored("pack", tmp_path)
    damage(entry)
    assert not is_stored("pack", tmp_path)


def test_a_link_in_the_place_of_an_entry_is_not_followed(tmp_path: Path, pack: Path, folder: Path) -> None:
    load_stored("pack", tmp_path)
    (entry,) = (folder / "packs").iterdir()
    entry.rename(tmp_path / "elsewhere")
    entry.symlink_to(tmp_path / "elsewhere")
    assert not is_stored("pack", tmp_path)


def test_without_a_folder_to_write_to_the_run_is_as_before(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(tmp_path / "file"))
    assert not is_stored("pack", tmp_path)
    assert not is_stored("pack", tmp_path)


def test_only_the_user_may_read_what_is_kept(tmp_path: Path, pack: Path, folder: Path) -> None:
    load_stored("pack", tmp_path)
    (entry,) = (folder / "packs").iterdir()
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "packs", entry)] == [0o700, 0o700, 0o600]


def test_old_entries_go(folder: Path) -> None:
    for number in range(70):
        cache.write("packs", f"{number:03}", number)
    assert len(list((folder / "packs").iterdir())) == 64
    assert cache.read("packs", "069") == 69


def test_a_warm_run_imports_no_parser_no_checker_and_no_other_engine() -> None:
    code = (
        "import sys; from penstock.cli import main\n"
        f"main(['check', '--as-of', '2026-11-20', {str(EXAMPLES / 'startup-legal-contracts')!r}])\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('penstock', 'lark', 'celpy')))"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for _ in range(2)
    )
    assert first[0] == second[0]
    # What the build has compiled needs none of them even then.
    assert ("'penstock.cel.parser'" in first[-1]) == (bundle.compiled("levie") is None)
    for module in (
        "parser",
        "lexer",
        "syntax",
        "resolve",
        "check",
        "program",
        "exact",
        "fast.generator",
        "cel_python",
    ):
        assert f"'penstock.cel.{module}'" not in second[-1]
    assert "lark" not in second[-1]
