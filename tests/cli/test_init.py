"""``penstock init``: sound on any day, all or nothing, and it never touches what is there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from penstock.cli import main
from penstock.cli.parser import build
from penstock.errors import UsageError
from penstock.manifest.schema import kinds
from penstock.model import Report
from penstock.source import read_path
from penstock.starter import origin as origin_module
from penstock.starter import place
from penstock.starter.dates import dates
from penstock.starter.origin import Origin
from penstock.starter.rollout import starter
from penstock.workspace.catalog import catalog
from penstock.workspace.check import Options, check

DAYS = [
    "2026-01-01",
    "2026-01-31",
    "2026-08-31",
    "2026-12-31",
    "2027-02-28",
    "2028-02-29",
    "2028-03-01",
    "2032-02-29",
]
CI_FILES = [".github/workflows/penstock.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"]


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: the content of files, None for folders."""
    found = sorted(folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in found}


def files(folder: Path) -> set[str]:
    return {path for path, content in snapshot(folder).items() if content is not None}


def judged(folder: Path, day: str) -> Report:
    return check(Options(paths=[str(folder)], as_of=day))


def told(report: Report) -> list[str]:
    return [f"{found.rule} {found.location.file} {found.message}" for found in report.findings]


def data(path: Path) -> object:
    reading = read_path(path, path.name)
    assert reading.faults == ()
    return reading.documents[0].data


@pytest.fixture
def rollout(tmp_path: Path) -> Path:
    assert main(["init", str(tmp_path / "rollout"), "--today", "2026-06-30"]) == 0
    return tmp_path / "rollout"


def penstock(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "penstock", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )


def test_a_first_minute_at_the_command_line(tmp_path: Path) -> None:
    wrote = penstock("init", "ai rollout", cwd=tmp_path)
    assert (wrote.returncode, wrote.stderr) == (0, "")
    assert "Wrote ai rollout/organization.yaml\n" in wrote.stdout
    assert "\n  cd 'ai rollout'\n  penstock check" in wrote.stdout
    folder = tmp_path / "ai rollout"
    checked = penstock("check", cwd=folder)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("No findings: 13 manifests in 1 rollout")
    assert files(folder) == set(re.findall(r"^Wrote ai rollout/(.*)$", wrote.stdout, re.MULTILINE))


@pytest.mark.parametrize("day", DAYS)
def test_the_starter_has_no_findings(tmp_path: Path, day: str) -> None:
    assert main(["init", str(tmp_path), "--today", day]) == 0
    month_later = (date.fromisoformat(day) + timedelta(days=30)).isoformat()
    for as_of in (day, month_later):
        report = judged(tmp_path, as_of)
        assert told(report) == []
        assert (report.stats.resources, report.stats.rollouts) == (13, 1)
        assert report.stats.evaluations > 0


def test_the_starter_is_not_clean_because_nothing_is_checked(rollout: Path) -> None:
    use_case = rollout / "use-cases" / "invoice-exceptions.yaml"
    use_case.write_text(use_case.read_text().replace("stage: assess", "stage: pilot"))
    found = {finding.rule for finding in judged(rollout, "2026-06-30").findings}
    # The organization is still at chat, and no source has passed its audit.
    assert {"LV102", "LV201"} <= found


def test_the_starter_shows_every_kind_but_those_that_come_later(rollout: Path) -> None:
    manifests = [data(path) for path in rollout.rglob("*.yaml") if not path.name.startswith((".", "penstock"))]
    shown = {manifest["kind"] for manifest in manifests if isinstance(manifest, dict)}
    assert shown == set(kinds()) - {"HeadcountForecast", "Waiver"}


def test_a_contract_that_begins_today_never_runs_longer_than_a_year() -> None:
    for day in (date(2026, 1, 1) + timedelta(days=offset) for offset in range(4 * 366)):
        last = date.fromisoformat(dates(day)["in_one_year_less_a_day"])
        assert 365 <= (last - day).days + 1 <= 366
        assert (last.year, last.month, last.day) < (day.year + 1, day.month, day.day)


def test_the_schemas_for_editors_are_found_from_every_file_and_need_no_other(rollout: Path) -> None:
    checked = 0
    for path in [path for path in rollout.rglob("*.yaml") if not path.name.startswith(".")]:
        first = path.read_text().splitlines()[0]
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        loaded = json.loads(schema.read_text())
        assert set(re.findall(r'"\$ref": "([^#"]*)', schema.read_text())) == {""}
        jsonschema.Draft202012Validator(loaded).validate(data(path))
        checked += 1
    assert checked == 14
    wrong = data(rollout / "organization.yaml")
    assert isinstance(wrong, dict)
    wrong["spec"]["segment"] = "small"
    combined = json.loads((rollout / ".penstock" / "rollout.schema.json").read_text())
    with pytest.raises(jsonschema.ValidationError, match="'small' is not one of"):
        jsonschema.Draft202012Validator(combined).validate(wrong)


