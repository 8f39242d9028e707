"""Suppressions x findings: what comments in manifests excuse, and what is wrong with the comments themselves.

Takes a rollout, the rules there are, who may make exceptions, and the configuration, whose comments are about the
rollout as a whole. Answers for one finding after the other by the protocol of ``lint.exceptions``. Must not know
where the findings come from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from penstock.lint.authority import Authority
from penstock.lint.baseline import judges_all
from penstock.lint.directive import FORM, Directive, Misunderstood, Word, directive
from penstock.lint.exceptions import Unjudged, may_be_excused
from penstock.manifest import wording
from penstock.manifest.integrity import finding
from penstock.manifest.paths import path_text
from penstock.manifest.rollout import Rollout
from penstock.model import Excuse, ExcuseKind, Finding, Location, Path, Rule, Span
from penstock.policy.model import ROLLOUT_KIND
from penstock.record import dataclass
from penstock.source.comments import Comment, comments, has_comments
from penstock.source.document import Document

_NOWHERE = "put it above the field or list element that it is about, or behind it on the same line"
_HINTS = 50
"""So many wrong comments get a hint which rule was meant: finding it costs a millisecond."""
_Key = tuple[str, str, str]
"""File, resource, and id of the rule."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """A document whose comments are read, as findings know it."""

    document: Document
    resource: str
    name_is_all: bool = False
    """Whether what stands on ``name`` stands on the whole: true of penstock.yaml."""

    def paths(self, comment: Comment) -> tuple[Path, ...]:
        """What a comment is about."""
        return tuple(() if self._is_all(path) else path for path in comment.paths)

    def about(self, place: Location) -> str:
        """What a comment at a place is about, for a message."""
        return self.resource if self._is_all(place.path) else f"{place.path_text} of {self.resource}"

    def location(self, comment: Comment) -> Location:
        """Where a comment stands, with what it stands on; the first where that is several."""
        path = next(iter(comment.paths), ())
        text = path_text(self.document.data, path)
        return Location(self.document.file.path, comment.span, self.resource, path, text)

    def _is_all(self, path: Path) -> bool:
        return not path or (self.name_is_all and path == ("name",))


@dataclass(frozen=True, slots=True)
class _Suppression:
    """One rule of one comment, in force."""

    rule: Rule
    place: Location
    """The rule's id in the comment."""
    excuse: Excuse
    about: str
    """What it may excuse, for a message."""

    @property
    def key(self) -> _Key:
        return self.place.file, self.place.resource or "", self.rule.id


