"""What a run over a rollout cannot go below, each by itself: `python bench/floors.py WHAT FOLDER`.

Takes the name of a floor and a folder; does that work with the standard library and PyYAML alone, and prints how
much it did. It must not know penstock. The benchmark starts each in a process of its own and measures that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

_BLOCK = 32 * 1024  # larger buffers make reading small files slower


def nothing(_: str) -> int:
    return 0


def entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """Every YAML file below the folder but penstock.yaml."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(".yaml") and entry.name != "penstock.yaml":
                    yield entry


def walk(folder: str) -> int:
    return sum(1 for _ in entries(folder))


def stat(folder: str) -> int:
    return sum(1 for entry in entries(folder) if entry.stat(follow_symlinks=False).st_size)


def read(folder: str) -> int:
    return sum(1 for entry in entries(folder) if entry.stat(follow_symlinks=False).st_size and content(entry.path))


def content(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY)
    try:
        data = os.read(handle, _BLOCK)
        while len(data) % _BLOCK == 0 and (more := os.read(handle, _BLOCK)):
            data += more
        return data
    finally:
        os.close(handle)


def csafe(folder: str) -> int:
    """The yardstick C: load every file with PyYAML's C loader and keep the documents."""
    import yaml

    kept = []
    for entry in entries(folder):
        with open(entry.path, "rb") as file:  # noqa: PTH123 - the plainest way to load a file
            kept.append(yaml.load(file, Loader=yaml.CSafeLoader))
    return len(kept)


def predicates(folder: str) -> int:
    """Rules written by hand over the same loader: prints each finding as rule and file."""
    import yaml
    from predicates import findings

    kept = {}
    for entry in entries(folder):
        with open(entry.path, "rb") as file:  # noqa: PTH123
            kept[os.path.relpath(entry.path, folder)] = yaml.load(file, Loader=yaml.CSafeLoader)
    found = findings(kept)
    sys.stdout.writelines(f"{rule} {path}\n" for rule, path in sorted(found))
    return len(kept)


FLOORS = {
    "pass": nothing,
    "walk": walk,
    "walk-and-stat": stat,
    "walk-stat-read": read,
    "csafe": csafe,
    "predicates": predicates,
}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in FLOORS:
        sys.exit(f"usage: floors.py {{{','.join(FLOORS)}}} [FOLDER]")
    done = FLOORS[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else ".")
    sys.stderr.write(f"{done} files\n")


if __name__ == "__main__":
    main()
