"""By what a rollout is judged besides its policies: the day, who may make exceptions, the baseline, the comments.

Takes a root in the working tree with its rules; reads the files that hold exceptions and are no manifests.
"""

from __future__ import annotations

from penstock.lint import Circumstances
from penstock.workspace.baselines import read_baseline
from penstock.workspace.config import Config
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook


def circumstances(
    root: Root, config: Config, book: RuleBook, as_of: str, edited: tuple[str, bytes] | None = None
) -> Circumstances:
    """What holds for a rollout in the working tree.

    ``edited`` is a file's name and the content that counts in place of what is on disk.

    Raises:
        GroupedError: the baseline is none, each fault with its place.
    """
    return Circumstances(
        as_of=as_of,
        rules=book.rules,
        authority=config.authority,
        config=config.commented,
        baseline=read_baseline(config, root, edited),
    )
