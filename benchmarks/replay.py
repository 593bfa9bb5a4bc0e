"""Replays real commits: the incremental site must equal the full site byte for byte, and how many pages were kept.

    python -m benchmarks.replay REPOSITORY [REPOSITORY …] --commits 30 --out benchmarks/results/replay.json

Each repository is cloned aside and its newest first-parent commits are walked oldest first. At each one the program runs
twice: with the state of the commit before, and with an empty state. Redirect stubs, which only an incremental run can
know of, are left out of the comparison; they are recognised by `http-equiv="refresh"`.
"""

import argparse
import json
import re
import resource
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.process import PROGRAM, surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit: pages of the incremental run, processor seconds of both runs, and the files in which the sites differ."""

    commit: str
    pages: int
    written: int
    kept: int
    removed: int
    failed: int
    unresolved: int
    incremental_seconds: float
    full_seconds: float
    differing: tuple[str, ...]


def git(folder: Path, *words: str) -> str:
    """Output of a git command."""
    return subprocess.run(("git", "-C", folder, *words), check=True, capture_output=True, text=True).stdout


def document(folder: Path, output: str, state: Path, *options: str) -> tuple[dict[str, object], float]:
    """One run; its report and its processor time, which other work on the machine changes little."""
    words = (*PROGRAM, "--output-dir", output, "--cache-dir", str(state), *options)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = surroundings()
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        raise SystemExit(f"exit status {done.returncode} at {git(folder, 'rev-parse', 'HEAD')}\n{done.stderr[-4000:]}")
    return json.loads((folder / "_docsfy" / "report.json").read_text()), seconds


def files_of(site: Path) -> dict[str, bytes]:
    """Files of a site without redirect stubs."""
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if b'http-equiv="refresh"' not in data[:2000]}


def replay(source: Path, commits: int, workplace: Path) -> list[Step]:
    """Walk the newest `commits` commits of a repository."""
    folder = workplace / source.name
    git(workplace, "clone", "--quiet", str(source), str(folder))
    url = git(source, "config", "remote.origin.url").strip()
    if re.match(r"https?://", url):
        git(folder, "remote", "set-url", "origin", url)
    steps = []
    for commit in reversed(git(folder, "log", "--first-parent", f"-{commits}", "--format=%H").split()):
        git(folder, "checkout", "--quiet", "--detach", commit)
        fresh = workplace / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(folder / "_docsfy" / "full", ignore_errors=True)
        report, seconds = document(folder, "_docsfy/site", workplace / "kept")
        _, full_seconds = document(folder, "_docsfy/full", fresh)
        one, other = files_of(folder / "_docsfy" / "site"), files_of(folder / "_docsfy" / "full")
        differing = tuple(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)))
        pages = report["pages"]
        assert isinstance(pages, list)
        actions = [page["action"] for page in pages]
        steps.append(
            Step(
                commit=commit,
                pages=len(actions) - actions.count("remove"),
                written=actions.count("write"),
                kept=actions.count("keep"),
                removed=actions.count("remove"),
                failed=actions.count("fail"),
                unresolved=int(str(report["unresolved_references"])),
                incremental_seconds=round(seconds, 2),
                full_seconds=round(full_seconds, 2),
                differing=differing,
            )
        )
        print(
            source.name,
            commit[:10],
            actions.count("keep"),
            "kept",
            actions.count("write"),
            "written",
            *differing[:5],
            flush=True,
        )
    return steps


def main() -> int:
    """Replay and write the result; exit status 1 where a site differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=30)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as workplace:
        for source in options.repositories:
            place = Path(workplace) / f"of-{source.name}"
            place.mkdir()
            steps = replay(source.resolve(), options.commits, place)
            later = steps[1:]
            pages = sum(step.pages for step in later)
            results[source.name] = {
                "commits": len(steps),
                "differing": sum(bool(step.differing) for step in steps),
                "failed_pages": sum(step.failed for step in steps),
                "unresolved": sum(step.unresolved for step in steps),
                "pages_kept_share": round(sum(step.kept for step in later) / pages, 4) if pages else None,
                "commits_that_wrote_nothing": sum(not step.written for step in later),
                "incremental_seconds_median": sorted(step.incremental_seconds for step in later)[len(later) // 2],
                "full_seconds_median": sorted(step.full_seconds for step in later)[len(later) // 2],
                "steps": [asdict(step) for step in steps],
            }
    text = json.dumps(results, indent=1)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text + "\n")
    print(json.dumps({name: {k: v for k, v in one.items() if k != "steps"} for name, one in results.items()}, indent=1))
    return 1 if any(one["differing"] for one in results.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
