"""One state of a rollout with all that it is judged by: manifests, configuration, packs, exceptions.

Takes a root and a revision, or the working tree; gives a ``State`` that can be linted. The packs of a revision are
those of that revision where they lie in the repository.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from penstock.cel import engine
from penstock.errors import GroupedError, PenstockError, PolicyError
from penstock.lint import Circumstances
from penstock.manifest.load import Loaded, load
from penstock.policy import GitReference, Pack, check_unique
from penstock.policy.fetched import read_fetched
from penstock.policy.lock import LOCK_FILE, lock_of
from penstock.policy.pack_files import pack_files
from penstock.policy.packs import load_pack_files
from penstock.record import dataclass, replace
from penstock.source import Document, SourceFile, read_bytes
from penstock.source.shown import absolute, shown
from penstock.workspace.circumstances import circumstances
from penstock.workspace.compared import is_commit_id
from penstock.workspace.config import Config, config_of
from penstock.workspace.packs import Packs
from penstock.workspace.reading import read_rollout
from penstock.workspace.revision import Revision
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook, rule_book
from penstock.workspace.since import circumstances_at


@dataclass(frozen=True, slots=True)
class State:
    """A rollout as it is at one of the two sides."""

    exists: bool
    root: Root
    config: Config
    loaded: Loaded
    book: RuleBook
    given: Circumstances
    prefix: str
    """What stands before the names of its files: ``main:``; empty in the working tree."""
    texts: Mapping[str, str]
    """The text of each file that could not be read as manifests, by its name without the revision."""
    revision: Revision | None = None
    """None for the working tree."""

    def taking_in(self, patterns: Config) -> Loaded:
        """The manifests that the patterns of another configuration take in.

        Raises:
            PenstockError: git does not hold all of them.
        """
        include, exclude = patterns.include, patterns.exclude
        if (self.config.include, self.config.exclude) == (include, exclude) or self.root.files or not self.exists:
            return self.loaded
        if self.revision is not None:
            return self.revision.taking_in(include, exclude)
        config = replace(self.config, include=include, exclude=exclude)
        readings = read_rollout(self.root, config) if self.root.folder.is_dir() else []
        return load(config.name, shown(self.root.folder), readings, config.location)

    def plain(self, file: str) -> str:
        """A file's name without the revision."""
        return file.removeprefix(self.prefix)

    def short(self, file: str) -> str:
        """A file's name with its revision, of which a commit's id is cut to ten digits."""
        name = self.prefix.removesuffix(":")
        return f"{name[:10]}:{self.plain(file)}" if is_commit_id(name) else file

    def documents(self, but: Collection[str]) -> Mapping[str, Document]:
        """The policy files by rule, of the packs of other digests than these."""
        found: dict[str, Document] = {}
        for policy in (policy for pack in self.book.packs if pack.digest not in but for policy in pack.policies):
            document = policy.document
            if document.data is None:
                # A policy out of the cache knows its text alone.
                document = read_bytes(document.file.text.encode(), document.file.path).documents[0]
            found[policy.rule.id] = document
        return found

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests of the packs."""
        return tuple(pack.digest for pack in self.book.packs)


def working_tree(root: Root, packs: Packs, as_of: str) -> State:
    """The state in the working tree.

    Raises:
        PenstockError: the configuration or a pack cannot be used.
    """
    root = present(root)
    config = config_of(root.config, root.folder)
    readings = read_rollout(root, config) if root.files or root.folder.is_dir() else []
    loaded = load(config.name, shown(root.folder), readings, config.location)
    book = rule_book(config, packs.load(config, root.base), as_of)
    given = circumstances(root, config, book, as_of)
    exists = bool(loaded.rollout.resources or config.file or root.folder.is_dir())
    files = {reading.file.path: reading.file for reading in readings}
    return State(exists, root, config, loaded, book, given, "", _unread(loaded, files, ""))


def present(root: Root) -> Root:
    """The root as the working tree has it: without a configuration that only another revision has."""
    return root if root.config is None or root.config.exists() else replace(root, config=None)


def at_revision(revision: Revision, packs: Packs, as_of: str) -> State:
    """The state at a revision, with the packs that it had.

    Raises:
        PenstockError: a pack or the baseline cannot be used.
    """
    book = rule_book(revision.config, _packs(revision, packs), as_of)
    return judged_by(revision, book, circumstances_at(revision, book, as_of))


def judged_by(revision: Revision, book: RuleBook, given: Circumstances) -> State:
    """The state at a revision, with the rules that are given."""
    prefix = f"{revision.name}:"
    unread = _unread(revision.loaded, revision.texts, prefix)
    root, config, loaded = revision.root, revision.config, revision.loaded
    return State(revision.existed, root, config, loaded, book, given, prefix, unread, revision)


def _unread(loaded: Loaded, files: Mapping[str, SourceFile], prefix: str) -> dict[str, str]:
    names = loaded.rollout.unread
    return {name.removeprefix(prefix): files[name].text if name in files else "" for name in names}


def _packs(revision: Revision, packs: Packs) -> list[Pack]:
    faults: list[PenstockError] = []
    found = []
    for index in range(len(revision.config.packs)):
        try:
            found.append(_pack(revision, index, packs))
        except GroupedError as group:
            faults.extend(group.errors)
        except PolicyError as missing:
            faults.append(revision.config.fault(("packs", index), missing))
    if faults:
        raise GroupedError(tuple(faults))
    check_unique(found)
    return found


def _pack(revision: Revision, index: int, packs: Packs) -> Pack:
    reference = revision.config.packs[index]
    base = revision.root.base
    if isinstance(reference, GitReference):
        reading = revision.read(absolute(base / LOCK_FILE))
        if reading is None:
            raise PolicyError(f"there was no {LOCK_FILE} at {revision.name}")
        lock = lock_of(reading.file.text.encode(), reading.file.path)
        return load_pack_files(read_fetched(lock.get(reference)), engine())
    contents = revision.pack_files(reference)
    if contents is None or not isinstance(reference, str):
        return packs.one(revision.config, index, base)
    if not contents:
        raise PolicyError(f"there was no policy pack `{reference}` at {revision.name}")
    folder = absolute(base / reference)
    files = pack_files(f"{revision.name}:{shown(folder)}", contents, folder.name, f"folder {reference}")
    return load_pack_files(files, engine())
