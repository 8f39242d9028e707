"""Which files belong to a rollout."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from penstock.errors import InputError
from penstock.source import discover, discovery, nested_roots


def tree(root: Path, *names: str) -> None:
    """Make files; a name with ``=`` gives the content, a trailing slash makes a folder."""
    for name in names:
        path, _, content = name.partition("=")
        target = root / path
        if path.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)


def names(root: Path, *include: str, exclude: tuple[str, ...] = ()) -> list[str]:
    """The files found below a folder, which must all be readable."""
    found = discover(root, include or discovery.INCLUDE, exclude)
    assert found.unreadable == ()
    return [path.relative_to(root).as_posix() for path in found.files]


def git(folder: Path, *words: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def test_files_are_sorted_by_folder_and_name(tmp_path: Path) -> None:
    tree(
        tmp_path, "b.yaml", "a.yml", "a/z.yaml", "a/b/c.yaml", "a-b.yaml", "a/b.yaml", "c.json", "d.txt", "E.yaml"
    )
    assert names(tmp_path) == [
        "E.yaml",
        "a/b/c.yaml",
        "a/b.yaml",
        "a/z.yaml",
        "a-b.yaml",
        "a.yml",
        "b.yaml",
        "c.json",
    ]


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        (["*.json"], ["c.json", "x/d.json"]),
        (["*.yaml", "*.json"], ["a.yaml", "c.json", "x/b.yaml", "x/d.json", "x/y/b.yaml"]),
        (["/*.yaml"], ["a.yaml"]),
        (["x/"], ["x/b.yaml", "x/d.json", "x/y/b.yaml"]),
        (["x/*.yaml"], ["x/b.yaml"]),
        (["**/y/*.yaml"], ["x/y/b.yaml"]),
        (["*.yaml", "!b.yaml"], ["a.yaml"]),
        (["a.yaml"], ["a.yaml"]),
        (["[ab].yaml"], ["a.yaml", "x/b.yaml", "x/y/b.yaml"]),
        (["?.json"], ["c.json", "x/d.json"]),
        (["é/"], ["é/é.yaml"]),
        ([], []),
    ],
)
def test_include(tmp_path: Path, include: list[str], expected: list[str]) -> None:
    tree(tmp_path, "a.yaml", "x/b.yaml", "x/y/b.yaml", "c.json", "x/d.json")
    if "é/" in include:
        tree(tmp_path, "é/é.yaml")
    found = discover(tmp_path, include)
    assert [path.relative_to(tmp_path).as_posix() for path in found.files] == expected


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        ((), ["a.yaml", "x/b.yaml", "x/keep.yaml", "x/y/b.yaml"]),
        (("x/",), ["a.yaml"]),
        (("/x",), ["a.yaml"]),
        (("y",), ["a.yaml", "x/b.yaml", "x/keep.yaml"]),
        (("b.yaml",), ["a.yaml", "x/keep.yaml"]),
        (("x/*", "!x/keep.yaml"), ["a.yaml", "x/keep.yaml"]),
        (("*.yaml",), []),
        (("# a comment", ""), ["a.yaml", "x/b.yaml", "x/keep.yaml", "x/y/b.yaml"]),
    ],
)
def test_exclude(tmp_path: Path, exclude: tuple[str, ...], expected: list[str]) -> None:
    tree(tmp_path, "a.yaml", "x/b.yaml", "x/y/b.yaml", "x/keep.yaml")
    assert names(tmp_path, exclude=exclude) == expected


@pytest.mark.parametrize(("include", "exclude"), [(("!",), ()), (("*.yaml",), ("a", "!"))])
def test_what_is_no_pattern(tmp_path: Path, include: tuple[str, ...], exclude: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="is not a file pattern"):
        discover(tmp_path, include, exclude)


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "a.yaml", ".b.yaml", ".github/c.yaml", "x/.d/e.yaml", ".venv/f.yaml")
    assert names(tmp_path) == ["a.yaml"]
    assert names(tmp_path, ".github/", "*.yaml") == ["a.yaml"]


def test_a_hidden_root_is_looked_into(tmp_path: Path) -> None:
    tree(tmp_path, ".hidden/a.yaml")
    assert names(tmp_path / ".hidden") == ["a.yaml"]


def test_other_rollouts_are_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "penstock.yaml", "a.yaml", "x/penstock.yaml", "x/b.yaml", "x/y/c.yaml", "z/d.yaml")
    assert names(tmp_path) == ["a.yaml", "z/d.yaml"]
    assert names(tmp_path / "x") == ["b.yaml", "y/c.yaml"]
    assert [path.name for path in discover(tmp_path, marker="other.yaml").files] == [
        "a.yaml",
        "penstock.yaml",
        "b.yaml",
        "penstock.yaml",
        "c.yaml",
        "d.yaml",
    ]


def test_nested_roots(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "penstock.yaml",
        "b/penstock.yaml",
        "a/x/penstock.yaml",
        "a/x/y/penstock.yaml",
        ".h/penstock.yaml",
        "ignored/penstock.yaml",
        ".gitignore=ignored/\n",
        "c/other.yaml",
    )
    assert nested_roots(tmp_path) == [tmp_path / "a/x", tmp_path / "a/x/y", tmp_path / "b"]
    assert nested_roots(tmp_path, "other.yaml") == [tmp_path / "c"]
    assert nested_roots(tmp_path / "b") == []


def test_links(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    tree(root, "real.yaml", ".store/hidden.yaml", "folder/a.yaml")
    tree(outside, "secret.yaml")
    (root / "twice.yaml").symlink_to("real.yaml")
    (root / "absolute.yaml").symlink_to(root / "real.yaml")
    (root / "one.yaml").symlink_to(".store/hidden.yaml")
    (root / "two.yaml").symlink_to(".store/hidden.yaml")
    (root / "out.yaml").symlink_to(outside / "secret.yaml")
    (root / "up.yaml").symlink_to("../outside/secret.yaml")
    (root / "linked").symlink_to("folder", target_is_directory=True)
    (root / "loop").symlink_to(".", target_is_directory=True)
    (root / "away").symlink_to(outside, target_is_directory=True)
    (root / "folder.yaml").symlink_to("folder", target_is_directory=True)
    assert names(root) == ["folder/a.yaml", "one.yaml", "real.yaml"]


def test_links_to_nothing_are_said(tmp_path: Path) -> None:
    tree(tmp_path, "a.yaml")
    (tmp_path / "broken.yaml").symlink_to("missing.yaml")
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    (tmp_path / "broken.txt").symlink_to("missing.txt")
    found = discover(tmp_path)
    assert [path.name for path in found.files] == ["a.yaml"]
    assert [(each.path.name, each.message) for each in found.unreadable] == [
        ("broken.yaml", "the link points to nothing"),
        ("circle.yaml", "the link points to nothing"),
    ]


def test_a_linked_root(tmp_path: Path) -> None:
    tree(tmp_path, "real/a.yaml", "real/x/b.yaml")
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    (tmp_path / "real" / "c.yaml").symlink_to(tmp_path / "link" / "x" / "b.yaml")
    assert discover(tmp_path / "link").files == (tmp_path / "link" / "a.yaml", tmp_path / "link" / "x" / "b.yaml")


def test_unreadable_folders_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a.yaml", "closed/b.yaml", "open/c.yaml")
    real = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(discovery.os, "scandir", refuse)
    found = discover(tmp_path)
    assert [path.name for path in found.files] == ["a.yaml", "c.yaml"]
    assert [(each.path, each.message) for each in found.unreadable] == [
        (tmp_path / "closed", "the folder cannot be read: Permission denied")
    ]
    assert nested_roots(tmp_path) == []


@pytest.mark.parametrize("name", ["missing", "file.yaml"])
def test_a_root_that_is_no_folder(tmp_path: Path, name: str) -> None:
    tree(tmp_path, "file.yaml")
    found = discover(tmp_path / name)
    assert (found.files, [each.path for each in found.unreadable]) == ((), [tmp_path / name])


@pytest.mark.skipif(os.name != "posix", reason="names here are texts")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.yaml")
    try:
        (tmp_path / name).write_text("")
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    tree(tmp_path, ".gitignore=*.txt\n", "b.yaml")
    assert [path.name for path in discover(tmp_path, ["*.yaml", "/x"]).files] == ["b.yaml", name]


def test_gitignore_from_the_top_down(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    tree(
        tmp_path,
        ".gitignore=drafts/\n*.tmp.yaml\n/top/only.yaml\n",
        ".git/info/exclude=excluded.yaml\n",
        "rollout/.gitignore=local.yaml\n!keep.tmp.yaml\n",
        "rollout/a.yaml",
        "rollout/drafts/b.yaml",
        "rollout/c.tmp.yaml",
        "rollout/keep.tmp.yaml",
        "rollout/local.yaml",
        "rollout/sub/local.yaml",
        "rollout/excluded.yaml",
        "rollout/sub/excluded.yaml",
        "rollout/sub/.gitignore=!excluded.yaml\n",
        "rollout/top/only.yaml",
        "top/only.yaml",
        "top/drafts",
        "local.yaml",
    )
    expected = ["a.yaml", "keep.tmp.yaml", "sub/excluded.yaml", "top/only.yaml"]
    assert names(tmp_path / "rollout") == expected
    assert names(tmp_path) == ["local.yaml", *(f"rollout/{name}" for name in expected)]


def test_gitignore_counts_without_a_repository(tmp_path: Path) -> None:
    tree(tmp_path, ".gitignore=b.yaml\n", "a.yaml", "b.yaml", "x/b.yaml")
    assert names(tmp_path) == ["a.yaml"]


def test_an_ignored_root_was_asked_for(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    tree(
        tmp_path,
        ".gitignore=build/\n*.out.yaml\n",
        "build/x/a.yaml",
        "build/x/.gitignore=b.yaml\n",
        "build/x/b.yaml",
    )
    assert names(tmp_path) == []
    assert names(tmp_path / "build" / "x") == ["a.yaml"]


def test_worktrees_share_their_repository_s_exclude_file(tmp_path: Path) -> None:
    main = tmp_path / "main"
    tree(main, "a.yaml")
    git(main, "init", "-q")
    git(main, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "--allow-empty", "-m", "x")
    git(main, "worktree", "add", "-q", str(tmp_path / "tree"))
    tree(main, ".git/info/exclude=b.yaml\n")
    tree(tmp_path / "tree", "a.yaml", "b.yaml")
    assert names(tmp_path / "tree") == ["a.yaml"]


def test_odd_ignore_files_are_survived(tmp_path: Path) -> None:
    tree(tmp_path, "a.yaml", "b.yaml", "x/a.yaml", "x/.gitignore/", "y/a.yaml", "y/b.yaml")
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfb.yaml\r\n!\n//\n\xff\xfe\n\\\n")
    (tmp_path / "y" / ".gitignore").symlink_to(tmp_path / "nowhere")
    assert "b.yaml" not in names(tmp_path)
    assert "a.yaml" in names(tmp_path)


FORMS = [
    "{}.yaml", "/{}.yaml", "{}/", "/{}/", "{}", "{}/*", "**/{}", "{}/**", "*.yaml", "!{}.yaml",
    "!{}/", "#{}", "?.yaml", "[ab]*", "[!a-c]*.yaml", "*a*", "d*t?*", "**/{}/**", "a/**/b", "!*/",
    "/*", "{}/*.yaml", "\\{}", "{}.yaml  ", "[[:alpha:]].yaml", "*/{}.yaml", "a**/b", "!**", "[a",
    "{}[.]yaml", "[!]a]", "[z-a]", "[]-]", "a/***/b.yaml", "!/{}/*/", "**", "/**", "!**/",
    "[^ab].y*l", "*.*", "[a-].yaml", "\\!{}", "{}\\", "!", "//", "/", "!/{}",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_git_agrees(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    words = ["a", "b", "c", "data", "drafts"]
    git(tmp_path, "init", "-q")
    folders = sorted({"", *("/".join(rng.choices(words, k=rng.randint(1, 3))) + "/" for _ in range(12))})
    for folder in folders:
        for word in words:
            if not (tmp_path / folder / f"{word}.yaml").exists():
                tree(tmp_path, f"{folder}{word}.yaml")
    for folder in rng.sample(folders, min(4, len(folders))):
        lines = [rng.choice(FORMS).format(rng.choice(words)) for _ in range(rng.randint(1, 4))]
        tree(tmp_path, f"{folder}.gitignore=" + "\n".join(lines) + "\n")
    expected = git(tmp_path, "ls-files", "-z", "--others", "--exclude-standard").split("\0")
    assert set(names(tmp_path)) == {name for name in expected if name.endswith(".yaml")}
