"""What it costs that facts do not travel through the Actions cache: a one-commit run on a machine that was handed the rest.

    python -m benchmarks.fresh_machine REPOSITORY [REPOSITORY …] --out benchmarks/results/fresh_machine.json

Each repository is cloned and documented, a function is added to one source file, and the next run starts from a copy of the
state without rendered pages, which never travel: with the facts, then without, `--times` times in turn. Figures are of whole
processes: processor seconds, wall seconds, and the seconds of the stage that reads the code.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.one_page import Measured, document, git
from docsfy_action.state.travelling import FACTS, RENDERED

ADDED = {
    ".py": '\n\ndef added_by_benchmark(number: int) -> int:\n    """Give the number."""\n    return number\n',
    ".go": "\n// AddedByBenchmark gives one.\nfunc AddedByBenchmark() int { return 1 }\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Medians of the runs of one kind."""

    processor: float
    wall: float
    planning: float


def change(clone: Path) -> None:
    """One commit that adds a function to the largest source file beside tests."""
    files = [path for kind in ADDED for path in clone.rglob(f"*{kind}") if "test" not in path.as_posix()]
    target = max(files, key=lambda path: path.stat().st_size)
    target.write_text(target.read_text("utf-8") + ADDED[target.suffix], "utf-8")
    git(clone, "commit", "-q", "-a", "-m", "Add a function")


def handed(state: Path, into: Path, *, facts: bool) -> Path:
    """The state as another machine has it."""
    shutil.rmtree(into, ignore_errors=True)
    left = (RENDERED,) if facts else (RENDERED, FACTS)
    shutil.copytree(state, into, ignore=shutil.ignore_patterns(*left))
    return into


def figures(runs: list[Measured]) -> Figures:
    """Medians."""
    return Figures(
        processor=round(statistics.median(run.processor for run in runs), 2),
        wall=round(statistics.median(run.wall for run in runs), 2),
        planning=round(statistics.median(run.stage_seconds["incremental_planning"] for run in runs), 2),
    )


def compared(repository: Path, times: int) -> Mapping[str, object]:
    """Both kinds of runs on one repository."""
    with tempfile.TemporaryDirectory() as folder:
        clone, state = Path(folder, "clone"), Path(folder, "state")
        subprocess.run(("git", "clone", "-q", str(repository), str(clone)), check=True)
        git(clone, "remote", "set-url", "origin", "https://github.com/example/measured")
        document(clone, state)
        facts = next(state.rglob(FACTS)).stat().st_size
        change(clone)
        runs: dict[bool, list[Measured]] = {True: [], False: []}
        for _ in range(times):
            for kind, found in runs.items():
                found.append(document(clone, handed(state, Path(folder, "handed"), facts=kind))[0])
        files = len(
            subprocess.run(("git", "-C", str(clone), "ls-files"), check=True, capture_output=True).stdout.split()
        )
    return {
        "files": files,
        "pages": runs[True][0].pages,
        "written": len(runs[True][0].written),
        "facts_bytes": facts,
        "with_facts": asdict(figures(runs[True])),
        "without_facts": asdict(figures(runs[False])),
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--out", type=Path, required=True)
    said = parser.parse_args()
    found = {
        one.resolve().parent.name if one.name == "repo" else one.name: compared(one, said.times)
        for one in said.repositories
    }
    content = {"python": sys.version.split()[0], "cores": os.cpu_count(), "repositories": found}
    said.out.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
