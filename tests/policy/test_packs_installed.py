"""Packs in installed packages: found through what the installation says; no module of a package ever runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from penstock.cel import engine
from penstock.errors import GroupedError, PolicyError
from penstock.policy import PackageReference, load_pack
from penstock.policy.stored import load_stored
from penstock.workspace.config import load_config
from penstock.workspace.packs import Packs

RULES = Path(__file__).parents[2] / "policies" / "levie" / "step-08-replaceability"
RULE = "contract-term-over-a-year.yaml"
PACK = """apiVersion: policy/v1
kind: Pack
metadata: {name: NAME}
spec: {version: 1.2.0, title: Acme's own rules, manifests: [rollout/v1]}
"""
TRAP = "from pathlib import Path\nPath('RAN').write_text('code of a pack ran')\nraise SystemExit('ran')\n"
ACME = PackageReference("acme-penstock-pack")


def files(top: Path, folder: str = "acme_pack", name: str = "acme", rule: str = RULE) -> None:
    """A package with a pack in it, every module of which is a trap."""
    at = top / folder
    at.mkdir(parents=True)
    here = at
    while here != top:
        (here / "__init__.py").write_text(TRAP.replace("RAN", str(top / "ran")))
        here = here.parent
    (at / "conftest.py").write_text(TRAP.replace("RAN", str(top / "ran")))
    (at / "pack.yaml").write_text(PACK.replace("NAME", name))
    text = (RULES / rule).read_text(encoding="utf-8")
    (at / rule).write_text(text.replace("document: framework", "document: own"), encoding="utf-8")


def installation(top: Path, points: str, *, listed: bool = True, name: str = "acme_penstock_pack") -> Path:
    """What pip writes beside a package."""
    info = top / f"{name}-1.2.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(
        f"[console_scripts]\nacme = acme_pack:main\n[penstock.packs]\n{points}\n"
    )
    if listed:
        paths = [path for path in top.rglob("*") if path.is_file()]
        record = "".join(f"{path.relative_to(top).as_posix()},,\n" for path in paths)
        (info / "RECORD").write_text(record + "../../bin/acme,,\n")
    return info


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "site"
    made.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.syspath_prepend(str(made))
    return made


def load(reference: PackageReference = ACME) -> list[str]:
    pack = load_pack(reference, Path(), engine())
    return [pack.name, pack.version, pack.origin, *(policy.rule.id for policy in pack.policies)]


def fault(reference: PackageReference = ACME) -> tuple[str, str | None]:
    with pytest.raises(PolicyError) as caught:
        load_pack(reference, Path(), engine())
    return caught.value.message, caught.value.hint


LOADED = ["acme", "1.2.0", "package acme-penstock-pack 1.2", "LV801"]


@pytest.mark.parametrize(
    ("folder", "value"),
    [
        ("acme_pack", "acme_pack"),
        ("acme_pack/policies", "acme_pack.policies"),
        ("acme_pack/policies/legal", "acme_pack:policies.legal"),
    ],
)
def test_a_pack_is_loaded_and_no_code_of_it_runs(site: Path, folder: str, value: str) -> None:
    files(site, folder)
    installation(site, f"acme = {value}")
    assert load() == LOADED
    assert not (site / "ran").exists()
    assert not [name for name in sys.modules if name.startswith("acme_pack")]


def test_the_files_are_those_that_the_installation_lists(site: Path) -> None:
    files(site)
    installation(site, "acme = acme_pack")
    (site / "acme_pack" / "stray.yaml").write_text("no policy at all")
    assert load() == LOADED


def test_an_installation_without_a_list_has_what_lies_in_its_folder(site: Path) -> None:
    files(site)
    installation(site, "acme = acme_pack", listed=False)
    assert load() == LOADED


@pytest.mark.parametrize("layout", ["", "src"])
def test_a_package_that_is_being_edited_is_found_where_it_is(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    project = tmp_path / "project"
    files(project / layout, "acme_pack/policies")
    info = installation(site, "acme = acme_pack.policies")
    told = {"url": project.as_uri(), "dir_info": {"editable": True}}
    (info / "direct_url.json").write_text(json.dumps(told))
    monkeypatch.syspath_prepend(str(project / layout))  # what a .pth file does
    assert load() == LOADED
    assert not (project / layout / "ran").exists()
    assert "acme_pack" not in sys.modules


def test_a_folder_of_that_name_elsewhere_is_not_the_package_that_is_being_edited(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(tmp_path / "other")
    info = installation(site, "acme = acme_pack")
    told = {"url": (tmp_path / "project").as_uri(), "dir_info": {"editable": True}}
    (info / "direct_url.json").write_text(json.dumps(told))
    monkeypatch.syspath_prepend(str(tmp_path / "other"))
    message, _ = fault()
    assert message == "the package acme-penstock-pack has no folder acme_pack, which its pack acme names"


def test_the_working_directory_is_no_place_of_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    files(work)
    installation(work, "acme = acme_pack")
    monkeypatch.syspath_prepend(str(work))
    monkeypatch.syspath_prepend("")
    message, hint = fault()
    assert message == "the package acme-penstock-pack is not installed where penstock is"
    assert hint == "install it beside penstock, in the same environment: `pip install acme-penstock-pack`"


def test_one_of_several_packs_is_named(site: Path) -> None:
    files(site, "acme_pack/legal", "legal", "contract-end-undecided.yaml")
    files(site, "acme_pack2", "finance")
    installation(site, "legal = acme_pack.legal\nfinance = acme_pack2")
    assert load(PackageReference("acme-penstock-pack", "legal"))[0] == "legal"
    assert load(PackageReference("Acme_Penstock.Pack", "finance"))[::3] == ["finance", "LV801"]
    assert fault() == (
        "the package acme-penstock-pack has 2 packs: `finance` and `legal`",
        "say which: add `pack:` with its name",
    )
    assert fault(PackageReference("acme-penstock-pack", "lega")) == (
        "the package acme-penstock-pack has no pack `lega`",
        "did you mean `legal`?",
    )


def test_a_package_without_an_entry_point(site: Path) -> None:
    files(site)
    info = installation(site, "")
    (info / "entry_points.txt").unlink()
    assert fault() == (
        "the package acme-penstock-pack has no pack of policies",
        "a package with packs has entry points in the group penstock.packs",
    )


@pytest.mark.parametrize(
    "value", ["../../etc", "acme_pack/..", "/etc", "acme_pack:../x", ".", "acme-pack", "a..b"]
)
def test_an_entry_point_that_names_no_package_is_refused(site: Path, value: str) -> None:
    files(site)
    installation(site, f"acme = {value}")
    message, _ = fault()
    assert message == f"the entry point acme of the package acme-penstock-pack names no folder: `{value}`"


def test_a_folder_that_is_not_there(site: Path) -> None:
    files(site)
    installation(site, "acme = acme_pack.rules")
    message, hint = fault()
    assert message == "the package acme-penstock-pack has no folder acme_pack/rules, which its pack acme names"
    assert hint == "install it again; if that does not help, its makers can"


def test_a_file_that_is_listed_and_not_there(site: Path) -> None:
    files(site)
    installation(site, "acme = acme_pack")
    (site / "acme_pack" / RULE).unlink()
    message, _ = fault()
    assert message.startswith("a file of an installed pack cannot be read: ")
    assert message.endswith(": No such file or directory")


def test_a_package_without_pack_yaml(site: Path) -> None:
    files(site)
    (site / "acme_pack" / "pack.yaml").unlink()
    installation(site, "acme = acme_pack")
    assert fault()[0] == "the pack acme-penstock-pack has no pack.yaml"


def test_a_list_that_leads_out_of_the_package_is_not_followed(site: Path, tmp_path: Path) -> None:
    files(site)
    info = installation(site, "acme = acme_pack")
    (tmp_path / "outside.yaml").write_text("secret: 1")
    with (info / "RECORD").open("a") as record:
        record.write("acme_pack/../../outside.yaml,,\n")
    assert load() == LOADED


def test_a_package_is_stored_like_any_pack(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(tmp_path / "cache"))
    files(site)
    installation(site, "acme = acme_pack")
    first, second = (load_stored(ACME, Path()) for _ in range(2))
    assert (
        second.policies[0].validations[0].expression.program != first.policies[0].validations[0].expression.program
    )
    assert (second.origin, second.digest) == (first.origin, first.digest)
    assert second.policies[0].document.file.text == (site / "acme_pack" / RULE).read_text(encoding="utf-8")
    spot = second.policies[0].document.locate(("spec", "id"))
    assert spot == first.policies[0].document.locate(("spec", "id"))


def test_two_packs_with_the_same_rule(site: Path, tmp_path: Path) -> None:
    files(site)
    installation(site, "acme = acme_pack")
    file = tmp_path / "work" / "penstock.yaml"
    file.write_text("packs: [levie, {package: acme-penstock-pack}]\n")
    config = load_config(file, "penstock.yaml")
    with pytest.raises(GroupedError) as caught:
        Packs("penstock").load(config, file.parent)
    place = f"acme-penstock-pack/{RULE}"
    assert [(error.file, error.message) for error in caught.value.errors] == [
        (place, f"the rule LV801 exists already, in levie/step-08-replaceability/{RULE}"),
        (place, f"the rule contract-term-over-a-year exists already, in levie/step-08-replaceability/{RULE}"),
    ]


def test_a_check_with_a_package_runs_none_of_its_code(site: Path, tmp_path: Path) -> None:
    files(site, "acme_pack/policies")
    installation(site, "acme = acme_pack.policies")
    work = tmp_path / "work"
    (work / "penstock.yaml").write_text("packs: [{package: acme-penstock-pack}]\n")
    (work / "lab.yaml").write_text(
        "apiVersion: rollout/v1\nkind: VendorContract\nmetadata: {name: acme-lab}\n"
        "spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}\n"
    )
    code = (
        f"import sys; sys.path.append({str(site)!r})\n"
        "from penstock.cli import main\n"
        "code = main(['check', '--as-of', '2026-11-20', '-o', 'concise'])\n"
        "print(code, [name for name in sys.modules if name.startswith('acme')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=work, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "error LV801[contract-term-over-a-year]" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 []"
    assert not (site / "ran").exists()
