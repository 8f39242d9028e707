"""Work on several processors: a list is cut into pieces, and a copy of this process does each of them.

Takes the items and what is to be done with them; gives the results in the order of the items, one by one: whoever
wants little of each need never hold them all. A copy shares the memory of the process as it was, and sends back
what can be pickled. Where the system cannot copy a process, or a copy fails, this process does the work itself:
the results are the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from penstock.course import UNFOLLOWED, Course

Item = TypeVar("Item")
Result = TypeVar("Result")

_AT_ONCE = 500
"""So many results are sent and received as one."""
_MOST = 8
"""More copies than this spend their time on each other's memory."""


def available() -> int:
    """How many processes may share the work: ``PENSTOCK_PROCESSES``, or as many as there are processors for us."""
    given = os.environ.get("PENSTOCK_PROCESSES", "")
    if given.isdecimal():
        return max(1, int(given))
    if sys.platform in ("win32", "darwin"):  # no fork, or none that is safe beside the system's own threads
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST)


def spread(
    items: Sequence[Item],
    work: Callable[[Sequence[Item]], Iterable[Result]],
    *,
    least: int,
    course: Course = UNFOLLOWED,
) -> Iterator[Result]:
    """``work`` on all items, in pieces of at least ``least``: so many are worth a process of their own.

    ``course`` is told how far this process's own piece is, as if the others were just as far.
    """
    count = min(available(), len(items) // max(least, 1)) if hasattr(os, "fork") and not course.closely else 1
    if count < 2:
        yield from _own(items, work, course, len(items))
        return
    bounds = [len(items) * number // count for number in range(count + 1)]
    pieces = [items[bounds[number] : bounds[number + 1]] for number in range(count)]
    # The first piece is this process's own: the others are under way meanwhile.
    copies = [_start(piece, work) for piece in pieces[1:]]
    yield from _own(pieces[0], work, course, len(items))
    for piece, copy in zip(pieces[1:], copies, strict=True):
        received = 0
        for some in _receive(*copy) if copy is not None else ():
            yield from some
            received += len(some)
        if received < len(piece):
            yield from work(piece[received:])


def _own(
    piece: Sequence[Item], work: Callable[[Sequence[Item]], Iterable[Result]], course: Course, whole: int
) -> Iterator[Result]:
    """This process's own piece of the ``whole``, in steps where somebody follows it."""
    if not course.every:
        yield from work(piece)
        return
    for start in range(0, len(piece), course.every):
        yield from work(piece[start : start + course.every])
        course.done(whole * min(start + course.every, len(piece)) // len(piece), whole)


def _start(piece: Sequence[Item], work: Callable[[Sequence[Item]], Iterable[Result]]) -> tuple[int, int] | None:
    """A copy at work on a piece: its id, and where its results can be read."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        reads, writes = os.pipe()
    except OSError:
        return None
    try:
        copy = os.fork()
    except OSError:
        os.close(reads)
        os.close(writes)
        return None
    if copy:
        os.close(writes)
        return copy, reads
    code = 1
    try:
        os.close(reads)
        _send(writes, list(work(piece)))
        code = 0
    finally:
        os._exit(code)  # nothing of this process's own end may happen twice


def _send(writes: int, results: list[Result]) -> None:
    import pickle

    with os.fdopen(writes, "wb") as pipe:
        for start in range(0, len(results), _AT_ONCE):
            pickle.dump(results[start : start + _AT_ONCE], pipe, pickle.HIGHEST_PROTOCOL)


def _receive(copy: int, reads: int) -> Iterator[list[Any]]:
    """What a copy sent; less than it should have been where it came to no end."""
    import pickle

    try:
        with os.fdopen(reads, "rb") as pipe:
            while True:
                yield pickle.load(pipe)
    except (OSError, EOFError, pickle.UnpicklingError):
        pass
    finally:
        os.waitpid(copy, 0)
