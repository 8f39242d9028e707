"""One git repository: its revisions, the trees of its commits, the contents of its files.

Takes a folder on disk and full ids; gives entries and bytes. Must not know which files are wanted.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from penstock.errors import InputError, UsageError
from penstock.record import dataclass, field
from penstock.source.git.command import Done, command, environment, run
from penstock.source.shown import absolute, shown

_ID = re.compile(rb"([0-9a-f]{40,64}) (commit|tag|tree|blob)")
_HEADER = re.compile(rb"[0-9a-f]{40,64} \w+ (\d+)\n")
_CHUNK = 1 << 16
_BAD_NAMES = frozenset({"", ".", "..", ".git"})
_EMPTY_TREE = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


class MissingObjectError(InputError):
    """The repository does not hold an object that it knows of."""


class Entry(NamedTuple):
    """What a tree holds under a path, which is relative to what was listed, with forward slashes."""

    path: str
    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        return self.mode.startswith("100")

    @property
    def is_link(self) -> bool:
        return self.mode == "120000"

    @property
    def is_tree(self) -> bool:
        return self.mode == "040000"

    @property
    def is_submodule(self) -> bool:
        return self.mode == "160000"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository. Paths are absolute."""

    top: Path
    """The folder that the paths of its trees are relative to; of a bare one, the folder that was asked about."""
    git_dir: Path
    shallow: bool = False
    ignores_above: bool = True
    """Whether its .gitignore files above a folder count: not where the environment alone knows of it."""
    extra: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where else its objects are: those of a push that a hook judges."""

    @property
    def common_dir(self) -> Path:
        """Where it keeps what worktrees share."""
        try:
            told = (self.git_dir / "commondir").read_text(encoding="utf-8", errors="surrogateescape").strip()
        except OSError:
            return self.git_dir
        return absolute(self.git_dir / told)

    def commit(self, revision: str) -> str:
        """The full id of the commit that a revision names: a branch, a tag, an id, ``HEAD~3``.

        Raises:
            UsageError: there is none.
        """
        found = self._resolve(revision)
        if found is None:
            raise self._unknown(revision)
        oid, kind = found
        if kind == "tag":
            oid, kind = self._resolve(f"{oid}^{{}}") or found
        if kind != "commit":
            raise UsageError(f"the revision `{revision}` names a {kind}, not a commit")
        return oid

    def has(self, commit: str) -> bool:
        """Whether the commit of this full id is here; of ``HEAD``, whether there is a commit at all."""
        return self._resolve(commit) is not None

    def merge_base(self, one: str, other: str) -> str | None:
        """The commit at which two commits parted, by full ids; None when there is none here."""
        done = self._run("merge-base", one, other)
        if done.code not in (0, 1):
            raise self._failed(done)
        return done.out.decode("ascii").strip() or None

    def tree(self, commit: str, below: str = "") -> tuple[Entry, ...] | None:
        """Every file, link and submodule below a folder, paths relative to it; None when there is no such folder.

        Raises:
            MissingObjectError: a tree is not here.
        """
        if below:
            (found,) = self.entries(commit, (below,)) or (None,)
            if found is None or not found.is_tree:
                return None
            commit = found.oid
        return self._listed("-r", commit)

    def entries(self, commit: str, paths: Sequence[str]) -> tuple[Entry, ...]:
        """What stands under each of these very paths, as far as there is something.

        Raises:
            MissingObjectError: a tree is not here.
        """
        found: list[Entry] = []
        left = list(paths)
        while left:
            # Asked for a folder and for something in it, git tells of the latter alone.
            deepest = [path for path in left if not any(other.startswith(f"{path}/") for other in left)]
            found += (each for each in self._listed(commit, "--", *deepest) if each.path in deepest)
            left = [path for path in left if path not in deepest]
        return tuple(found)

    def contents(self, oids: Sequence[str], most: int | None = None) -> Iterator[bytes]:
        """The contents of these files in order, by one process, one file at a time in memory.

        Of a file with more than ``most`` bytes come only the first ``most + 1``.

        Raises:
            MissingObjectError: one is not here.
        """
        if not oids:
            return
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
            # From a file, not a pipe: nobody waits for the other to read.
            asked.write("".join(f"{oid}\n" for oid in oids).encode("ascii"))
            asked.seek(0)
            process = subprocess.Popen(
                command(*self._options(), "cat-file", "--batch", "--buffer"),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=said,
                env=environment(self.extra),
                cwd=self.git_dir,
            )
            stream = process.stdout
            assert stream is not None
            try:
                for oid in oids:
                    content = _content(stream, most)
                    if content is None:
                        raise MissingObjectError(f"the repository {shown(self.top)} lacks the object {oid}")
                    yield content
            finally:
                stream.close()
                process.kill()
                process.wait()

    def present(self) -> tuple[str, ...]:
        """The files that git has in its index, and those of the working tree that it would add; by path.

        Raises:
            InputError: git cannot list them.
        """
        top = str(self.top)
        done = self._run(
            *("-C", top, f"--work-tree={top}"),
            *("ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        )
        if done.code:
            raise self._failed(done)
        return tuple(as_text(done.out).split("\0")[:-1])

    def settings(self, pattern: str, *, blob: str | None = None) -> dict[str, str]:
        """The settings whose names fit a pattern: of the repository, or of a file in it (``COMMIT:PATH``)."""
        source = ("--blob", blob) if blob else ()
        done = self._run("config", *source, "-z", "--get-regexp", pattern)
        pairs = (each.partition("\n") for each in as_text(done.out).split("\0") if each)
        return {name: value for name, _, value in pairs}

    @property
    def partial(self) -> bool:
        """Whether it was cloned without some objects, to be fetched when they are needed."""
        found = self.settings(r"^(extensions\.partialclone|remote\..*\.promisor)$")
        return any(value.lower() not in ("false", "no", "off", "0") for value in found.values())

    def fetching(self, commit: str, below: Sequence[str]) -> str:
        """The command that brings what a partial clone lacks of a commit below these folders, all at once."""
        here = shown(self.top)
        where = f"-C {shlex.quote(here)} " if here != "." else ""
        if not self.top.is_dir():
            where = f"--git-dir={shlex.quote(shown(self.git_dir))} "
        paths = " ".join(shlex.quote(_literal(path)) for path in below)
        # Against nothing at all: that is a difference in every file.
        return f"git {where}diff --shortstat {_EMPTY_TREE[len(commit)]} {commit} -- {paths}"

    def _listed(self, *words: str) -> tuple[Entry, ...]:
        done = self._run("ls-tree", "-z", "--full-tree", *words)
        if done.code:
            raise MissingObjectError(f"git cannot list a tree of {shown(self.top)}: {done.complaint}")
        return tuple(map(_entry, as_text(done.out).split("\0")[:-1]))

    def _resolve(self, revision: str) -> tuple[str, str] | None:
        """Id and kind of what a revision names. Read from standard input it is never an option."""
        if not revision or "\n" in revision or "\0" in revision:
            return None
        asked = revision.encode("utf-8", "surrogateescape") + b"\n"
        done = self._run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked)
        found = _ID.fullmatch(done.out.rstrip(b"\n"))
        if found is None and done.out.endswith(b" ambiguous\n"):
            raise UsageError(f"the revision `{revision}` fits several objects", hint="write more of its id")
        return (found[1].decode("ascii"), found[2].decode("ascii")) if found else None

    def _unknown(self, revision: str) -> UsageError:
        message = f"there is no revision `{revision}` in the git repository {shown(self.top)}"
        if revision == "HEAD":
            return UsageError("the git repository has no commit yet", hint="commit once; then there is a revision")
        remotes = {name.split(".", 1)[1].rsplit(".", 1)[0] for name in self.settings(r"^remote\..*\.url$")}
        remote, _, branch = revision.partition("/")
        if remote in remotes and re.fullmatch(r"[\w./-]+", branch):
            depth = "--depth=100 " if self.shallow else ""
            hint = f"`git fetch {depth}{remote} {branch}:refs/remotes/{revision}`"
        elif near := next((name for name in sorted(remotes) if self._resolve(f"{name}/{revision}")), None):
            return UsageError(message, hint=f"there is `{near}/{revision}`")
        else:
            hint = "`git fetch --unshallow`" if self.shallow else "`git fetch`"
        if self.shallow:
            hint = f"this is a shallow clone; {hint}, or `fetch-depth: 0` for actions/checkout, brings more"
        else:
            hint += " brings what a remote has; `git branch --all` and `git tag` list what is here"
        return UsageError(message, hint=hint)

    def _run(self, *words: str, stdin: bytes = b"") -> Done:
        return run(*self._options(), *words, stdin=stdin, extra=self.extra, folder=self.git_dir)

    def _options(self) -> tuple[str, str]:
        # The work tree is of no use here, and that of a submodule's repository need not exist.
        return f"--git-dir={self.git_dir}", f"--work-tree={self.git_dir}"

    def _failed(self, done: Done) -> InputError:
        return InputError(f"git cannot read {shown(self.top)}: {done.complaint or f'exit code {done.code}'}")


def _content(stream: IO[bytes], most: int | None) -> bytes | None:
    """The next object that ``cat-file --batch`` gives; None when it is missing or git has ended."""
    header = _HEADER.fullmatch(stream.readline())
    if header is None:
        return None
    size = int(header[1])
    wanted = size if most is None else min(size, most + 1)
    content = stream.read(wanted)
    left = size - wanted + 1  # and a line end
    while left > 0 and (passed := stream.read(min(left, _CHUNK))):
        left -= len(passed)
    return content if left == 0 and len(content) == wanted else None


def _entry(line: str) -> Entry:
    facts, _, path = line.partition("\t")
    mode, _, oid = facts.split(" ")
    # git checks no such path out, and nor does anybody who makes files from it leave his folder.
    if not _BAD_NAMES.isdisjoint(path.lower().split("/")):
        raise InputError(f"a tree holds a path that git would not check out: {path}")
    return Entry(path, mode, oid)


def _literal(path: str) -> str:
    """A path as git takes it on a command line, where it reads patterns."""
    return f":(literal){path}" if re.search(r"^:|[*?\[\\]", path) else path or "."


def as_text(raw: bytes) -> str:
    """Paths as Python gives them for files on disk."""
    return raw.decode("utf-8", "surrogateescape") if os.name == "nt" else os.fsdecode(raw)
