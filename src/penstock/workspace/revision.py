"""One rollout as it is at a revision of git: its configuration, its manifests, the files of its packs.

Takes a root as the working tree has it and a revision; gives what a check of a checkout of that revision would
read, each file under a name that tells it from today's: ``origin/main:contracts/acme.yaml``. Judges nothing.
Neither side of a comparison need be the working tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from penstock.errors import GroupedError, InputError, UsageError
from penstock.lint.authority import CodeOwnership
from penstock.manifest.load import Loaded, load
from penstock.policy import BUILT_IN, Reference
from penstock.policy.pack_files import is_pack_file
from penstock.record import dataclass, field, replace
from penstock.source import Fault, Reading, SourceFile, decode, limits, read_bytes
from penstock.source.codeowners import PLACES, CodeOwners
from penstock.source.discovery import MARKER
from penstock.source.git import Kept, Repository, Snapshot, follow, repository, select
from penstock.source.git.selection import POINTS_TO_NOTHING
from penstock.source.ignore import Patterns
from penstock.source.shown import absolute, shown
from penstock.workspace.authority import repository_of
from penstock.workspace.config import Config, config_in, load_config
from penstock.workspace.reading import baseline_path
from penstock.workspace.roots import Root


@dataclass(frozen=True, slots=True)
class Revision:
    """A rollout at a revision."""

    name: str
    """The revision as the user wrote it."""
    commit: str
    """The full id of the commit that was read."""
    is_merge_base: bool
    """Whether that is where the work parted from the revision, and not just the revision itself."""
    existed: bool
    """Whether there was such a folder; one that was not there is an empty rollout."""
    root: Root
    """The root as it was: ``config`` is None where there was no penstock.yaml."""
    config: Config
    config_fault: GroupedError | None
    """What is wrong with its penstock.yaml, where another configuration stands in for that."""
    loaded: Loaded
    texts: Mapping[str, SourceFile]
    """The files read, by the path that is shown for them."""
    _snapshot: Snapshot = field(repr=False, compare=False)

    def plain(self, file: str) -> str:
        """The name of a file of the revision without the revision."""
        return file.removeprefix(f"{self.name}:")

    def taking_in(self, include: tuple[str, ...], exclude: tuple[str, ...]) -> Loaded:
        """The manifests that other patterns take in.

        Raises:
            PenstockError: git does not hold all of them.
        """
        config = replace(self.config, include=include, exclude=exclude)
        folder = _relative(self._snapshot.repository, self.root.folder.resolve()) or ""
        readings = _rollout(self.root, config, self._snapshot, folder)
        name = f"{self.name}:{shown(self.root.folder)}"
        return load(config.name, name, readings or (), config.location)

    def files(self) -> tuple[Path, ...]:
        """Every file of the repository, by its path in the working tree; not those of submodules.

        Raises:
            InputError: git does not hold all trees.
        """
        top = self._snapshot.repository.top
        return tuple(top / path for path, kept in (self._snapshot.below("") or {}).items() if kept.entry.is_file)

    def files_since(self) -> tuple[Path, ...]:
        """The files that git knows of now, or would add, and that were not there.

        Raises:
            PenstockError: git cannot list them.
        """
        repository = self._snapshot.repository
        then = self._snapshot.below("") or {}
        return tuple(repository.top / path for path in repository.present() if path not in then)

    def of(self, root: Root, instead: Config | None = None) -> Revision:
        """Another root at the same commit. Raises as ``open_revision``."""
        found = self._snapshot.repository
        return _read(root, found, self.name, self.commit, instead, is_merge_base=self.is_merge_base)

    def code_owners(self) -> CodeOwnership:
        """CODEOWNERS as it was, whether or not the configuration asked for it.

        Raises:
            InputError: git does not hold it, or it is no text.
        """
        return _code_owners(self.root, self._snapshot)

    def read(self, path: Path) -> Reading | None:
        """A file, by its path in the working tree; None when it was not there.

        Raises:
            InputError: git does not hold it.
        """
        raw = _content(self._snapshot, path)
        return read_bytes(raw, f"{self.name}:{shown(path)}") if raw is not None else None

    def pack_files(self, reference: Reference) -> Mapping[str, bytes] | None:
        """The files of a pack that the configuration names, by paths relative to the pack's folder.

        None when the pack is no folder of this repository; empty when there was no such folder.

        Raises:
            InputError: git does not hold them.
        """
        if not isinstance(reference, str) or reference == BUILT_IN:
            return None
        folder = _relative(self._snapshot.repository, (self.root.base / reference).resolve())
        if folder is None:
            return None
        prefix = f"{folder}/" if folder else ""
        files = {
            path: file
            for path in self._snapshot.all_below(folder)
            if is_pack_file(path) and (file := _file(self._snapshot, prefix + path)) is not None
        }
        contents = self._snapshot.read(list(files.values()), limits.BYTES)
        return MappingProxyType(dict(zip(files, contents, strict=True)))


def open_revision(
    root: Root,
    rev: str,
    *,
    from_merge_base: bool = True,
    against: str = "HEAD",
    instead: Config | None = None,
) -> Revision:
    """The rollout at a revision to compare with.

    That is where ``against`` parted from the revision, as a pull request is compared; the revision itself when git
    knows of no such commit, or ``from_merge_base`` says so.

    Raises:
        PenstockError: there is no such revision, git does not hold all of it, or its configuration cannot be used.
    """
    found = repository(_folder(root))
    commit = found.commit(rev)
    parted = _parting(found, commit, against) if from_merge_base else None
    return _read(root, found, rev, parted or commit, instead, is_merge_base=parted is not None)


def read_revision(root: Root, rev: str) -> Revision:
    """The rollout at a revision, and at no other: the newer side of a comparison.

    Raises:
        PenstockError: as ``open_revision``.
    """
    return open_revision(root, rev, from_merge_base=False)


def _parting(found: Repository, commit: str, against: str) -> str | None:
    try:
        other = found.commit(against)
    except UsageError:
        if against == "HEAD":  # the first commit of a branch is still to come
            return None
        raise
    return found.merge_base(commit, other)


def _folder(root: Root) -> Path:
    """Where to ask git: a rollout that another revision has need not be in the working tree."""
    folder = root.files[0].parent if root.files else root.folder
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)


def _read(
    root: Root, found: Repository, rev: str, commit: str, instead: Config | None, *, is_merge_base: bool
) -> Revision:
    folder = _relative(found, root.folder.resolve())
    snapshot = Snapshot(found, commit, rev, folder or "")
    then, config, fault = _configuration(root, snapshot, instead)
    readings = _loose(then, snapshot) if root.files else _rollout(then, config, snapshot, folder or "")
    loaded = load(config.name, f"{rev}:{shown(root.folder)}", readings or (), config.location)
    texts = {reading.file.path: reading.file for reading in readings or ()}
    texts.update((file.path, file) for file in config.files)
    existed = readings is not None
    return Revision(
        rev, commit, is_merge_base, existed, then, config, fault, loaded, MappingProxyType(texts), snapshot
    )


def _configuration(
    root: Root, snapshot: Snapshot, instead: Config | None
) -> tuple[Root, Config, GroupedError | None]:
    """The configuration at the revision, the root with the file that it is in, and what is wrong with it."""
    usual = root.folder / MARKER
    given = root.config if root.config not in (None, usual) else None
    if root.files and given is None:
        return replace(root, config=None), Config(root.folder.name or "rollout"), None
    file = given or usual
    raw = _content(snapshot, file)
    if raw is not None:
        try:
            config = config_in(read_bytes(raw, f"{snapshot.name}:{shown(file)}"), file.resolve().parent.name)
        except GroupedError as fault:
            if instead is None:
                raise
            return replace(root, config=file), instead, fault
        return replace(root, config=file), _with_code_owners(config, root, snapshot), None
    if given is not None:
        # Not in git, or not yet: what the user holds out is what counts.
        return root, _with_code_owners(load_config(given, shown(given)), root, snapshot), None
    return replace(root, config=None), Config(root.folder.name or "rollout"), None


def _with_code_owners(config: Config, root: Root, snapshot: Snapshot) -> Config:
    """The configuration with CODEOWNERS as it was at the revision, where it is wanted."""
    authority = config.authority
    if authority.code_owners is None:
        return config
    return replace(config, authority=replace(authority, code_owners=_code_owners(root, snapshot)))


def _code_owners(root: Root, snapshot: Snapshot) -> CodeOwnership:
    prefix = f"{snapshot.name}:"
    owners = CodeOwnership(repository_of(absolute(root.folder)), prefix=prefix)
    found = next((place for place in PLACES if _file(snapshot, place) is not None), None)
    raw = _content(snapshot, snapshot.repository.top / found) if found is not None else None
    if found is not None and raw is not None:
        file, fault = decode(raw, prefix + shown(owners.top / found))
        if fault is not None:
            raise InputError(fault.message, file=file.path, span=fault.span, hint=fault.hint)
        owners = replace(owners, file=file, lines=CodeOwners(file.text))
    return owners


def _rollout(root: Root, config: Config, snapshot: Snapshot, folder: str) -> list[Reading] | None:
    """The readings of a rollout's files; None when there was no such folder."""
    chosen = select(snapshot, folder, config.include, config.exclude)
    if chosen is None:
        return None
    files = dict(chosen.files)
    unwanted = Patterns(config.exclude)
    prefix = f"{folder}/" if folder else ""
    for scope in root.scope:
        path = scope.relative_to(root.folder).as_posix()
        # A file that was named counts also where it does not look like a manifest, as in the working tree.
        if path not in files and scope.name != MARKER and not unwanted.match(path):
            file = _file(snapshot, prefix + path)
            if file is not None:
                files[path] = file
    baseline = baseline_path(root, config)
    named = {root.folder / path: file for path, file in files.items()}
    readings = _readings(snapshot, {path: file for path, file in named.items() if path != baseline})
    fault = Fault("unreadable-file", POINTS_TO_NOTHING)
    names = (f"{snapshot.name}:{shown(root.folder / link)}" for link in chosen.broken)
    readings += (Reading(SourceFile(name, ""), faults=(fault,)) for name in names)
    return sorted(readings, key=lambda reading: reading.file.path)


