"""A check as evidence: the report, with the digests of everything that it was made from.

Takes the options of a check; reads the files once more for their digests. Gives plain data, writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from penstock.errors import InputError, PenstockError
from penstock.model import Report
from penstock.record import dataclass
from penstock.source.ignore import Patterns
from penstock.source.shown import absolute
from penstock.workspace.check import Options, check
from penstock.workspace.config import config_of
from penstock.workspace.roots import find_roots


@dataclass(frozen=True, slots=True)
class Evidence:
    """A report and what it was made from."""

    options: Options
    report: Report
    digests: Mapping[str, str]
    """``sha256:`` and the hash of each file that was read, by the path shown for it; empty for one that could not
    be read, which is a finding."""
    commit: str | None
    """The commit that is checked out; None outside git. What counts are the digests: files may differ from it."""


def gather(options: Options) -> Evidence:
    """Check, and note what it was made from.

    Raises:
        PenstockError: as ``check``.
    """
    report = check(options)
    files = sorted({file for inputs in report.inputs for file in inputs.files})
    digests = MappingProxyType({file: digest(Path(file)) for file in files})
    return Evidence(options, report, digests, _commit(report))


def digest(file: Path) -> str:
    """``sha256:`` and the hash of a file's bytes, as ``sha256sum`` gives it; empty where it cannot be read."""
    try:
        return f"sha256:{sha256(file.read_bytes()).hexdigest()}"
    except OSError:
        return ""


def _commit(report: Report) -> str | None:
    """The commit that is checked out, where all rollouts are in one repository. Files may differ from it."""
    from penstock.source.git import repository

    try:
        commits = {repository(absolute(inputs.root)).commit("HEAD") for inputs in report.inputs}
    except PenstockError:
        return None
    return commits.pop() if len(commits) == 1 else None


def would_be_read(options: Options, file: Path) -> bool:
    """Whether the next check would take a file at this place for a manifest."""
    full = absolute(file)
    for root in find_roots(options.paths, options.config):
        if root.folder in full.parents and not root.files:
            config = config_of(root.config, root.folder)
            inside = full.relative_to(root.folder)
            hidden = any(part.startswith(".") for part in inside.parts)
            wanted, unwanted = Patterns(config.include), Patterns(config.exclude)
            if not hidden and wanted.match(inside.as_posix()) and not unwanted.match(inside.as_posix()):
                return True
    return False


def options_of(paths: tuple[str, ...], config: str | None, as_of: str) -> Options:
    """The options that an audit was made with.

    Raises:
        InputError: a file or folder of then is not here.
    """
    for path in (*paths, *filter(None, [config])):
        if not Path(path).exists():
            hint = "run the command in the folder in which the audit was made, with the same files"
            raise InputError(f"there is no file or folder {path}, which the audit is about", hint=hint)
    return Options(paths=paths, config=Path(config).absolute() if config else None, as_of=as_of)
