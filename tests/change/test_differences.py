"""Where two values differ: nothing goes untold, and what means the same is no difference."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.change import Change, manifest_changes
from penstock.change.differences import Difference, differences
from penstock.change.manifests import schema_of
from penstock.change.same import ABSENT, same
from penstock.manifest import shapes
from penstock.manifest.load import Loaded
from penstock.manifest.pairing import pair
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.workspace.opened import open_rollout

EXAMPLES = sorted(path.parent for path in (Path(__file__).parents[2] / "examples").glob("**/penstock.yaml"))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([1.0, 0.5, float("nan"), "a", "b", "P1Y", "P12M", "*"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "a", "b"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def load(folder: Path) -> Loaded:
    return open_rollout(folder).loaded


def leaves(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every scalar, and every empty or non-empty collection, with its field; the order of lists left out."""
    if isinstance(value, dict):
        yield field, "mapping"
        for key, inner in value.items():
            yield from leaves(inner, f"{field}.{key}" if field else key)
    elif isinstance(value, list):
        yield field, "list"
        for inner in value:
            yield from leaves(inner, f"{field}[]")
    else:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        yield field, f"number {float(value)}" if number else f"{type(value).__name__} {value}"  # type: ignore[arg-type]


def untold(old: object, new: object, told: list[str]) -> list[str]:
    """The fields whose values differ although nothing at, above or below them was told."""
    before, after = Counter(leaves(old)), Counter(leaves(new))
    fields = {field for field, _ in ((before - after) + (after - before))}
    return sorted(field for field in fields if not any(_near(field, other) for other in told))


def _near(field: str, other: str) -> bool:
    return not field or not other or field.startswith(other) or other.startswith(field)


@given(VALUES, VALUES)
def test_every_difference_of_any_two_values_is_found(old: object, new: object) -> None:
    found = list(differences(old, new, {}))
    assert bool(found) is not same(old, new)
    assert untold(old, new, [each.field for each in found]) == []


@given(VALUES)
def test_a_value_does_not_differ_from_itself_nor_from_its_keys_in_another_order(value: object) -> None:
    assert list(differences(value, copy.deepcopy(value), {})) == []
    assert list(differences(value, _flipped(value), {})) == []


def _flipped(value: object) -> object:
    if isinstance(value, dict):
        return {key: _flipped(inner) for key, inner in reversed(value.items())}
    return [_flipped(inner) for inner in value] if isinstance(value, list) else value


@given(VALUES, VALUES)
def test_differences_hold_the_values_that_stand_at_their_paths(old: object, new: object) -> None:
    for each in differences(old, new, {}):
        if not each.is_part:
            assert each.old is ABSENT or same(_at(old, each.old_path), each.old)
            assert each.new is ABSENT or same(_at(new, each.new_path), each.new)


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for element in path:
        value = value[element]
    return value


@pytest.mark.parametrize(
    ("old", "new", "form", "equal"),
    [
        (1, 1.0, "", True),
        (1, True, "", False),
        (0, False, "", False),
        ("1", 1, "", False),
        ("P1Y", "P12M", "Period", True),
        ("P2W", "P14D", "Period", True),
        ("P1M", "P30D", "Period", False),
        ("P1Y", "P12M", "Text", False),
        ([], None, "", False),
        ([1, 2], [2, 1], "", False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1.0}, "", True),
    ],
)
def test_what_means_the_same(old: object, new: object, form: str, equal: bool) -> None:
    assert same(old, new, {"x-form": {"title": form}}) is equal


def only(old: object, new: object) -> Difference:
    (found,) = differences(old, new, {})
    return found


def test_elements_are_paired_by_name_wherever_they_stand() -> None:
    old = {"tasks": [{"name": "a", "n": 1}, {"name": "b", "n": 2}]}
    new = {"tasks": [{"name": "z"}, {"name": "a", "n": 1}, {"name": "b", "n": 3}]}
    found = {(each.old_path, each.new_path, each.is_added) for each in differences(old, new, {})}
    assert found == {(("tasks", 1, "n"), ("tasks", 2, "n"), False), (("tasks", 0), ("tasks", 0), True)}


def test_an_element_that_is_equal_but_for_its_name_was_renamed() -> None:
    found = only({"tasks": [{"name": "a", "n": 1}]}, {"tasks": [{"name": "b", "n": 1}]})
    assert (found.field, found.old, found.new) == ("tasks[].name", "a", "b")


def test_what_left_and_what_joined_a_list_of_scalars() -> None:
    found = list(differences([1, 2, 3], [3, 4, 1.0], {}))
    assert [(each.old, each.new, each.is_part, each.is_order) for each in found] == [
        (ABSENT, [4], True, False),
        ([2], ABSENT, True, False),
        ([1, 2, 3], [3, 4, 1.0], False, True),
    ]


