"""What is kept of files that stamps cannot tell apart, and when it is let go."""

from __future__ import annotations

from pathlib import Path

import pytest
from answered import Clock, make

from penstock.answers.seen import Kept, Seen, look_again
from penstock.source import discover, nested_roots


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make(tmp_path / "rollout")
    (tmp_path / "rollout" / ".gitignore").write_text("")
    return tmp_path / "rollout"


def kept(root: Path) -> Kept:
    seen = Seen()
    discover(root, exclude=("policies",), seen=seen)
    seen.file(str(root / "penstock.yaml"))
    seen.file(str(root / "penstock.lock"))
    found = seen.kept()
    assert found is not None
    return found


def test_the_content_of_what_just_changed_is_kept(root: Path) -> None:
    _, _, files, (walked,) = kept(root)
    assert set(walked[-1]) == {".gitignore", "one.yaml", "two.yaml", "sub/three.yaml"}
    assert files[str(root / "penstock.yaml")][1] is not None
    assert files[str(root / "penstock.lock")] == (None, None)


@pytest.mark.parametrize("name", [".gitignore", "sub/three.yaml"])
def test_the_content_of_what_just_changed_counts(root: Path, name: str) -> None:
    found = kept(root)
    assert look_again(found) is found
    young = found[-1][0][-1]
    young[name] = bytes(16)  # as if the content had been another while the stamp was this one
    assert look_again(found) is None


def test_the_content_of_a_file_that_just_changed_counts(root: Path) -> None:
    found = kept(root)
    path = str(root / "penstock.yaml")
    found[2][path] = (found[2][path][0], bytes(16))
    assert look_again(found) is None


def test_contents_are_let_go_when_they_have_come_of_age(root: Path, clock: Clock) -> None:
    found = kept(root)
    clock.later = 10
    aged = look_again(found)
    assert aged is not None
    assert aged is not found
    _, _, files, (walked,) = aged
    assert walked[-1] == {}
    assert walked[:-1] == found[-1][0][:-1]
    assert {path: content for path, (_, content) in files.items() if content is not None} == {}
    assert look_again(aged) is aged


def test_a_content_that_has_come_of_age_counts_once_more(root: Path, clock: Clock) -> None:
    found = kept(root)
    found[-1][0][-1]["one.yaml"] = bytes(16)
    clock.later = 10
    assert look_again(found) is None


def test_what_was_odd_is_not_kept(root: Path) -> None:
    seen = Seen()
    (root / "linked.yaml").symlink_to("one.yaml")
    discover(root, seen=seen)
    assert seen.kept() is None
    seen = Seen()
    (root / "nothing").symlink_to("nowhere")
    seen.file(str(root / "nothing"))
    assert seen.kept() is None
    seen = Seen(keeping=False)
    seen.file(str(root / "one.yaml"))
    assert seen.kept() is None


def test_a_rollout_that_appears_inside_while_a_check_is_at_work_is_not_kept(root: Path) -> None:
    for appears in (False, True):
        seen = Seen()
        assert nested_roots(root / "sub", seen=seen) == []
        if appears:
            (root / "sub" / "inner").mkdir()
            (root / "sub" / "inner" / "penstock.yaml").write_text("")
        discover(root / "sub", seen=seen)
        assert (seen.kept() is None) is appears
