"""Whatever is wrong with the cache: a check says what it would say without one."""

from __future__ import annotations

import errno
import marshal
import os
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from answered import Clock, found_out, make, run

from penstock import cache
from penstock.answers import answer


def entry(folder: Path) -> Path:
    """The one answer there is."""
    (found,) = (folder / answer.KIND).iterdir()
    return found


def sealed(value: object) -> bytes:
    """An entry of the cache that holds a value."""
    data = marshal.dumps(value)  # type: ignore[arg-type]
    return cache.digest(data) + data


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_answer(rollout: Path, cache_folder: Path, clock: Clock, seed: int) -> None:
    expected = run()[:3]
    file = entry(cache_folder)
    rng = random.Random(seed)
    data = bytearray(file.read_bytes())
    if seed % 2:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    else:
        del data[rng.randrange(len(data)) :]
    file.write_bytes(data)
    done = run()
    assert not done.answered
    assert done[:3] == expected
    assert run().answered


@pytest.mark.parametrize(
    "value",
    [
        None,
        (),
        7,
        "text",
        b"",
        {"code": 0},
        (0, None, None, 0, ""),
        (answer._FORM, "2026-11-20", ({}, {}, {}, []), "0", "text"),
        (answer._FORM, "2026-11-20", ({}, {}, {}, []), 0, b"text"),
        (answer._FORM, "2026-11-20", ({}, {}, {}, [("/",)]), 0, "text"),
        (answer._FORM, "2026-11-20", ({"\0": ""}, {}, {"\0": (None, None)}, []), 0, "text"),
        (answer._FORM, "2026-11-20", [[]] * 10, 0, "text"),
        (answer._FORM + 1, None, ({}, {}, {}, []), 0, "text"),
    ],
)
def test_an_answer_of_another_making(rollout: Path, cache_folder: Path, clock: Clock, value: object) -> None:
    expected = run()[:3]
    entry(cache_folder).write_bytes(sealed(value))
    done = run()
    assert not done.answered
    assert done[:3] == expected


def test_an_answer_that_somebody_else_may_write(rollout: Path, cache_folder: Path, clock: Clock) -> None:
    run()
    file = entry(cache_folder)
    file.chmod(0o666)
    assert not run().answered  # which puts one of its own there
    assert run().answered
    file = entry(cache_folder)
    file.rename(cache_folder / "elsewhere")
    file.symlink_to(cache_folder / "elsewhere")
    assert not run().answered
    (cache_folder / answer.KIND).chmod(0o777)
    assert not run().answered
    assert not run().answered


def test_a_file_in_place_of_the_cache(rollout: Path, cache_folder: Path, clock: Clock) -> None:
    expected = found_out()
    cache_folder.write_text("")
    assert run() == (*expected, False)
    assert run() == (*expected, False)


@pytest.mark.parametrize("value", ["", "\udcff", "/dev/null/x", "/proc/self/nowhere"])
def test_no_cache(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    expected = found_out()
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", value)
    assert run() == (*expected, False)
    assert run()[:3] == expected


@pytest.mark.parametrize("where", ["replace", "makedirs", "open"])
def test_a_full_disk(
    rollout: Path, cache_folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    expected = found_out()

    def full(*given: object, **more: object) -> object:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if where == "open":
        real = open
        monkeypatch.setattr(
            "builtins.open",
            lambda file, *given, **more: full() if isinstance(file, int) else real(file, *given, **more),
        )
    else:
        monkeypatch.setattr(cache.os, where, full)
    assert run() == (*expected, False)
    assert run() == (*expected, False)
    monkeypatch.undo()
    left = [path for path in cache_folder.rglob("*") if path.is_file()] if cache_folder.exists() else []
    assert left == []


PROGRAM = """
import sys
from penstock.cli import main
sys.exit(main(["check", "--as-of", "2026-11-20"]))
"""


def check(
    folder: Path, limit: Callable[[], None] | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """A check in a process of its own."""
    environment = {**os.environ, **environment}
    line = [sys.executable, "-c", PROGRAM]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, preexec_fn=limit)


@pytest.mark.skipif(sys.platform == "win32", reason="such limits are of POSIX")
def test_no_file_may_be_written(rollout: Path, cache_folder: Path) -> None:
    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    expected = check(rollout, PENSTOCK_CACHE_DIR="")
    done = check(rollout, limit)
    assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, b"")
    assert [path for path in cache_folder.rglob("*") if path.is_file()] == []


def test_runs_at_the_same_time(rollout: Path, cache_folder: Path) -> None:
    expected = check(rollout, PENSTOCK_CACHE_DIR="")
    with ThreadPoolExecutor(6) as pool:
        for done in pool.map(check, [rollout] * 12):
            assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, b"")
    names = [path.name for path in (cache_folder / answer.KIND).iterdir()]
    assert len(names) == 1
    assert not names[0].startswith(".")


def test_only_so_many_answers_are_kept(
    rollout: Path, cache_folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "_KEPT", 3)
    for day in range(1, 6):
        run("--as-of", f"2026-11-0{day}")
    assert len(list((cache_folder / answer.KIND).iterdir())) == 3
    assert run("--as-of", "2026-11-05").answered
    assert not run("--as-of", "2026-11-01").answered
    size = entry_size(cache_folder)
    monkeypatch.setattr(answer, "_MOST_BYTES", 2 * size + size // 2)
    run("--as-of", "2026-11-09")
    assert len(list((cache_folder / answer.KIND).iterdir())) == 2
    monkeypatch.setattr(answer, "_MOST_BYTES", 1)
    run("--as-of", "2026-11-10")
    assert run("--as-of", "2026-11-10").answered  # the newest stays, whatever its size


def entry_size(folder: Path) -> int:
    return max(path.stat().st_size for path in (folder / answer.KIND).iterdir())


def test_an_answer_too_long_to_keep(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "_LONGEST", 10)
    run()
    assert not run().answered


def test_too_many_files_that_just_changed(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.answers import seen

    monkeypatch.setattr(seen, "_MOST_YOUNG", 2)
    run()
    assert not run().answered
    clock.later = 10
    run()
    assert run().answered


def test_output_that_the_terminal_cannot_carry(tmp_path: Path, cache_folder: Path) -> None:
    make(tmp_path / "rollout")
    (tmp_path / "rollout" / "one.yaml").write_text("é: ✓\n")
    expected = check(tmp_path / "rollout", PENSTOCK_CACHE_DIR="", PYTHONIOENCODING="ascii")
    for _ in range(2):
        done = check(tmp_path / "rollout", PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stdout) == (expected.returncode, expected.stdout)
    other = check(tmp_path / "rollout", PYTHONIOENCODING="utf-8")
    assert other.stdout != expected.stdout
    assert "✓".encode() in other.stdout
