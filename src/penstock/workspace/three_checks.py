"""Two states of a rollout -> what the three checks of them tell: each state by its rules, and the new by the old.

Takes the states and their pairing; gives the ``Outcome``, its findings placed in files as they are shown.
"""

from __future__ import annotations

from collections.abc import Callable

from penstock.lint import Linted, lint
from penstock.lint.changed import Identity, identity
from penstock.manifest.load import Loaded
from penstock.manifest.pairing import Pairing, pair
from penstock.model import Finding, Location
from penstock.record import replace
from penstock.workspace.sides import State
from penstock.workspace.sight import Sight
from penstock.workspace.verdicts import Outcome, Run, outcome


def verdicts(old: State, new: State, pairing: Pairing, wide: Loaded) -> Outcome:
    """Lint both states, and the new manifests by the old rules where those are others.

    ``wide`` are the new manifests as the old patterns take them in.
    """
    renamed = {before.id: after.id for before, after in pairing.renamed}
    then = lint(old.loaded, old.book.policies, old.book.selection, old.given)
    now = lint(new.loaded, new.book.policies, new.book.selection, new.given, pairing)
    lost = {
        each.id for each in pairing.removed if f"{new.prefix}{old.plain(each.file)}" in new.loaded.rollout.unread
    }
    unseen = {
        each.id for each in pairing.added if f"{old.prefix}{new.plain(each.file)}" in old.loaded.rollout.unread
    }
    former = {after: before for before, after in renamed.items()}
    sees_then = Sight(then, old.loaded.rollout, old.book.policies, unseen, former)
    sees_now = Sight(now, new.loaded.rollout, new.book.policies, lost)
    between, sees_between = now, sees_now
    if _has_rules(old) and new.exists and not _alike(old, new):
        given = replace(new.given, rules=old.book.rules, authority=old.given.authority, config=new.config.document)
        pairs = pairing if wide is new.loaded else pair(old.loaded.rollout, wide.rollout)
        between = lint(wide, old.book.policies, old.book.selection, given, pairs)
        sees_between = Sight(between, wide.rollout, old.book.policies, lost)

    def key(found: Finding) -> Identity:
        file = found.location.file.removeprefix(old.short(old.prefix))
        rule, resource, path = identity(replace(found, location=replace(found.location, file=file)))
        return rule, renamed.get(resource, resource), path

    before, after = old.config.fail_on, new.config.fail_on
    return outcome(
        Run(_placed(then, old, old.short), key, before, sees_then.judges),
        Run(_placed(between, new), identity, before, sees_between.judges),
        Run(_placed(now, new), identity, after, sees_now.judges),
    )


def _has_rules(old: State) -> bool:
    """Whether there was a rollout before that rules were asked of; a new one cannot hide anything."""
    return old.exists and (old.config.file is not None or bool(old.loaded.rollout.resources))


def _alike(old: State, new: State) -> bool:
    """Whether both states are judged by the same rules."""
    given = [state.config.document.data if state.config.document else {} for state in (old, new)]
    return old.digests == new.digests and given[0] == given[1]


def _placed(linted: Linted, state: State, name: Callable[[str], str] | None = None) -> Linted:
    """The findings with the names of files that are shown."""
    if not state.prefix:
        return linted
    named = name or state.plain

    def place(where: Location) -> Location:
        return replace(where, file=named(where.file))

    def at(found: Finding) -> Finding:
        related = tuple(replace(each, location=place(each.location)) for each in found.related)
        return replace(found, location=place(found.location), related=related)

    excused = tuple(
        replace(each, finding=at(each.finding), excuse=replace(each.excuse, location=place(each.excuse.location)))
        for each in linted.excused
    )
    return replace(linted, findings=tuple(map(at, linted.findings)), excused=excused)
