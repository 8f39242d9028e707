"""The sections that the built-in pack lists are those of the documents, each with a rule or a reason."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.cel import engine
from penstock.policy import load_pack

REPOSITORY = Path(__file__).parents[2]
SEEDS = Path(os.environ.get("PENSTOCK_SHARED", REPOSITORY.parent / "shared")) / "seeds"
PACK = load_pack("levie", REPOSITORY, engine())
FRAMEWORK = PACK.documents["framework"].sections
CIO_PAGE = PACK.documents["cio-page"].sections
ORCHESTRATOR = PACK.documents["orchestrator"].sections

needs_documents = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the source documents are not at {SEEDS}")


def lines(number: int) -> list[str]:
    (file,) = SEEDS.glob(f"{number:03d}_*.txt")
    return file.read_text(encoding="utf-8").splitlines()


def part(heading: str) -> list[str]:
    """The lines below a heading of the framework's document, down to the next."""
    found = lines(1)
    start = found.index(f"// {heading}") + 1
    length = next((n for n, line in enumerate(found[start:]) if line.startswith("// ")), len(found) - start)
    return found[start : start + length]


def listed(kind: str) -> list[str]:
    return [name.removeprefix(f"{kind}: ") for name in FRAMEWORK if name.startswith(f"{kind}: ")]


def questions(text: list[str]) -> Iterator[str]:
    asked = next(n for n, line in enumerate(text) if "FREQUENTLY ASKED" in line)
    return (line for line in text[asked:] if line.endswith("?"))


@needs_documents
def test_every_principle_is_listed() -> None:
    titles = part("What are the core principles behind the Levie Enterprise AI Diffusion Framework?")[::2]
    assert listed("Principle") == titles
    assert len(titles) == 10


@needs_documents
def test_every_step_is_listed() -> None:
    text = "\n".join(part("How do you apply the Levie Enterprise AI Diffusion Framework step by step?"))
    numbers = re.findall(r"^- (\d+)$", text, re.MULTILINE)
    assert [name for name in FRAMEWORK if name.startswith("Step ")] == [f"Step {number}" for number in numbers]
    assert len(numbers) == 11


@needs_documents
def test_every_mistake_is_listed() -> None:
    mistakes = part("What mistakes should I avoid when using the Levie Enterprise AI Diffusion Framework?")
    for name, mistake in zip(listed("Mistake"), mistakes, strict=True):
        assert mistake.startswith(f"- {name}")


@needs_documents
def test_every_key_term_is_listed() -> None:
    terms = part("What do the key terms in the Levie Enterprise AI Diffusion Framework mean?")
    titles = [line.removeprefix("- ") for line in terms if line.startswith("- ") and not line.endswith(".")]
    assert listed("Key term") == titles
    assert len(titles) == 13


@needs_documents
def test_every_input_is_listed() -> None:
    text = "\n".join(part("What inputs do I need before applying the Levie Enterprise AI Diffusion Framework?"))
    names = re.findall(r"(?:^|\. )- (.+?)(?:required)?$", text, re.MULTILINE)
    assert listed("Input") == names
    assert len(names) == 7


@needs_documents
def test_every_worked_example_is_listed() -> None:
    cases = part("What are real-world examples of the Levie Enterprise AI Diffusion Framework in action?")[::2]
    assert [name.split()[:2] for name in listed("Example")] == [case.split()[:2] for case in cases]
    assert len(cases) == 3


@needs_documents
def test_every_question_is_listed() -> None:
    assert set(questions(lines(1))) <= FRAMEWORK.keys()
    assert set(questions(lines(0))) <= CIO_PAGE.keys()
    headings = [line for line in lines(0)[1:] if line.endswith("?")]
    assert set(headings) <= CIO_PAGE.keys()
    assert ORCHESTRATOR.keys() <= set(lines(2))


@pytest.mark.parametrize("key", PACK.documents)
def test_a_section_has_a_rule_or_says_why_it_has_none(key: str) -> None:
    document = PACK.documents[key]
    cited = {
        source.section
        for policy in PACK.policies
        for source in policy.rule.sources
        if source.document == document.title
    }
    assert {name for name, note in document.sections.items() if note is None} - cited == set()
    assert {name for name, note in document.sections.items() if note is not None} & cited == set()
