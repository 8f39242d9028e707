"""The bar of a long run: when it is shown, what it says, and that nothing is left of it."""

from __future__ import annotations

import io

from penstock.course import LINKING, READING, RULES
from penstock.render.paint import Line
from penstock.render.progress import AFTER, Progress, line

CLEAR = "\r\x1b[2K"


class Terminal(io.StringIO):
    """80 columns: what a stream without a descriptor is taken for."""

    encoding = "utf-8"  # type: ignore[assignment]


class Bar(Progress):
    """One whose clock is told what to say."""

    def __init__(self, stream: io.StringIO, *, color: bool = False) -> None:
        super().__init__(stream, color=color)
        self.now = 0
        self.clock = lambda: self.now
        self._next = AFTER


def text(shown: Line) -> str:
    return "".join(text for text, _ in shown)


def test_the_line_of_a_part() -> None:
    assert text(line(READING, 2500, 10000)) == f"Reading  {'━' * 7}{'─' * 23}  2,500 of 10,000 files"
    assert text(line(RULES, 3, 3)) == f"Judging  {'━' * 30}  3 of 3 manifests"
    assert text(line(RULES, 1, 2, plain=True)) == f"Judging  {'#' * 15}{'.' * 15}  1 of 2 manifests"
    assert text(line(LINKING, 0, 0)) == "Linking..."
    assert text(line("", 1, 2)) == "Working..."


def test_a_short_run_shows_nothing() -> None:
    stream = Terminal()
    bar = Bar(stream)
    with bar.part(READING):
        bar.now = AFTER - 1
        bar.done(1, 2)
    bar.end()
    assert stream.getvalue() == ""


def test_a_long_run_shows_how_far_it_is_and_leaves_nothing() -> None:
    stream = Terminal()
    bar = Bar(stream)
    with bar.part(READING):
        bar.now = AFTER
        bar.done(1, 2)
        bar.now += 1
        bar.done(2, 2)  # too soon after the line before
    bar.now += AFTER
    with bar.part(LINKING):
        pass
    bar.end()
    bar.end()
    bar.now += AFTER
    bar.done(1, 2)
    half = "━" * 15 + "─" * 15
    assert stream.getvalue() == f"{CLEAR}Reading  {half}  1 of 2 files{CLEAR}Linking...{CLEAR}"


def test_items_one_by_one_are_counted_in_passing() -> None:
    stream = Terminal()
    bar = Bar(stream)
    with bar.part(RULES):
        bar.now = AFTER
        assert list(bar.each(range(130))) == list(range(130))
    assert stream.getvalue() == f"{CLEAR}Judging  {'━' * 14}{'─' * 16}  64 of 130 manifests"


def test_a_terminal_without_the_characters_gets_others() -> None:
    stream = Terminal()
    stream.encoding = "latin-1"  # type: ignore[misc]
    bar = Bar(stream)
    bar.now = AFTER
    bar.done(1, 2)
    assert stream.getvalue().isascii()


def test_colours_change_no_character() -> None:
    stream = Terminal()
    bar = Bar(stream, color=True)
    with bar.part(READING):
        bar.now = AFTER
        bar.done(1, 2)
    assert "\x1b[1;32m" + "━" * 15 + "\x1b[0m" in stream.getvalue()


def test_a_line_never_wraps() -> None:
    stream = Terminal()
    bar = Bar(stream)
    with bar.part(READING):
        bar.now = AFTER
        bar.done(10**40, 10**40)
    assert len(stream.getvalue().removeprefix(CLEAR)) == 79


def test_a_terminal_that_is_gone_stops_nothing() -> None:
    class Gone(Terminal):
        def write(self, _text: str, /) -> int:
            raise OSError(5, "Input/output error")

    bar = Bar(Gone())
    bar.now = AFTER
    bar.done(1, 2)
    bar.end()
