"""Run penstock's command line in this process and say how many steps that took.

`count_steps.py ARGUMENT...`: what penstock prints goes where it goes; the last line of the error output is the
number of lines of Python that were executed, a line in a loop once for each turn, and of functions entered. A
program and no test: a process of its own has imported nothing, remembers nothing and hashes text alike each time.
"""

from __future__ import annotations

import sys
from types import FrameType


def main() -> None:
    steps = 0

    def count(_: FrameType, __: str, ___: object) -> object:
        nonlocal steps
        steps += 1
        return count

    sys.argv[0] = "penstock"
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        from penstock.cli import main as penstock

        penstock()
    finally:
        sys.settrace(None)
        sys.stderr.write(f"\n{steps}\n")


if __name__ == "__main__":
    main()
