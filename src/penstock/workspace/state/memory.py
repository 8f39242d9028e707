"""What a process keeps of one rollout between two of its checks, in place of reading it from disk again.

Plain data, filled and used by ``taking``. What it holds is brought up to date in place: whatever an earlier check
gave must have been used before the next one begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.record import dataclass, field

if TYPE_CHECKING:
    from penstock.answers.stamps import Stamp
    from penstock.workspace.intakes import Read
    from penstock.workspace.rulebook import RuleBook
    from penstock.workspace.state.columns import State


@dataclass(slots=True)
class Memory:
    """What is known of one rollout."""

    on_disk: bool = True
    """Whether a state may also be loaded and saved."""
    key: tuple[RuleBook, str] | None = None
    """The key of its state by these rules."""
    known: tuple[str, State] | None = None
    """The last state and its key."""
    read: dict[str, tuple[Stamp, Read]] = field(default_factory=dict)
    """The files of a rollout that is not fit for a state, by the names shown for them."""
    unsaved: bool = False
    """Whether the state on disk would spare the next process less work than this one."""
