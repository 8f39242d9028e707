"""What pages show of manifests, configurations and policies is true: it is read by penstock itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_pages import GUIDES, PAGES, ROOT, Block, codes, found, name, prose, rows, rules_known
from pages import language

from penstock import cel
from penstock.cel import engine, library
from penstock.cel.macros import METHODS
from penstock.cel.registry import ENGINES
from penstock.errors import GroupedError, PenstockError
from penstock.manifest import shapes
from penstock.manifest.load import load
from penstock.manifest.pairing import pair
from penstock.policy import knowledge, load_pack
from penstock.policy.examples import example_rollout, run_examples
from penstock.policy.functions import functions
from penstock.policy.model import Example
from penstock.source import SourceFile, limits, read
from penstock.workspace.config import check_rules, load_config

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference" / "cel-functions.md"
MARKS = {"manifest", "config", "policy", "pack", "fragment"}
SHAPE = {"LV001", "LV002", "LV003", "LV004", "LV005"}
# Pages of others, which have tests of their own.
OWN = [page for page in GUIDES if page.name != "ci.md"]


def marked(*marks: str) -> list[tuple[Path, Block]]:
    """The YAML blocks with one of these marks; one with nothing but a file's name is a manifest."""
    return [
        (page, block)
        for page in PAGES
        for block in found(page, "yaml")
        if (set(block.words) & MARKS or ({"manifest"} if block.value("file") else set())) & set(marks)
    ]


def where(given: tuple[Path, Block]) -> str:
    return f"{name(given[0])}:{given[1].first + 1}"


@pytest.mark.parametrize("page", OWN, ids=name)
def test_every_yaml_block_says_what_it_is(page: Path) -> None:
    for block in found(page, "yaml", "yml", ""):
        known = set(block.words) & MARKS or block.value("file") or block.value("part")
        assert block.language == "yaml", f"{name(page)}:{block.first + 1}"
        assert known, f"{name(page)}:{block.first + 1}: write what the block is behind ```yaml"


@pytest.mark.parametrize("given", marked("manifest"), ids=where)
def test_every_manifest_has_the_shape_of_its_kind(given: tuple[Path, Block]) -> None:
    loaded = load("docs", ".", [read(SourceFile("block.yaml", given[1].body))])
    assert loaded.rollout.resources
    assert [found for found in loaded.findings if found.rule in SHAPE] == []


def test_there_is_a_manifest_of_every_kind() -> None:
    for kind in shapes.kinds():
        assert any(f"\nkind: {kind}\n" in block.body for _, block in marked("manifest"))


@pytest.mark.parametrize("given", marked("fragment"), ids=where)
def test_every_fragment_is_yaml(given: tuple[Path, Block]) -> None:
    assert read(SourceFile("block.yaml", given[1].body)).faults == ()


@pytest.mark.parametrize("given", marked("config"), ids=where)
def test_every_configuration_is_one(given: tuple[Path, Block], tmp_path: Path) -> None:
    file = tmp_path / "penstock.yaml"
    file.write_text(given[1].body)
    config = load_config(file, "penstock.yaml")
    policies = [entry.policy for entry in rules_known().values() if entry.policy]
    check_rules(config, [entry.rule for entry in rules_known().values()], policies)


def test_a_wrong_configuration_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "penstock.yaml"
    file.write_text("failsOn: error\n")
    with pytest.raises(GroupedError):
        load_config(file, "penstock.yaml")


@pytest.mark.parametrize("page", OWN, ids=name)
def test_every_part_of_a_file_stands_in_it(page: Path) -> None:
    for block in found(page, "yaml"):
        source = block.value("part")
        if source is None:
            continue
        whole = (ROOT / source).read_text(encoding="utf-8")
        parts = [part.strip("\n") for part in re.split(r"(?m)^ *# \.\.\.$", block.body)]
        position = 0
        for part in parts:
            position = whole.find(f"\n{part}\n", position)
            assert position >= 0, f"{source} has no such lines here:\n{part}"


def test_the_readme_has_a_part_of_a_policy() -> None:
    assert [block.value("part") for block in found(ROOT / "README.md", "yaml") if block.value("part")]


@pytest.mark.parametrize("used", ENGINES)
def test_the_policies_shown_hold(used: str, tmp_path: Path) -> None:
    given = marked("policy", "pack")
    assert len(given) >= 2
    for _, block in given:
        file = tmp_path / str(block.value("file"))
        file.parent.mkdir(exist_ok=True)
        file.write_text(block.body)
    warnings: list[PenstockError] = []
    pack = load_pack("./our-policies", tmp_path, engine(used), warnings)
    failures = [failure for policy in pack.policies for failure in run_examples(policy, pack.base)]
    assert warnings == []
    assert len(pack.policies) == 1
    assert [(failure.example.name, failure.problems) for failure in failures] == []
    (policy,) = pack.policies
    assert len(policy.good) >= 1
    assert len(policy.bad) >= 2


@pytest.mark.parametrize("used", ENGINES)
def test_the_examples_of_the_built_in_pack_hold_with_both_engines(used: str) -> None:
    pack = load_pack("levie", ROOT, engine(used))
    failures = [failure for policy in pack.policies for failure in run_examples(policy, pack.base)]
    assert [(failure.place, failure.example.name, failure.problems) for failure in failures] == []


