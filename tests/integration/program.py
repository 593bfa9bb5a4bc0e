"""The whole program in this process, on real repositories made for a test."""

import json
import logging
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from docsfy_action.main import main

LIBRARY: Mapping[str, str] = {
    "pyproject.toml": """[project]
name = "shop"
version = "1.0"
description = "Sells things to people."
requires-python = ">=3.11"
dependencies = ["httpx>=0.27", "click>=8", "rich"]

[project.scripts]
shop = "shop.cli:main"
""",
    "README.md": "# Shop\n\nA shop that keeps its promises.\n\n## Usage\n\n"
    "```python\nfrom shop import Cart\n\nCart().add(3)\n```\n",
    "LICENSE": "MIT License\n\nCopyright (c) 2026 Somebody\n\n"
    "Permission is hereby granted, free of charge, to any person\n",
    "src/shop/__init__.py": '"""A shop."""\n\nfrom shop.cart import Cart\n\n__all__ = ["Cart"]\n',
    "src/shop/cart.py": '''"""The cart."""

import os

LIMIT = int(os.environ.get("SHOP_LIMIT", "10"))


class Cart:
    """Holds what a customer wants to buy."""

    def add(self, price: int, *, count: int = 1) -> None:
        """Put something in.

        Args:
            price: What one of it costs, in cents.
            count: How many.
        """

    def total(self) -> int:
        """What all of it costs."""
        return 0
''',
    "src/shop/cli.py": '''"""The command line."""

import click

from shop.cart import Cart


@click.group()
def main() -> None:
    """Sell things."""


@main.command()
@click.option("--price", default=1, help="What it costs.")
def sell(price: int) -> None:
    """Sell one thing."""
    Cart().add(price)
''',
    "src/shop/money.py": '''"""Money."""


def cents(euros: float) -> int:
    """Euros in cents."""
    return int(euros * 100)
''',
    "tests/test_cart.py": "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 0\n",
    "Makefile": "test:  ## run the tests\n\tpytest\n",
    ".github/workflows/ci.yml": """name: CI
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
""",
}


def git(folder: Path, *words: str, date: str = "2026-01-02T03:04:05Z") -> str:
    """Output of a git command, with a fixed author and date."""
    environment = {
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_COMMITTER_DATE": date,
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "HOME": "/nonexistent",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }  # fmt: skip
    done = subprocess.run(
        ("git", "-C", str(folder), *words), env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write(folder: Path, texts: Mapping[str, str | None]) -> None:
    """Write files; None deletes one."""
    for name, text in texts.items():
        path = folder / name
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def commit(folder: Path, texts: Mapping[str, str | None], message: str, *, date: str = "2026-01-03T00:00:00Z") -> str:
    """Write, commit, and give the commit's id."""
    write(folder, texts)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message, date=date)
    return git(folder, "rev-parse", "HEAD")


def library(folder: Path) -> Path:
    """A repository with one commit of the sample library and a remote on GitHub."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", "https://github.com/somebody/shop.git")
    commit(folder, LIBRARY, "First")
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Exit status, report (empty where none was written) and what was printed."""

    status: int
    report: dict[str, object]
    printed: str

    def pages(self, *actions: str) -> dict[str, str]:
        """Reason by slug of the pages with one of these actions."""
        pages = self.report["pages"]
        assert isinstance(pages, list)
        return {page["slug"]: page["reason"] for page in pages if page["action"] in actions}


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """A run sends all log records to its console, which ends with the run; later tests of the process log as before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)


class Program:
    """Runs the program in a folder with a state folder of its own and a clean environment."""

    def __init__(
        self, folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.state = state
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *options: str, **environment: str) -> Outcome:
        """One run; `environment` holds further variables."""
        import os

        for name in list(os.environ):
            if name.startswith(("GITHUB_", "INPUT_", "RUNNER_", "ACTIONS_")) or name.endswith("_API_KEY"):
                self._monkeypatch.delenv(name)
        for name, value in environment.items():
            self._monkeypatch.setenv(name, value)
        self._monkeypatch.chdir(self.folder)
        report = self.folder / "_docsfy" / "report.json"
        report.unlink(missing_ok=True)
        with logging_as_it_was():
            status = main(["--cache-dir", str(self.state), *options])
        said = self._capsys.readouterr()
        found = json.loads(report.read_text()) if report.is_file() else {}
        return Outcome(status=status, report=found, printed=said.out + said.err)

    def site(self) -> dict[str, bytes]:
        """The files of the site."""
        folder = self.folder / "_docsfy" / "site"
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
