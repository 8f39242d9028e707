"""The published pre-commit hooks, run by the real pre-commit on real commits.

pre-commit would install penstock from an index; here the hooks keep every key of ``.pre-commit-hooks.yaml`` but
run the penstock already installed (``language: system``), so that no network is needed. The install itself is
proved in ``test_real_installs.py``.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def hooks(load: Callable[[str], Any]) -> dict[str, dict[str, Any]]:
    """The published hooks by id."""
    return {hook["id"]: hook for hook in load(".pre-commit-hooks.yaml")}


@pytest.fixture
def commit(repository: Path, run: Callable[..., Any]) -> Callable[[str], Any]:
    """Stage everything and commit, as a user does."""

    def commit(message: str) -> Any:
        assert run("git", "add", "--all", cwd=repository).returncode == 0
        return run("git", "commit", "--message", message, cwd=repository)

    return commit


@pytest.fixture
def install_hook(
    repository: Path, run: Callable[..., Any], hooks: dict[str, dict[str, Any]]
) -> Callable[..., None]:
    """Configure one published hook in the repository and let pre-commit install itself as git's hook."""

    def install_hook(identifier: str, *args: str) -> None:
        hook = {**hooks[identifier], "language": "system", "args": list(args)}
        config = {"repos": [{"repo": "local", "hooks": [hook]}]}
        (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        done = run("pre-commit", "install", cwd=repository)
        assert done.returncode == 0, done.stdout

    return install_hook


def commits(repository: Path, run: Callable[..., Any]) -> list[str]:
    return str(run("git", "log", "--format=%s", cwd=repository).stdout).split()


def test_the_manifest_of_hooks_is_valid(checkout: Path, run: Callable[..., Any]) -> None:
    done = run("pre-commit", "validate-manifest", checkout / ".pre-commit-hooks.yaml", cwd=checkout)
    assert done.returncode == 0, done.stdout


def test_our_own_configuration_is_valid(checkout: Path, run: Callable[..., Any]) -> None:
    done = run("pre-commit", "validate-config", checkout / ".pre-commit-config.yaml", cwd=checkout)
    assert done.returncode == 0, done.stdout


def test_our_own_hooks_need_no_network(load: Callable[[str], Any]) -> None:
    repositories = load(".pre-commit-config.yaml")["repos"]
    assert [each["repo"] for each in repositories] == ["local"]
    assert {hook["language"] for each in repositories for hook in each["hooks"]} == {"system"}


@pytest.mark.parametrize("identifier", ["penstock", "penstock-changed"])
def test_the_hook_for_the_whole_rollout_gets_no_file_names(
    hooks: dict[str, dict[str, Any]], identifier: str
) -> None:
    hook = hooks[identifier]
    assert (hook["pass_filenames"], hook["require_serial"]) == (False, True)


def test_a_good_commit_passes_and_a_three_year_contract_is_blocked(
    repository: Path,
    run: Callable[..., Any],
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
    lengthen: Callable[[Path], str],
) -> None:
    install_hook("penstock")
    good = commit("good")
    assert good.returncode == 0, good.stdout
    assert "Passed" in good.stdout
    assert commits(repository, run) == ["good"]

    place = lengthen(repository)
    bad = commit("bad")
    assert bad.returncode == 1, bad.stdout
    assert "LV801" in bad.stdout
    assert place in bad.stdout
    assert commits(repository, run) == ["good"], "the bad commit must not exist"


def test_a_worked_example_is_guarded_by_all_rules(
    checkout: Path,
    repository: Path,
    run: Callable[..., Any],
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
) -> None:
    """A real rollout with the whole built-in pack, judged by the date it is written for."""
    shutil.copytree(checkout / "examples" / "startup-legal-contracts", repository, dirs_exist_ok=True)
    (repository / "organization.yaml").unlink()
    (repository / "contract.yaml").unlink()
    install_hook("penstock", "--as-of", "2026-11-20")
    good = commit("good")
    assert good.returncode == 0, good.stdout

    contracts = repository / "shared" / "contracts.yaml"
    text = contracts.read_text(encoding="utf-8")
    lab = text.index("category: model-lab")
    end = re.compile(r"endsOn: (\d{4})").search(text, lab)
    assert end
    contracts.write_text(f"{text[: end.start(1)]}{int(end[1]) + 2}{text[end.end(1) :]}", encoding="utf-8")
    bad = commit("bad")
    assert bad.returncode == 1, bad.stdout
    line = text.count("\n", 0, end.start()) + 1
    assert re.search(rf"LV801(?s:.)*?shared/contracts\.yaml:{line}\b", bad.stdout), bad.stdout
    assert commits(repository, run) == ["good"]


def test_our_own_hook_checks_every_example(checkout: Path, load: Callable[[str], Any]) -> None:
    hooks = {hook["id"]: hook for hook in load(".pre-commit-config.yaml")["repos"][0]["hooks"]}
    configured = set(hooks["examples"]["entry"].split())
    examples = {path.parent.name for path in checkout.glob("examples/*/penstock.yaml")}
    assert examples
    assert {name for name in examples if f"examples/{name}" not in configured} == set()


def test_the_hook_judges_what_is_staged(
    repository: Path,
    run: Callable[..., Any],
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
    lengthen: Callable[[Path], str],
) -> None:
    install_hook("penstock")
    assert commit("good").returncode == 0
    (repository / "organization.yaml").write_text(
        (repository / "organization.yaml").read_text(encoding="utf-8").replace("startup", "mid-market"),
        encoding="utf-8",
    )
    run("git", "add", "organization.yaml", cwd=repository)
    lengthen(repository)
    done = run("git", "commit", "--message", "staged-part-only", cwd=repository)
    assert done.returncode == 0, done.stdout
    assert commits(repository, run) == ["staged-part-only", "good"]


def test_a_commit_without_manifests_does_not_run_the_hook(
    repository: Path,
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
) -> None:
    install_hook("penstock")
    assert commit("good").returncode == 0
    (repository / "notes.md").write_text("Notes.\n", encoding="utf-8")
    done = commit("notes")
    assert done.returncode == 0, done.stdout
    assert "Skipped" in done.stdout


def test_the_hook_for_changes_blocks_what_the_commit_breaks_and_no_old_debt(
    repository: Path,
    run: Callable[..., Any],
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
    lengthen: Callable[[Path], str],
) -> None:
    lengthen(repository)
    assert commit("debt").returncode == 0
    install_hook("penstock-changed")
    organization = repository / "organization.yaml"
    text = organization.read_text(encoding="utf-8")
    organization.write_text(text.replace("startup", "mid-market"), encoding="utf-8")
    good = commit("elsewhere")
    assert good.returncode == 0, good.stdout

    contract = (repository / "contract.yaml").read_text(encoding="utf-8")
    (repository / "other.yaml").write_text(contract.replace("name: lab", "name: other"), encoding="utf-8")
    bad = commit("another")
    assert bad.returncode == 1, bad.stdout
    assert "--> other.yaml:9:11" in bad.stdout
    assert "contract.yaml" not in bad.stdout
    assert "1 finding elsewhere is not shown" in bad.stdout
    assert commits(repository, run) == ["elsewhere", "debt"]


def test_before_the_first_commit_everything_is_new_to_the_hook_for_changes(
    repository: Path,
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
    lengthen: Callable[[Path], str],
) -> None:
    install_hook("penstock-changed")
    good = (repository / "contract.yaml").read_text(encoding="utf-8")
    place = lengthen(repository)
    done = commit("first")
    assert done.returncode == 1, done.stdout
    assert f"--> {place}:11" in done.stdout
    (repository / "contract.yaml").write_text(good, encoding="utf-8")
    assert commit("first").returncode == 0


@pytest.mark.parametrize("words", [("--all",), ("--", "contract.yaml")], ids=["all", "one-file"])
@pytest.mark.parametrize("is_worktree", [False, True], ids=["repository", "worktree"])
def test_the_hook_for_changes_reads_the_repository_of_the_commit(
    repository: Path,
    run: Callable[..., Any],
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
    lengthen: Callable[[Path], str],
    is_worktree: bool,
    words: tuple[str, ...],
) -> None:
    """Git gives hooks an index of their own for a partial commit, and the folder of a worktree by variables."""
    assert commit("first").returncode == 0
    install_hook("penstock-changed")
    assert commit("good").returncode == 0
    folder = repository
    if is_worktree:
        folder = repository.parent / "worktree"
        assert run("git", "worktree", "add", "--quiet", folder, cwd=repository).returncode == 0
    lengthen(folder)
    done = run("git", "commit", "--message", "bad", *words, cwd=folder)
    assert done.returncode == 1, done.stdout
    assert "LV801" in done.stdout
    assert commits(folder, run) == ["good", "first"]


def test_the_schema_hook_blocks_a_wrong_field_only(
    repository: Path,
    install_hook: Callable[..., None],
    commit: Callable[[str], Any],
    lengthen: Callable[[Path], str],
) -> None:
    install_hook("penstock-schema")
    lengthen(repository)
    across = commit("a-rule-is-not-its-business")
    assert across.returncode == 0, across.stdout

    contract = repository / "contract.yaml"
    contract.write_text(contract.read_text(encoding="utf-8").replace("vendor:", "vender:"), encoding="utf-8")
    done = commit("typo")
    assert done.returncode == 1, done.stdout
    assert "LV004" in done.stdout
    assert "contract.yaml:6" in done.stdout
    assert "vender" in done.stdout
