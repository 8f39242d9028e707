"""The guide for teams with a failing rollout tells its whole story, and in the right order.

That each command prints what the guide shows is held by ``tools/transcripts.py --check``, which tells the story
again in a git repository of its own (see ``test_docs_generated.py``).
"""

from __future__ import annotations

import re
import shlex

import docs_pages
import pytest
import transcripts
from docs_pages import Block, blocks, text

GUIDE = docs_pages.ROOT / "docs" / "guides" / "adopting.md"
STEPS = {
    "Look": ("git commit", "penstock check --statistics", "echo $?", "penstock plan"),
    "Mend what is cheap": (
        "penstock check --select LV404,LV805",
        "diff organization.yaml",
        "diff budget.yaml",
        "diff agent.yaml",
        "penstock check --statistics",
        "git commit",
    ),
    "Write down the rest": (
        "penstock baseline create --owner cio@acme.example --until 2027-03-31",
        "git show :penstock-baseline.yaml",
        "penstock check",
        "echo $?",
        "git commit",
    ),
    "Stop the first bad pull request": (
        "git switch",
        "diff data/triager-reads-claims.yaml",
        "git commit",
        "penstock check --base main",
        "echo $?",
        "penstock diff main",
    ),
    "Accept a finding for a time": (
        "diff models/frontier.yaml",
        "penstock check",
        "yaml waivers/new-model.yaml",
        "penstock check",
        "diff waivers/new-model.yaml",
        "penstock check -o concise --as-of 2027-01-30",
    ),
    "Settle a finding in its place": ("diff use-case.yaml", "diff penstock-baseline.yaml", "penstock check"),
    "Let the list shrink": (
        "diff models/north-lab.yaml",
        "penstock check",
        "penstock baseline prune",
        "penstock check",
        "git commit",
    ),
    "Announce what will be stricter": (
        "diff penstock.yaml",
        "penstock check",
        "echo $?",
        "penstock check -o concise --as-of 2027-03-01",
    ),
    "Say who may make exceptions": (
        "diff penstock.yaml",
        "text .github/CODEOWNERS",
        "penstock check",
        "diff penstock.yaml",
        "penstock check",
    ),
    "Add a rule of your own": (
        "penstock policy new",
        "yaml policies/stopgap-with-one-operator.yaml",
        "penstock policy lint",
        "penstock policy test",
        "penstock check --select ACME101",
        "diff agent.yaml",
        "penstock check --select ACME101",
    ),
    "Show it to the auditor": ("penstock check --show-passed", "penstock report audit", "penstock report verify"),
    "Clean": (
        "yaml models/small.yaml",
        "penstock baseline prune",
        "penstock check --base main",
        "git rm",
        "penstock diff main",
        "penstock check",
    ),
}
"""What each step does, among other things: commands by their first words, files written, files changed."""
PAGES = (
    "audit.md",
    "baseline.md",
    "changes.md",
    "ci.md",
    "configuration.md",
    "diff.md",
    "packs.md",
    "plan.md",
    "policies.md",
    "suppressions.md",
    "waivers.md",
)
JUDGING = r"penstock (check|plan|diff|baseline \w+|report audit)\b"


def sections() -> dict[str, str]:
    """The text below each numbered heading, by its title."""
    parts = re.split(r"(?m)^## ([0-9]+)\. (.+)$", text(GUIDE))
    numbers = [int(number) for number in parts[1::3]]
    assert numbers == list(range(1, len(numbers) + 1))
    return dict(zip(parts[2::3], parts[3::3], strict=True))


def done(section: str) -> list[str]:
    """What a part of the guide does, in order."""
    deeds = []
    for block in blocks(section):
        if "run" in block.words:
            deeds += commands(block)
        elif block.value("file"):
            deeds.append(f"{block.language} {block.value('file')}")
    return deeds


def commands(block: Block) -> list[str]:
    """The commands of a block."""
    return [line[2:] for line in block.body.split("\n") if line.startswith("$ ")]


def every_command() -> list[str]:
    return [each for block in blocks(text(GUIDE)) if "run" in block.words for each in commands(block)]


def test_the_story_is_told_again_by_the_tool() -> None:
    assert GUIDE in transcripts.PAGES
    # What is not run is not shown either, and what is shown as a file is one.
    for block in blocks(text(GUIDE)):
        assert "run" in block.words or block.value("file"), f"line {block.first + 1}"


def test_the_steps_are_those_of_the_guide() -> None:
    assert list(sections()) == list(STEPS)


@pytest.mark.parametrize("title", STEPS)
def test_a_step_does_all_that_belongs_to_it(title: str) -> None:
    deeds = iter(done(sections()[title]))
    missing = [wanted for wanted in STEPS[title] if not any(deed.startswith(wanted) for deed in deeds)]
    assert missing == []


def test_every_judgement_names_its_day() -> None:
    judging = [command for command in every_command() if re.match(JUDGING, command)]
    assert len(judging) >= 25
    assert [command for command in judging if "--as-of" not in shlex.split(command)] == []


def test_nothing_goes_wrong_on_the_way() -> None:
    for block in blocks(text(GUIDE)):
        assert "penstock: error" not in block.body
        lines = block.body.split("\n")
        for number, line in enumerate(lines):
            if "run" in block.words and line.startswith(("$ git", "$ mkdir")) and "git show" not in line:
                assert lines[number + 1].startswith("$ ") or number + 2 == len(lines), line


def test_the_guide_leads_to_the_pages_behind_it() -> None:
    linked = {target.partition("#")[0] for target in re.findall(r"\]\(\.\./([^)]+)\)", text(GUIDE))}
    assert linked == set(PAGES)


def test_the_end_is_clean() -> None:
    last = [block for block in blocks(text(GUIDE)) if "run" in block.words][-1]
    assert "git rm -q -f waivers/new-model.yaml penstock-baseline.yaml\n" in last.body
    shown = re.sub(r"[0-9]+ rules", "N rules", last.body)
    assert shown.endswith(
        "$ penstock check --as-of 2027-02-01\n"
        "No findings: 10 manifests in 1 rollout, N rules, as of 2027-02-01.\n"
        "1 finding is suppressed.\n"
        "$ penstock check --as-of 2027-03-01\n"
        "No findings: 10 manifests in 1 rollout, N rules, as of 2027-03-01.\n"
        "1 finding is suppressed.\n"
    )


def test_a_step_left_out_shows() -> None:
    beginning = text(GUIDE).split("\n## 3. ")[0]
    change = "```diff file=budget.yaml\n   maxBudget: 6000\n+  maxPerRun: 0.8\n```\n"
    assert beginning.count(change) == 1
    told = transcripts.retold(beginning.replace(change, ""))
    assert "1  error    LV404   run-or-query-ceiling-missing" in told.split("\n## 2. ")[1]
    assert "Found 6 errors, 4 warnings in 9 manifests" in told.split("\n## 2. ")[1]
