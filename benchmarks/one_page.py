"""What the change of one page costs beside a full run, on a site of some 300 pages.

    python -m benchmarks.one_page REPOSITORY [REPOSITORY …] --out benchmarks/results/one_page.json

A site of that size wants more code than most repositories have, so the newest trees of the given ones are joined in one new
repository: the first as it is, the others a folder each. Then: a full run with nothing stored, a second run, and `--changes`
commits that each add one word to one docstring of one API page, spread over the site, with a run after each. Figures are of
whole processes with their children: processor seconds, wall seconds, peak memory of the largest process in MB.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.process import PROGRAM, measure, surroundings

AUTHOR = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org", "-c", "commit.gpgsign=false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run: its cost, and what it did with the pages."""

    processor: float
    wall: float
    memory: float
    pages: int
    written: tuple[str, ...]
    failed: int
    stage_seconds: Mapping[str, float]


def git(folder: Path, *words: str) -> None:
    """A git command that must succeed."""
    subprocess.run(("git", "-C", str(folder), *AUTHOR, *words), check=True, capture_output=True)


def join(repositories: list[Path], clone: Path) -> None:
    """One repository that holds the newest tree of the first, and that of each other one as a folder."""
    git(clone.parent, "init", "-q", "-b", "main", str(clone))
    for number, source in enumerate(repositories):
        git(clone, "fetch", "-q", "--no-tags", "--depth", "1", f"file://{source}", "HEAD")
        place = f"--prefix={source.name}/" if number else "-m"
        git(clone, "read-tree", place, "-u", "FETCH_HEAD")
        git(clone, "commit", "-q", "-m", f"Add {source.name}")
    git(clone, "remote", "add", "origin", "https://github.com/example/joined")


def document(clone: Path, state: Path) -> tuple[Measured, dict[str, object]]:
    """One run, and its report."""
    words = (*PROGRAM, "--cache", "directory", "--cache-dir", str(state))
    inherited = surroundings()
    figures = measure(words, clone, inherited)
    report = json.loads((clone / "_docsfy" / "report.json").read_text())
    measured = Measured(
        processor=round(figures.processor, 2),
        wall=round(figures.wall, 2),
        memory=round(figures.memory, 1),
        pages=report["pages_total"],
        written=tuple(page["slug"] for page in report["pages"] if page["action"] == "write"),
        failed=report["pages_failed"],
        stage_seconds=report["seconds"],
    )
    return measured, report


def documented_functions(report: dict[str, object], clone: Path) -> Iterator[tuple[str, re.Pattern[str]]]:
    """(path, what stands before the docstring) for one documented Python function of each API page that has one."""
    pages = report["pages"]
    assert isinstance(pages, list)
    for page in pages:
        for key in page["inputs"] if page["slug"].startswith("api-") else ():
            path, _, name = key.removeprefix("symbol ").partition("#")
            pattern = re.compile(rf'^def {re.escape(name)}\([^"\']*?\)[^"\']*?:\n    """(?=[A-Z][a-z])', re.MULTILINE)
            if path.endswith(".py") and pattern.search((clone / path).read_text("utf-8", "replace")):
                yield path, pattern
                break


def change(clone: Path, path: str, before: re.Pattern[str]) -> None:
    """A commit that adds one word to one docstring."""
    file = clone / path
    file.write_text(before.sub(lambda found: f"{found[0]}Now ", file.read_text("utf-8"), count=1), "utf-8")
    git(clone, "commit", "-q", "-m", f"Say it in other words in {path}", "--", path)


def main() -> int:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--changes", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    repositories = [path.resolve() for path in options.repositories]
    with tempfile.TemporaryDirectory() as folder:
        clone, state = Path(folder) / "joined", Path(folder) / "state"
        join(repositories, clone)
        full, report = document(clone, state)
        print("full", full.processor, "s,", full.pages, "pages", flush=True)
        second, _ = document(clone, state)
        print("second", second.processor, "s", flush=True)
        functions = list(documented_functions(report, clone))
        step = max(1, len(functions) // options.changes)
        changed = []
        for path, before in functions[step // 2 :: step][: options.changes]:
            change(clone, path, before)
            one, _ = document(clone, state)
            changed.append({"file": path, **asdict(one), "share_of_full": round(one.processor / full.processor, 3)})
            print(path, one.processor, "s", len(one.written), "pages written", flush=True)
    shares = [float(str(one["share_of_full"])) for one in changed]
    result = {
        "repositories": [source.name for source in repositories],
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "pages": full.pages,
        "full": {**asdict(full), "written": len(full.written)},
        "second": asdict(second),
        "one_page": changed,
        "median_share_of_full": statistics.median(shares) if shares else None,
    }
    text = json.dumps(result, indent=1)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text + "\n")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
