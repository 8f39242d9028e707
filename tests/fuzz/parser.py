"""Feeds the parser of expressions with texts that atheris (libFuzzer) makes up from what they reach in the code.

By hand: ``python tests/fuzz/parser.py -runs=1000000``, or ``-max_total_time=300``; a corpus may follow. What
holds for every text is in ``tests/cel/parser_invariants.py``; a text for which it does not is a crash.
"""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: `python -m pip install atheris` (Linux, Python 3.11 or later)")

sys.path.insert(0, str(Path(__file__).parents[1] / "cel"))

with atheris.instrument_imports(include=["penstock.cel"]):
    import penstock.cel.parser  # noqa: F401 - so that it is instrumented

from parser_invariants import check_parse

FRAGMENTS = (
    *("a", "b", "x", "cel", "1", "1.5", "2u", "0x1F", "'s'", '"""t"""', "r'\\'", "b'x'", "'\\n'", "null", "true"),
    *("(", ")", "[", "]", "{", "}", ",", ":", "?", ".", ".?", "[?", "+", "-", "*", "/", "%", "!", "&&", "||"),
    *("==", "!=", "<", "<=", ">", ">=", " in ", "has(", ".all(x, ", ".map(x, ", ".exists(i, v, ", ".f("),
    *("cel.bind(x, ", "cel.block([", "cel.index(0)", "cel.iterVar(0, 0)", ".optMap(x, ", ".transformMap(k, v, "),
    *("if", "`q`", ".`q-r`", " and ", " not ", "é", "“", "=", "&", " ", "\n", "//", "\\", "'", '"', "'''", "`"),
)


def run(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    if provider.ConsumeBool():
        text = provider.ConsumeUnicode(sys.maxsize)
    else:
        picks = provider.ConsumeIntListInRange(provider.remaining_bytes(), 0, len(FRAGMENTS) - 1)
        text = "".join(FRAGMENTS[pick] for pick in picks)
    check_parse(text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()
