"""Every penstock command on a page is one that penstock takes."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs_pages import GUIDES, PAGES, ROOT, codes, found, name, rows, rules_known, text

from penstock.cli import COMMANDS
from penstock.cli.output import outputs
from penstock.cli.parser import build
from penstock.cli.schema import schemas
from penstock.manifest import shapes
from penstock.policy import check_token
from penstock.render import FORMATS

TRY = (
    "python3 -m venv .venv && .venv/bin/pip install -q . && "
    ".venv/bin/penstock check examples/broken/financial-services-onboarding"
)
TEST = ".venv/bin/pip install -q '.[test]' && .venv/bin/pytest -q -n auto"


def commands(line: str) -> Iterator[list[str]]:
    """The arguments of each penstock command in a line of shell."""
    for part in re.split(r"&&|\|\||[|;>]", line):
        words = shlex.split(part, comments=True)
        for index, word in enumerate(words[:-1]):
            after = words[index + 1]
            if word.rpartition("/")[2] == "penstock" and (after in COMMANDS or after.startswith("-")):
                yield words[index + 1 :]
                break


def shown(page: Path) -> list[list[str]]:
    """Every penstock command that a page shows, in blocks and between backticks."""
    # A command's bare name is how prose speaks of it.
    lines = [code for code in codes(page) if re.match(r"penstock (?!\w+$)", code)]
    for block in found(page, "sh", "console"):
        body = block.body.replace("\\\n", " ").split("\n")
        lines += [line.removeprefix("$ ") for line in body if block.language == "sh" or line.startswith("$ ")]
    return [words for line in lines for words in commands(line)]


def wrong(words: list[str]) -> str | None:
    """What penstock would say against a command; capitals such as KIND and RULES stand for a word of one's own."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            arguments = build().parse_args(words)
        except SystemExit as end:
            return said.getvalue() if end.code else None
    given = {key: value for key, value in vars(arguments).items() if value and not str(value).isupper()}
    if words[0] == "check":
        outputs([value for value in arguments.output if not value.isupper()])
        for option in ("select", "ignore"):
            for token in given.get(option, "").split(",") if option in given else ():
                check_token(token, [entry.rule for entry in rules_known().values()])
    if words[0] == "schema" and "schema" in given and given["schema"] not in schemas():
        return f"no schema {given['schema']}"
    if words[0] == "new" and "kind" in given and given["kind"] not in shapes.kinds():
        return f"no kind {given['kind']}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_is_one_that_penstock_takes(page: Path) -> None:
    assert [(words, fault) for words in shown(page) if (fault := wrong(words))] == []


def test_commands_are_found() -> None:
    assert shown(ROOT / "README.md").count(["check", "examples/broken/financial-services-onboarding"]) == 1
    assert ["explain", "LV801"] in shown(ROOT / "README.md")
    assert ["policy", "test"] in shown(ROOT / "docs" / "policies.md")
    assert len([words for page in GUIDES for words in shown(page)]) >= 30


def test_a_wrong_command_is_seen() -> None:
    assert "unrecognized arguments: --outptu" in str(wrong(["check", "--outptu", "json"]))
    assert "invalid choice: 'chekc'" in str(wrong(["chekc"]))
    assert wrong(["new", "UseCsae", "x"]) == "no kind UseCsae"


def test_the_readme_has_the_commands_for_a_bare_machine() -> None:
    assert f"\n{TRY}\n" in text(ROOT / "README.md")
    assert f"\n{TEST}\n" in text(ROOT / "README.md")


def test_every_option_of_check_is_in_the_configuration_page() -> None:
    usage = io.StringIO()
    with contextlib.redirect_stdout(usage), pytest.raises(SystemExit):
        build().parse_args(["check", "--help"])
    options = set(re.findall(r"--[a-z-]+", usage.getvalue())) - {"--help"}
    cells = " ".join(cell for cell, _ in rows(ROOT / "docs" / "configuration.md", "Command line"))
    assert set(re.findall(r"--[a-z-]+", cells)) == options


def test_every_format_has_a_section() -> None:
    page = ROOT / "docs" / "output-formats.md"
    assert set(FORMATS) <= set(re.findall(r"^## ([a-z]+)$", text(page), flags=re.MULTILINE))


def test_nobody_is_told_to_install_by_the_bare_name() -> None:
    """In the public package index the name belongs to another project."""
    for page in PAGES:
        assert not re.search(r"pip install\s+(-\S+\s+)*[\"']?penstock\b(?! @)", text(page)), name(page)
