"""Replays real commits with a model on loopback: calls and tokens of each commit, beside docsfy's published lifecycle.

    python -m benchmarks.model_replay REPOSITORY [REPOSITORY …] --commits 30 --out benchmarks/results/model_replay.json

The commit before the replayed ones is documented in full; then each run has the state of the one before, as on a runner. The
model is `tests/contract/models/explainer.py`; what it is asked is counted at its end, four bytes of a request to a token. After
every commit each page is checked against the commit, and grounded afresh (see `audited`).
"""

import argparse
import json
import resource
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.model_audit import Audit, audited
from benchmarks.model_rival import ASSUMPTIONS, Costs, Rival, rival
from benchmarks.process import PROGRAM, surroundings
from benchmarks.replay import git
from tests.contract.models import Ask, ModelServer
from tests.contract.models.documenter import task_of
from tests.contract.models.explainer import Explainer
from tests.contract.models.values import Action

MODEL = "anthropic:claude-sonnet-5-5"
SHARE_OF_TOKENS = 0.2
SHARE_WITHOUT_CALLS = 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request as the server saw it, and what was answered; `first` where it begins a call rather than goes on with one
    after a tool has answered."""

    task: str
    first: bool
    input: int
    output: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit: what was asked, what became of the pages, what docsfy's lifecycle would spend, and what is wrong."""

    commit: str
    files: int
    calls: int
    requests: int
    input_tokens: int
    output_tokens: int
    tasks: dict[str, int]
    pages: int
    flagged: int
    actions: dict[str, int]
    reasons: dict[str, str]
    seconds: float
    unresolved: int
    wrong: tuple[str, ...]
    rivals: dict[str, Rival]

    @property
    def tokens(self) -> int:
        """Both ways."""
        return self.input_tokens + self.output_tokens


class Recorder:
    """The model, with a note of each exchange."""

    def __init__(self, model: Explainer) -> None:
        self.model = model
        self.exchanges: list[Exchange] = []

    def __call__(self, ask: Ask) -> Action:
        """The model's answer."""
        action = self.model(ask)
        tokens = getattr(action, "tokens")  # noqa: B009 - every action of this model has it, others of the union have not
        self.exchanges.append(
            Exchange(task=task_of(ask), first=not ask.tool_results, input=tokens.input, output=tokens.output)
        )
        return action


