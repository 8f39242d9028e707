"""An exception means the same wherever a check runs: command line, editor, hook, Action; any engine or format.

One rollout holds an exception of every kind and sort; a table says what must be found on which day. Every way to
check it gives exactly that, but for the two documented ways of showing less: a file that is named, ``--changed``.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from exempted_rollout import AFTER, BASELINE, CONFIG, CONTRACTS, DAYS, EARLIER, FILES, LAST, ROWS, WAIVERS

from penstock.cli import main

BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")

Report = dict[str, Any]
Entry = tuple[Any, ...]


def found(report: Report) -> list[Entry]:
    """The findings that count, as the table has them."""
    return sorted(map(_entry, report["findings"]))


def excused(report: Report) -> list[Entry]:
    """The findings that do not, with the kind of the exception."""
    return sorted((*_entry(each), each["excuse"]["kind"]) for each in report["excused"])


def _entry(finding: Any) -> Entry:
    where = finding["location"]
    return finding["rule"], finding["severity"], where["file"], where["resource"] or "", where["pathText"]


def rows(day: str, files: Iterable[str] = FILES) -> tuple[list[Entry], list[Entry]]:
    """What the table says of a day, of some files: the findings that count and those that are excused."""
    told = [(row, (row.rule, row.severity, row.file, row.resource or "", row.path)) for row in ROWS]
    told = [(row, entry) for row, entry in told if row.file in files]
    counts = sorted(entry for row, entry in told if day in row.counts)
    return counts, sorted((*entry, row.by) for row, entry in told if day in row.excused)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Path:
    """The rollout, in the working directory."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "rollout"
    folder.mkdir()
    _write(folder, FILES)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def check(here: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Report]:
    """Run ``penstock check`` in this process; gives its report."""

    def check(*words: str) -> Report:
        code = main(["check", "--output", "json", *words])
        done = capsys.readouterr()
        assert done.err == ""
        report: Report = json.loads(done.out)
        assert code == int(report["failed"])
        return report

    return check


@pytest.fixture
def whole(check: Callable[..., Report]) -> Callable[[str], Report]:
    """What the check of the folder gives."""
    return lambda day: check("--as-of", day)


@pytest.fixture
def commit(here: Path, run: Callable[..., Any]) -> Callable[[str], None]:
    """Commit the rollout as it is, to compare with."""

    def commit(message: str) -> None:
        for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", message)):
            done = run("git", *words, cwd=here)
            assert done.returncode == 0, done.stdout

    return commit


def _write(folder: Path, files: dict[str, Any]) -> None:
    for name, text in files.items():
        file = folder / name
        if text is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(text, encoding="utf-8")


def test_every_sort_of_exception_is_in_the_table() -> None:
    assert {row.by for row in ROWS} == {"", "suppression", "waiver", "baseline"}
    assert {row.rule for row in ROWS} >= {"LV008", "LV009", "LV010", "LV015", "LV016", "LV017"}
    assert {row.file for row in ROWS} == {CONFIG, CONTRACTS, WAIVERS, BASELINE}


@pytest.mark.parametrize("day", DAYS)
def test_the_folder_gives_what_the_table_says(check: Callable[..., Report], day: str) -> None:
    report = check("--as-of", day)
    assert (found(report), excused(report)) == rows(day)
    kinds = [each["excuse"]["kind"] for each in report["excused"]]
    stats = {"suppression": "suppressed", "waiver": "waived", "baseline": "baselined"}
    assert {name: report["stats"][name] for name in stats.values()} == {
        name: kinds.count(kind) for kind, name in stats.items()
    }


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_named_gives_its_part(
    check: Callable[..., Report], whole: Callable[[str], Report], file: str, day: str
) -> None:
    report = check("--as-of", day, file)
    assert (found(report), excused(report)) == rows(day, [file])
    assert report["findings"] == [each for each in whole(day)["findings"] if each["location"]["file"] == file]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("file", FILES)
