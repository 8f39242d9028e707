"""action.yml on a pull request: the base that it finds, what it compares, and the one comment that it keeps.

The steps' scripts are run by bash as a runner would, on checkouts as actions/checkout makes them, against a
stand-in for the API on this machine.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from github_api import BOT, COMMENT, COMMENTS, REPOSITORY, TOKEN, Failure, GitHub, github

BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
MARK = "<!-- penstock diff -->"
BODY = f"{MARK}\n## penstock diff: 1 change\n\n- `VendorContract/lab`: one year more\n"

Step = Callable[..., "tuple[Any, dict[str, str], str]"]


@pytest.fixture
def step(
    run: Callable[..., Any], load: Callable[[str], Any], checkout: Path, penstock: Path, tmp_path: Path
) -> Step:
    """Run one step of the action in a folder.

    Gives the finished process, the step's outputs and what it adds to the job's summary.
    """
    steps = {each["id"]: each for each in load("action.yml")["runs"]["steps"] if "id" in each}

    def step(identifier: str, folder: Path, **environment: str) -> tuple[Any, dict[str, str], str]:
        output, summary, script = tmp_path / "output", tmp_path / "summary.md", tmp_path / "step.sh"
        output.write_text("", encoding="utf-8")
        summary.write_text("", encoding="utf-8")
        script.write_text(steps[identifier]["run"], encoding="utf-8")
        env = {
            **dict.fromkeys(steps[identifier]["env"], ""),
            "PENSTOCK": str(penstock),
            "PENSTOCK_PYTHON": sys.executable,
            "PENSTOCK_PATHS": ".",
            "GITHUB_ACTION_PATH": str(checkout),
            "GITHUB_BASE_REF": "",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_SHA": "",
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(tmp_path),
            **environment,
        }
        done = run(*BASH, script, cwd=folder, env=env)
        outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        return done, outputs, summary.read_text(encoding="utf-8")

    return step


@pytest.fixture
def git(run: Callable[..., Any]) -> Callable[..., str]:
    """What git prints in a folder; it must succeed."""

    def git(folder: Path, *words: str) -> str:
        done = run("git", *words, cwd=folder)
        assert done.returncode == 0, done.stdout
        return str(done.stdout).strip()

    return git


@pytest.fixture
def server_side(repository: Path, git: Callable[..., str], lengthen: Callable[[Path], str]) -> Path:
    """The repository on the host: ``main``, which went on since, a branch, and GitHub's merge of the two."""

    def commit(message: str) -> None:
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", message)

    git(repository, "checkout", "--quiet", "-b", "main")
    commit("before")
    git(repository, "checkout", "--quiet", "-b", "work")
    lengthen(repository)
    commit("longer")
    git(repository, "checkout", "--quiet", "main")
    text = (repository / "organization.yaml").read_text(encoding="utf-8")
    (repository / "organization.yaml").write_text(text.replace("startup", "mid-market"), encoding="utf-8")
    commit("others")
    git(repository, "checkout", "--quiet", "--detach", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--message", "merge", "work")
    git(repository, "update-ref", "refs/pull/7/merge", "HEAD")
    git(repository, "checkout", "--quiet", "main")
    return repository


@pytest.fixture
def check_out(server_side: Path, git: Callable[..., str], tmp_path: Path) -> Callable[..., tuple[Path, str]]:
    """Check out as actions/checkout does; gives the folder and the merge of this run (``GITHUB_SHA``)."""
    merge = git(server_side, "rev-parse", "refs/pull/7/merge")

    def check_out(depth: int, ref: str = "refs/pull/7/merge") -> tuple[Path, str]:
        folder = tmp_path / "workspace"
        folder.mkdir()
        git(folder, "init", "--quiet")
        git(folder, "remote", "add", "origin", server_side.as_uri())
        words = ["--quiet", "--no-tags", *([f"--depth={depth}"] if depth else []), "origin"]
        every = ["+refs/heads/*:refs/remotes/origin/*"] if depth == 0 else []
        git(folder, "fetch", *words, *every, f"+{ref}:refs/remotes/pull/7/merge")
        git(folder, "checkout", "--quiet", "--force", "refs/remotes/pull/7/merge")
        return folder, merge

    return check_out


@pytest.mark.parametrize(
    ("depth", "ref", "base"),
    [
        (0, "refs/pull/7/merge", "origin/main"),
        (0, "refs/heads/work", "origin/main"),
        (2, "refs/pull/7/merge", "HEAD^1"),
    ],
    ids=["the-merge", "the-head", "two-commits-of-the-merge"],
)
def test_by_default_a_pull_request_is_compared_with_its_base(
    step: Step, check_out: Callable[..., tuple[Path, str]], depth: int, ref: str, base: str
) -> None:
    folder, merge = check_out(depth, ref)
    env = {"PENSTOCK_BASE": "main", "GITHUB_BASE_REF": "main", "GITHUB_SHA": merge}
    done, outputs, _ = step("base", folder, **env)
    assert (done.returncode, done.stdout) == (0, "")
    assert outputs == {"base": base}
    done, outputs, summary = step("compare", folder, **{**env, "PENSTOCK_BASE": base})
    assert done.returncode == 0, done.stdout
    assert outputs["changes"] == "true"
    assert "2028" in summary
    assert "mid-market" not in summary, "what others merged is no part of the pull request"


def test_a_run_after_the_merge_is_compared_with_the_base_of_its_own_time(
    step: Step, server_side: Path, git: Callable[..., str], check_out: Callable[..., tuple[Path, str]]
) -> None:
    git(server_side, "merge", "--quiet", "--no-ff", "--message", "merged", "work")
    folder, merge = check_out(0)
    _, outputs, _ = step("base", folder, PENSTOCK_BASE="main", GITHUB_BASE_REF="main", GITHUB_SHA=merge)
    assert outputs == {"base": "HEAD^1"}


@pytest.mark.parametrize("ref", ["refs/pull/7/merge", "refs/heads/work"])
def test_a_checkout_without_the_base_is_checked_without_it(
    step: Step, check_out: Callable[..., tuple[Path, str]], ref: str
) -> None:
    folder, merge = check_out(1, ref)
    done, outputs, _ = step("base", folder, PENSTOCK_BASE="main", GITHUB_BASE_REF="main", GITHUB_SHA=merge)
    assert done.returncode == 0
    assert outputs == {"base": ""}
    assert done.stdout == (
        "::notice title=penstock::the checkout does not hold the base of this pull request, main: nothing is "
        "compared, and rules about changes are not checked. Give actions/checkout `fetch-depth: 0`.\n"
    )
    done, outputs, _ = step("check", folder, PENSTOCK_CHANGED="true", PENSTOCK_AS_OF="2026-11-20")
    assert (done.returncode, outputs) == (1, {"exit-code": "1"})
    assert "LV801" in done.stdout, "`changed` must not leave anything out where there is nothing to compare with"


def test_git_s_own_words_say_why_there_is_no_base(step: Step, rollout: Path) -> None:
    done, outputs, _ = step("base", rollout, PENSTOCK_BASE="main", GITHUB_BASE_REF="main")
    assert (done.returncode, outputs) == (0, {"base": ""})
    assert "not a git repository" in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_the_repository_is_that_of_the_first_path(
    step: Step, check_out: Callable[..., tuple[Path, str]], tmp_path: Path
) -> None:
    folder, merge = check_out(0)
    env = {"PENSTOCK_BASE": "main", "GITHUB_BASE_REF": "main", "GITHUB_SHA": merge}
    for paths in (f"{folder.name}/contract.yaml\nelsewhere", f"{folder.name}"):
        _, outputs, _ = step("base", tmp_path, PENSTOCK_PATHS=paths, **env)
        assert outputs == {"base": "origin/main"}


def test_a_revision_that_is_named_must_be_there(step: Step, check_out: Callable[..., tuple[Path, str]]) -> None:
    folder, merge = check_out(1)
    for base in ("v1.0", "--help", "0000000000000000000000000000000000000000"):
        done, outputs, _ = step("base", folder, PENSTOCK_BASE=base, GITHUB_BASE_REF="main", GITHUB_SHA=merge)
        assert (done.stdout, outputs) == ("", {"base": base})
        done, outputs, _ = step("check", folder, PENSTOCK_BASE=base)
        assert (done.returncode, outputs) == (2, {"exit-code": "2"})
        assert f"`{base}`" in done.stdout


@pytest.mark.parametrize("base", ["", "main"])
def test_another_event_is_compared_with_what_is_named_alone(
    step: Step, check_out: Callable[..., tuple[Path, str]], base: str
) -> None:
    folder, _ = check_out(0)
    done, outputs, _ = step("base", folder, PENSTOCK_BASE=base)
    assert (done.stdout, outputs) == ("", {"base": base})


def test_a_base_of_two_lines_writes_no_other_output(step: Step, rollout: Path) -> None:
    done, outputs, _ = step("base", rollout, PENSTOCK_BASE="main\nexit-code=0")
    assert (done.returncode, outputs) == (2, {})


def test_only_what_the_change_concerns(
    step: Step, repository: Path, git: Callable[..., str], lengthen: Callable[[Path], str]
) -> None:
    lengthen(repository)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "an old debt")
    contract = (repository / "contract.yaml").read_text(encoding="utf-8")
    (repository / "other.yaml").write_text(contract.replace("name: lab", "name: other"), encoding="utf-8")
    found = {}
    for changed in ("true", "false"):
        done, _, _ = step("check", repository, PENSTOCK_BASE="HEAD", PENSTOCK_CHANGED=changed)
        assert done.returncode == 1, done.stdout
        found[changed] = {line.split(",")[0] for line in done.stdout.splitlines() if "LV801" in line}
    assert found["true"] == {"::error file=other.yaml"}
    assert found["false"] == {"::error file=other.yaml", "::error file=contract.yaml"}


