"""Spreads real runs over jobs: the site must be a single run's byte for byte, and what each job costs is recorded.

    python -m benchmarks.shards REPOSITORY [REPOSITORY …] --out benchmarks/results/shards.json

Each repository is cloned aside. Every job has a state folder of its own, which starts as a copy of the plan's, and the last one
gets the files of all shards, as artifacts are carried from machine to machine. Runs: from nothing with 1, 3 and 8 shards, with
8 shards of which one is killed (SIGKILL, once it has written down a page) and one never runs, and the newest 20 commits on top
of an earlier state with 3 shards. Seconds are of the processor, of this one program with the embedded writer.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.replay import document, files_of, git

PROGRAM = (sys.executable, "-m", "docsfy_action")
SPREAD = ("--phase", "plan", "--shard-minutes", "0", "--max-shards")
BEFORE = 20  # first-parent commits between the earlier state and the newest commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One run over jobs: pages by shard, processor seconds by phase (`write` is of the slowest shard), and the files in which the
    site is not that of the single run."""

    shards: int
    written: int
    pages_by_shard: tuple[int, ...]
    killed: str
    plan_seconds: float
    write_seconds: float
    assemble_seconds: float
    single_seconds: float
    differing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A clone, and a folder for the states of its jobs."""

    clone: Path
    work: Path

    def state(self, name: str, *others: str) -> Path:
        """The state folder of a job, which starts with the files of others."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        for other in others:
            if (self.work / other).exists():
                shutil.copytree(self.work / other, folder, dirs_exist_ok=True)
        return folder

    def job(self, name: str, *options: str, after: Sequence[str] = ()) -> tuple[Mapping[str, object], float]:
        """One job without a site, its report and processor seconds."""
        shutil.rmtree(self.clone / "_docsfy", ignore_errors=True)
        return document(self.clone, "_docsfy/site", self.state(name, *after), *options)

    def killed(self, shard: str) -> str:
        """A job that is killed once it has finished a page; says how far it came."""
        name = shard.replace("/", "-of-")
        for _ in range(5):
            state = self.state(name, "plan")
            words = (*PROGRAM, "--cache-dir", str(state), "--phase", "write", "--shard", shard)
            environment = {one: value for one, value in os.environ.items() if not one.startswith(("GITHUB_", "INPUT_"))}
            process = subprocess.Popen(
                words, cwd=self.clone, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            while process.poll() is None and _finished(state, name) < 1:
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            if process.wait() == -signal.SIGKILL:
                return f"{shard} after {_finished(state, name)} of its pages"
        raise SystemExit(f"the shard {shard} was always faster than its end")


def _finished(state: Path, name: str) -> int:
    """How many pages a shard has written down; the first line of its file names the plan."""
    return sum(len(path.read_bytes().splitlines()) - 1 for path in state.rglob(f"shard-{name}.jsonl"))


def spread(bench: Bench, count: int, *, lossy: bool = False, before: Sequence[str] = ()) -> Spread:
    """One run over `count` shards beside the single one; `lossy`: the second shard is killed, and the last never runs."""
    _, alone = bench.job("alone", after=before)
    site = files_of(bench.clone / "_docsfy/site")
    planned, plan_seconds = bench.job("plan", *SPREAD, str(count), after=before)
    shards = json.loads(str(planned["matrix"]))["shard"]
    seconds, pages, killed = [0.0], [], ""
    run = shards[:-1] if lossy else shards
    for shard in run:
        name = shard.replace("/", "-of-")
        if lossy and shard == shards[1]:
            killed = bench.killed(shard)
            continue
        report, took = bench.job(name, "--phase", "write", "--shard", shard, after=["plan"])
        seconds.append(took)
        pages.append(int(str(report["pages_written"])))
    after = ["plan", *(shard.replace("/", "-of-") for shard in run)]
    report, assembled = bench.job("assemble", "--phase", "assemble", after=after)
    found = files_of(bench.clone / "_docsfy/site")
    return Spread(
        shards=len(shards),
        written=int(str(report["pages_written"])),
        pages_by_shard=tuple(pages),
        killed=killed,
        plan_seconds=round(plan_seconds, 2),
        write_seconds=round(max(seconds), 2),
        assemble_seconds=round(assembled, 2),
        single_seconds=round(alone, 2),
        differing=tuple(sorted(name for name in found.keys() | site.keys() if found.get(name) != site.get(name))),
    )


def measure(source: Path, work: Path) -> dict[str, object]:
    """All runs on one repository."""
    clone = work / "clone"
    subprocess.run(("git", "clone", "--quiet", str(source), str(clone)), check=True)
    url = git(source, "config", "remote.origin.url").strip()
    if url.startswith("http"):
        git(clone, "remote", "set-url", "origin", url)
    bench = Bench(clone=clone, work=work / "states")
    newest = git(clone, "rev-parse", "HEAD").strip()
    runs = {f"{count} shards": spread(bench, count) for count in (1, 3, 8)}
    runs["8 shards, one killed, one missing"] = spread(bench, 8, lossy=True)
    git(clone, "checkout", "--quiet", "--detach", git(clone, "rev-list", "--first-parent", newest).split()[BEFORE])
    bench.job("before")
    git(clone, "checkout", "--quiet", "--detach", newest)
    runs[f"{BEFORE} commits later, 3 shards"] = spread(bench, 3, before=["before"])
    return {"repository": url, "commit": newest, "runs": {name: asdict(run) for name, run in runs.items()}}


def main() -> int:
    """Measure and write the result; exit status 1 where a site differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    results: dict[str, dict[str, object]] = {}
    for source in options.repositories:
        with tempfile.TemporaryDirectory() as work:
            results[source.name] = measure(source.resolve(), Path(work))
        print(source.name, json.dumps(results[source.name], indent=1), flush=True)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1) + "\n")
    return 1 if any(_differs(one) for one in results.values()) else 0


def _differs(result: Mapping[str, object]) -> bool:
    runs = result["runs"]
    assert isinstance(runs, dict)
    return any(run["differing"] for run in runs.values())


if __name__ == "__main__":
    raise SystemExit(main())
