"""A check that is made again says what one of its own says, does no more than it has to, and misses no save."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from git_history import History, scrub
from own_pack import CONTRACT, PACK, POLICY
from penstock.answers import stamps
from penstock.errors import GroupedError, PenstockError, UsageError
from penstock.policy.sweep import Sweep
from penstock.render.json import render
from penstock.workspace import check as checking
from penstock.workspace import intakes, packs
from penstock.workspace.check import Options, check
from penstock.workspace.state import sight, taking
from penstock.workspace.watching import Named, Watching

EXAMPLE = Path(__file__).parents[2] / "examples" / "startup-legal-contracts"
DAY = "2026-11-20"


@pytest.fixture(params=[0, 1000], ids=["just saved", "long ago"])
def rollout(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rollout with a pack of its own, whose state is kept however small it is.

    What was saved long ago is not looked at as closely.
    """
    scrub(monkeypatch, tmp_path)
    monkeypatch.setattr(sight, "LEAST", 1)
    real = stamps.time.time_ns
    monkeypatch.setattr(stamps.time, "time_ns", lambda: real() + request.param * 10**9)
    folder = tmp_path / "rollout"
    shutil.copytree(EXAMPLE, folder)
    config = folder / "penstock.yaml"
    config.write_text("packs: [./rules]\nmanifests: {exclude: [rules]}\n")
    (folder / "rules").mkdir()
    (folder / "rules" / "pack.yaml").write_text(PACK)
    (folder / "rules" / "vendor-too-long.yaml").write_text(POLICY)
    (folder / "one.yaml").write_text(CONTRACT.format(name="one", vendor="Acme"))
    (folder / "two.yaml").write_text(CONTRACT.format(name="two", vendor="abc"))
    monkeypatch.chdir(folder)
    return folder


def stamp(path: Path) -> int:
    return path.stat().st_ctime_ns if path.exists() else 0


def done(*paths: Path) -> Callable[[Callable[[], object]], None]:
    """Do something to files so that their stamps and their folders' differ, be the disk's clock ever so slow."""
    places = {place for path in paths for place in (path, path.parent)}
    before = {place: stamp(place) for place in places}

    def do(action: Callable[[], object]) -> None:
        action()
        for place, was in before.items():
            while place.exists() and stamp(place) == was:
                place.chmod(place.stat().st_mode)

    return do


def save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    done(path)(lambda: path.write_text(text))


def move(path: Path, to: Path) -> None:
    done(path, to)(lambda: path.rename(to))


def remove(path: Path) -> None:
    done(path)(path.unlink)


def options(**given: object) -> Options:
    return Options(**{"as_of": DAY, "allow_empty": True, **given})  # type: ignore[arg-type]


