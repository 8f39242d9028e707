"""Packs: folders of policy files, the built-in one and the user's.

Takes a folder; gives a ``Pack`` of checked policies, or every fault of every file. A rule exists because its file
is in the folder; a file that is no policy, or a second rule of the same id or name, is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from penstock import bundle
from penstock.cel import Engine
from penstock.errors import GroupedError, PenstockError, PolicyError
from penstock.manifest.integrity import RULES
from penstock.policy.model import ExampleBase, Pack, Policy, QuotedDocument
from penstock.source import Document, read_path
from penstock.source.shown import shown as path_shown

BUILT_IN = "levie"
PACK_FILE = "pack.yaml"


def load_pack(reference: str, base: Path, engine: Engine, warnings: list[PenstockError] | None = None) -> Pack:
    """The pack of that name (``levie``) or in that folder, which is relative to ``base``.

    What authors should know of policies that work all the same is added to ``warnings``.

    Raises:
        PolicyError: there is no such pack, or it holds no policy.
        GroupedError: of every fault in its files.
    """
    return _load_folder(*find(reference, base), engine, warnings)


def find(reference: str, base: Path) -> tuple[Path, str]:
    """The folder of a pack, and the words to show for it.

    Raises:
        PolicyError: there is no such pack.
    """
    if reference == BUILT_IN:
        return bundle.folder("policies") / BUILT_IN, BUILT_IN
    folder = base / reference
    if not folder.is_dir():
        raise PolicyError(
            f"there is no policy pack `{reference}`",
            hint=f"a pack is `{BUILT_IN}`, or a folder of policy files relative to {path_shown(base)}",
        )
    return folder, path_shown(folder)


def _load_folder(folder: Path, shown: str, engine: Engine, warnings: list[PenstockError] | None) -> Pack:
    # Late: a run that finds its packs compiled needs neither the parser of expressions nor their checker.
    from penstock.policy.load import load_policy

    faults: list[PenstockError] = []
    spec, name = _pack_file(folder, shown, faults)
    documents = {key: _quoted(given) for key, given in spec.get("documents", {}).items()}
    policies: list[Policy] = []
    for path in _policy_files(folder):
        try:
            document = _single(path, _join(shown, path.relative_to(folder)))
            policies.append(load_policy(document, engine, name, documents, warnings))
        except GroupedError as group:
            faults.extend(group.errors)
        except PolicyError as fault:
            faults.append(fault)
    if not policies and not faults:
        faults.append(PolicyError(f"the pack {shown} holds no policy", hint="add a policy file, or drop the pack"))
    if faults:
        raise GroupedError(tuple(faults))
    examples = spec.get("examples", {})
    return Pack(
        name=name,
        version=str(spec.get("version", "0")),
        title=spec.get("title", name),
        documents=MappingProxyType(documents),
        policies=tuple(sorted(policies, key=lambda policy: _id_order(policy.rule.id))),
        base=ExampleBase(str(examples.get("asOf", "2026-01-01")), MappingProxyType(examples.get("base", {}))),
    )


def _quoted(given: Mapping[str, Any]) -> QuotedDocument:
    sections = {section["name"]: section.get("note") for section in given.get("sections", ())}
    return QuotedDocument(given["title"], MappingProxyType(sections))


def check_unique(packs: Iterable[Pack]) -> None:
    """Every rule id and name exists once over all packs and the integrity rules.

    Raises:
        GroupedError: a ``PolicyError`` for each repeat, at the later file.
    """
    first: dict[str, str] = {key: "penstock itself" for rule in RULES.values() for key in (rule.id, rule.name)}
    faults: list[PenstockError] = []
    for policy in (policy for pack in packs for policy in pack.policies):
        document = policy.document
        for key, path in ((policy.rule.id, ("spec", "id")), (policy.rule.name, ("metadata", "name"))):
            if key in first:
                faults.append(
                    PolicyError(
                        f"the rule {key} exists already, in {first[key]}",
                        file=document.file.path,
                        span=document.locate(path).span,
                        hint="rename it, or drop one of the two packs",
                        frame=document.file.text,
                    )
                )
            first.setdefault(key, document.file.path)
    if faults:
        raise GroupedError(tuple(faults))


def _pack_file(folder: Path, shown: str, faults: list[PenstockError]) -> tuple[Mapping[str, Any], str]:
    from penstock.policy.load import schema_faults

    path = folder / PACK_FILE
    if not path.is_file():
        return {}, folder.resolve().name
    try:
        document = _single(path, _join(shown, Path(PACK_FILE)))
    except GroupedError as group:
        faults.extend(group.errors)
        return {}, folder.name
    wrong = schema_faults(document, "policy/v1/Pack")
    faults.extend(wrong)
    if wrong:
        return {}, folder.name
    data = cast("dict[str, Any]", document.data)
    return data["spec"], data["metadata"]["name"]


def pack_files(folder: Path) -> Iterator[Path]:
    """The files that a pack is made from, in order."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".yaml", ".yml"} and not any(
            part.startswith(".") for part in path.relative_to(folder).parts
        ):
            yield path


def _policy_files(folder: Path) -> Iterator[Path]:
    return (path for path in pack_files(folder) if path != folder / PACK_FILE)


def _single(path: Path, shown: str) -> Document:
    """The one document of a file."""
    reading = read_path(path, shown)
    if reading.faults:
        raise GroupedError(
            tuple(
                PolicyError(fault.message, file=shown, span=fault.span, hint=fault.hint, frame=reading.file.text)
                for fault in reading.faults
            )
        )
    if len(reading.documents) != 1:
        found = len(reading.documents)
        fault = PolicyError(f"a policy file holds one document, this one {found}", file=shown)
        raise GroupedError((fault,))
    return reading.documents[0]


def _id_order(rule_id: str) -> tuple[str, int]:
    letters = rule_id.rstrip("0123456789")
    return letters, int(rule_id[len(letters) :])


def _join(shown: str, below: Path) -> str:
    return f"{shown}/{below.as_posix()}"
