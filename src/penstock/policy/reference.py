"""What names a pack: the built-in one, a folder, an installed package, or a git repository at a revision.

Takes what stands in a configuration's ``packs``, or a word of a command line; gives a ``Reference``, or says what
is wrong with it. Looks at no file and no network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from penstock.errors import PolicyError
from penstock.record import dataclass
from penstock.suggest import choices, did_you_mean, nearest

BUILT_IN = "levie"
PACKAGE_WORD = "package:"
"""What stands before the name of a package where a pack is one word."""


@dataclass(frozen=True, slots=True)
class PackageReference:
    """A pack in an installed Python package."""

    package: str
    """The name by which pip knows it."""
    pack: str | None = None
    """The pack that is meant, for a package that has several."""


@dataclass(frozen=True, slots=True)
class GitReference:
    """A pack in a git repository. Which commit and which content are meant, the lock says."""

    git: str
    """The repository's address."""
    revision: str
    """A tag, a branch or a whole commit id."""
    path: str = ""
    """The pack's folder in the repository, with forward slashes and none at the ends; empty: all of it."""


Reference = str | PackageReference | GitReference
"""``levie``, or a folder, as text."""

# Texts: a run without such packs must not pay for compiling them.
_GIT_ADDRESS = (
    r"(?:https|ssh|file)://(?:[A-Za-z0-9_.~-]+@)?(?:[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]*)?/[^\s\x00-\x1f\x7f]+"
    r"|[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s\x00-\x1f\x7f:-][^\s\x00-\x1f\x7f]*"
)
_PASSWORD = r"(?i)[a-z+]+://[^/@]*:[^/@]*@"
_REVISION = r"[A-Za-z0-9_](?:[A-Za-z0-9_.+#/-]*[A-Za-z0-9_+#-])?"
_PACKAGE = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_WAYS = "a pack is `levie`, a folder such as ./policies, a `package`, or `git` with a `revision`"
_FIELDS = {"package": ("package", "pack"), "git": ("git", "revision", "path")}
FIELDS = frozenset(field for fields in _FIELDS.values() for field in fields)
"""What an entry that is a mapping may say."""


class WrongReferenceError(PolicyError):
    """What is wrong with a reference, and in which of its fields. What is ``secret`` must not be shown."""

    def __init__(self, message: str, hint: str, field: str | None = None, *, secret: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.field = field
        self.secret = secret


def words(reference: Reference) -> str:
    """The reference as a message shows it."""
    if isinstance(reference, PackageReference):
        return f"{reference.package} ({reference.pack})" if reference.pack else reference.package
    if isinstance(reference, GitReference):
        return f"{reference.git} at {reference.revision}" + (f" ({reference.path})" if reference.path else "")
    return reference


def of_word(word: str) -> Reference:
    """The pack that a word of a command line names: ``levie``, a folder, ``package:NAME``, ``package:NAME/PACK``.

    Raises:
        WrongReferenceError: it names none.
    """
    if not word.startswith(PACKAGE_WORD):
        return word
    package, slash, pack = word.removeprefix(PACKAGE_WORD).partition("/")
    return of_data({"package": package, "pack": pack} if slash else {"package": package})


def of_data(given: str | Mapping[str, Any]) -> Reference:
    """The pack that an entry of ``packs`` names.

    Raises:
        WrongReferenceError: it names none.
    """
    if isinstance(given, str):
        return _text(given)
    present = [field for field in _FIELDS if field in given]
    if len(present) != 1:
        several, none = "`package` and `git` name two packs", "neither `package` nor `git` says which pack it is"
        raise WrongReferenceError(several if present else none, _WAYS)
    (way,) = present
    for field in given:
        if field not in _FIELDS[way]:
            raise WrongReferenceError(
                f"`{field}` does not go with `{way}`", f"with `{way}` goes {choices(_FIELDS[way][1:])}", field
            )
    return _package(given) if way == "package" else _git(given)


def _text(given: str) -> str:
    if given == BUILT_IN or given in (".", "..") or given.startswith(("./", "../")):
        return given
    if "://" in given or given.endswith(".git"):
        raise WrongReferenceError(
            f"`{given}` is the address of a repository",
            f"write it as `git: {given}` with a `revision`, and a `path`",
        )
    if nearest(given, [BUILT_IN]):
        raise WrongReferenceError(f"there is no pack `{given}`", f"{did_you_mean(given, [BUILT_IN])}")
    if given.startswith(("/", "~")) or given[1:2] == ":":
        raise WrongReferenceError(
            f"`{given}` is not relative to this file",
            "a folder begins with ./ or ../, so that it is the same everywhere",
        )
    raise WrongReferenceError(
        f"`{given}` is no pack",
        f"a folder begins with ./: `./{given}`; an installed package is `package: {given}`",
    )


def _package(given: Mapping[str, Any]) -> PackageReference:
    for field in ("package", "pack"):
        if field in given and not re.fullmatch(_PACKAGE, given[field]):
            raise WrongReferenceError(
                f"`{field}` is not the name of a {field}: `{given[field]}`",
                "letters, digits, `-`, `_` and `.`, as in acme-penstock-pack",
                field,
            )
    return PackageReference(given["package"], given.get("pack"))


def _git(given: Mapping[str, Any]) -> GitReference:
    address, path = given["git"], given.get("path", "")
    if re.match(_PASSWORD, address):
        raise WrongReferenceError(
            "`git` holds a password",
            "leave it out, and change it: whoever reads this file knows it. git asks its credential helper",
            "git",
            secret=True,
        )
    if not re.fullmatch(_GIT_ADDRESS, address):
        raise WrongReferenceError(
            f"`git` is no address that packs are fetched from: `{address}`",
            "write https://HOST/PATH, ssh://USER@HOST/PATH or USER@HOST:PATH",
            "git",
        )
    if "revision" not in given:
        raise WrongReferenceError(
            f"`revision` is missing: which state of {address} is meant", "add `revision:` with a tag or a commit"
        )
    revision = given["revision"]
    if not re.fullmatch(_REVISION, revision) or ".." in revision or "//" in revision:
        raise WrongReferenceError(
            f"`revision` is no tag, branch or commit: `{revision}`",
            "for example v1.2.0, or 40 hex digits",
            "revision",
        )
    parts = path.removeprefix("./").rstrip("/").split("/") if path not in ("", ".", "./") else []
    if any(part in ("", ".", "..") or part.startswith(".git") for part in parts) or _is_unfit(path):
        raise WrongReferenceError(
            f"`path` is no folder inside the repository: `{path}`", "write it as policies/acme", "path"
        )
    return GitReference(address, revision, "/".join(parts))


def _is_unfit(path: str) -> bool:
    return "\\" in path or ":" in path or not path.isprintable()