def fresh(**given: object) -> str:
    """What a check says that knows nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sight, "LEAST", 10**9)
        try:
            return render(check(options(**given)))
        except PenstockError as fault:
            return told(fault)


def told(fault: PenstockError) -> str:
    return "\n".join(map(str, fault.errors if isinstance(fault, GroupedError) else [fault]))


def again(watching: Watching) -> str:
    try:
        return render(watching.check())
    except PenstockError as fault:
        return told(fault)


def touch_config(root: Path) -> None:
    save(
        root / "penstock.yaml",
        "packs: [./rules]\nmanifests: {exclude: [rules]}\nrules: {ACME001: {severity: info}}\n",
    )


# Each leaves the rollout to the next.
EDITS: list[tuple[str, Callable[[Path], object], list[str]]] = [
    ("a value", lambda root: save(root / "one.yaml", CONTRACT.format(name="one", vendor="abcd")), ["one.yaml"]),
    ("same size", lambda root: save(root / "one.yaml", CONTRACT.format(name="one", vendor="abce")), ["one.yaml"]),
    ("mended", lambda root: save(root / "one.yaml", CONTRACT.format(name="one", vendor="ab")), ["one.yaml"]),
    ("bad syntax", lambda root: save(root / "one.yaml", "a: [\n"), ["one.yaml"]),
    ("another", lambda root: save(root / "two.yaml", CONTRACT.format(name="two", vendor="long")), ["two.yaml"]),
    ("good syntax", lambda root: save(root / "one.yaml", CONTRACT.format(name="one", vendor="abc")), ["one.yaml"]),
    ("a name", lambda root: save(root / "one.yaml", CONTRACT.format(name="uno", vendor="abc")), ["one.yaml"]),
    ("taken twice", lambda root: save(root / "one.yaml", CONTRACT.format(name="two", vendor="abc")), ["one.yaml"]),
    ("taken once", lambda root: save(root / "one.yaml", CONTRACT.format(name="one", vendor="abc")), ["one.yaml"]),
    ("empty", lambda root: save(root / "one.yaml", ""), ["one.yaml"]),
    ("a new file", lambda root: save(root / "new.yaml", CONTRACT.format(name="new", vendor="long")), ["new.yaml"]),
    ("a new folder", lambda root: save(root / "a" / "b.yaml", CONTRACT.format(name="b", vendor="ab")), ["a"]),
    ("in it", lambda root: save(root / "a" / "c.yaml", CONTRACT.format(name="c", vendor="ab")), ["a/c.yaml"]),
    ("renamed", lambda root: move(root / "new.yaml", root / "newer.yaml"), ["new.yaml", "newer.yaml"]),
    ("a folder renamed", lambda root: move(root / "a", root / "z"), ["a", "z"]),
    ("a folder hidden", lambda root: move(root / "z", root / ".z"), ["z", ".z"]),
    ("a folder shown", lambda root: move(root / ".z", root / "z"), [".z", "z"]),
    ("hidden", lambda root: move(root / "newer.yaml", root / ".newer.yaml"), ["newer.yaml", ".newer.yaml"]),
    ("deleted", lambda root: remove(root / "two.yaml"), ["two.yaml"]),
    ("ignored here", lambda root: save(root / "z" / ".gitignore", "b.yaml\n"), ["z/.gitignore"]),
    ("ignored no more", lambda root: save(root / "z" / ".gitignore", "x.yaml\n"), ["z/.gitignore"]),
    ("the organization", lambda root: save(root / "z" / "o.yaml", "kind: Organization\n"), ["z/o.yaml"]),
    ("a rollout within", lambda root: save(root / "z" / "penstock.yaml", ""), ["z/penstock.yaml"]),
    ("no rollout within", lambda root: remove(root / "z" / "penstock.yaml"), ["z/penstock.yaml"]),
    ("a policy", lambda root: save(root / "rules" / "vendor-too-long.yaml", POLICY.replace("< 4", "< 2")), []),
    (
        "a bad policy",
        lambda root: save(root / "rules" / "vendor-too-long.yaml", POLICY.replace("size", "syze")),
        [],
    ),
    ("a good policy", lambda root: save(root / "rules" / "vendor-too-long.yaml", POLICY), []),
    (
        "another policy",
        lambda root: save(root / "rules" / "vendor-long.yaml", POLICY.replace("001", "002").replace("-too", "")),
        [],
    ),
    ("no pack", lambda root: move(root / "rules", root / "gone"), ["rules", "gone"]),
    ("a pack", lambda root: move(root / "gone", root / "rules"), ["gone", "rules"]),
    ("the configuration", touch_config, ["penstock.yaml"]),
    ("a bad configuration", lambda root: save(root / "penstock.yaml", "pack: levie\n"), ["penstock.yaml"]),
    ("another bad one", lambda root: save(root / "penstock.yaml", "packs: levie\n"), ["penstock.yaml"]),
    ("a good configuration", touch_config, ["penstock.yaml"]),
    ("a baseline", lambda root: save(root / "penstock-baseline.yaml", "[]\n"), ["penstock-baseline.yaml"]),
    ("no baseline", lambda root: remove(root / "penstock-baseline.yaml"), ["penstock-baseline.yaml"]),
]


@pytest.mark.parametrize("named", [False, True], ids=["looking", "told"])
@pytest.mark.parametrize("given", [{}, {"schema_only": True}], ids=["rules", "shapes"])
def test_each_check_says_what_one_of_its_own_says(rollout: Path, named: bool, given: dict[str, object]) -> None:
    watching = Watching(options(**given))
    assert again(watching) == fresh(**given)
    assert json.loads(fresh(**given))["apiVersion"] == "report/v1"  # no fault
    assert not watching.changed(() if named else None)
    for what, edit, paths in EDITS:
        before = fresh(**given)
        edit(rollout)
        # The names are those that the operating system would tell.
        told_of: Named = [str(rollout / path) for path in paths] if named else None
        after = fresh(**given)
        assert watching.changed(told_of) or before == after, what
        assert again(watching) == after, what
        assert not watching.changed(() if named else None), what


@pytest.mark.parametrize("named", [False, True], ids=["looking", "told"])
def test_several_edits_between_two_checks(rollout: Path, named: bool) -> None:
    save(rollout / "penstock.yaml", "packs: [levie, ./rules]\nmanifests: {exclude: [rules]}\n")
    watching = Watching(options())
    again(watching)
    for start in range(0, len(EDITS), 3):
        paths = []
        for _, edit, names in EDITS[start : start + 3]:
            edit(rollout)
            paths += [str(rollout / name) for name in names]
        watching.changed(paths if named else None)
        assert again(watching) == fresh(), EDITS[start][0]


def test_a_check_that_nobody_has_looked_for_looks(rollout: Path) -> None:
    watching = Watching(options())
    again(watching)
    for what, edit, _ in EDITS:
        edit(rollout)
        assert again(watching) == fresh(), what


class Counted:
    """What was done, as numbers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parsed = self.judged = self.loaded = self.saved = 0
        read, judge, load, save = intakes.read_bytes, Sweep.judge, packs.Packs._load, taking.save

        def counted_read(*given: object) -> object:
            self.parsed += 1
            return read(*given)  # type: ignore[arg-type]

        def counted_judge(*given: object) -> object:
            self.judged += 1
            return judge(*given)  # type: ignore[arg-type]

        def counted_load(*given: object) -> object:
            self.loaded += 1
            return load(*given)  # type: ignore[arg-type]

        def counted_save(*given: object) -> object:
            self.saved += 1
            return save(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(intakes, "read_bytes", counted_read)
        monkeypatch.setattr(Sweep, "judge", counted_judge)
        monkeypatch.setattr(packs.Packs, "_load", counted_load)
        monkeypatch.setattr(taking, "save", counted_save)

    def since(self) -> tuple[int, int, int, int]:
        """Files parsed, resources judged, packs loaded, states saved since this was asked."""
        found = self.parsed, self.judged, self.loaded, self.saved
        self.parsed = self.judged = self.loaded = self.saved = 0
        return found


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    monkeypatch.setenv("PENSTOCK_PROCESSES", "1")
    return Counted(monkeypatch)


@pytest.mark.parametrize("rollout", [1000], indirect=True)
def test_a_check_after_one_edit_reads_one_file(rollout: Path, counted: Counted) -> None:
    watching = Watching(options())
    again(watching)
    parsed, judged, loaded, saved = counted.since()
    files = len(list(rollout.rglob("*.yaml"))) - 3
    assert (parsed, loaded, saved) == (files, 1, 1)
    assert judged > 20

    save(rollout / "one.yaml", CONTRACT.format(name="one", vendor="long"))
    assert watching.changed([str(rollout / "one.yaml")])
    again(watching)
    parsed, judged, loaded, saved = counted.since()
    assert (parsed, loaded, saved) == (1, 0, 0)
    assert judged < 10

    # Neither what cannot be parsed nor its mending makes anything else be read.
    save(rollout / "one.yaml", "a: [\n")
    again(watching)
    assert counted.since()[0::2] == (1, 0)
    save(rollout / "one.yaml", CONTRACT.format(name="one", vendor="long"))
    again(watching)
    parsed, judged, loaded, saved = counted.since()
    assert (parsed, loaded, saved) == (1, 0, 0)
    assert judged < 10

    save(rollout / "new.yaml", CONTRACT.format(name="new", vendor="long"))
    again(watching)
    assert counted.since()[0::2] == (1, 0)


@pytest.mark.parametrize("rollout", [1000], indirect=True)
def test_a_rollout_that_was_wrong_from_the_beginning_is_read_once(rollout: Path, counted: Counted) -> None:
    save(rollout / "one.yaml", "a: [\n")
    save(rollout / "two.yaml", "a: [\n")
    watching = Watching(options())
    again(watching)
    counted.since()
    save(rollout / "one.yaml", CONTRACT.format(name="one", vendor="long"))
    assert again(watching) == fresh()
    assert counted.since()[0] - len(list(rollout.rglob("*.yaml"))) + 3 == 1


@pytest.mark.parametrize("rollout", [1000], indirect=True)
def test_packs_are_loaded_again_when_the_configuration_changes(rollout: Path, counted: Counted) -> None:
    watching = Watching(options())
    again(watching)
    counted.since()
    touch_config(rollout)
    assert watching.changed(None)
    again(watching)
    assert counted.since()[2] == 1


@pytest.mark.parametrize("rollout", [1000], indirect=True)
def test_who_leaves_keeps_what_has_changed_once(rollout: Path, counted: Counted) -> None:
    watching = Watching(options())
    again(watching)
    watching.leave()
    assert counted.since()[3] == 1
    save(rollout / "new.yaml", CONTRACT.format(name="new", vendor="long"))
    again(watching)
    assert counted.since()[3] == 0
    watching.leave()
    watching.leave()
    assert counted.since()[3] == 1
    # The next process finds it.
    check(options())
    assert counted.since()[:2] == (0, 0)


@pytest.mark.parametrize("rollout", [1000], indirect=True)
def test_nothing_is_kept_on_disk_that_must_not_be(rollout: Path, counted: Counted) -> None:
    watching = Watching(options(cached=False))
    again(watching)
    save(rollout / "one.yaml", CONTRACT.format(name="one", vendor="long"))
    counted.since()
    assert again(watching) == fresh()
    watching.leave()
    assert counted.since()[3] == 0


def test_a_fault_is_told_once(rollout: Path) -> None:
    watching = Watching(options())
    again(watching)
    save(rollout / "penstock.yaml", "pack: levie\n")
    assert watching.changed(None)
    with pytest.raises(GroupedError):
        watching.check()
    assert not watching.changed(None)
    save(rollout / "one.yaml", "a: [\n")
    assert not watching.changed([str(rollout / "one.yaml")])
    save(rollout / "penstock.yaml", "packs: levie\n")
    assert watching.changed(None)


def test_a_new_day_is_judged_by_its_own_rules(rollout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = "2026-11-20"
    monkeypatch.setattr(checking, "today", lambda: day)
    watching = Watching(options(as_of=None))
    assert watching.check().as_of == "2026-11-20"
    assert not watching.changed(())
    day = "2026-11-21"
    assert watching.changed(())
    assert render(watching.check()) == fresh(as_of="2026-11-21")


def test_what_is_no_manifest_is_no_reason(rollout: Path) -> None:
    (rollout / ".git").mkdir()
    watching = Watching(options())
    again(watching)
    save(rollout / ".git" / "index", "x")
    save(rollout / ".one.yaml.swp", "x")
    save(rollout / "README.md", "x")
    names = [".git/index", ".one.yaml.swp", "README.md", "was-there-for-a-moment.yaml"]
    assert not watching.changed([str(rollout / name) for name in names])
    assert not watching.changed(None)


def test_one_s_own_output_is_no_reason(rollout: Path) -> None:
    """A report in the rollout's folder is a manifest to the next check, as it is to one of its own."""
    watching = Watching(options())
    again(watching)
    out = rollout / "report.json"
    reports = 0
    for number in range(4):
        save(out, "{" + " " * number + "}")
        watching.forgive([out])
        reports += watching.changed(None)
        again(watching)
    assert reports == 1  # the file that came
    save(out, "[")
    watching.forgive([out])
    save(rollout / "one.yaml", CONTRACT.format(name="one", vendor="long"))
    assert watching.changed(None)
    assert again(watching) == fresh()


def test_files_that_are_still_being_saved(rollout: Path) -> None:
    watching = Watching(options())
    again(watching)
    save(rollout / "one.yaml", CONTRACT.format(name="one", vendor="long"))
    assert watching.changed(None)
    save(rollout / "one.yaml", CONTRACT.format(name="one", vendor="longer"))
    assert watching.still_changing()
    save(rollout / "two.yaml", CONTRACT.format(name="two", vendor="longer"))
    assert not watching.still_changing()
    assert watching.changed(None)
    assert not watching.still_changing()
    save(rollout / "penstock.yaml", "pack: levie\n")
    assert watching.changed(None)
    assert not watching.still_changing()


def test_files_that_were_named_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = tmp_path / "one.yaml"
    save(one, CONTRACT.format(name="one", vendor="Acme"))
    watching = Watching(options(paths=("one.yaml",)))
    assert again(watching) == fresh(paths=("one.yaml",))
    save(one, CONTRACT.format(name="one", vendor="Other"))
    assert watching.changed(None)
    assert again(watching) == fresh(paths=("one.yaml",))
    assert not watching.changed(None)
    remove(one)
    assert watching.changed(None)
    with pytest.raises(UsageError, match="there is no file or folder"):
        watching.check()
    save(one, CONTRACT.format(name="one", vendor="Acme"))
    assert watching.changed(None)
    assert again(watching) == fresh(paths=("one.yaml",))


def test_rollouts_that_come_and_go_below_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "a" / "one.yaml", CONTRACT.format(name="one", vendor="Acme"))
    save(tmp_path / "b" / "one.yaml", CONTRACT.format(name="one", vendor="Acme"))
    watching = Watching(options())
    assert again(watching) == fresh()
    for name in ("a/penstock.yaml", "b/penstock.yaml"):
        save(tmp_path / name, "")
        assert watching.changed(None)
        assert again(watching) == fresh()
        assert not watching.changed(None)
    assert watching.folders == (tmp_path / "a", tmp_path / "b")
    remove(tmp_path / "a" / "penstock.yaml")
    assert watching.changed(None)
    assert again(watching) == fresh()


def test_a_commit_is_a_reason_where_a_revision_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scrub(monkeypatch, tmp_path)
    history = History(tmp_path / "repository")
    monkeypatch.chdir(history.folder)
    history.commit({"penstock.yaml": "", "one.yaml": CONTRACT.format(name="one", vendor="Acme")})
    history.write({"one.yaml": CONTRACT.format(name="one", vendor="Other")})
    watching = Watching(options(changed=True))
    before = again(watching)
    assert before == fresh(changed=True)
    assert not watching.changed(())
    history.commit(message="done")
    assert watching.changed(())
    after = again(watching)
    assert after == fresh(changed=True)
    assert after != before


def test_standard_input_cannot_be_watched() -> None:
    with pytest.raises(UsageError, match="standard input cannot be watched"):
        Watching(options(stdin=("one.yaml", b"")))
