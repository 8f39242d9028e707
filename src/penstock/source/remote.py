"""A git repository elsewhere: which commit a revision is, and the files of a commit. The one module that fetches.

Takes an address that has been checked, a revision, a commit; gives an id and contents. Nothing is checked out and
nothing out of the repository is run: no hook, no filter, no submodule. Must not know what the files mean.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from penstock.errors import InputError
from penstock.record import dataclass
from penstock.source import limits
from penstock.source.git.command import Done, command, environment
from penstock.source.git.repository import Entry, Repository

ALLOW_FILE = "PENSTOCK_PACKS_ALLOW_FILE"
MOST_FILES = 10_000
MOST_BYTES = 64 * 1024 * 1024

_SECONDS = 600
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_OPTIONS = (
    # A hook or a helper that the user has set up for all repositories has no business here.
    *("-c", "core.hooksPath=/dev/null", "-c", "core.askPass=", "-c", "credential.interactive=false"),
    *("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "fetch.recurseSubmodules=false"),
)
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--refmap=")


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository elsewhere, and a folder to fetch into."""

    address: str
    folder: Path

    def commit(self, revision: str) -> str:
        """The id of the commit that a tag or branch is now; of a whole commit id, the same id.

        Raises:
            InputError: the repository cannot be reached, or has no such revision.
        """
        if _COMMIT.fullmatch(revision):
            return revision
        names = [revision] if revision.startswith("refs/") else [f"refs/tags/{revision}", f"refs/heads/{revision}"]
        asked = [*names, *(f"{name}^{{}}" for name in names)]
        done = self._run("ls-remote", "--quiet", "--", self.address, *asked)
        if done.code:
            raise self._unreachable(done)
        lines = (line.split("\t", 1) for line in done.out.decode("utf-8", "replace").splitlines() if "\t" in line)
        found = {name: oid for oid, name in lines if name in asked and _COMMIT.fullmatch(oid)}
        present = [name for name in names if name in found]
        if not present:
            raise self._unknown(revision)
        if len(present) > 1:
            message = f"{self.address} has a tag and a branch {revision}"
            raise InputError(message, hint=f"say which: {' or '.join(names)}")
        # What an annotated tag is put on stands behind its own id.
        return found.get(f"{present[0]}^{{}}", found[present[0]])

    def files(self, commit: str, below: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
        """The contents of the wanted files below a folder of a commit, by paths relative to it.

        Raises:
            InputError: the repository cannot be reached, has no such commit or folder, or a file in it is unfit.
        """
        repository = self._fetched(commit)
        listed = repository.tree(commit, below)
        where = f"{self.address} at the commit {commit}"
        if listed is None:
            raise InputError(f"{where} has no folder {below}", hint="`path` is the folder that holds pack.yaml")
        chosen = [entry for entry in listed if wanted(entry.path) and not entry.is_submodule]
        for entry in chosen:
            why = _unfit(entry)
            if why is not None:
                raise InputError(f"{where} has a file {entry.path!r} that cannot be in a pack: {why}")
        if len(chosen) > MOST_FILES:
            raise InputError(f"{where} has {len(chosen)} files for a pack; {MOST_FILES} is the most", hint=_NARROW)
        contents: dict[str, bytes] = {}
        size = 0
        read = repository.contents([entry.oid for entry in chosen], limits.BYTES)
        for entry, content in zip(chosen, read, strict=True):
            size += len(content)
            if len(content) > limits.BYTES or size > MOST_BYTES:
                raise InputError(f"{where} is too large for a pack: at {entry.path!r}", hint=_NARROW)
            contents[entry.path] = content
        return contents

    def _fetched(self, commit: str) -> Repository:
        """A bare repository with the commit in it."""
        place = self.folder / "repository"
        kind = "sha1" if len(commit) == 40 else "sha256"
        self._done("init", "--quiet", "--bare", "--template=", f"--object-format={kind}", "--", str(place))
        repository = Repository(place, place)
        where = f"--git-dir={place}"
        one = self._run(where, *_FETCH, "--depth=1", "--", self.address, commit)
        if not repository.has(commit):
            # Some servers give only what a branch or a tag names: then all of those, and what led to them.
            everything = self._run(where, *_FETCH, "--", self.address, "+refs/heads/*:refs/heads/*", _TAGS)
            if everything.code:
                raise self._unreachable(one if one.code else everything)
        if not repository.has(commit):
            raise InputError(
                f"{self.address} does not have the commit {commit}",
                hint="its revision was moved or deleted; `penstock pack lock` takes what it is now",
            )
        if repository.commit(commit) != commit:
            raise InputError(f"{commit} in {self.address} is no commit", hint="write the id of a commit")
        return repository

    def _done(self, *words: str) -> None:
        done = self._run(*words)
        if done.code:
            raise InputError(f"git cannot make a repository to fetch into: {done.complaint}")

    def _run(self, *words: str) -> Done:
        protocols = "https:ssh:file" if os.environ.get(ALLOW_FILE) == "1" else "https:ssh"
        extra = {
            "GIT_ALLOW_PROTOCOL": protocols,
            "GIT_CEILING_DIRECTORIES": str(self.folder.parent),
            "SSH_ASKPASS_REQUIRE": "never",
            "GCM_INTERACTIVE": "never",
        }
        try:
            done = subprocess.run(
                command(*_OPTIONS, *words),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=environment(extra),
                cwd=self.folder,
                check=False,
                timeout=_SECONDS,
                start_new_session=True,  # without a terminal, ssh asks nothing either
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"{self.address} did not answer in {_SECONDS // 60} minutes") from None
        except OSError as error:
            raise InputError(f"git cannot be run: {error}") from error
        return Done(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def _unreachable(self, done: Done) -> InputError:
        # The user's settings may put a password into an address.
        complaint = re.sub(r"//[^/@\s]*@", "//", done.complaint) or f"exit code {done.code}"
        hint = "git can use a credential helper or an ssh agent here, and cannot ask at the terminal"
        return InputError(f"git cannot fetch from {self.address}: {complaint}", hint=hint)

    def _unknown(self, revision: str) -> InputError:
        hint = "`revision` is a tag, a branch or a commit"
        if re.fullmatch(r"[0-9a-f]{4,63}", revision):
            hint = "of a commit, write the whole id: 40 hex digits"
        return InputError(f"{self.address} has no revision {revision}", hint=hint)


_TAGS = "+refs/tags/*:refs/tags/*"
_NARROW = "name the pack's own folder as `path`"


@contextmanager
def remote(address: str) -> Iterator[Remote]:
    """The repository at an address, for as long as its files are wanted.

    Raises:
        InputError: the address is one of this machine, and nobody allowed that.
    """
    if address.startswith("file:") and os.environ.get(ALLOW_FILE) != "1":
        raise InputError(
            f"{address} is a repository on this machine: others cannot fetch it",
            hint=f"use https or ssh; {ALLOW_FILE}=1 in the environment allows it here",
        )
    with tempfile.TemporaryDirectory(prefix="penstock-fetch-", ignore_cleanup_errors=True) as folder:
        yield Remote(address, Path(folder))


def _unfit(entry: Entry) -> str | None:
    """Why a file of a repository cannot be one of a pack."""
    if not entry.is_file:
        return "it is a symbolic link"
    try:
        entry.path.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    if not entry.path.isprintable() or "\\" in entry.path or set(entry.path.split("/")) & {"", ".", ".."}:
        return "its name is no plain path"
    return None