def test_every_rule_named_in_a_comment_exists(rollout: Path) -> None:
    named = {rule for path in rollout.rglob("*.yaml") for rule in re.findall(r"LV[0-9]+", path.read_text())}
    assert named
    assert named <= catalog(rollout).keys()


def test_every_manifest_teaches(rollout: Path) -> None:
    texts = {path: path.read_text() for path in rollout.rglob("*.yaml") if not path.name.startswith(".")}
    steps = {int(step) for text in texts.values() for step in re.findall(r"[Ss]tep ([0-9]+)", text)}
    assert steps >= {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12}
    assert all(len(line) <= 115 for text in texts.values() for line in text.splitlines())
    first = [path.parent.name for path, text in texts.items() if "# Change first:" in text]
    assert set(first) >= {"use-cases", "agents", "data-sources", "budgets", "models", "people", "contracts"}


@pytest.mark.parametrize(
    ("folder", "name"),
    [("My Rollout!", "my-rollout"), ("123", "123"), ("Null", "null"), ("--", "rollout"), ("x" * 70, "x" * 63)],
)
def test_the_folder_names_the_rollout(tmp_path: Path, folder: str, name: str) -> None:
    (tmp_path / folder).mkdir()
    assert main(["init", str(tmp_path / folder), "--today", "2026-06-30"]) == 0
    written = data(tmp_path / folder / "penstock.yaml")
    assert isinstance(written, dict)
    assert written["name"] == name
    assert told(judged(tmp_path / folder, "2026-06-30")) == []


def test_a_name_may_be_given(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path), "--name", "acme-claims"]) == 0
    assert "name: acme-claims\n" in (tmp_path / "penstock.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--name", "Acme Claims"], "for example `acme-claims`"),
        (["--today", "2026-02-29"], "--today takes a date such as 2026-01-31, not '2026-02-29'"),
        (["--today", "20260630"], "--today takes a date such as 2026-01-31, not '20260630'"),
        (["--today", "9999-01-01"], "--today 9999-01-01 is too late"),
    ],
)
def test_bad_arguments_write_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["init", str(tmp_path / "new"), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert snapshot(tmp_path) == {}


def test_nothing_is_overwritten_and_everything_in_the_way_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "first-lab.yaml").write_text("mine")
    (tmp_path / "models").write_text("a file where a folder must be")
    (tmp_path / "organization.yaml").symlink_to("nowhere")
    before = snapshot(tmp_path)
    assert main(["init", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    for name in ("contracts/first-lab.yaml", "models", "organization.yaml"):
        assert f"{tmp_path.as_posix()}/{name}" in error
    assert "penstock.yaml" not in error
    assert snapshot(tmp_path) == before


def test_a_second_init_says_how_to_go_on(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(rollout)
    capsys.readouterr()
    assert main(["init", str(rollout)]) == 2
    error = capsys.readouterr().err
    assert all(f"{rollout.as_posix()}/{path}" in error for path in files(rollout))
    assert "a rollout is here already: `penstock new` adds a manifest to it" in error
    assert snapshot(rollout) == before


def test_existing_ci_files_can_be_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".gitlab-ci.yml").write_text("mine")
    assert main(["init", str(tmp_path)]) == 2
    assert "--no-ci leaves out the files for GitHub, GitLab and pre-commit" in capsys.readouterr().err
    assert main(["init", str(tmp_path), "--no-ci"]) == 0
    assert (tmp_path / ".gitlab-ci.yml").read_text() == "mine"
    assert files(tmp_path) & set(CI_FILES) == {".gitlab-ci.yml"}


@pytest.mark.parametrize("exists", [True, False])
def test_a_failure_halfway_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    folder = tmp_path / "a" / "b"
    if exists:
        (folder / "contracts").mkdir(parents=True)
        (folder / "contracts" / "old.yaml").write_text("mine")
    before = snapshot(tmp_path)
    move, moved = place._move, []

    def fail_at_the_tenth(source: Path, target: Path) -> None:
        moved.append(target)
        if len(moved) == 10:
            raise OSError(28, "No space left on device")
        move(source, target)

    monkeypatch.setattr(place, "_move", fail_at_the_tenth)
    assert main(["init", str(folder)]) == 2
    assert (
        f"cannot write to {folder.as_posix()}: No space left on device; nothing was written"
        in capsys.readouterr().err
    )
    assert len(moved) == 10
    assert snapshot(tmp_path) == before


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, "_move", interrupted)
    assert main(["init", str(tmp_path / "new")]) == 130
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_comes_in_between_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def no_links(source: Path, target: Path) -> None:
        raise OSError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr(place.os, "link", no_links)
    (tmp_path / "b.yaml").write_text("mine")
    with pytest.raises(UsageError, match="File exists; nothing was written"):
        place.put({"a.yaml": "1", "b.yaml": "2"}, tmp_path)
    assert snapshot(tmp_path) == {"b.yaml": b"mine"}
    place.put({"a.yaml": "1", "c/d.yaml": "2"}, tmp_path)
    assert snapshot(tmp_path) == {"a.yaml": b"1", "b.yaml": b"mine", "c": None, "c/d.yaml": b"2"}


def test_in_a_repository_below_its_top_the_ci_files_must_move(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    assert main(["init", str(tmp_path / "rollout")]) == 0
    assert f"the top of a repository, {tmp_path}:\nmove .github" in capsys.readouterr().out
    # Moved, they work as they are: a check at the top finds the rollout below.
    report = judged(tmp_path, "2026-06-30")
    assert report.stats.resources == 13
    assert main(["init", str(tmp_path)]) == 0
    assert "look for their files" not in capsys.readouterr().out


def test_other_files_in_the_folder_are_pointed_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "package.json").write_text("{}")
    assert main(["init", str(tmp_path), "--today", "2026-06-30"]) == 0
    assert "other YAML or JSON files: package.json." in capsys.readouterr().out
    found = judged(tmp_path, "2026-06-30").findings
    assert [Path(finding.location.file).name for finding in found] == ["package.json"]
    config = tmp_path / "penstock.yaml"
    config.write_text(config.read_text() + "manifests: {exclude: [package.json]}\n")
    assert told(judged(tmp_path, "2026-06-30")) == []


def test_ci_runs_commands_that_penstock_has(rollout: Path) -> None:
    commands = [
        line.strip().removeprefix("- ").removeprefix("run: ").removeprefix("entry: ")
        for path in CI_FILES
        for line in (rollout / path).read_text().splitlines()
        if "penstock check" in line
    ]
    assert len(commands) == 3
    for command in commands:
        arguments = build().parse_args(command.split()[1:])
        assert arguments.run.__module__ == "penstock.cli.check"


ORIGIN = Origin("https://git.example/acme/penstock", "0123abc")


def test_ci_installs_from_where_this_penstock_came() -> None:
    files = starter("acme", date(2026, 11, 20), ORIGIN)
    for path in CI_FILES[:2]:
        assert '"penstock @ git+https://git.example/acme/penstock@0123abc"' in files[path]
    (hook,) = yaml.safe_load(files[CI_FILES[2]])["repos"]
    assert hook == {"repo": ORIGIN.repository, "rev": ORIGIN.commit, "hooks": [{"id": "penstock"}]}


def test_ci_of_an_unknown_origin_never_installs_by_the_bare_name() -> None:
    files = starter("acme", date(2026, 11, 20), None)
    for path in CI_FILES[:2]:
        assert '"${PENSTOCK_PACKAGE:?' in files[path]
        assert "penstock==" not in files[path]
    (hook,) = yaml.safe_load(files[CI_FILES[2]])["repos"]
    assert hook["hooks"][0]["language"] == "system"


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (None, None),
        ("not json", None),
        ('{"url": "file:///home/me/penstock", "dir_info": {}}', None),
        ('{"url": "https://me:secret@git.example/p", "vcs_info": {"vcs": "git", "commit_id": "0"}}', None),
        (
            '{"url": "https://git.example/acme/penstock", "vcs_info": {"vcs": "git", "commit_id": "0123abc"}}',
            ORIGIN,
        ),
    ],
)
def test_the_origin_is_what_pip_recorded(
    monkeypatch: pytest.MonkeyPatch, record: str | None, found: Origin | None
) -> None:
    class Installed:
        def read_text(self, _name: str) -> str | None:
            return record

    monkeypatch.setattr(origin_module, "distribution", lambda _name: Installed())
    assert origin_module.origin() == found


