"""The project's data classes: what they share with the standard library's, and that they are made late."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from typing import Any, ClassVar

import pytest

from penstock import record
from penstock.record import FrozenError, dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    line: int = 1
    notes: tuple[str, ...] = field(default_factory=tuple)
    hidden: int = field(default=0, repr=False, compare=False)
    kind: ClassVar[str] = "place"

    def label(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Named(Place):
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    major: int
    minor: int


@dataclass(slots=True)
class Count:
    number: int = 0
    seen: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    name: str


@dataclass(frozen=True, slots=True)
class Doubled:
    number: int
    twice: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "twice", 2 * self.number)


def test_fields_are_given_by_place_or_by_name_and_have_defaults() -> None:
    place = Place("a.yaml", 3, hidden=9)
    assert (place.file, place.line, place.notes, place.hidden) == ("a.yaml", 3, (), 9)
    assert place.label() == "a.yaml:3"
    assert Place.kind == "place"
    assert Named("a", 1, (), 0, "n") == Named("a", name="n")
    assert Doubled(4).twice == 8


@pytest.mark.parametrize(
    "given", [((), {}), (("a", 1, (), 0, 5), {}), (("a",), {"file": "b"}), (("a",), {"other": 1})]
)
def test_what_cannot_be_given_is_refused(given: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
    arguments, named = given
    with pytest.raises(TypeError, match=r"Place.__init__\(\)"):
        Place(*arguments, **named)


def test_equal_are_instances_of_one_class_with_equal_values() -> None:
    assert Place("a") == Place("a", hidden=5)
    assert hash(Place("a")) == hash(Place("a", hidden=5))
    assert Place("a") != Place("b")
    assert Place("a") != Named("a")
    assert Place("a") != "a"
    assert Thing("a") != Thing("a")
    assert len({Thing("a"), Thing("a")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Count())


def test_the_order_is_that_of_the_values() -> None:
    versions = [Version(2, 0), Version(1, 9), Version(1, 10)]
    assert sorted(versions) == [Version(1, 9), Version(1, 10), Version(2, 0)]
    assert Version(1, 0) <= Version(1, 0)
    assert Version(1, 1) > Version(1, 0) >= Version(0, 9)
    with pytest.raises(TypeError, match="not supported"):
        assert Version(1, 0) < 3  # type: ignore[operator]


def test_what_is_frozen_stays() -> None:
    place = Place("a")
    with pytest.raises(FrozenError, match="cannot assign to field 'line'"):
        place.line = 2  # type: ignore[misc]
    with pytest.raises(FrozenError, match="cannot delete field 'line'"):
        del place.line
    with pytest.raises(AttributeError):
        place.other = 2  # type: ignore[attr-defined]
    count = Count()
    count.number += 1
    count.seen.append("a")
    assert (count, Count()) == (Count(1, ["a"]), Count())
    assert not hasattr(count, "__dict__")


def test_a_copy_with_other_values() -> None:
    assert replace(Place("a", 2), line=3) == Place("a", 3)
    assert replace(Doubled(2), number=3).twice == 6
    with pytest.raises(ValueError, match="twice"):
        replace(Doubled(2), twice=3)
    with pytest.raises(TypeError, match="other"):
        replace(Place("a"), other=3)


def test_instances_are_pickled_and_copied() -> None:
    for thing in (Place("a", 2, ("b",), 3), Named("a", name="n"), Count(1, ["a"]), Doubled(3)):
        assert pickle.loads(pickle.dumps(thing)) == thing
        assert copy.deepcopy(thing) == thing
        assert copy.copy(thing) == thing


def test_they_show_their_values() -> None:
    assert repr(Place("a", 2, (), 3)) == "Place(file='a', line=2, notes=())"
    assert repr(Count()) == "Count(number=0, seen=[])"


def test_they_are_matched_by_place() -> None:
    match Place("a", 2):
        case Place(file, line):
            assert (file, line) == ("a", 2)
        case _:
            pytest.fail("no match")


def test_the_standard_library_knows_their_fields() -> None:
    place: Any = Place("a", 2)
    assert dataclasses.is_dataclass(place)
    assert [each.name for each in dataclasses.fields(place)] == ["file", "line", "notes", "hidden"]
    assert [each.name for each in record.fields(place)] == ["file", "line", "notes", "hidden"]
    assert dataclasses.asdict(place) == {"file": "a", "line": 2, "notes": (), "hidden": 0}
    assert dataclasses.replace(place, line=3) == Place("a", 3)


def test_a_class_without_slots_is_for_the_standard_library() -> None:
    with pytest.raises(TypeError, match="slots"):
        dataclass(slots=False)(Place)


def few() -> type[Any]:
    """A class that nobody has made an instance of."""

    @dataclass(frozen=True, slots=True)
    class Late:
        name: str
        line: int = 1
        more: list[int] = field(default_factory=list)
        made: bool = field(init=False, repr=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "made", True)

    return Late


def test_nothing_is_written_for_the_first_instances() -> None:
    late = few()
    first = late.__init__
    made = [late("a", 2), late("a", line=2), late(name="a", line=2, more=[])]
    assert late.__init__ is first
    made += [late("a", 2) for _ in range(record._FEW)]
    assert late.__init__ is not first
    assert [*made, late("a", 2)] == [made[0]] * (len(made) + 1)
    assert all(each.made for each in made)
    assert made[0].more is not made[1].more
    assert (late("b").line, few()("b").line) == (1, 1)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((), {}),
        (("a", 1, [], True), {}),
        (("a",), {"name": "b"}),
        (("a",), {"other": 1}),
        (("a",), {"made": True}),
    ],
)
def test_the_first_instance_refuses_what_every_other_does(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    late = few()
    told = []
    for _ in range(2):
        with pytest.raises(TypeError) as refused:
            late(*args, **kwargs)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert "__init__()" in told[0]


def test_the_standard_classes_are_not_imported() -> None:
    code = "import sys, penstock.model; print(sorted({'dataclasses', 'inspect'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
