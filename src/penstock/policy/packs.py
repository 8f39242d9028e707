"""Packs of policies: the built-in one and the user's, wherever their files are from.

Takes a pack's files; gives a ``Pack`` of checked policies, or every fault of every file. A rule exists because its
file is in the pack; a file that is no policy, or a second rule of the same id or name, is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from penstock import bundle
from penstock.cel import Engine
from penstock.errors import GroupedError, PenstockError, PolicyError
from penstock.manifest.integrity import RULES
from penstock.model import by_number
from penstock.policy.model import ExampleBase, Pack, Policy, QuotedDocument
from penstock.policy.pack_files import PACK_FILE, PackFiles, digest, read_folder
from penstock.policy.reference import BUILT_IN, GitReference, PackageReference, Reference
from penstock.source import Document, read_bytes
from penstock.source.shown import shown as path_shown


def load_pack(
    reference: Reference, base: Path, engine: Engine, warnings: list[PenstockError] | None = None
) -> Pack:
    """The pack that a reference names; folders, and the lock for git, are relative to ``base``.

    What authors should know of policies that work all the same is added to ``warnings``.

    Raises:
        PolicyError: there is no such pack, or it holds no policy.
        GroupedError: of every fault in its files.
    """
    return load_pack_files(find(reference, base), engine, warnings)


def find(reference: Reference, base: Path) -> PackFiles:
    """The files of the pack that a reference names. Reaches no network.

    Raises:
        PolicyError: there is no such pack.
        GroupedError: a file of it cannot be read.
    """
    if reference == BUILT_IN:
        return read_folder(bundle.folder("policies") / BUILT_IN, BUILT_IN, "built in")
    if isinstance(reference, PackageReference):
        from penstock.policy.installed import installed_pack

        return installed_pack(reference)
    if isinstance(reference, GitReference):
        from penstock.policy.fetched import git_pack

        return git_pack(reference, base)
    folder = base / reference
    if not folder.is_dir():
        raise PolicyError(
            f"there is no policy pack `{reference}`",
            hint=f"a pack is `{BUILT_IN}`, or a folder of policy files relative to {path_shown(base)}",
        )
    return read_folder(folder, path_shown(folder), f"folder {reference}")


def load_pack_files(files: PackFiles, engine: Engine, warnings: list[PenstockError] | None = None) -> Pack:
    """The pack that is made from these files.

    Raises:
        PolicyError: there are none.
        GroupedError: of every fault in them.
    """
    # Late: a run that finds its packs compiled needs neither the parser of expressions nor their checker.
    from penstock.policy.load import load_policy

    faults: list[PenstockError] = []
    spec, name = _pack_file(files, faults)
    documents = {key: _quoted(given) for key, given in spec.get("documents", {}).items()}
    policies: list[Policy] = []
    for path in files.contents:
        if path == PACK_FILE:
            continue
        try:
            policies.append(load_policy(_single(files, path), engine, name, documents, warnings))
        except GroupedError as group:
            faults.extend(group.errors)
        except PolicyError as fault:
            faults.append(fault)
    if not policies and not faults:
        message = f"the pack {files.shown} holds no policy"
        faults.append(PolicyError(message, hint="add a policy file, or drop the pack"))
    if faults:
        raise GroupedError(tuple(faults))
    examples = spec.get("examples", {})
    return Pack(
        name=name,
        version=str(spec.get("version", "0")),
        title=spec.get("title", name),
        documents=MappingProxyType(documents),
        policies=tuple(sorted(policies, key=lambda policy: by_number(policy.rule.id))),
        base=ExampleBase(str(examples.get("asOf", "2026-01-01")), MappingProxyType(examples.get("base", {}))),
        origin=files.origin,
        digest=digest(files),
    )


def described(files: PackFiles) -> tuple[str, str]:
    """The pack's name and version, by its pack.yaml. Looks at no policy.

    Raises:
        PolicyError: it has none and needs one.
        GroupedError: of every fault in it.
    """
    faults: list[PenstockError] = []
    spec, name = _pack_file(files, faults)
    if faults:
        raise GroupedError(tuple(faults))
    return name, str(spec.get("version", "0"))


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


def _pack_file(files: PackFiles, faults: list[PenstockError]) -> tuple[Mapping[str, Any], str]:
    """The pack's own words about itself, and its name."""
    from penstock.policy.load import schema_faults
    from penstock.policy.requires import requirement_faults

    if PACK_FILE not in files.contents:
        if files.needs_pack_file:
            message = f"the pack {files.shown} has no {PACK_FILE}"
            raise PolicyError(message, hint="its authors must say what it is called, and its version")
        return {}, files.name
    try:
        document = _single(files, PACK_FILE)
    except GroupedError as group:
        faults.extend(group.errors)
        return {}, files.name
    # First: what is made for another penstock need not look right to this one.
    unmet = requirement_faults(document)
    if unmet:
        raise GroupedError(tuple(unmet))
    wrong = schema_faults(document, "policy/v1/Pack")
    faults.extend(wrong)
    if wrong:
        return {}, files.name
    data = cast("dict[str, Any]", document.data)
    return data["spec"], data["metadata"]["name"]


def _single(files: PackFiles, path: str) -> Document:
    """The one document of a file."""
    shown = f"{files.shown}/{path}"
    reading = read_bytes(files.contents[path], shown)
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