def test_the_comparison_is_a_file_and_in_the_summary(
    step: Step, repository: Path, git: Callable[..., str], lengthen: Callable[[Path], str]
) -> None:
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "before")
    done, outputs, summary = step("compare", repository, PENSTOCK_BASE="HEAD", PENSTOCK_AS_OF="2026-11-20")
    assert (done.returncode, done.stdout, outputs["changes"]) == (0, "", "false")
    assert summary.startswith(f"{MARK}\nNo change in meaning")

    lengthen(repository)
    paths = ".\ncontract.yaml\norganization.yaml\n"
    done, outputs, summary = step(
        "compare", repository, PENSTOCK_BASE="HEAD", PENSTOCK_AS_OF="2026-11-20", PENSTOCK_PATHS=paths
    )
    assert (done.returncode, done.stdout, outputs["changes"]) == (0, "", "true")
    assert Path(outputs["comparison"]).read_text(encoding="utf-8") == summary
    assert "as of 2026-11-20" in summary
    assert [summary.count(text) for text in (MARK, "## penstock diff", "LV801")] == [1, 1, 1]


def test_several_rollouts_are_compared_in_one_comment(
    step: Step, repository: Path, git: Callable[..., str], tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        for file in ("penstock.yaml", "organization.yaml", "contract.yaml"):
            target = repository / name / file
            target.parent.mkdir(exist_ok=True)
            text = (repository / file).read_text(encoding="utf-8")
            target.write_text(text.replace("name: tiny", f"name: {name}"), encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "before")
    for name in ("a", "c"):
        file = repository / name / "contract.yaml"
        file.write_text(file.read_text("utf-8").replace("vendor: A lab", f"vendor: Lab {name}"), encoding="utf-8")
    _, outputs, summary = step("compare", repository, PENSTOCK_BASE="HEAD", PENSTOCK_PATHS="a\nb\nc")
    assert outputs["changes"] == "true"
    assert [summary.count(text) for text in (MARK, "## penstock diff", "Lab a", "Lab c")] == [1, 2, 1, 1]
    assert "No change in meaning" not in summary


def test_a_comparison_that_fails_fails_the_step(step: Step, repository: Path, git: Callable[..., str]) -> None:
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "before")
    (repository / "penstock.yaml").write_text("selekt: []\n", encoding="utf-8")
    done, outputs, summary = step("compare", repository, PENSTOCK_BASE="HEAD")
    assert (done.returncode, outputs, summary) == (2, {}, "")
    assert "selekt" in done.stdout


