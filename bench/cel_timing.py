"""Times competitors against each other on a machine that does other things too.

Takes functions with their arguments, all of which do the same; gives seconds a call. The competitors take turns in
short rounds, so that a slow moment hits all of them alike; a round gives the median of its batches, and the least
of the rounds is the result. The garbage collector is off meanwhile.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import repeat
from statistics import median
from time import get_clock_info, perf_counter, thread_time

Run = tuple[Callable[..., object], tuple[object, ...]]

# The processor time of this thread leaves out what the machine does in between, where it is counted finely.
clock = thread_time if get_clock_info("thread_time").resolution <= 1e-6 else perf_counter

BATCHES = 5
_BATCH_SECONDS = 0.003
# One call that takes longer than this is timed a few times only: its ratio is large enough not to need more.
_SLOW_SECONDS = 0.1
_SLOW_ROUNDS = 2
# What takes longer than so many batches is a batch of its own, and one a round.
_FEW = 3


@contextmanager
def collector_off() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def batch(runs: tuple[Run, ...], number: int) -> float:
    """Seconds for all the runs one after another, a ``number`` of times."""
    if len(runs) == 1:
        function, arguments = runs[0]
        start = clock()
        for _ in repeat(None, number):
            function(*arguments)
        return clock() - start
    start = clock()
    for _ in repeat(None, number):
        for function, arguments in runs:
            function(*arguments)
    return clock() - start


def compare(
    competitors: Mapping[str, tuple[Run, ...]], rounds: int, batch_seconds: float = _BATCH_SECONDS
) -> dict[str, float]:
    """Seconds that each competitor takes for all its runs once."""
    best: dict[str, float] = {}
    with collector_off():
        first = {name: min(batch(runs, 1), batch(runs, 1)) for name, runs in competitors.items()}
        for turn in range(rounds):
            for name, runs in competitors.items():
                slow = first[name] > _SLOW_SECONDS
                if slow and turn >= _SLOW_ROUNDS:
                    continue
                number = max(1, int(batch_seconds / max(first[name], 1e-9)))
                batches = 1 if first[name] > _FEW * batch_seconds else BATCHES
                times = [batch(runs, number) / number for _ in range(batches)]
                best[name] = min(best.get(name, float("inf")), median(times))
            gc.collect()
    return best
