"""From what was measured in each round to medians, ratios, spreads and tables."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Measured

Rounds = Mapping[str, Sequence[Measured]]
"""What was measured, by the row's name, one entry for each round."""

LIBRARIES = ("aiohttp", "redis", "slack-bolt", "pydocket", "cryptography", "uvloop")


@dataclass(frozen=True, slots=True)
class Table:
    """One path's results.

    Args:
        title: what the path is.
        rounds: what was measured.
        floors: the rows that the others are compared with, and what they are called in a heading.

    """

    title: str
    rounds: Rounds
    floors: Mapping[str, str]

    def markdown(self) -> str:
        """Write it out."""
        compared = [
            heading
            for floor in self.floors.values()
            for heading in (f"CPU ÷ {floor}", f"p50 ÷ {floor}", f"most ÷ {floor}")
        ]
        headings = ["", "CPU ms", "Redis CPU ms", "p50 ms", "p99 ms", "most a second", *compared]
        lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *(self._row(name) for name in self.rounds)]
        return "\n".join([f"**{self.title}**", "", *("| " + " | ".join(line) + " |" for line in lines)])

    def _row(self, name: str) -> list[str]:
        cells = [name, f"{self.median(name, 'cpu'):.2f}", f"{self.median(name, 'redis_cpu'):.2f}"]
        cells += [f"{self.median(name, 'p50'):.1f}", f"{self.median(name, 'p99'):.1f}"]
        cells += [f"{self.median(name, 'throughput'):.0f}"]
        for floor in self.floors:
            cells += [_quoted(self.ratios(name, floor, each)) for each in ("cpu", "p50", "throughput")]
        return cells

    def median(self, name: str, what: str) -> float:
        """Give the median over the rounds."""
        return float(statistics.median(getattr(measured, what) for measured in self.rounds[name]))

    def ratios(self, name: str, floor: str, what: str) -> list[float]:
        """Compare two rows in each round by itself, so that what slows a whole round down cancels out."""
        pairs = zip(self.rounds[name], self.rounds[floor], strict=True)
        return sorted(getattr(ours, what) / getattr(theirs, what) for ours, theirs in pairs)

    def plain(self) -> dict[str, object]:
        """Give everything as JSON takes it."""
        fields = ("cpu", "redis_cpu", "p50", "p99", "throughput", "others")
        return {
            name: {
                "medians": {field: self.median(name, field) for field in fields},
                "ratios": {
                    label: {
                        each: statistics.median(self.ratios(name, floor, each)) for each in ("cpu", "p50", "throughput")
                    }
                    for floor, label in self.floors.items()
                },
                "rounds": [asdict(measured) for measured in self.rounds[name]],
            }
            for name in self.rounds
        }


def _quoted(ratios: list[float]) -> str:
    """Write a median ratio, and the middle half of the rounds behind it where there are enough of them."""
    median = f"{statistics.median(ratios):.2f}"
    if len(ratios) < 4:
        return median
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{median} ({low:.2f} to {high:.2f})"


def machine(redis_version: str) -> str:
    """Describe what it was measured on, in one line."""
    names = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores ({_processor()}), {platform.system()}, {python}, {redis_version}, {names}"


def _processor() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return models[0].partition(":")[2].strip() if models else platform.machine()


def noise(tables: Sequence[Table]) -> str:
    """Say how busy the machine was with other things."""
    others = sorted(one.others for table in tables for rounds in table.rounds.values() for one in rounds)
    return f"other processes kept {statistics.median(others):.2f} cores busy (median; worst {others[-1]:.2f})"
