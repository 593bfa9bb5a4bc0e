"""What a configured model costs a run that asks it nothing: processor seconds, and whether its library is imported.

    python -m benchmarks.model_startup REPOSITORY COMMIT --out benchmarks/results/model_startup.json

COMMIT is one whose change no page stands on, such as one of tests alone. The commit before it is documented in full, with the
model of `benchmarks.model_replay` and with the embedded writer; then each runs again at the same commit, and at COMMIT.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.model_replay import MODEL, Recorder
from benchmarks.process import surroundings
from benchmarks.replay import git
from tests.contract.models import ModelServer
from tests.contract.models.explainer import Explainer

LIBRARIES = ("pydantic_ai", "anthropic", "openai", "google.genai", "httpx")
TIMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one kind of run: the least of several processor times, the requests to the model, and what was imported of the
    libraries."""

    seconds: float
    requests: int
    imported: tuple[str, ...]


def run(
    folder: Path, state: Path, server: ModelServer, words: tuple[str, ...], *, listing: bool = False
) -> tuple[float, str]:
    """Processor seconds of one run, and, where `listing`, what it imported."""
    environment = dict(surroundings())
    environment |= {"ANTHROPIC_API_KEY": "sk-ant-loopback", "ANTHROPIC_BASE_URL": server.url}
    environment |= {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    flags = ("-X", "importtime") if listing else ()
    command = (sys.executable, *flags, "-m", "docsfy_action", "--cache", "directory", "--cache-dir", str(state), *words)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stderr if listing else ""


def measured(folder: Path, state: Path, server: ModelServer, recorder: Recorder, words: tuple[str, ...]) -> Cost:
    """The same run several times: the state is as it was each time where nothing has changed."""
    asked = len(recorder.exchanges)
    seconds = [run(folder, state, server, words)[0] for _ in range(TIMES)]
    _, listed = run(folder, state, server, words, listing=True)
    names = {line.rpartition("|")[2].strip() for line in listed.splitlines() if line.startswith("import time:")}
    return Cost(
        seconds=round(min(seconds), 2),
        requests=len(recorder.exchanges) - asked,
        imported=tuple(name for name in LIBRARIES if name in names),
    )


def first_run(folder: Path, state: Path, server: ModelServer, recorder: Recorder, words: tuple[str, ...]) -> Cost:
    """A run that is different the second time: it is measured once, and its imports are listed in the same run."""
    asked = len(recorder.exchanges)
    seconds, listed = run(folder, state, server, words, listing=True)
    names = {line.rpartition("|")[2].strip() for line in listed.splitlines() if line.startswith("import time:")}
    return Cost(
        seconds=round(seconds, 2),
        requests=len(recorder.exchanges) - asked,
        imported=tuple(name for name in LIBRARIES if name in names),
    )


def compare(source: Path, commit: str, workplace: Path) -> dict[str, dict[str, Cost]]:
    """Both writers: the full run, one without a change, and one at the commit."""
    folder = workplace / source.name
    git(workplace, "clone", "--quiet", str(source), str(folder))
    git(folder, "remote", "set-url", "origin", git(source, "config", "remote.origin.url").strip())
    recorder = Recorder(Explainer())
    found: dict[str, dict[str, Cost]] = {}
    writers = {"model": ("--provider", "api", "--model", MODEL), "embedded": ("--provider", "builtin")}
    with ModelServer(recorder) as server:
        for writer, words in writers.items():
            state = workplace / writer
            git(folder, "checkout", "--quiet", "-B", "main", f"{commit}^1")
            full = first_run(folder, state, server, recorder, words)
            unchanged = measured(folder, state, server, recorder, words)
            git(folder, "checkout", "--quiet", "-B", "main", commit)
            next_one = first_run(folder, state, server, recorder, words)
            found[writer] = {"full": full, "unchanged": unchanged, "commit_without_calls": next_one}
    return found


def main() -> int:
    """Measure; exit status 1 where a run that asks nothing imports the model's library, or asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("commit")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as workplace:
        found = compare(options.repository.resolve(), options.commit, Path(workplace))
    result = {writer: {name: asdict(cost) for name, cost in costs.items()} for writer, costs in found.items()}
    text = json.dumps({"repository": options.repository.name, "commit": options.commit, **result}, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n")
    idle = (found["model"]["unchanged"], found["model"]["commit_without_calls"])
    return 1 if any(cost.requests or "pydantic_ai" in cost.imported for cost in idle) else 0


if __name__ == "__main__":
    raise SystemExit(main())
