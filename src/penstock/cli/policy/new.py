"""``penstock policy new``: a policy to make one's own, which lints and tests clean as it stands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.policy import PackFiles
    from penstock.workspace.config import Config


def run(arguments: argparse.Namespace) -> bool:
    """Write the policy, and the pack's own file where there is none; or nothing. Finds nothing."""
    from penstock.policy.pack_files import PACK_FILE
    from penstock.source.shown import shown
    from penstock.starter.names import check_name
    from penstock.starter.place import put
    from penstock.starter.policy import Draft, base_kinds, pack_text, policy_text, title_of

    name = check_name(arguments.name)
    root, config = _configuration()
    folder = Path(arguments.pack) if arguments.pack else _own_folder(root, config)
    files = _files(folder)
    own = _written(files)
    _check_free(name, folder, own, _others(config, root, folder))
    others = [data for data in own.values() if data.get("kind") == "Policy"]
    draft = Draft(
        name=name,
        id=_id(arguments.id, own, _others(config, root, folder), _pack_name(folder, own)),
        title=_title(arguments.title) if arguments.title is not None else title_of(name),
        kinds=_kinds(arguments.kind),
    )
    texts: dict[str, str] = {}
    base = _base(own.get(PACK_FILE, {}))
    if PACK_FILE not in files.contents:
        # A base would add to the examples that other policies of the pack write in full.
        texts[PACK_FILE] = pack_text(_pack_name(folder, own), () if others else draft.kinds)
        base = {} if others else dict.fromkeys(base_kinds(draft.kinds))
    texts[f"{name}.yaml"] = policy_text(draft, base)
    put(texts, folder)
    lines = [f"Wrote {shown(folder / path)}" for path in texts]
    sys.stdout.write("\n".join([*lines, *_next(draft.id, folder, root, config)]) + "\n")
    return False


def _configuration() -> tuple[Path | None, Config | None]:
    from penstock.source.discovery import MARKER
    from penstock.workspace.config import config_of
    from penstock.workspace.roots import nearest

    root = nearest(Path.cwd())
    return root, config_of(root / MARKER, root) if root else None


def _own_folder(root: Path | None, config: Config | None) -> Path:
    """The folder of policies that the configuration names; ``policies`` where it names none.

    Raises:
        UsageError: it names several.
    """
    from penstock.errors import UsageError
    from penstock.policy import BUILT_IN
    from penstock.source.shown import shown

    named = [pack for pack in config.packs if isinstance(pack, str) and pack != BUILT_IN] if config else []
    if len(named) > 1:
        raise UsageError(
            f"penstock.yaml names several folders of policies: {', '.join(named)}",
            hint="--pack FOLDER says which one is meant",
        )
    return Path(shown((root or Path.cwd()) / (named[0] if named else "policies")))


def _files(folder: Path) -> PackFiles:
    """The files of the pack as they are; none where the folder is still to be made."""
    from penstock.errors import UsageError
    from penstock.policy import PackFiles
    from penstock.policy.pack_files import read_folder
    from penstock.source.shown import shown

    if folder.is_dir():
        return read_folder(folder, shown(folder), "")
    if folder.exists():
        raise UsageError(f"{shown(folder)} is a file", hint="--pack takes the folder of the policies")
    return PackFiles(shown(folder), {}, folder.absolute().name, "")


def _written(files: PackFiles) -> dict[str, Mapping[str, Any]]:
    """What the files hold, as far as it can be read: what is wrong with them is for ``lint`` to say."""
    from penstock.source import read_bytes

    found = {}
    for path, content in files.contents.items():
        for document in read_bytes(content, path).documents[:1]:
            if isinstance(document.data, Mapping):
                found[path] = document.data
    return found


def _others(config: Config | None, root: Path | None, folder: Path) -> Iterator[Mapping[str, Any]]:
    """The policies of the other packs that the rollout uses."""
    from penstock.errors import PenstockError
    from penstock.policy import BUILT_IN, find

    for reference in config.packs if config is not None and root is not None else (BUILT_IN,):
        try:
            is_own = isinstance(reference, str) and ((root or Path()) / reference).resolve() == folder.resolve()
            if not is_own:
                yield from _written(find(reference, root or Path.cwd())).values()
        except PenstockError:
            continue  # a pack that cannot be read: `check` says so


