"""Near misses and values as messages say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.manifest import wording
from penstock.manifest.near import nearest

CHOICES = ["endsOn", "startsOn", "vendor", "noticeDays", "modelTier", "USD", "UseCase", "pilot", "production"]
MANY = [f"vendor-contract-{number:04}" for number in range(2000)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("endOn", "endsOn"),
        ("ends_on", "endsOn"),
        ("ENDSON", "endsOn"),
        ("enndsOn", "endsOn"),
        ("esndOn", "endsOn"),
        ("modelTiers", "modelTier"),
        ("tier", None),
        ("usd", "USD"),
        ("vender", "vendor"),
        ("usecase", "UseCase"),
        ("prod", None),
        ("produktion", "production"),
        ("x", None),
        ("", None),
        ("on", None),
        (3, None),
        (None, None),
        ("y" * 1000, None),
    ],
)
def test_the_choice_that_was_meant(written: object, meant: str | None) -> None:
    assert nearest(written, CHOICES) == meant
    assert nearest(written, reversed(CHOICES)) == meant


@pytest.mark.parametrize(
    "written", ["vendr-contract-0420", "vendor-contract-042O", "endor-contract-0420", "VENDOR_CONTRACT_0420"]
)
def test_among_thousands_too(written: str) -> None:
    meant = nearest(written, MANY)
    assert meant is not None
    assert meant.startswith("vendor-contract-042")
    assert written.endswith("O") or meant == "vendor-contract-0420"


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=100), st.randoms())
def test_the_order_of_the_choices_does_not_matter(written: str, choices: list[str], random: object) -> None:
    meant = nearest(written, choices)
    assert meant is None or (meant in choices and meant != written)
    assert meant == nearest(written, sorted(choices, reverse=True))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "an empty value"),
        (True, "the boolean true"),
        ("12", 'the string "12"'),
        ("", "an empty string"),
        ("a\nb", 'the string "a\\nb"'),
        ("\u202e", 'the string "\\u202e"'),
        ("x" * 61, f'the string "{"x" * 59}…"'),
        ("x" * 60, f'the string "{"x" * 60}"'),
        (12, "the number 12"),
        (1.0, "the number 1.0"),
        (float("-inf"), "the number -.inf"),
        pytest.param(10**5000, "the number with too many digits to show", id="huge"),
        ([], "an empty list"),
        ([1, [2]], "a list of 2 elements"),
        ({"a": 1}, "a mapping with 1 field"),
        ({}, "an empty mapping"),
    ],
)
def test_a_value_with_its_type(value: object, shown: str) -> None:
    assert wording.show(value) == shown


def test_lists_of_choices() -> None:
    assert wording.any_of([]) == ""
    assert wording.any_of(["a"]) == "a"
    assert wording.any_of(["a", "b"]) == "a or b"
    assert wording.any_of(["a", "b", "c"], "and") == "a, b and c"
    assert wording.listing([str(number) for number in range(14)]).endswith("`11` and 2 more")
    assert wording.a("id") == "an id"
