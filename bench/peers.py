"""Measure penstock's peers on the same generated rollouts: check-jsonschema, yamllint, checkov, spectral.

    python bench/peers.py               # a quarter of an hour; peers/README.md says how to install them
    python bench/peers.py --files 1000

Prints a row for each beside penstock's own, as ratios to C: what PyYAML's C loader takes for the same files.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import table
from commands import HERE, Bench
from measure import Measured, in_turns
from peer_commands import Peer, peers

SCRIPT = "bench/peers.py"


def main() -> int:
    chosen = _arguments()
    bench = Bench(chosen.workspace.resolve(), chosen.python)
    there = [(peer, version) for peer in peers(bench, chosen.venv, chosen.npm) if (version := peer.version)]
    one = _one(bench, [peer for peer, _ in there], chosen.rounds * 3)
    many = {
        size: _many(
            bench, size, [peer for peer, _ in there if min(peer.files, chosen.files) == size], chosen.rounds
        )
        for size in sorted({min(peer.files, chosen.files) for peer, _ in there} | {chosen.files})
    }
    lines = [
        "| Tool | It checks | 1 file, ms | Files | Seconds | Times C | By processor time | Peak, MiB | Findings |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, shown in (("penstock, cold", "penstock, cold"), ("penstock, warm", "penstock, warm")):
        lines.append(_row(shown, "all rules", one[name], chosen.files, many[chosen.files], name, "as planted"))
    for peer, version in there:
        size = min(peer.files, chosen.files)
        says = "as planted" if peer.rules else "not compared"
        lines.append(_row(f"{peer.name} {version}", peer.what, one[peer.name], size, many[size], peer.name, says))
    versions = [*table.versions(chosen.python), *(f"{peer.name} {version}" for peer, version in there)]
    text = "\n\n".join([table.where(versions, f"python {SCRIPT}{chosen.shown}"), "\n".join(lines)])
    print(text)
    if chosen.json:
        kept = {"1": one, **{str(size): measured for size, measured in many.items()}}
        plain = {size: {name: asdict(of) for name, of in group.items()} for size, group in kept.items()}
        chosen.json.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    ours = [of for group in (one, *many.values()) for of in group.values() if of.name.startswith("penstock")]
    wrong = [f"{of.name}: {of.wrong}" for of in ours if of.wrong]
    print(*wrong, sep="\n", file=sys.stderr)
    if chosen.write and not wrong:
        table.write(text, SCRIPT)
    return 1 if wrong else 0


def _one(bench: Bench, of: list[Peer], rounds: int) -> dict[str, Measured]:
    least, small = bench.rollout(1), bench.rollout(10)
    file = next(path.relative_to(small.folder).as_posix() for path in small.folder.rglob("agent-0.yaml"))
    cases = [bench.cold("penstock, cold", least), bench.warm("penstock, warm", least)]
    return in_turns([*cases, *(peer.case(small, file) for peer in of)], rounds, bench.scratch, _say)


def _many(bench: Bench, size: int, of: list[Peer], rounds: int) -> dict[str, Measured]:
    rollout = bench.rollout(size)
    cases = [
        bench.floor("csafe", rollout),
        bench.cold("penstock, cold", rollout),
        bench.warm("penstock, warm", rollout),
        *(peer.case(rollout) for peer in of),
    ]
    return in_turns(cases, rounds, bench.scratch, _say)


def _row(
    shown: str, checks: str, one: Measured, size: int, many: dict[str, Measured], name: str, findings: str
) -> str:
    of, yardstick = many[name], many["csafe"]
    cells = [
        shown,
        checks,
        f"{one.wall * 1000:,.0f}",
        f"{size:,}",
        f"{of.wall:.2f}",
        f"{of.wall / yardstick.wall:.2f}",
        f"{of.cpu / yardstick.cpu:.2f}",
        f"{of.peak:,.0f}",
        of.wrong or one.wrong or findings,
    ]
    return f"| {' | '.join(cells)} |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000, help="measure over so many files at most")
    parser.add_argument("--rounds", type=int, default=3, help="how often; for one file three times as often")
    parser.add_argument("--venv", type=Path, default=HERE / "peers" / "venv")
    parser.add_argument("--npm", type=Path, default=HERE / "peers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample, too")
    parser.add_argument("--write", action="store_true", help="put the results into docs/benchmarks.md")
    parser.add_argument("--python", default=sys.executable, help="whose penstock to measure (default: this one's)")
    place = Path(tempfile.gettempdir()) / "penstock-bench"
    parser.add_argument("--workspace", type=Path, default=place, help="where rollouts are kept from run to run")
    chosen = parser.parse_args()
    chosen.shown = f" --files {chosen.files}" if chosen.files != parser.get_default("files") else ""
    chosen.venv, chosen.npm = chosen.venv.absolute(), chosen.npm.absolute()
    return chosen


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
