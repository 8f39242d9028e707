"""In how many ways a plain expression can read a text: the proof that backtracking over it is linear.

Takes the branches of an expression. A backtracking matcher tries one way after another to read a prefix of the
text; when every prefix can be read in a few ways only, its time is linear. The expression becomes an automaton
without empty steps, whose states are its characters and classes (Glushkov's); walked over all texts at once, as
sets of states with the number of ways to each, it shows the most ways there can be. Must not know any matcher.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from penstock.record import dataclass, field
from penstock.regex.plain import Branch, Choice, Node, Repeat, Sequence, Set

_MAX_STATES = 100
_MAX_WAYS = 16
_MAX_STEPS = 1500
_MAX_LENGTH = 500


class _NotLinearError(Exception):
    pass


@dataclass(slots=True)
class _Part:
    """A piece of the automaton: the states it begins and ends with, by their ways; the ways to be empty."""

    first: Counter[int] = field(default_factory=Counter)
    last: Counter[int] = field(default_factory=Counter)
    empty: int = 1


class _Automaton:
    """``exact`` gives every turn of a counted repetition states of its own.

    Otherwise it repeats without end, which can be read in at least as many ways.
    """

    def __init__(self, *, exact: bool) -> None:
        self.exact = exact
        self.sets: list[Set] = []
        self.follow: list[Counter[int]] = []

    def part(self, node: Node) -> _Part:
        if isinstance(node, Set):
            return self._state(node)
        if isinstance(node, Sequence):
            return self.sequence(node.nodes)
        if isinstance(node, Choice):
            return choice([self.part(each) for each in node.nodes])
        return self._repeat(node)

    def _state(self, node: Set) -> _Part:
        if len(self.sets) >= _MAX_STATES:
            raise _NotLinearError
        self.sets.append(node)
        self.follow.append(Counter())
        state = len(self.sets) - 1
        return _Part(Counter([state]), Counter([state]), 0)

    def sequence(self, nodes: Iterable[Node]) -> _Part:
        whole = _Part()
        for part in map(self.part, nodes):
            self._link(whole.last, part.first)
            whole = _Part(
                whole.first + _times(part.first, whole.empty),
                part.last + _times(whole.last, part.empty),
                _few(whole.empty * part.empty),
            )
        return whole

    def _link(self, last: Counter[int], first: Counter[int]) -> None:
        for state, ways in last.items():
            self.follow[state] += _times(first, ways)

    def _repeat(self, node: Repeat) -> _Part:
        if node.most == 0:
            return _Part()
        endless = node.most is None or (node.most > 1 and not self.exact)
        turns = [self._turn(node.node)]
        while (not endless and len(turns) < (node.most or 0)) or (self.exact and len(turns) < node.least):
            turns.append(self._turn(node.node))
            self._link(turns[-2].last, turns[-1].first)
        if endless:
            self._link(turns[-1].last, turns[-1].first)
        may_end = turns[-1:] if endless else turns[max(node.least - 1, 0) :]
        last = sum((turn.last for turn in may_end), Counter())
        return _Part(turns[0].first, last, 0 if node.least else 1)

    def _turn(self, node: Node) -> _Part:
        part = self.part(node)
        if part.empty:  # Engines differ in what they do with turns that read nothing.
            raise _NotLinearError
        return part


def choice(parts: list[_Part]) -> _Part:
    return _Part(
        sum((part.first for part in parts), Counter()),
        sum((part.last for part in parts), Counter()),
        _few(sum(part.empty for part in parts)),
    )


def _times(states: Counter[int], ways: int) -> Counter[int]:
    if ways == 1:
        return states
    return Counter({state: _few(count * ways) for state, count in states.items() if ways})


def _few(ways: int) -> int:
    if ways > _MAX_WAYS:
        raise _NotLinearError
    return ways


def is_linear(branches: list[Branch]) -> bool:
    """Whether a backtracking search for the branches takes linear time in every text.

    One that may start anywhere starts anew at each character, so it must also be short.
    """
    for branch in branches:
        longest = _longest(Sequence(branch.items))
        if not branch.starts and (longest is None or longest > _MAX_LENGTH):
            return False
    return any(_has_few_ways(branches, exact=exact) for exact in (False, True))


def _longest(node: Node) -> int | None:
    """The most characters that a node may read; None when there is no end to it."""
    if isinstance(node, Set):
        return 1
    if isinstance(node, Repeat):
        inside = _longest(node.node)
        return None if inside is None or node.most is None else inside * node.most
    each = [_longest(item) for item in node.nodes]
    known = [length for length in each if length is not None]
    if len(known) < len(each):
        return None
    return sum(known) if isinstance(node, Sequence) else max(known)


def _has_few_ways(branches: list[Branch], *, exact: bool) -> bool:
    automaton = _Automaton(exact=exact)
    try:
        start = choice([automaton.sequence(branch.items) for branch in branches]).first
    except _NotLinearError:
        return False
    return _stays_small(automaton, start)


def _stays_small(automaton: _Automaton, start: Counter[int]) -> bool:
    """Walk over all texts. What has been read before does not matter beyond the states and the ways to them."""
    if start.total() > 2 * _MAX_STATES:
        return False
    letters = list(_letters(automaton.sets))
    waiting = [start]
    seen = {frozenset(start.items())}
    steps = 0
    while waiting:
        possible = waiting.pop()
        for letter in letters:
            steps += 1
            reached = {state: ways for state, ways in possible.items() if letter >> state & 1}
            following: Counter[int] = Counter()
            for state, ways in reached.items():
                for after, count in automaton.follow[state].items():
                    following[after] += ways * count
            # The ways that come to nothing at the next character are tried too.
            if sum(reached.values()) > _MAX_WAYS or following.total() > 2 * _MAX_STATES or steps > _MAX_STEPS:
                return False
            key = frozenset(following.items())
            if key not in seen:
                seen.add(key)
                waiting.append(following)
    return True


def _letters(sets: list[Set]) -> Iterator[int]:
    """A character of each kind that the sets tell apart, as the set of states (bits) that can read it."""
    edges: dict[int, int] = {}
    for state, each in enumerate(sets):
        for low, high in each.ranges:
            edges[low] = edges.get(low, 0) ^ 1 << state
            edges[high + 1] = edges.get(high + 1, 0) ^ 1 << state
    kinds: set[int] = set()
    readers = 0
    for edge in sorted(edges):
        readers ^= edges[edge]
        if readers:
            kinds.add(readers)
    yield from kinds