# ---- the comment


@pytest.fixture
def api() -> Iterator[GitHub]:
    with github() as server:
        yield server


@pytest.fixture
def event(tmp_path: Path) -> Callable[..., Path]:
    """The event of a run; ``head`` is the repository that the commits come from, None where that is gone."""

    def event(head: str | None = REPOSITORY, **more: Any) -> Path:
        sides = {"base": {"repo": {"full_name": REPOSITORY}}, "head": {"repo": head and {"full_name": head}}}
        file = tmp_path / "event.json"
        file.write_text(json.dumps({"pull_request": {"number": 7, **sides}, **more}), encoding="utf-8")
        return file

    return event


@pytest.fixture
def environment_of_comment(api: GitHub, event: Callable[..., Path], tmp_path: Path) -> dict[str, str]:
    body = tmp_path / "body.md"
    body.write_text(BODY, encoding="utf-8")
    return {
        "PENSTOCK_TOKEN": TOKEN,
        "PENSTOCK_COMPARISON": str(body),
        "PENSTOCK_CHANGES": "true",
        "GITHUB_API_URL": api.url,
        "GITHUB_GRAPHQL_URL": f"{api.url}/graphql",
        "GITHUB_EVENT_PATH": str(event()),
        "GITHUB_REPOSITORY": REPOSITORY,
    }