def test_the_order_of_a_list_is_one_difference() -> None:
    found = only([{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}])
    assert found.is_order


def changed(folder: Path, seed: int) -> tuple[Rollout, Rollout]:
    """A rollout, and the same with some edits made at random."""
    loaded = load(folder)
    old = loaded.rollout
    chance = random.Random(seed)
    resources = []
    for resource in old.resources:
        data = copy.deepcopy(resource.data)
        for _ in range(chance.choice([0, 0, 1, 3])):
            _edit(data, chance)
        valid = resource.valid
        resources.append(Resource(resource.kind, _name(data), data, resource.document, valid=valid))
    chance.shuffle(resources)
    kept = [each for each in resources if chance.random() > 0.05]
    return old, Rollout(old.name, old.root, kept, old.config)


def _name(data: dict[str, Any]) -> str:
    found = data.get("metadata")
    name = found.get("name") if isinstance(found, dict) else None
    return name if isinstance(name, str) else ""


_ODD = [
    "new",
    "",
    0,
    7.25,
    True,
    None,
    [],
    {},
    ["x", "y"],
    {"name": "n", "x": 1},
    "2027-01-01",
    "P1M",
    "a@b.example",
]


def _edit(data: Any, chance: random.Random) -> None:
    """One edit at a random place below ``spec`` or ``metadata``."""
    holders = [holder for holder in _holders(data) if holder]
    holder = chance.choice(holders)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    key = chance.choice(keys)
    action = chance.choice(["delete", "replace", "replace", "add", "shuffle"])
    if action == "delete":
        del holder[key]
    elif action == "replace":
        holder[key] = copy.deepcopy(chance.choice(_ODD))
    elif isinstance(holder, dict):
        holder["added"] = copy.deepcopy(chance.choice(_ODD))
    elif action == "add":
        holder.insert(key, copy.deepcopy(chance.choice([*_ODD, holder[key]])))
    else:
        chance.shuffle(holder)


def _holders(value: Any, depth: int = 0) -> Iterator[Any]:
    if depth > 0 and isinstance(value, (dict, list)):
        yield value
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        if depth or key in ("spec", "metadata"):
            yield from _holders(inner, depth + 1)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.relative_to(folder.parents[1]).as_posix())
def test_random_edits_of_real_rollouts_are_all_told(folder: Path) -> None:
    for seed in range(12):
        old, new = changed(folder, seed)
        pairing = pair(old, new)
        found = manifest_changes(pairing)
        by_resource: dict[str, list[Change]] = {}
        for change in found:
            by_resource.setdefault(change.resource, []).append(change)
            assert change.sentence.strip()
            assert "\n" not in change.sentence
        twice = {
            each
            for each, number in Counter(each.id for each in (*old.resources, *new.resources)).items()
            if number > 2
        }
        for before, after in pairing.pairs:
            if after.id in twice:
                continue  # two manifests of one name, which only the id tells apart here
            told = by_resource.get(after.id, [])
            fields = [_field(change) for change in told]
            assert untold(before.data, after.data, fields) == [], (seed, after.id)
            assert bool(told) is not same(before.data, after.data, schema_of(after.kind)), (seed, after.id)
        for gone in pairing.removed:
            assert any(change.what.value == "removed" for change in by_resource[gone.id])
        for come in pairing.added:
            assert any(change.what.value == "added" for change in by_resource[come.id])


def _field(change: Change) -> str:
    text = ""
    for element in change.path:
        text += "[]" if isinstance(element, int) else f".{element}" if text else element
    return text


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.relative_to(folder.parents[1]).as_posix())
def test_a_rollout_read_twice_has_not_changed(folder: Path) -> None:
    assert manifest_changes(pair(load(folder).rollout, load(folder).rollout)) == ()


def test_traits_are_of_fields_that_exist() -> None:
    from penstock.change.traits import ANY, TRAITS, WHOLE

    for kind, traits in {**TRAITS, **{kind: ANY for kind in shapes.kinds() if kind == "DataSource"}}.items():
        known = {_pattern(path): schema for path, schema in shapes.walk(schema_of(kind))}
        for field, trait in traits.items():
            assert field in known, f"{kind} has no field {field}"
            if trait.order:
                assert set(trait.order) == set(known[field]["enum"]), f"{kind} {field}"
    assert set(WHOLE) <= set(shapes.kinds())


def _pattern(path: tuple[str | None, ...]) -> str:
    return "".join("[]" if element is None else f".{element}" for element in path).lstrip(".")
