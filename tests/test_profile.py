"""What a run tells of its course, and what a profile makes of it: by a clock that is told what to say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from penstock import course
from penstock.course import PARTS, READING, RULES, SCHEMA, UNFOLLOWED, Course
from penstock.processes import spread
from penstock.profile import OTHER, START, Profile, Profiled, age, peak_memory


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000

    def __call__(self) -> int:
        return self.now


def followed() -> Profiled:
    """A run of 100, of which 50 were over before it could be followed."""
    clock = Clock()
    profile = Profile(clock, age=50)
    clock.now += 1
    with profile.part(READING):
        clock.now += 10
        with profile.part(SCHEMA):
            clock.now += 20
        clock.now += 3
    with profile.part(RULES):
        clock.now += 15
        for rule, took in (("LV801", 4), ("LV802", 6), ("LV801", 1), ("LV803", 5)):
            profile.asked(rule).nanoseconds += took
            profile.asked(rule).times += 1
    profile.count("judged", 3)
    profile.count("judged", 1)
    clock.now += 1
    return profile.profiled()


def test_a_moment_belongs_to_the_innermost_part() -> None:
    assert followed().parts == ((START, 50), (READING, 13), (SCHEMA, 20), (RULES, 15), (OTHER, 2))


def test_the_parts_add_up_to_the_whole() -> None:
    profiled = followed()
    assert profiled.total == 100 == sum(spent for _, spent in profiled.parts)


def test_the_slowest_rule_is_the_first_and_the_first_of_equals_the_lower() -> None:
    assert [(each.rule, each.nanoseconds, each.asked) for each in followed().rules] == [
        ("LV802", 6, 1),
        ("LV801", 5, 2),
        ("LV803", 5, 1),
    ]


def test_counts_grow() -> None:
    assert followed().counts == {"judged": 4}


def test_a_part_that_fails_is_over() -> None:
    clock = Clock()
    profile = Profile(clock)

    def fail() -> None:
        with profile.part(READING):
            clock.now += 5
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    clock.now += 7
    assert profile.profiled().parts == ((START, 0), (READING, 5), (OTHER, 7))


def test_every_part_has_its_place() -> None:
    counted = {course.READ, course.JUDGED}
    named = {value for name, value in vars(course).items() if name.isupper() and isinstance(value, str)}
    assert named - counted == set(PARTS)
    assert len(PARTS) == len(set(PARTS))


def test_who_follows_nothing_is_told_everything() -> None:
    with UNFOLLOWED.part(READING):
        UNFOLLOWED.count("read", 3)
    UNFOLLOWED.done(1, 2)
    UNFOLLOWED.end()
    items = [1, 2]
    assert UNFOLLOWED.each(items) is items
    assert UNFOLLOWED.asked("LV801") is not UNFOLLOWED.asked("LV801")


def test_a_process_has_been_there_and_takes_memory() -> None:
    assert 0 < age() < 1_000_000_000 * 3600 * 24
    peak = peak_memory()
    assert peak is None or 1_000_000 < peak < 1_000_000_000_000


class Told(Course):
    """Notes what it is told."""

    every = 10

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[int, int]] = []

    def done(self, done: int, of: int) -> None:
        self.told.append((done, of))


def double(items: Sequence[int]) -> list[int]:
    return [2 * item for item in items]


def test_one_process_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_PROCESSES", "1")
    told = Told()
    assert list(spread(range(25), double, least=5, course=told)) == list(range(0, 50, 2))
    assert told.told == [(10, 25), (20, 25), (25, 25)]


def test_one_of_two_processes_tells_it_as_if_both_were_as_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_PROCESSES", "2")
    monkeypatch.setattr("penstock.processes.os.fork", lambda: 12345)
    monkeypatch.setattr("penstock.processes._receive", lambda copy, reads: ())
    told = Told()
    assert list(spread(range(40), double, least=5, course=told)) == list(range(0, 80, 2))
    assert told.told == [(20, 40), (40, 40)]


def test_a_profile_takes_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_PROCESSES", "2")
    monkeypatch.delattr("penstock.processes._start")
    assert list(spread(range(40), double, least=5, course=Profile())) == list(range(0, 80, 2))