class Suppressions:
    """The comments of one rollout that suppress findings, in one run."""

    def __init__(self, rollout: Rollout, rules: Mapping[str, Rule], authority: Authority) -> None:
        self._rollout = rollout
        self._rules = rules
        self._names = {rule.name: rule for rule in rules.values()}
        self._authority = authority
        self._wrong: list[Finding] = []
        self._all: list[_Suppression] = []
        self._standing: dict[_Key, dict[Path, list[int]]] = {}
        self._used: set[int] = set()
        self._elsewhere: dict[_Key, str] = {}
        """A finding of the same rule and resource that no comment covers, by its place in words."""

    def excuse(self, finding: Finding) -> Excuse | None:
        """The suppression nearest to the finding; all that cover it are in use."""
        where = finding.location
        key = (where.file, where.resource or "", finding.rule)
        standing = self._standing.get(key)
        if standing is None:
            return None
        covering = [found for end in range(len(where.path), -1, -1) if (found := standing.get(where.path[:end]))]
        if not covering:
            self._elsewhere.setdefault(key, where.path_text or f"{where.resource} as a whole")
            return None
        for found in covering:
            self._used.update(found)
            del found[1:]  # the others have been of use: thousands need not be gone through again
        return self._all[covering[0][0]].excuse

    def findings(self, checked: Collection[str], _unjudged: Collection[Unjudged] = ()) -> Iterator[Finding]:
        """What is wrong with the comments, after every finding went through ``excuse``.

        Whether one has no effect is told only where every manifest could be judged: a rule may have found nothing
        because what it reads is broken.
        """
        yield from self._wrong
        judged = checked if judges_all(self._rollout) else ()
        for index, each in enumerate(self._all):
            if index not in self._used and each.rule.id in judged:
                yield self._idle(each)

    def read(self, ground: _Ground) -> None:
        """Take in the comments of a document."""
        for comment in comments(ground.document):
            place = ground.location(comment)
            asked = directive(comment.text)
            if isinstance(asked, Misunderstood):
                self._wrong.append(finding("LV010", asked.message, place, help=asked.help))
            else:
                self._take(ground, comment, asked, place)

    def _take(self, ground: _Ground, comment: Comment, asked: Directive, place: Location) -> None:
        rules = wording.listing([word.text for word in asked.words], most=3)
        if not asked.reason:
            message = f"the suppression of {rules} gives no reason"
            self._wrong.append(finding("LV010", message, place, help=FORM))
        if not comment.paths:
            message = f"the suppression of {rules} belongs to no field or list element"
            self._wrong.append(finding("LV009", message, place, help=_NOWHERE))
        excuse = Excuse(ExcuseKind.SUPPRESSION, place, asked.reason)
        for word in asked.words:
            at = _at(place, comment, word)
            rule = self._allowed(word, at)
            if rule is not None and asked.reason and comment.paths:
                about = ground.about(place)
                self._stand(_Suppression(rule, at, excuse, about), ground.paths(comment))

    def _stand(self, suppression: _Suppression, paths: tuple[Path, ...]) -> None:
        standing = self._standing.setdefault(suppression.key, {})
        for path in paths:
            standing.setdefault(path, []).append(len(self._all))
        self._all.append(suppression)

    def _allowed(self, word: Word, at: Location) -> Rule | None:
        """The rule that a comment names, if comments may suppress it; else it is told why not."""
        rule = self._rules.get(word.text.upper()) or self._names.get(word.text)
        if rule is None:
            words = [*self._rules, *self._names] if len(self._wrong) < _HINTS else ()
            near = wording.did_you_mean(word.text, words)
            message = f"there is no rule {wording.name(word.text)}{near}"
            self._wrong.append(finding("LV009", message, at, help="`penstock rules` lists the rules"))
        elif not may_be_excused(rule.id):
            message = f"{rule.id} ({rule.name}) cannot be suppressed: no exception can be made from it"
            self._wrong.append(finding("LV015", message, at, help="mend what it reports, and delete it here"))
        elif not self._authority.allows(ExcuseKind.SUPPRESSION, rule):
            message = f"{rule.id} ({rule.name}) may not be suppressed in this rollout"
            why = "`exceptions.suppress.never` in penstock.yaml keeps it from being suppressed"
            self._wrong.append(finding("LV015", message, at, help=f"mend what it reports: {why}"))
        else:
            return rule
        return None

    def _idle(self, suppression: _Suppression) -> Finding:
        rule = suppression.rule.id
        message = f"the suppression of {rule} has no effect: the rule finds nothing on {suppression.about}"
        other = self._elsewhere.get(suppression.key)
        help_text = f"{rule} finds something on {other}: put the comment there, or delete it"
        if other is None:
            help_text = "delete it, or correct the rule or the place"
        return finding("LV009", message, suppression.place, help=help_text)


def suppressions(
    rollout: Rollout, rules: Mapping[str, Rule], authority: Authority, config: Document | None = None
) -> Suppressions:
    """The suppressions of a rollout. ``rules`` are all there are, by id, checked or not.

    ``config`` is what penstock.yaml holds: its comments suppress findings about the rollout as a whole.
    """
    made = Suppressions(rollout, rules, authority)
    for each in rollout.commented():
        made.read(_Ground(each.document, each.id))
    if config is not None and has_comments(config.file):
        made.read(_Ground(config, f"{ROLLOUT_KIND}/{rollout.name}", name_is_all=True))
    return made


def _at(place: Location, comment: Comment, word: Word) -> Location:
    """Where a rule is named in a comment."""
    start = comment.span.start
    span = Span.at(start.line, start.column + word.offset, len(word.text))
    return Location(place.file, span, place.resource, place.path, place.path_text)
