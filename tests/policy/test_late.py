"""The built-in pack as the build compiles it: the same policies, the same findings, and nothing made too early."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from compiled import modules, pack

from penstock import bundle
from penstock.cel.stored import StoredProgram
from penstock.model import Severity
from penstock.policy import BUILT_IN, Pack, Policy
from penstock.policy.late import OF_POLICY, OF_RULE, LatePolicy, LateRule
from penstock.policy.model import Expression
from penstock.policy.stored import load_stored
from penstock.record import fields, replace
from penstock.workspace.check import Options, check

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
APART = ("program", "document", "check", "good", "bad", "base")


@cache
def made() -> dict[str, types.ModuleType]:
    """The modules that the build makes of the pack, by their names."""
    found = {}
    for name, source in pack.sources(fresh()).items():
        found[name] = types.ModuleType(name)
        exec(compile(source, name, "exec"), found[name].__dict__)
    return found


@cache
def fresh() -> Pack:
    """The pack by the long way."""
    return pack.built_in()


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Runs find what the build makes. The names of the modules they ask for."""
    asked: list[str] = []
    known = made()

    def find(name: str) -> Any:
        asked.append(name)
        return known.get(name)

    monkeypatch.setattr(bundle, "compiled", find)
    return asked


def late_pack() -> Pack:
    return load_stored(BUILT_IN, Path())


def shape(thing: Any) -> Any:
    """What two packs must have in common: all but the code, where it stands, and examples."""
    if isinstance(thing, (LateRule, LatePolicy)) or hasattr(type(thing), "__record_fields__"):
        named = {each.name: shape(getattr(thing, each.name)) for each in fields(thing) if each.name not in APART}
        return type(thing).__name__.removeprefix("Late"), named
    if isinstance(thing, (tuple, list)):
        return [shape(each) for each in thing]
    return {key: shape(value) for key, value in thing.items()} if hasattr(thing, "items") else thing


def test_the_policies_are_those_of_the_files(compiled: list[str]) -> None:
    late = late_pack()
    assert shape(late) == shape(fresh())
    assert late.digest.startswith("sha256:")
    assert {policy.rule.id for policy in late.policies if policy.check is None} == {
        policy.rule.id for policy in fresh().policies if policy.is_change_rule
    }


def test_an_expression_has_its_place(compiled: list[str]) -> None:
    for policy, known in zip(late_pack().policies, fresh().policies, strict=True):
        mine: Expression = policy.validations[0].expression
        assert isinstance(mine.program, StoredProgram)
        assert mine.location() == known.validations[0].expression.location()
        assert policy.document.file.text == known.document.file.text


@pytest.mark.parametrize(
    "rollout", sorted(EXAMPLES.glob("broken/*/penstock.yaml")), ids=lambda path: path.parent.name
)
def test_the_findings_are_those_of_the_long_way(
    rollout: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    options = Options(paths=(str(rollout.parent),), as_of="2026-11-20")
    late = check(options)
    assert "levie" in compiled
    words = {rule: given.why for rule, given in late.rules.items()}
    monkeypatch.setattr(bundle, "compiled", lambda _name: None)
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", "")
    plain = check(options)
    assert late.findings == plain.findings
    assert words == {rule: given.why for rule, given in plain.rules.items()}
    assert dict(late.rules) == dict(plain.rules)
    assert late.inputs == plain.inputs
    assert len(plain.findings) > 10


def test_sound_manifests_need_neither_expressions_nor_words(
    compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", "")
    report = check(
        Options(paths=(str(EXAMPLES / "manufacturing-marketing" / "05-model-tiers.yaml"),), as_of="2026-11-20")
    )
    asked = {name for name in compiled if name.startswith(BUILT_IN)}
    assert asked == {BUILT_IN}
    assert report.stats.evaluations > 100


def filled(thing: object) -> Iterator[str]:
    for name in (*OF_RULE, *OF_POLICY):
        if name in type(thing).__mro__[2].__dict__:
            try:
                object.__getattribute__(thing, name)
            except AttributeError:
                continue
            yield name


def test_parts_come_when_they_are_asked_for(compiled: list[str]) -> None:
    policy = late_pack().policies[0]
    assert compiled == [BUILT_IN]
    assert not [*filled(policy), *filled(policy.rule)]
    assert policy.rule.why == fresh().policies[0].rule.why
    assert compiled == [BUILT_IN, f"{BUILT_IN}_words"]
    assert list(filled(policy.rule)) == list(OF_RULE)
    assert policy.validations
    assert compiled[2:] == [f"{BUILT_IN}_expressions"]
    with pytest.raises(AttributeError):
        policy.other  # type: ignore[attr-defined]  # noqa: B018


def test_a_changed_copy_is_late_as_well(compiled: list[str]) -> None:
    first = late_pack().policies[0]
    rule = replace(first.rule, severity=Severity.INFO)
    policy = replace(first, rule=rule, values={"a": 1})
    assert compiled == [BUILT_IN]
    assert (policy.rule.severity, policy.values, rule.id) == (Severity.INFO, {"a": 1}, first.rule.id)
    assert rule.why == first.rule.why
    assert shape(policy.conditions) == shape(first.conditions)
    assert replace(first, validations=()).validations == ()


def test_rules_and_policies_are_equal_by_what_they_say(compiled: list[str]) -> None:
    late, again = late_pack().policies[0], late_pack().policies[0]
    known = fresh().policies[0].rule
    assert late.rule == known
    assert known == late.rule
    assert hash(late.rule) == hash(known)
    assert late.rule == again.rule
    assert late.rule != replace(known, title="another")
    assert late != late_pack().policies[1]
    assert isinstance(late, Policy)


def test_the_modules_are_the_same_whoever_writes_them() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r}); from compiled import modules; "
        "from hashlib import sha256; print(sha256(repr(sorted(modules().items())).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_an_installed_penstock_holds_what_the_build_makes_now() -> None:
    home = Path(bundle.__file__).parent / "_bundle" / "compiled"
    if not home.is_dir():
        pytest.skip("this is a checkout: there is nothing compiled")
    assert {path.stem: path.read_text(encoding="utf-8") for path in home.glob("*.py")} == modules()


def test_what_another_version_has_compiled_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    home = f"{bundle.__package__}._bundle"
    for name in (home, f"{home}.compiled", f"{home}.compiled.some"):
        module: Any = types.ModuleType(name)
        module.__path__ = []
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules[f"{home}.compiled.some"].VERSION = "0.0.0"  # type: ignore[attr-defined]
    bundle.compiled.cache_clear()
    assert bundle.compiled("some") is None
    sys.modules[f"{home}.compiled.some"].VERSION = bundle.__version__  # type: ignore[attr-defined]
    bundle.compiled.cache_clear()
    assert bundle.compiled("some") is sys.modules[f"{home}.compiled.some"]
    assert bundle.compiled("none") is None
    bundle.compiled.cache_clear()
