"""Whole runs of the program with a model: who is asked, which repository, and what was asked and answered."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.models import Action, Ask, ModelServer
from tests.contract.models.documenter import Documenter, page_of, task_of
from tests.contract.programs import INSTALLED, ROOT, host
from tests.integration.program import LIBRARY, Outcome, Program

STUB = Path(__file__).parent / "stubs/cursor_agent.py"
CART = "src/shop/cart.py"
# What the model that documents writes on the sample library; for some of it the embedded writer has a page too.
MODEL_PAGES = {
    "index",
    "getting-started",
    "architecture",
    "about-pyproject",
    "about-src-shop-init",
    "about-src-shop-money",
}
FALLBACKS = {"index", "getting-started", "architecture"}
CLI = "src/shop/cli.py"
# A commit that changes what three of these pages show.
GIFT = {CLI: LIBRARY[CLI].replace("def sell(price: int)", "def sell(price: int, gift: bool = False)")}
WRITING = ("page", "repair", "patch")
# Two pages of the model besides the embedded writer's, for programs that take seconds to start.
FEW_PAGES: Mapping[str, str | None] = {".docsfy.yml": "pages:\n  forbid: [getting-started, architecture]\n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A provider with a model, its key, and the tool by which it reads files; `limits` are options that every run needs."""

    provider: str
    model: str
    variable: str
    key: str
    address: str = ""
    tool: str = "read_file"
    argument: str = "path"
    limits: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The writer of a page, as the report calls it."""
        return f"{self.provider} {self.model}"

    def environment(self, server: ModelServer) -> dict[str, str]:
        """Key and address, as a step's `env`."""
        url = server.openai_url if self.address == "OPENAI_BASE_URL" else server.url
        return {self.variable: self.key} | ({self.address: url} if self.address else {})


def _api(model: str, variable: str, key: str, address: str) -> Backend:
    return Backend(provider="api", model=model, variable=variable, key=key, address=address)