def test_ci_writes_what_each_host_reads(rollout: Path) -> None:
    github = data(rollout / CI_FILES[0])
    assert isinstance(github, dict)
    steps = github["jobs"]["check"]["steps"]
    # The base of a pull request is the first parent of the merge that is checked out.
    assert steps[0]["with"] == {"fetch-depth": 2}
    assert steps[3]["run"] == 'penstock diff HEAD^1 --output markdown >> "$GITHUB_STEP_SUMMARY"'
    base = "${{ github.base_ref && '--base=HEAD^1' }}"
    assert steps[4] == {"run": f"penstock check --output github --output sarif=penstock.sarif {base}"}
    assert steps[5]["with"]["sarif_file"] == "penstock.sarif"
    gitlab = data(rollout / CI_FILES[1])
    assert isinstance(gitlab, dict)
    reports = gitlab["penstock"]["artifacts"]["reports"]
    assert reports == {"codequality": "gl-code-quality-report.json", "junit": "penstock-junit.xml"}
    command = gitlab["penstock"]["script"][1]
    assert all(f"={report}" in command for report in reports.values())
    assert command.endswith("${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--base=$CI_MERGE_REQUEST_DIFF_BASE_SHA}")


def test_pre_commit_accepts_its_file(rollout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config", str(rollout / ".pre-commit-config.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    written = data(rollout / ".pre-commit-config.yaml")
    assert isinstance(written, dict)
    [hook] = written["repos"][0]["hooks"]
    assert (hook["pass_filenames"], hook["require_serial"]) == (False, True)
    assert re.search(hook["files"], "a/b.yml")
