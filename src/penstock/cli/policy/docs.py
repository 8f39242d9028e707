"""``penstock policy docs``: a Markdown page for each rule of the packs and an index, or whether they are fresh."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.policy import Pack, Policy, Reference

_INDEX = "README.md"
_MARK = "<!-- Written by `penstock policy docs`"


def run(arguments: argparse.Namespace) -> bool:
    """Write the pages, and delete those of rules that are gone; under ``--check`` only say which are stale."""
    folder = Path(arguments.output)
    pages = _pages(_packs(arguments), folder)
    _check_ours(pages, folder)
    there = {name: _read(folder / name) for name in pages}
    stale = {name: text for name, text in pages.items() if there[name] != text}
    over = _left_over(pages, folder)
    if arguments.check:
        return _report(stale, over, folder, there)
    _write(stale, over, folder)
    verb = f"{len(stale)} written" + (f", {len(over)} deleted" if over else "")
    sys.stdout.write(f"{_count(len(pages))} in {_shown(folder)}: {verb}\n")
    return False


def _packs(arguments: argparse.Namespace) -> list[tuple[Pack, Path | None]]:
    """The packs, each with the folder that its files' places are relative to; None for one that is no folder.

    Raises:
        UsageError: no pack is named, and the configuration names none of one's own.
    """
    from penstock.cel import engine
    from penstock.cli.policy.packs import references
    from penstock.errors import UsageError
    from penstock.policy import BUILT_IN, check_unique, load_pack

    named = references(arguments)
    if not arguments.packs:
        named = [(reference, base) for reference, base in named if reference != BUILT_IN]
    if not named:
        message = "there is no pack of your own here"
        raise UsageError(
            message, hint="name the folder of your policies: penstock policy docs FOLDER --output ..."
        )
    loaded = [load_pack(reference, base, engine(arguments.engine)) for reference, base in named]
    check_unique(loaded)
    return [(pack, _top(reference)) for pack, (reference, _) in zip(loaded, named, strict=True)]


def _top(reference: Reference) -> Path | None:
    from penstock.policy import BUILT_IN

    # What a folder's files are called is relative to the working directory.
    return Path.cwd() if isinstance(reference, str) and reference != BUILT_IN else None


def _pages(packs: Sequence[tuple[Pack, Path | None]], folder: Path) -> dict[str, str]:
    """Every page by its file's name. Nothing in them depends on the working directory."""
    from penstock.render.rule_index import index_page
    from penstock.render.rule_markdown import policy_page

    pages = {}
    listed = []
    for pack, top in packs:
        for policy in pack.policies:
            file = _file(policy, top, folder)
            origin = file if top is not None else f"the pack {pack.name}"
            page = policy_page(policy, pack.base, _link(file, top), _about_examples(pack))
            pages[f"{policy.rule.name}.md"] = _marked(origin, page)
            listed.append((policy.rule, policy))
    about = index_page(listed, _introduction([pack for pack, _ in packs], len(listed)))
    return {_INDEX: _marked("these pages' packs", about), **dict(sorted(pages.items()))}


def _file(policy: Policy, top: Path | None, folder: Path) -> str:
    """The policy's file as its page refers to it."""
    file = policy.document.file.path
    if top is None:
        return file
    return Path(os.path.relpath((top / file).resolve(), folder.resolve())).as_posix()


def _link(file: str, top: Path | None) -> str:
    from urllib.parse import quote

    from penstock.render.markdown_escape import code, escape

    return code(file) if top is None else f"[{escape(file.rpartition('/')[2])}]({quote(file)})"


def _about_examples(pack: Pack) -> str:
    if pack.base.manifests:
        return (
            "Each shows the fields that matter, laid over a complete manifest of the kind; `null` leaves a field "
            "out. They run as the rule's tests."
        )
    return "They run as the rule's tests."


def _introduction(packs: Sequence[Pack], rules: int) -> str:
    from penstock.render.markdown_escape import escape

    names = [f"{escape(pack.title)} ({escape(pack.name)} {escape(pack.version)})" for pack in packs]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    verb = "The rule" if rules == 1 else f"The {rules} rules"
    return f"{verb} of {listed}. `penstock explain RULE` shows the same in the terminal."


def _marked(origin: str, page: str) -> str:
    # Two hyphens would end the comment.
    return f"{_MARK} from {origin.replace('--', '- -')}. Change that, then run it again. -->\n\n{page}"


def _check_ours(pages: Mapping[str, str], folder: Path) -> None:
    """What the pages would replace was written here before.

    Raises:
        UsageError: it was not.
    """
    from penstock.errors import UsageError

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{_shown(folder)} is a file", hint="--output takes the folder of the pages")
    others = [name for name in pages if _is_taken(folder / name)]
    if others:
        names = ", ".join(_shown(folder / name) for name in others)
        raise UsageError(
            f"nothing was written, because this was not written by `penstock policy docs`: {names}",
            hint="name another folder, or delete the file if its content can go",
        )


def _is_taken(file: Path) -> bool:
    text = _read(file)
    return os.path.lexists(file) and (text is None or not text.startswith(_MARK))


def _left_over(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Pages that were written here for rules that are gone."""
    there = sorted(path.name for path in folder.glob("*.md") if path.name not in pages)
    return [name for name in there if (_read(folder / name) or "").startswith(_MARK)]


def _read(file: Path) -> str | None:
    """The text of a file, with the line ends that are written; None when there is none that can be read."""
    try:
        return file.read_bytes().decode("utf-8").replace("\r\n", "\n") if file.is_file() else None
    except (OSError, UnicodeDecodeError):
        return None


def _report(stale: Mapping[str, str], over: Sequence[str], folder: Path, there: Mapping[str, str | None]) -> bool:
    lines = [f"{_shown(folder / name)} is {'missing' if there[name] is None else 'stale'}" for name in stale]
    lines += [f"{_shown(folder / name)} is of a rule that is gone" for name in over]
    if lines:
        lines.append("run the same command without --check, and commit what it writes")
    else:
        lines.append(f"{_count(len(there))} in {_shown(folder)}: all fresh")
    sys.stdout.write("\n".join(lines) + "\n")
    return bool(stale or over)


def _write(stale: Mapping[str, str], over: Sequence[str], folder: Path) -> None:
    from penstock.cli.files import write_atomically
    from penstock.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in stale.items():
            write_atomically(folder / name, text)
        for name in over:
            (folder / name).unlink()
    except OSError as error:
        raise UsageError(f"cannot write to {_shown(folder)}: {error.strerror or error}") from None


def _count(pages: int) -> str:
    return f"{pages} page{'' if pages == 1 else 's'}"


def _shown(path: Path) -> str:
    from penstock.source.shown import shown

    return shown(path)