def document(folder: Path, state: Path, server: ModelServer, program: Path) -> tuple[dict[str, object], float]:
    """One run; its report and its processor time."""
    program_words = (*PROGRAM, "--cache", "directory", "--cache-dir", str(state))
    words = (*program_words, "--provider", "api", "--model", MODEL, "--max-ai-calls", "500")
    environment = dict(surroundings())
    environment |= {
        "ANTHROPIC_API_KEY": "sk-ant-loopback",
        "ANTHROPIC_BASE_URL": server.url,
        "PYTHONPATH": str(program),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"exit status {done.returncode} at {git(folder, 'rev-parse', 'HEAD')}\n{done.stderr[-4000:]}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads((folder / "_docsfy" / "report.json").read_text()), seconds


def replay(source: Path, commits: int, workplace: Path) -> list[Step]:
    """The full run at the commit before, then the newest `commits` first-parent commits, oldest first."""
    folder = workplace / source.name
    git(workplace, "clone", "--quiet", str(source), str(folder))
    url = git(source, "config", "remote.origin.url").strip()
    git(
        folder,
        "remote",
        "set-url",
        "origin",
        url if url.startswith("http") else f"https://github.com/example/{source.name}",
    )
    program = Path(__file__).resolve().parents[1]
    steps: list[Step] = []
    costs: Costs | None = None
    recorder = Recorder(Explainer())
    with ModelServer(recorder) as server:
        before = ""
        for commit in reversed(git(folder, "log", "--first-parent", f"-{commits + 1}", "--format=%H").split()):
            git(folder, "checkout", "--quiet", "-B", "main", commit)
            shutil.rmtree(folder / "_docsfy", ignore_errors=True)
            start = len(recorder.exchanges)
            report, seconds = document(folder, workplace / "state", server, program)
            asked = recorder.exchanges[start:]
            changed = git(folder, "diff", "--name-only", before, commit).split() if before else []
            seen = Seen(commit=commit, changed=changed, asked=asked, report=report, seconds=seconds)
            step, costs = _step(seen, audited(folder, workplace / "state"), costs)
            before = commit
            steps.append(step)
            shown = {"calls": step.calls, "tokens": step.tokens, **step.actions}
            print(source.name, commit[:10], f"{len(changed)} files", shown, *step.wrong[:3], flush=True)
            for slug, reason in step.reasons.items():
                print(f"    {slug}: {reason[:200]}", flush=True)
    return steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one run was and did."""

    commit: str
    changed: list[str]
    asked: list[Exchange]
    report: dict[str, object]
    seconds: float


def _step(seen: Seen, audit: Audit, costs: Costs | None) -> tuple[Step, Costs]:
    changed, asked, report = seen.changed, seen.asked, seen.report
    found = report["pages"]
    assert isinstance(found, list)
    by_model = [page for page in found if page["slug"] in audit.by_model]
    actions = Counter(str(page["action"]) for page in by_model)
    touched = [page["slug"] for page in by_model if page["action"] in ("write", "patch")]
    if costs is None:
        costs = _costs(asked, len(by_model), audit.words)
    named = [slug for slug, paths in audit.by_model.items() if paths & set(changed)]
    return Step(
        commit=seen.commit,
        files=len(changed),
        calls=sum(one.first for one in asked),
        requests=len(asked),
        input_tokens=sum(one.input for one in asked),
        output_tokens=sum(one.output for one in asked),
        tasks=dict(sorted(Counter(one.task for one in asked if one.first).items())),
        pages=len(by_model),
        flagged=sum("does not touch" in str(page["reason"]) or page["action"] == "patch" for page in by_model),
        actions=dict(sorted(actions.items())),
        reasons={
            page["slug"]: page["reason"] for page in by_model if page["slug"] in touched or "touch" in page["reason"]
        },
        seconds=round(seen.seconds, 2),
        unresolved=int(str(report["unresolved_references"])),
        wrong=audit.wrong,
        rivals=rival(costs, len(by_model), changed=len(touched), named=len(named), paths=changed),
    ), costs


def _costs(asked: list[Exchange], pages: int, words: tuple[int, ...]) -> Costs:
    """What the rival is charged for, measured in our full run."""
    outline = [one for one in asked if one.task == "outline"]
    writing = [one for one in asked if one.task == "page"]
    written = [one for one in writing if one.output > 200]
    return Costs(
        pages=pages,
        outline_input=sum(one.input for one in outline),
        outline_output=sum(one.output for one in outline),
        page_input=sum(one.input for one in writing) // max(1, len(written)),
        page_output=sum(one.output for one in writing) // max(1, len(written)),
        page_length=sum(one.output for one in written) // max(1, len(written)),
        map_length=min((one.input for one in outline if one.first), default=0),
        words=words,
    )


def summary(steps: list[Step]) -> dict[str, object]:
    """Sums over the replayed commits, the full run aside."""
    later = steps[1:]
    ours = sum(step.tokens for step in later)
    rivals = {
        name: {
            "calls": sum(step.rivals[name].calls for step in later),
            "tokens": (total := sum(step.rivals[name].tokens for step in later)),
            "our_share_of_tokens": round(ours / total, 4),
        }
        for name in steps[0].rivals
    }
    return {
        "commits": len(later),
        "pages": steps[-1].pages,
        "full_run": {"calls": steps[0].calls, "requests": steps[0].requests, "tokens": steps[0].tokens},
        "calls": sum(step.calls for step in later),
        "requests": sum(step.requests for step in later),
        "input_tokens": sum(step.input_tokens for step in later),
        "output_tokens": sum(step.output_tokens for step in later),
        "share_of_commits_without_calls": round(sum(not step.calls for step in later) / len(later), 4),
        "pages_flagged": sum(step.flagged for step in later),
        "pages_by_action": dict(sum((Counter(step.actions) for step in later), Counter())),
        "docsfy": rivals,
        "unresolved": sum(step.unresolved for step in steps),
        "wrong": sum(len(step.wrong) for step in steps),
        "seconds_without_calls_median": _median([step.seconds for step in later if not step.calls]),
        "seconds_with_calls_median": _median([step.seconds for step in later if step.calls]),
    }


def _median(values: list[float]) -> float | None:
    return sorted(values)[len(values) // 2] if values else None


def main() -> int:
    """Replay and write the result; exit status 1 where a page is stale or an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=30)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    results: dict[str, object] = {"assumptions": ASSUMPTIONS}
    missed = []
    with tempfile.TemporaryDirectory() as workplace:
        for source in options.repositories:
            place = Path(workplace) / f"of-{source.name}"
            place.mkdir()
            steps = replay(source.resolve(), options.commits, place)
            results[source.name] = one = {**summary(steps), "steps": [asdict(step) for step in steps]}
            print(json.dumps({key: value for key, value in one.items() if key != "steps"}, indent=1))
            share = sum(not step.calls for step in steps[1:]) / max(1, len(steps) - 1)
            ours = sum(step.tokens for step in steps[1:])
            theirs = sum(step.rivals["lifecycle"].tokens for step in steps[1:])
            if any(step.wrong or step.unresolved for step in steps):
                missed.append(f"{source.name}: pages that do not hold")
            if share < SHARE_WITHOUT_CALLS or ours > theirs * SHARE_OF_TOKENS:
                missed.append(
                    f"{source.name}: {share:.0%} of the commits without calls, {ours / theirs:.0%} of the tokens"
                )
            if options.out:
                options.out.parent.mkdir(parents=True, exist_ok=True)
                options.out.write_text(json.dumps(results, indent=1) + "\n")
    print(*missed, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
