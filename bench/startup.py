"""How long `forensics --help` and its kin take to start, beside a bare interpreter.

    python bench/startup.py [--runs N]

Goal: `forensics --help` under 0.4 s.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = str(Path(sys.executable).parent / "forensics")
GOAL = 0.4
COMMANDS = (
    ("python -c pass", [sys.executable, "-c", "pass"]),
    ("forensics --version", [PROGRAM, "--version"]),
    ("forensics --help", [PROGRAM, "--help"]),
    ("forensics check --help", [PROGRAM, "check", "--help"]),
    ("forensics ledger --help", [PROGRAM, "ledger", "--help"]),
)


def measure(command: list[str], runs: int) -> list[float]:
    """Returns the wall-clock seconds of each run, after one that warms the caches."""
    times = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begin)
    return times[1:]


def main() -> None:
    """Prints a table of medians and extremes."""
    arguments = argparse.ArgumentParser(description="Measure how long the program takes to start.")
    arguments.add_argument("--runs", type=int, default=15)
    runs = arguments.parse_args().runs
    print("| command | median, s | least | most |")
    print("|---|---|---|---|")
    for name, command in COMMANDS:
        times = measure(command, runs)
        print(f"| {name} | {statistics.median(times):.3f} | {min(times):.3f} | {max(times):.3f} |")
    print(f"\nGoal: forensics --help under {GOAL} s.")


if __name__ == "__main__":
    main()