ANTHROPIC = _api(
    "anthropic:claude-sonnet-5-5", "ANTHROPIC_API_KEY", "sk-ant-api03-the-key-of-tests", "ANTHROPIC_BASE_URL"
)
OPENAI = _api("openai:gpt-5.1", "OPENAI_API_KEY", "sk-proj-the-key-of-tests", "OPENAI_BASE_URL")
OPENAI_CHAT = _api("openai-chat:gpt-5.1", "OPENAI_API_KEY", "sk-proj-the-key-of-tests", "OPENAI_BASE_URL")
GOOGLE = _api("google:gemini-2.5-pro", "GEMINI_API_KEY", "AIza-the-key-of-tests", "GOOGLE_GEMINI_BASE_URL")
CLAUDE = Backend(
    provider="claude",
    model="claude-opus-4-6[1m]",
    variable="ANTHROPIC_API_KEY",
    key="sk-ant-api03-the-key-of-tests",
    address="ANTHROPIC_BASE_URL",
    tool="Read",
    argument="file_path",
)
GEMINI = Backend(
    provider="gemini",
    model="gemini-2.5-pro",
    variable="GEMINI_API_KEY",
    key="AIza-the-key-of-tests",
    address="GOOGLE_GEMINI_BASE_URL",
    argument="file_path",
)
# Nobody knows what a call of cursor costs, so that calls are what is limited.
CURSOR = Backend(
    provider="cursor",
    model="composer-1",
    variable="CURSOR_API_KEY",
    key="key-of-the-tests-of-cursor",
    limits=("--max-ai-calls", "40"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One run: how it ended, and what the model was asked meanwhile."""

    outcome: Outcome
    asks: tuple[Ask, ...]

    @property
    def report(self) -> Mapping[str, object]:
        """What `report.json` holds."""
        return self.outcome.report

    @property
    def printed(self) -> str:
        """Log and summary."""
        return self.outcome.printed

    @property
    def tasks(self) -> list[str]:
        """What each request was for, in an order that does not depend on threads; results of tools are no requests of
        their own."""
        return sorted(task_of(ask) for ask in self.asks if not ask.tool_results)

    def asked_for(self, *tasks: str) -> set[str]:
        """The pages that requests of these kinds were about."""
        return {page_of(ask) for ask in self.asks if task_of(ask) in tasks}

    def page(self, slug: str) -> Mapping[str, object]:
        """A page's row in the report."""
        pages = self.report["pages"]
        assert isinstance(pages, list)
        return next(page for page in pages if page["slug"] == slug)

    def by(self, writer: str) -> set[str]:
        """Slugs of the pages with this writer that are on the site."""
        pages = self.report["pages"]
        assert isinstance(pages, list)
        return {page["slug"] for page in pages if page["writer"] == writer and page["action"] not in ("remove", "fail")}


@dataclass(kw_only=True)
class Life:
    """A repository that is documented again and again with the same model."""

    program: Program
    server: ModelServer
    backend: Backend
    said: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The repository."""
        return self.program.folder

    def __call__(self, *options: str, **environment: str) -> Round:
        """One run in this process."""
        before = len(self.server.asks)
        own = self.backend.environment(self.server) | {"PATH": self.path()} | environment
        outcome = self.program(*self.options(), *options, **own)
        self.said.append(outcome.printed)
        return Round(outcome=outcome, asks=tuple(self.server.asks[before:]))

    def options(self) -> tuple[str, ...]:
        """Provider, model and limits."""
        return ("--provider", self.backend.provider, "--model", self.backend.model, *self.backend.limits)

    def process(self, *options: str) -> "subprocess.Popen[str]":
        """A run as a process of its own."""
        environ = {"HOME": str(self.folder.parent), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PATH": self.path()}
        command = (sys.executable, "-m", "docsfy_action", "--cache-dir", str(self.program.state))
        return subprocess.Popen(
            (*command, *self.options(), *options),
            cwd=self.folder,
            env=environ | self.backend.environment(self.server),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def path(self) -> str:
        """The PATH, with the program that the backend needs, and no other vendor's."""
        path = host(Path("/nonexistent")).path
        state = self.program.state
        if self.backend.provider in ("claude", "gemini") and not (state / "programs").exists():
            state.mkdir(parents=True, exist_ok=True)
            INSTALLED.mkdir(parents=True, exist_ok=True)
            (state / "programs").symlink_to(INSTALLED)
        if self.backend.provider == "cursor":
            folder = self.folder.parent / "bin"
            folder.mkdir(exist_ok=True)
            script = folder / "cursor-agent"
            words = f'exec "{sys.executable}" -I "{STUB}" "--server={self.server.openai_url}" "$@"'
            script.write_text(f"#!/bin/sh\n{words}\n", "utf-8")
            script.chmod(0o755)
            return f"{folder}:{path}"
        return path

    def page(self, slug: str) -> str:
        """A page of the site as Markdown."""
        return (self.folder / f"_docsfy/site/{slug}.md").read_text("utf-8")


def interrupted(
    life: Life, number: signal.Signals, when: Callable[[ModelServer], bool], *options: str
) -> tuple[int, str, set[int]]:
    """Start a run, send it a signal as soon as something holds, and give its exit status, what it printed, and its
    descendants that are left."""
    process = life.process(*options)
    try:
        assert life.server.until(when, 60), f"it never came to that: {process.poll()}"
        os.kill(process.pid, number)
        printed, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    life.said.append(printed)
    return process.returncode, printed, _descendants(process.pid)


def _descendants(pid: int) -> set[int]:
    """Processes that bear the mark of a run's programs."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and f"DOCSFY_PROCESS={pid}-".encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def places_with(folder: Path, secret: str) -> list[str]:
    """Files below a folder that hold a text, links not followed."""
    wanted = secret.encode()
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and "programs" not in path.parts and wanted in path.read_bytes()
    )


def but(task: str, action: Action, slug: str = "") -> Documenter:
    """The model that documents, but it does this whenever it is asked for that, for this page where one is named."""

    def change(ask: Ask, asked: str, usual: Action) -> Action:
        return action if asked == task and slug in ("", page_of(ask)) else usual

    return Documenter(change=change)