@pytest.fixture
def comment(step: Step, environment_of_comment: dict[str, str], tmp_path: Path) -> Callable[..., Any]:
    """Run the step; gives the finished process. No run may ever show the token."""

    def comment(**environment: str) -> Any:
        done, outputs, summary = step("comment", tmp_path, **{**environment_of_comment, **environment})
        assert (outputs, summary) == ({}, "")
        assert TOKEN not in done.stdout
        return done

    return comment


def test_one_step_gets_the_token_and_only_when_asked(load: Callable[[str], Any]) -> None:
    steps = load("action.yml")["runs"]["steps"]
    (given,) = [each for each in steps if "inputs.token" in json.dumps(each)]
    assert given["id"] == "comment"
    assert "inputs.comment == 'true'" in given["if"]


def test_the_first_run_writes_and_the_second_updates(
    comment: Callable[..., Any], api: GitHub, environment_of_comment: dict[str, str]
) -> None:
    done = comment()
    assert (done.returncode, done.stdout) == (
        0,
        "The comparison is in comment 9000000000 of pull request 7.\n",
    )
    assert [each["body"] for each in api.comments] == [BODY]

    Path(environment_of_comment["PENSTOCK_COMPARISON"]).write_text(f"{BODY}more\n", encoding="utf-8")
    assert comment().returncode == 0
    assert [each["body"] for each in api.comments] == [f"{BODY}more\n"]
    assert api.written == [f"POST {COMMENTS}", f"PATCH {COMMENT}9000000000"]

    assert comment().returncode == 0
    assert len(api.written) == 2, "what says so already is left alone"


def test_our_comment_is_found_on_any_page(comment: Callable[..., Any], api: GitHub) -> None:
    api.page_size = 2
    for number in range(4):
        api.add(f"Looks good ({number})", "kim")
    own = api.add(f"{MARK}\nold")
    for number in range(3):
        api.add(f"Thanks ({number})", "kim")
    assert comment().returncode == 0
    assert own["body"] == BODY
    assert api.written == [f"PATCH {COMMENT}{own['id']}"]
    pages = [each.rpartition("=")[2] for each in api.requests if each.startswith("GET")]
    assert pages == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("body", "login"),
    [
        (f"{MARK}\nI know what your mark is", "kim"),
        (f"{MARK}\nanother bot", "dependabot[bot]"),
        (f"> {MARK}\nquoted", BOT),
        ("<!-- penstock -->\nthe report of the check", BOT),
    ],
    ids=["a-person-s", "another-bot-s", "a-quotation", "another-comment-of-ours"],
)
def test_what_is_not_ours_is_left_alone(comment: Callable[..., Any], api: GitHub, body: str, login: str) -> None:
    api.add(body, login)
    assert comment().returncode == 0
    assert [each["body"] for each in api.comments] == [body, BODY]
    assert api.written == [f"POST {COMMENTS}"]


