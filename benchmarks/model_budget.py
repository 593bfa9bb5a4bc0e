"""How far the default limit in dollars goes with a dear model on loopback: pages written, how many at once, and what was spent.

    python -m benchmarks.model_budget --out benchmarks/results/model_budget.json

The site has an outline of twelve pages. A `usual` model reads two files for each page, in two steps, and writes 5,000 tokens; a
`greedy` one counts a token for each byte that it is given, says as much as it may each time, and reads on until it is stopped.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock

from tests.contract.models import Action, Ask, CallTool, Json, ModelServer, Say, Tokens
from tests.contract.models.documenter import Documenter, task_of
from tests.integration.program import library

MODELS = (
    "anthropic:claude-opus-4-6",
    "anthropic:claude-opus-5-5",
    "anthropic:claude-opus-4-1",
    "openai:gpt-5.5",
    "google:gemini-3.1-pro-preview",
)
PAGES = 12
LIMIT = 5
READ = ("src/shop/cart.py", "src/shop/cli.py", "README.md")
SECONDS = 0.3  # for one request


@dataclass
class Crowd:
    """A model that documents, and a count of the requests for pages that are under way. `counted` says what a request costs."""

    counted: Callable[[Ask], Tokens]
    reads: int
    lock: Lock = field(default_factory=Lock)
    under_way: int = 0
    most: int = 0

    def __call__(self, ask: Ask) -> Action:
        """The answer, after a while."""
        task = task_of(ask)
        if task not in ("page", "repair"):
            return self._other(ask, task)
        with self.lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        time.sleep(SECONDS)
        with self.lock:
            self.under_way -= 1
        looked = sum(message.role == "assistant" for message in ask.messages)
        may_look = (
            ask.offers("read_file")
            and '"none"' not in ask.body[-400:] + ask.body[:400]
            and "answer now" not in ask.prompt
        )
        if looked < self.reads and may_look:
            return CallTool("read_file", {"path": READ[looked % len(READ)]}, self.counted(ask))
        said = Documenter()(ask)
        assert isinstance(said, Say)
        return Say(said.text, self.counted(ask))

    def _other(self, ask: Ask, task: str) -> Action:
        usual = Documenter(pages=1)(ask)
        if task != "outline" or not isinstance(usual, Json):
            return usual
        first = json.loads(usual.text)["pages"][0]
        pages = [{**first, "slug": f"subject-{number}", "title": f"Subject {number}"} for number in range(PAGES - 3)]
        return Json(json.dumps({"pages": pages}), Tokens(input=40_000, output=6_000))


def usual(ask: Ask) -> Tokens:
    """What a model takes that is asked for a page of a real repository: what was read comes on top with each step."""
    steps = sum(message.role == "assistant" for message in ask.messages)
    return Tokens(input=16_000 + 10_000 * steps, output=5_000 if steps == 2 else 300)


def greedy(ask: Ask) -> Tokens:
    """As much as can be."""
    given = sum(len(text.encode()) for text in (ask.system, ask.prompt, *(one.text for one in ask.tool_results)))
    return Tokens(
        input=given + 3_000, output=ask.max_tokens or 16_000, written=given if "anthropic" in ask.vendor else 0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run: `spent` is in US dollars, by what the server has counted."""

    model: str
    behaviour: str
    pages: int
    at_once: int
    spent: float
    requests: int
    seconds: float


def run(model: str, crowd: Crowd, workplace: Path) -> Outcome:
    """A first run with the default limit."""
    folder = library(workplace / "shop")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "INPUT_"))}
    began = time.monotonic()
    with ModelServer(crowd) as server:
        environment |= {
            "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
            **dict.fromkeys(("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"), "sk-loopback-of-the-benchmark"),
            "ANTHROPIC_BASE_URL": server.url, "GOOGLE_GEMINI_BASE_URL": server.url, "OPENAI_BASE_URL": server.openai_url,
        }  # fmt: skip
        words = (sys.executable, "-m", "docsfy_action", "--cache-dir", str(workplace / "state"), "--provider", "api")
        done = subprocess.run(
            (*words, "--model", model), cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        requests = len(server.asks)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    report = json.loads((folder / "_docsfy/report.json").read_text())
    written = sum(page["writer"].startswith("api") for page in report["pages"])
    return Outcome(
        model=model, behaviour="", pages=written, at_once=crowd.most, spent=float(report["cost_usd"]), requests=requests,
        seconds=round(time.monotonic() - began, 1),
    )  # fmt: skip


def main() -> int:
    """Run and write the result; exit status 1 where a run has spent more than its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    outcomes = []
    for model in MODELS:
        for name, counted, reads in (("usual", usual, 2), ("greedy", greedy, 1_000)):
            with tempfile.TemporaryDirectory() as workplace:
                found = asdict(run(model, Crowd(counted=counted, reads=reads), Path(workplace))) | {"behaviour": name}
            outcomes.append(found)
            print(json.dumps(found), flush=True)
    if options.out:
        options.out.write_text(json.dumps({"limit": LIMIT, "pages": PAGES, "runs": outcomes}, indent=1) + "\n")
    return 1 if any(one["spent"] > LIMIT for one in outcomes) else 0


if __name__ == "__main__":
    raise SystemExit(main())