def test_an_editor_s_content_counts_in_place_of_the_file(
    check: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, here: Path, file: str, day: str
) -> None:
    """On disk is the earlier state, without exceptions or without the file; the editor has the later one."""
    _write(here, {file: EARLIER[file]})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILES[file].encode())))
    report = check("--as-of", day, "--stdin-filename", file)
    assert (found(report), excused(report)) == rows(day, [file])


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("file", FILES)
def test_what_is_on_disk_does_not_show_through_an_editor_s_content(
    check: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, here: Path, file: str, day: str
) -> None:
    """The other way round: the editor has the earlier state, and says of it what a check of it on disk says."""
    content = EARLIER[file] or ("apiVersion: baseline/v1\nentries: []\n" if file == BASELINE else "")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    edited = check("--as-of", day, "--stdin-filename", file)
    _write(here, {file: content})
    saved = check("--as-of", day, file)
    assert [edited[part] for part in ("findings", "excused")] == [saved[part] for part in ("findings", "excused")]


@pytest.mark.parametrize("day", DAYS)
def test_the_other_engine_gives_the_same(
    check: Callable[..., Report], whole: Callable[[str], Report], day: str
) -> None:
    report = check("--as-of", day, "--engine", "cel-python")
    assert [report[part] for part in ("findings", "excused", "results", "stats")] == [
        whole(day)[part] for part in ("findings", "excused", "results", "stats")
    ]


@pytest.mark.parametrize("day", DAYS)
def test_every_format_tells_the_same_findings(here: Path, capsys: pytest.CaptureFixture[str], day: str) -> None:
    counted, excepted = rows(day)
    files = {name: here.parent / name for name in ("json", "sarif", "gitlab", "junit")}
    main(["check", "--as-of", day, "-o", "concise", *(f"--output={name}={file}" for name, file in files.items())])
    text = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    json_report, sarif, gitlab = (json.loads(text[name]) for name in ("json", "sarif", "gitlab"))
    assert (found(json_report), excused(json_report)) == (counted, excepted)
    lines = re.findall(r"(?m)^([^:\n]+):\d+:\d+: (\w+) (LV\d+)\[", capsys.readouterr().out)
    expected = sorted((rule, severity, file) for rule, severity, file, *_ in counted)
    assert sorted((rule, severity, file) for file, severity, rule in lines) == expected
    places = sorted((rule, file) for rule, _, file in expected)
    assert sorted((each["check_name"], each["location"]["path"]) for each in gitlab) == places
    results = sarif["runs"][0]["results"]
    assert sorted(map(_result, (each for each in results if "suppressions" not in each))) == places
    failures = ElementTree.fromstring(text["junit"]).iter("failure")
    assert len(list(failures)) == sum(severity == "error" for _, severity, _ in expected)


def _result(result: Any) -> tuple[str, str]:
    return result["ruleId"], result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


@pytest.mark.parametrize("day", DAYS)
def test_beside_an_equal_revision_nothing_else_is_found(
    check: Callable[..., Report], whole: Callable[[str], Report], commit: Callable[[str], None], day: str
) -> None:
    commit("all of it")
    report = check("--as-of", day, "--base", "HEAD")
    assert [report[part] for part in ("findings", "excused")] == [
        whole(day)[part] for part in ("findings", "excused")
    ]


@pytest.mark.parametrize("day", DAYS)
def test_of_a_change_that_makes_every_exception_everything_is_shown(
    check: Callable[..., Report], here: Path, commit: Callable[[str], None], day: str
) -> None:
    _write(here, {**EARLIER, CONFIG: FILES[CONFIG]})
    commit("earlier")
    _write(here, FILES)
    report = check("--as-of", day, "--changed")
    assert (found(report), excused(report)) == changed_rows(day)


def changed_rows(day: str) -> tuple[list[Entry], list[Entry]]:
    """What the table says of a day, as a change to every manifest shows it.

    What is excused is shown for the manifests that the change concerns; the rollout as a whole is none. And the
    baseline must not list what the change itself brings.
    """
    counted, excepted = rows(day)
    listed = ["VendorContract/listed", "VendorContract/listed-with-an-end"]
    late = [
        ("LV015", "error", BASELINE, "", f"entries[{listed.index(entry[3])}]")
        for entry in excepted
        if entry[-1] == "baseline"
    ]
    return sorted([*counted, *late]), [entry for entry in excepted if not entry[3].startswith("Rollout/")]


def test_without_a_change_there_is_nothing_to_show(
    check: Callable[..., Report], commit: Callable[[str], None]
) -> None:
    """Nor when an exception ended since the commit: a day that passes is no change."""
    commit("all of it")
    for day in DAYS:
        report = check("--as-of", day, "--changed")
        assert (found(report), excused(report)) == ([], [])
        assert report["bases"][0]["notShown"] == len(rows(day)[0])