@pytest.mark.parametrize("page", GUIDES, ids=name)
def test_every_rule_named_exists(page: Path) -> None:
    named = set(re.findall(r"\bLV[0-9]{3,4}\b", page.read_text(encoding="utf-8")))
    assert named - rules_known().keys() == set()


def test_the_readme_names_rules_at_their_steps() -> None:
    entries = rules_known()
    steps = rows(ROOT / "README.md", "What the rules ask")[1:]
    assert len(steps) == 12
    for number, (_, asked) in enumerate(steps, 1):
        named = re.findall(r"\bLV[0-9]+\b", asked)
        assert named
        assert {entries[rule].rule.step for rule in named} == {number}


def test_every_function_of_policies_is_documented_with_an_example_that_is_true() -> None:
    pack = load_pack("levie", ROOT, engine())
    example = Example("base", tuple(pack.base.manifests.values()), ())
    rollout, problems = example_rollout(example, pack.base)
    assert problems == []
    known, unchanged = knowledge.functions(), pair(rollout, rollout)
    assert {function.name for function in known} == set(functions(rollout))
    for function in known:
        for used in ENGINES:
            assert re.search(rf"\b{function.name}\(", function.example)
            program = engine(used).compile(function.example)
            assert program.evaluate({}, functions(rollout, unchanged)) is True, (used, function.example)
    listed = [cells for cells in rows(DOCS / "policies.md", "Functions") if len(cells) == 3]
    documented = set()
    for written, gives, shown in listed:
        if written == "Function":
            continue
        match = re.fullmatch(r"`(?:list\.)?(\w+)\(.*\)`", written)
        assert match
        documented.add((match[1], gives, shown.strip("`")))
    assert documented == {(function.name, function.summary, function.example) for function in known}


def test_every_function_of_cel_itself_is_in_the_reference() -> None:
    from penstock.cel.standard import functions_by_name

    listed = {word for code in codes(REFERENCE) for word in re.findall(r"[\w.]+(?=\()", code)}
    # Methods stand behind the type they belong to.
    listed |= {word.rpartition(".")[2] for word in listed}
    assert set(functions_by_name()) - listed == set()


def test_every_macro_is_in_the_reference() -> None:
    documented = {form.partition("(")[0].rpartition(".")[2] for row in language.MACROS for form in row.forms}
    # What a program that shares parts of expressions writes, and no person.
    assert documented == {"has", *METHODS} - {"block", "index", "iterVar"}


def test_every_operator_is_in_the_reference() -> None:
    documented = {sign for row in language.OPERATORS for form in row.forms for sign in re.split(r"[\w.]+", form)}
    signs = {sign.strip() for sign in documented}
    assert {symbol.removeprefix("unary ") for symbol in library.OPERATORS} <= signs | {"in"}
    assert {"&&", "||", "!", "?", ":", "==", "!="} <= signs


@pytest.mark.parametrize(
    "row", [*language.CONSTANTS, *language.OPERATORS, *language.MACROS], ids=lambda row: row.forms[0]
)
def test_every_example_of_the_language_is_true(row: language.Row) -> None:
    program = cel.compile(row.example, cel.Env())
    assert program() is True
    assert program.problems == ()


def fields(schema: shapes.Schema) -> set[str]:
    """The names of all fields below a schema, but for those inside manifests."""
    names = set()
    for key, value in shapes.properties(schema).items():
        names.add(key)
        if key not in ("manifests", "base"):
            names |= fields(value)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            names |= fields(schema[keyword])
    return names


@pytest.mark.parametrize(
    ("page", "schema"),
    [
        ("policies.md", "policy/v1/Policy"),
        ("packs.md", "policy/v1/Pack"),
        ("packs.md", "lock/v1/lock"),
        ("configuration.md", "config/v1/config"),
    ],
)
def test_every_field_is_documented(page: str, schema: str) -> None:
    listed = {word for code in codes(DOCS / page) for word in re.findall(r"\w+", code)}
    assert fields(shapes.inlined(schema)) - listed == set()


def test_every_kind_is_in_the_table_with_its_owner() -> None:
    kinds = [cells[0].split("]")[0].strip("[") for cells in rows(DOCS / "manifests.md", "The kinds")[1:]]
    assert kinds == list(shapes.kinds())


def test_the_limits_are_those_of_the_reader() -> None:
    limit = f"{limits.BYTES // 1024**2} MiB, {limits.DEPTH} levels of nesting and {limits.NODES:,} values"
    assert limit in prose(DOCS / "manifests.md")


def test_yaml_values_are_read_as_the_table_says() -> None:
    for text, value in {
        "no": "no",
        "on": "on",
        "12:30": "12:30",
        "1_000": "1_000",
        "2026-06-30": "2026-06-30",
        "010": 10,
        "true": True,
        "null": None,
        "~": None,
        "": None,
        '"010"': "010",
    }.items():
        (document,) = read(SourceFile("block.yaml", f"a: {text}\n")).documents
        assert document.data == {"a": value}
        assert type(document.data["a"]) is type(value)
