"""The files of a pack as data: which count, in which order, and their one digest wherever they lie."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cel import engine
from penstock.errors import GroupedError, PolicyError
from penstock.policy import load_pack, load_pack_files
from penstock.policy.pack_files import digest, digest_of, pack_files, packed, read_folder, unpacked

BROKEN = b"kind: Policy\nkind: Policy\n"


def folder_of(contents: dict[str, bytes], at: Path) -> Path:
    for path, content in contents.items():
        (at / path).parent.mkdir(parents=True, exist_ok=True)
        (at / path).write_bytes(content)
    return at


def test_only_yaml_that_is_not_hidden_is_of_a_pack(tmp_path: Path) -> None:
    wanted = {"b.yaml": b"1", "a/c.yml": b"2", "a.b/d.yaml": b"3"}
    others = {"run.py": b"", ".x.yaml": b"", ".git/a.yaml": b"", "a/.hidden/x.yaml": b"", "notes.yaml.md": b""}
    folder = folder_of({**others, **wanted}, tmp_path / "pack")
    files = read_folder(folder, "pack", "folder ./pack")
    assert dict(files.contents) == wanted
    assert list(files.contents) == ["a.b/d.yaml", "a/c.yml", "b.yaml"]
    assert pack_files("pack", {**others, **wanted}, "pack", "somewhere").contents == files.contents


def test_the_digest_is_what_the_lock_s_schema_says() -> None:
    files = pack_files("p", {"é.yaml": b"x: 1\n", "b/a.yaml": b""}, "p", "somewhere")
    spelt = b"penstock-pack/1\n"
    for path, content in (("b/a.yaml", b""), ("é.yaml", b"x: 1\n")):
        name = path.encode()
        spelt += len(name).to_bytes(8, "big") + name + len(content).to_bytes(8, "big") + content
    assert digest(files) == f"sha256:{hashlib.sha256(spelt).hexdigest()}"


def test_what_names_and_contents_are_cannot_be_mistaken() -> None:
    one = digest(pack_files("p", {"a.yaml": b"b.yaml", "c.yaml": b""}, "p", ""))
    other = digest(pack_files("p", {"a.yaml": b"", "b.yamlc.yaml": b""}, "p", ""))
    assert one != other


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1).map(lambda t: f"{t}.yaml"), st.binary()))
def test_packed_files_are_unpacked_as_they_were(contents: dict[str, bytes]) -> None:
    assert unpacked(packed(contents)) == contents


@given(st.binary(max_size=60))
def test_other_bytes_are_no_packed_files(tail: bytes) -> None:
    try:
        contents = unpacked(b"penstock-pack/1\n" + tail)
    except ValueError:
        return
    assert packed(contents) == b"penstock-pack/1\n" + tail


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"penstock-pack/2\n",
        packed({"a.yaml": b"1"})[:-1],
        packed({"a.yaml": b"1"}) + b"\0",
        packed({"a.yaml": b"1"}) + packed({"a.yaml": b"1"})[16:],
        packed({"b.yaml": b"1"}) + packed({"a.yaml": b"1"})[16:],
        b"penstock-pack/1\n" + b"\xff" * 8 + b"a",
    ],
    ids=["nothing", "another form", "cut off", "too long", "twice", "in another order", "a huge length"],
)
def test_damaged_bytes_are_no_packed_files(data: bytes) -> None:
    with pytest.raises(ValueError, match="packed files"):
        unpacked(data)


def test_a_folder_and_the_same_files_from_elsewhere_give_one_pack(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "policies" / "levie" / "step-08-replaceability"
    contents = {path.name: path.read_bytes() for path in source.iterdir()}
    from_folder = load_pack("./pack", folder_of(contents, tmp_path / "pack").parent, engine())
    from_data = load_pack_files(pack_files("REV:pack", contents, "pack", "at a revision"), engine())
    assert [policy.rule for policy in from_folder.policies] == [policy.rule for policy in from_data.policies]
    assert len(from_data.policies) == len(contents)
    assert from_folder.digest == from_data.digest == digest_of(packed(contents))
    assert (from_folder.origin, from_data.origin) == ("folder ./pack", "at a revision")
    assert from_data.policies[0].document.file.path.startswith("REV:pack/")


def test_the_built_in_pack_has_a_digest_too(tmp_path: Path) -> None:
    pack = load_pack("levie", tmp_path, engine())
    folder = Path(__file__).parents[2] / "policies" / "levie"
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")}
    assert (pack.origin, pack.digest) == ("built in", digest_of(packed(contents)))


def test_every_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    (tmp_path / "b.yaml").symlink_to("nowhere")
    with pytest.raises(GroupedError) as caught:
        read_folder(tmp_path, "pack", "")
    assert [str(error) for error in caught.value.errors] == [
        "pack/a.yaml: this is not a regular file",
        "pack/b.yaml: the file cannot be read: No such file or directory",
    ]


def test_faults_are_told_with_the_words_for_the_files() -> None:
    files = pack_files("main:own", {"a.yaml": BROKEN, "b.yaml": b""}, "own", "")
    with pytest.raises(GroupedError) as caught:
        load_pack_files(files, engine())
    assert [str(error).split("\n")[0] for error in caught.value.errors] == [
        "main:own/a.yaml:2:1: the key kind is written twice",
        "main:own/b.yaml: a policy file holds one document, this one 0",
    ]


def test_a_pack_that_is_not_one_s_own_must_say_what_it_is() -> None:
    files = pack_files("acme-pack", {"a.yaml": b""}, "acme", "package acme-pack 1", needs_pack_file=True)
    with pytest.raises(PolicyError, match=r"the pack acme-pack has no pack\.yaml"):
        load_pack_files(files, engine())