def _loose(root: Root, snapshot: Snapshot) -> list[Reading] | None:
    """The readings of the files that were named; None when none of them was there."""
    named: dict[Path, Kept] = {}
    for file in root.files:
        path = _relative(snapshot.repository, _real(file))
        if path is None:
            where = shown(snapshot.repository.top)
            raise UsageError(
                f"{shown(file)} is not in the git repository {where}", hint="name files of one repository"
            )
        found = _file(snapshot, path)
        if found is not None:
            named[file] = found
    readings = sorted(_readings(snapshot, named), key=lambda reading: reading.file.path)
    return readings or None


def _readings(snapshot: Snapshot, files: Mapping[Path, Kept]) -> list[Reading]:
    contents = snapshot.read(list(files.values()), limits.BYTES)
    return [read_bytes(raw, f"{snapshot.name}:{shown(path)}") for path, raw in zip(files, contents, strict=True)]


def _content(snapshot: Snapshot, file: Path) -> bytes | None:
    path = _relative(snapshot.repository, _real(file))
    found = _file(snapshot, path) if path is not None else None
    return next(snapshot.read([found], limits.BYTES)) if found is not None else None


def _file(snapshot: Snapshot, path: str) -> Kept | None:
    """The file that stands under a path, or that a link there leads to."""
    kept = snapshot.find(path)
    if kept is not None and kept.entry.is_link:
        place = follow(snapshot, path)
        kept = place.kept if place is not None else None
    return kept if kept is not None and kept.entry.is_file else None


def _relative(found: Repository, path: Path) -> str | None:
    """A path without links from the top of the repository, with forward slashes; None for one outside."""
    top = found.top.resolve()
    return "/".join(path.relative_to(top).parts) if path.is_relative_to(top) else None


def _real(file: Path) -> Path:
    """The file's path, its folder's links followed but not its own."""
    return absolute(file).parent.resolve() / file.name