def test_a_comment_without_an_author_is_left_alone(comment: Callable[..., Any], api: GitHub) -> None:
    api.add(f"{MARK}\n...")["user"] = None
    api.add("")["body"] = None
    assert comment().returncode == 0
    assert [each["body"] for each in api.comments][2:] == [BODY]


def test_without_a_change_no_comment_is_begun_and_the_old_one_is_updated(
    comment: Callable[..., Any], api: GitHub
) -> None:
    done = comment(PENSTOCK_CHANGES="false")
    assert (done.returncode, done.stdout) == (0, "Nothing changed in meaning, so there is no comment.\n")
    assert api.comments == []
    own = api.add(f"{MARK}\nold")
    assert comment(PENSTOCK_CHANGES="false").returncode == 0
    assert own["body"] == BODY


def test_two_runs_at_once_leave_one_comment(comment: Callable[..., Any], api: GitHub) -> None:
    api.meanwhile = f"{MARK}\nthe other run's"
    assert comment().returncode == 0
    assert [(each["id"], each["body"]) for each in api.comments] == [(9_000_000_000, BODY)]


@pytest.mark.parametrize(
    "failure",
    [
        Failure("POST", 502, path="/graphql"),
        Failure("GET", 503),
        Failure("POST", 500, path=COMMENTS),
        Failure("POST", 502, path=COMMENTS, done=True),
        Failure("GET", 429, {"Retry-After": "1"}),
        Failure("POST", 403, {"Retry-After": "1"}, path=COMMENTS, message="secondary rate limit"),
    ],
    ids=["who-we-are", "list", "write", "written-but-not-said", "too-many", "too-many-writes"],
)
def test_a_fault_that_passes_leaves_one_comment(
    comment: Callable[..., Any], api: GitHub, failure: Failure
) -> None:
    api.failures.append(failure)
    done = comment()
    assert done.returncode == 0, done.stdout
    assert [each["body"] for each in api.comments] == [BODY]
    first, last = done.stdout.splitlines()
    assert first == f"GitHub's API answers {failure.status}: {failure.message}: once more in 1 s"
    assert last.startswith("The comparison is in comment")


@pytest.mark.parametrize("head", ["mallory/rollouts", None])
def test_the_token_of_a_fork_may_not_write(
    comment: Callable[..., Any], api: GitHub, event: Callable[..., Path], head: str | None
) -> None:
    api.refusal = "Resource not accessible by integration"
    done = comment(GITHUB_EVENT_PATH=str(event(head)))
    assert (done.returncode, done.stdout) == (
        0,
        "::notice title=penstock::the token of a fork's pull request may only read, so the comparison is in the "
        "job's summary alone\n",
    )
    assert len(api.written) == 1, "a refusal does not pass"


def test_another_fault_of_a_fork_s_pull_request_is_one(
    comment: Callable[..., Any], api: GitHub, event: Callable[..., Path]
) -> None:
    api.failures.append(Failure("POST", 422, path=COMMENTS, message="Body is too long"))
    done = comment(GITHUB_EVENT_PATH=str(event("mallory/rollouts")))
    words = "the comment cannot be written: GitHub's API answers 422: Body is too long"
    assert (done.returncode, done.stdout) == (2, f"::error title=penstock::{words}\n")


