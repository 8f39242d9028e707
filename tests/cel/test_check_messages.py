"""What the checker says of a wrong expression, word for word, each with its caret.

The golden file is blocks: an expression, then each problem with its carets, in the order of the text.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from check_environment import checked

from penstock.cel.errors import Problem
from penstock.cel.types import BOOL, DYN, INT, STRING, list_of

GOLDEN = Path(__file__).parent / "check-messages.txt"
BLOCKS = GOLDEN.read_text(encoding="utf-8").strip().split("\n\n")


def shown(problem: Problem) -> str:
    carets = " " * problem.start + "^" * (problem.end - problem.start)
    hint = f"\nhint: {problem.hint}" if problem.hint is not None else ""
    return f"{carets}\n{'warning' if problem.warning else 'error'}: {problem.message}{hint}"


@pytest.mark.parametrize("block", BLOCKS, ids=[block.partition("\n")[0] for block in BLOCKS])
def test_message(block: str) -> None:
    text = block.partition("\n")[0]
    assert "\n".join([text, *map(shown, checked(text).problems)]) == block


def test_the_golden_file_has_a_problem_for_every_expression() -> None:
    assert len(BLOCKS) > 90
    assert all("\n" in block for block in BLOCKS)


@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        ("s", BOOL, "the expression is a string; it must be a bool"),
        ("n > 1", STRING, "the expression is a bool; it must be a string"),
        ("[n]", list_of(STRING), "the expression is a list(int); it must be a list(string)"),
        ("n > 1", BOOL, None),
        ("variables.x", BOOL, None),
        ("object.spec.stage", STRING, None),
        ("[]", list_of(STRING), None),
        ("s", DYN, None),
        ("item.hours", INT, None),
    ],
)
def test_result(text: str, wanted: object, message: str | None) -> None:
    problems = checked(text, result=wanted).problems  # type: ignore[arg-type]
    assert [problem.message for problem in problems] == ([message] if message is not None else [])
    assert all((problem.start, problem.end) == (0, len(text)) for problem in problems)