@pytest.mark.parametrize("name", ["plain", "suppressed", "waived", "waived-by-label", "waived-by-owner", "listed"])
def test_of_one_contract_s_change_its_findings_are_shown(
    check: Callable[..., Report], here: Path, commit: Callable[[str], None], name: str
) -> None:
    commit("all of it")
    text = FILES[CONTRACTS]
    at = text.index("vendor: A lab", text.index(f"name: {name},"))
    _write(here, {CONTRACTS: f"{text[:at]}vendor: Another lab{text[at + len('vendor: A lab') :]}"})
    for day in DAYS:
        report = check("--as-of", day, "--changed")
        counted, excepted = rows(day)
        assert (found(report), excused(report)) == (
            [entry for entry in counted if entry[3] == f"VendorContract/{name}"],
            [entry for entry in excepted if entry[3] == f"VendorContract/{name}"],
        )


def test_an_exception_that_is_taken_away_shows_its_finding(
    check: Callable[..., Report], here: Path, commit: Callable[[str], None]
) -> None:
    commit("all of it")
    lines = [line for line in FILES[BASELINE].splitlines(keepends=True) if "/listed," not in line]
    _write(here, {BASELINE: "".join(lines)})
    report = check("--as-of", LAST, "--changed")
    assert ("LV801", "error", CONTRACTS, "VendorContract/listed", "spec.endsOn") in found(report)


@pytest.fixture
def hook(here: Path, run: Callable[..., Any], load: Callable[[str], Any]) -> Callable[[str, str], Report]:
    """Let the real pre-commit run a published hook on a commit; gives the report of the hook."""

    def hook(identifier: str, day: str) -> Report:
        (published,) = [each for each in load(".pre-commit-hooks.yaml") if each["id"] == identifier]
        target = here.parent / "report.json"
        args = ["--as-of", day, "--output", f"json={target}"]
        hooks = [{**published, "language": "system", "args": args}]
        config = yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})
        (here / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
        assert run("git", "add", "--all", cwd=here).returncode == 0
        assert run("pre-commit", "install", cwd=here).returncode == 0
        done = run("git", "commit", "--message", "exceptions", cwd=here)
        report: Report = json.loads(target.read_text(encoding="utf-8"))
        assert done.returncode == int(report["failed"]), done.stdout
        return report

    return hook


@pytest.mark.parametrize("day", DAYS)
def test_the_hook_gives_the_same(
    hook: Callable[..., Report], here: Path, run: Callable[..., Any], whole: Callable[[str], Report], day: str
) -> None:
    assert run("git", "init", "--quiet", cwd=here).returncode == 0
    report = hook("penstock", day)
    assert (found(report), excused(report)) == rows(day)
    assert report["findings"] == whole(day)["findings"]


@pytest.mark.parametrize("day", [LAST, AFTER])
def test_the_hook_for_changes_gives_the_same_of_a_commit_that_makes_every_exception(
    hook: Callable[..., Report], here: Path, commit: Callable[[str], None], day: str
) -> None:
    _write(here, {**EARLIER, CONFIG: FILES[CONFIG]})
    commit("earlier")
    _write(here, FILES)
    report = hook("penstock-changed", day)
    assert (found(report), excused(report)) == changed_rows(day)


@pytest.mark.parametrize("day", DAYS)
def test_the_action_gives_the_same(
    here: Path, penstock: Path, load: Callable[[str], Any], environment: dict[str, str], day: str
) -> None:
    (step,) = [each for each in load("action.yml")["runs"]["steps"] if each.get("id") == "check"]
    target = here.parent / "report.json"
    env = {
        **environment,
        **dict.fromkeys(step["env"], ""),
        "PENSTOCK": str(penstock),
        "PENSTOCK_PATHS": ".",
        "PENSTOCK_ARGS": f"--output json={target}",
        "PENSTOCK_AS_OF": day,
        "GITHUB_OUTPUT": str(here.parent / "output"),
        "GITHUB_STEP_SUMMARY": str(here.parent / "summary.md"),
    }
    script = here.parent / "check.sh"
    script.write_text(step["run"], encoding="utf-8")
    done = subprocess.run([*BASH, str(script)], env=env, check=False, capture_output=True, text=True)
    report: Report = json.loads(target.read_text(encoding="utf-8"))
    assert done.returncode == int(report["failed"]), done.stdout
    assert (found(report), excused(report)) == rows(day)