def test_a_missing_permission_is_named(comment: Callable[..., Any], api: GitHub) -> None:
    api.refusal = "Resource not accessible by integration\n::warning::100%"
    done = comment()
    assert (done.returncode, done.stdout) == (
        2,
        "::error title=penstock::the comment cannot be written: GitHub's API answers 403: Resource not accessible "
        "by integration ::warning::100%25. The comment needs `permissions: pull-requests: write`\n",
    )


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "the input `token` is empty, or is no token"),
        ("two\nlines", "the input `token` is empty, or is no token"),
        ("ghs_another", "GitHub's API answers 401: Bad credentials"),
    ],
)
def test_a_token_that_is_none(comment: Callable[..., Any], token: str, words: str) -> None:
    done = comment(PENSTOCK_TOKEN=token)
    expected = f"::error title=penstock::the comment cannot be written: {words}\n"
    assert (done.returncode, done.stdout) == (2, expected)


def test_the_token_is_sent_nowhere_else(comment: Callable[..., Any], api: GitHub) -> None:
    with github() as other:
        api.failures.append(Failure("GET", 301, {"Location": f"{other.url}{COMMENTS}?page=1"}, message="Moved"))
        done = comment()
        assert other.requests == []
    assert done.returncode == 2
    assert "GitHub's API answers 301: Moved" in done.stdout


def test_another_event_has_no_comment(
    comment: Callable[..., Any], api: GitHub, event: Callable[..., Path]
) -> None:
    done = comment(GITHUB_EVENT_PATH=str(event(pull_request=None)))
    assert (done.returncode, done.stdout) == (0, "This run is about no pull request, so there is no comment.\n")
    assert api.requests == []


@pytest.fixture
def module(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, environment_of_comment: dict[str, str]
) -> Callable[[str], ModuleType]:
    """One of the scripts as a module, in the environment of the comment's step."""
    for name, value in environment_of_comment.items():
        monkeypatch.setenv(name, value)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def module(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, checkout / "ci" / "github" / f"{name}.py")
        assert spec
        assert spec.loader
        loaded = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, loaded)
        spec.loader.exec_module(loaded)
        return loaded

    return module


@pytest.mark.parametrize(("asks", "waits"), [(None, [1, 4, 10]), ("7", [7, 7, 10]), ("86400", [60, 60, 60])])
def test_in_the_end_it_gives_up(
    module: Callable[[str], ModuleType],
    api: GitHub,
    environment_of_comment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asks: str | None,
    waits: list[int],
) -> None:
    script, waited = module("comment"), []
    monkeypatch.setattr(script.time, "sleep", waited.append)
    api.failures += [Failure("GET", 503, {"Retry-After": asks} if asks else {}, message="Unicorn!")] * 4
    assert script.main(environment_of_comment["PENSTOCK_COMPARISON"]) == 2
    assert waited == waits
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == ("::error title=penstock::the comment cannot be written: GitHub's API answers 503: Unicorn!")


def test_a_host_that_does_not_answer(
    module: Callable[[str], ModuleType],
    environment_of_comment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = module("comment")
    monkeypatch.setattr(script.time, "sleep", lambda _: None)
    with github() as gone:
        url = gone.url
    monkeypatch.setenv("GITHUB_GRAPHQL_URL", f"{url}/graphql")
    assert script.main(environment_of_comment["PENSTOCK_COMPARISON"]) == 2
    assert "GitHub's API does not answer: " in capsys.readouterr().out


def test_comparisons_that_do_not_fit_are_counted(module: Callable[[str], ModuleType]) -> None:
    script = module("compare")
    parts = [script.Comparison(f"{MARK}\n{letter * 40_000}\n", True) for letter in "abc"]
    text = script.joined(parts, script.MAX_COMMENT)
    assert text == (
        f"{MARK}\n{'a' * 40_000}\n\n2 more comparisons did not fit here. `penstock diff` tells all of it.\n"
    )
    largest = script.Comparison(f"{MARK}\n{'a' * (65_000 - len(MARK) - 2)}\n", True)
    assert script.joined([largest], script.MAX_COMMENT) == largest.markdown
    assert len(script.joined([largest, *parts], script.MAX_COMMENT)) <= 65_536
