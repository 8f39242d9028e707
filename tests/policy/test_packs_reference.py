"""What an entry of ``packs`` may be, and what is said of one that is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penstock.errors import GroupedError
from penstock.policy import GitReference, PackageReference
from penstock.policy.reference import WrongReferenceError, of_data, of_word, words
from penstock.workspace.config import load_config

URL = "https://git.acme.example/policies.git"
COMMIT = "8f1c0b6a5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f00"


@pytest.mark.parametrize(
    ("given", "reference"),
    [
        ("levie", "levie"),
        ("./policies", "./policies"),
        ("../shared/policies", "../shared/policies"),
        ({"package": "acme-penstock-pack"}, PackageReference("acme-penstock-pack")),
        ({"package": "acme.packs", "pack": "legal"}, PackageReference("acme.packs", "legal")),
        ({"git": URL, "revision": "v1.2.0"}, GitReference(URL, "v1.2.0")),
        ({"git": URL, "revision": "refs/tags/v1", "path": "./a/b/"}, GitReference(URL, "refs/tags/v1", "a/b")),
        ({"git": URL, "revision": COMMIT, "path": "."}, GitReference(URL, COMMIT)),
        (
            {"git": "git@host.example:acme/policies.git", "revision": "main"},
            GitReference("git@host.example:acme/policies.git", "main"),
        ),
        (
            {"git": "ssh://git@host.example:22/acme/p", "revision": "team/a+b#1"},
            GitReference("ssh://git@host.example:22/acme/p", "team/a+b#1"),
        ),
        ({"git": "file:///srv/p.git", "revision": "v1"}, GitReference("file:///srv/p.git", "v1")),
    ],
)
def test_an_entry_names_a_pack(given: Any, reference: object) -> None:
    assert of_data(given) == reference


@pytest.mark.parametrize(
    "address",
    [
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=x:y",
        "ext::sh -c touch% /tmp/x",
        "fd::17",
        "http://git.acme.example/policies.git",
        "git://git.acme.example/policies.git",
        "ssh://-oProxyCommand=x/policies",
        "ssh://git@-oProxyCommand=x/policies",
        "git@-oProxyCommand=x:policies",
        "git@host.example:-x",
        "https://git.acme.example/a b",
        "https://git.acme.example/a\nb",
        "https://git.acme.example",
        "https://x@y@git.acme.example/policies",
        "../policies.git",
        "/srv/policies.git",
        "",
    ],
)
def test_an_address_that_git_could_take_for_more_than_an_address_is_refused(address: str) -> None:
    with pytest.raises(WrongReferenceError, match="`git` is no address that packs are fetched from") as caught:
        of_data({"git": address, "revision": "v1"})
    assert caught.value.field == "git"


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(WrongReferenceError, match="`git` holds a password") as caught:
        of_data({"git": "https://me:s3cret@git.acme.example/policies.git", "revision": "v1"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "revision", ["-v1", "--all", "v1..v2", "a//b", "v1^{}", "v*", "a b", "a:b", "@{-1}", "v1/", ""]
)
def test_a_revision_that_git_could_take_for_more_than_a_name_is_refused(revision: str) -> None:
    with pytest.raises(WrongReferenceError, match="`revision` is no tag, branch or commit") as caught:
        of_data({"git": URL, "revision": revision})
    assert caught.value.field == "revision"


@pytest.mark.parametrize(
    "path",
    ["..", "../x", "a/../b", "/etc", "a//b", "a/./b", ".git", ".git/hooks", "a\\b", "C:/x", ":(top)x", "a\x1bb"],
)
def test_a_path_that_leaves_the_repository_is_refused(path: str) -> None:
    with pytest.raises(WrongReferenceError, match="`path` is no folder inside the repository") as caught:
        of_data({"git": URL, "revision": "v1", "path": path})
    assert caught.value.field == "path"


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ("own", "`own` is no pack", "a folder begins with ./: `./own`; an installed package is `package: own`"),
        ("levi", "there is no pack `levi`", "did you mean `levie`?"),
        (
            URL,
            f"`{URL}` is the address of a repository",
            f"write it as `git: {URL}` with a `revision`, and a `path`",
        ),
        (
            "/opt/policies",
            "`/opt/policies` is not relative to this file",
            "a folder begins with ./ or ../, so that it is the same everywhere",
        ),
        (
            {"git": URL},
            f"`revision` is missing: which state of {URL} is meant",
            "add `revision:` with a tag or a commit",
        ),
        (
            {"package": "acme", "revision": "v1"},
            "`revision` does not go with `package`",
            "with `package` goes `pack`",
        ),
        (
            {"git": URL, "package": "acme"},
            "`package` and `git` name two packs",
            "a pack is `levie`, a folder such as ./policies, a `package`, or `git` with a `revision`",
        ),
        (
            {"path": "policies"},
            "neither `package` nor `git` says which pack it is",
            "a pack is `levie`, a folder such as ./policies, a `package`, or `git` with a `revision`",
        ),
        (
            {"package": "../acme"},
            "`package` is not the name of a package: `../acme`",
            "letters, digits, `-`, `_` and `.`, as in acme-penstock-pack",
        ),
    ],
)
def test_what_is_said_of_a_wrong_entry(given: Any, message: str, hint: str) -> None:
    with pytest.raises(WrongReferenceError) as caught:
        of_data(given)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_word_of_the_command_line_names_a_package_too() -> None:
    assert of_word("package:acme-pack") == PackageReference("acme-pack")
    assert of_word("package:acme-pack/legal") == PackageReference("acme-pack", "legal")
    assert of_word("policies") == "policies"
    with pytest.raises(WrongReferenceError):
        of_word("package:")


def test_a_reference_in_words() -> None:
    assert words(GitReference(URL, "v1", "a/b")) == f"{URL} at v1 (a/b)"
    assert words(PackageReference("acme", "legal")) == "acme (legal)"
    assert words("./policies") == "./policies"


def faults(text: str, tmp_path: Path) -> list[str]:
    file = tmp_path / "penstock.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(GroupedError) as caught:
        load_config(file, "penstock.yaml")
    return [str(error).split("\n")[0] for error in caught.value.errors]


def test_the_fault_lies_at_the_field(tmp_path: Path) -> None:
    text = f"""packs:
  - own
  - git: {URL}
    revision: --all
  - {{package: acme, path: x}}
  - {{git: {URL}, revision: 1.10}}
  - {{git: {URL}, revison: v1}}
  - 12
"""
    assert faults(text, tmp_path) == [
        "penstock.yaml:2:5: `own` is no pack",
        "penstock.yaml:4:15: `revision` is no tag, branch or commit: `--all`",
        "penstock.yaml:5:27: `path` does not go with `package`",
        "penstock.yaml:6:60: `revision` must be a string; found the number 1.1",
        "penstock.yaml:7:50: unknown field `revison` in `packs[4]`; did you mean `revision`?",
        "penstock.yaml:8:5: `packs[5]` must be a string or a mapping; found the number 12",
    ]