def _at(data: Mapping[str, Any], part: str, key: str) -> object:
    section = data.get(part)
    return section.get(key) if isinstance(section, Mapping) else None


def _check_free(
    name: str, folder: Path, own: Mapping[str, Mapping[str, Any]], others: Iterable[Mapping[str, Any]]
) -> None:
    import os

    from penstock.errors import UsageError
    from penstock.manifest.integrity import RULES
    from penstock.source.shown import shown

    file = folder / f"{name}.yaml"
    if os.path.lexists(file):
        raise UsageError(f"{shown(file)} exists already", hint="choose another name")
    taken = {_at(data, "metadata", "name") for data in (*own.values(), *others) if data.get("kind") == "Policy"}
    if name in taken or name in {rule.name for rule in RULES.values()}:
        raise UsageError(f"there is a rule {name} already", hint="choose another name: it must name one rule")


def _id(
    asked: str | None, own: Mapping[str, Mapping[str, Any]], others: Iterable[Mapping[str, Any]], pack: str
) -> str:
    from penstock.starter.rule_ids import check_id, next_id

    ours = [str(_at(data, "spec", "id")) for data in own.values() if data.get("kind") == "Policy"]
    theirs = [str(_at(data, "spec", "id")) for data in others if data.get("kind") == "Policy"]
    return check_id(asked, {*ours, *theirs}) if asked is not None else next_id(pack, ours, theirs)


def _pack_name(folder: Path, own: Mapping[str, Mapping[str, Any]]) -> str:
    import re

    from penstock.policy.pack_files import PACK_FILE

    stated = _at(own.get(PACK_FILE, {}), "metadata", "name")
    words = str(stated or folder.resolve().name).casefold()
    return re.sub(r"[^a-z0-9]+", "-", words)[:63].strip("-") or "policies"


def _base(pack: Mapping[str, Any]) -> Mapping[str, Any]:
    examples = _at(pack, "spec", "examples")
    base = examples.get("base") if isinstance(examples, Mapping) else None
    return base if isinstance(base, Mapping) else {}


def _kinds(words: Iterable[str]) -> tuple[str, ...]:
    from penstock.errors import UsageError
    from penstock.manifest import shapes
    from penstock.policy.model import ROLLOUT_KIND
    from penstock.starter.names import pick

    found = tuple(dict.fromkeys(pick(word, (*shapes.kinds(), ROLLOUT_KIND), "kind") for word in words))
    if ROLLOUT_KIND in found and len(found) > 1:
        raise UsageError(
            f"a policy is about {ROLLOUT_KIND}, the rollout as a whole, or about kinds of manifests",
            hint="write two policies",
        )
    return found or ("UseCase",)


def _title(text: str) -> str:
    from penstock.errors import UsageError

    title = text.strip().rstrip(".")
    if not title or not title.isprintable():
        raise UsageError("--title is the defect in one line of text", hint="for example 'A contract has no owner'")
    return title


def _next(rule_id: str, folder: Path, root: Path | None, config: Config | None) -> Iterator[str]:
    from penstock.source.shown import shown

    yield from ("", "Next:")
    yield f"  penstock policy lint {shown(folder)}   finds nothing yet: change {rule_id} part by part"
    yield f"  penstock policy test {shown(folder)}   runs its examples"
    if root is None or config is None:
        yield from ("", "There is no penstock.yaml here or above: `penstock init` starts a rollout.")
        return
    folders = [(root / pack).resolve() for pack in config.packs if isinstance(pack, str)]
    if folder.resolve() not in folders:
        import os

        path = Path(os.path.relpath(folder.resolve(), root.resolve())).as_posix()
        path = path if path.startswith("..") else f"./{path}"
        yield from ("", "penstock.yaml does not name this folder yet, so `penstock check` leaves it out. Add it:")
        if all(isinstance(pack, str) for pack in config.packs):
            yield f"  packs: [{', '.join((*map(str, config.packs), path))}]"
        else:
            yield f"  - {path}    (an entry under packs)"
