"""What it costs to acknowledge durably: a slash command, and a webhook; see README.md beside this file."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Table, machine, noise
from benchmarks.measure import Amount
from benchmarks.rounds import FULL, QUICK, Results, run_rounds


def main() -> None:
    """Measure, print, and write down."""
    arguments = _arguments()
    began = time.monotonic()
    plan = QUICK if arguments.quick else FULL
    results = asyncio.run(
        run_rounds(arguments.rounds or plan.rounds, plan, tell=lambda text: print(text, file=sys.stderr))
    )
    print(report(results, plan.amount, time.monotonic() - began))
    if arguments.json:
        arguments.json.write_text(json.dumps(_plain(results), indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: does it run at all?")
    parser.add_argument("--rounds", type=int, help="how often everything is measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every round there")
    return parser.parse_args()


def report(results: Results, amount: Amount, seconds: float) -> str:
    """Write the tables and what they were measured on."""
    tables = results.tables()
    rounds = len(next(iter(tables[0].rounds.values())))
    head = f"{rounds} rounds of {amount.steady} requests at 50 a second and {amount.flat_out} flat out, {seconds:.0f} s"
    return "\n\n".join(
        [machine(results.redis_version), f"{head}; {noise(tables)}", *(one.markdown() for one in tables)]
    )


def _plain(results: Results) -> dict[str, object]:
    tables: list[Table] = results.tables()
    return {"machine": machine(results.redis_version), **{table.title: table.plain() for table in tables}}


if __name__ == "__main__":
    main()
