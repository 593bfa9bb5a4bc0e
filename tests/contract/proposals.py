"""A pull request on the sample library, as the runner shows it to a job: GitHub's merge commit checked out, the event beside."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.contract.github_service import REPOSITORY, GitHub
from tests.integration.program import Outcome, Program, commit, git

NUMBER = 7
DOCUMENTS: Mapping[str, str] = {
    "README.md": """# Shop

A shop that keeps its promises.

## Usage

```console
shop sell --price 3
pytest --price 3
```

Use `cents()` to convert, or `Cart.total` for the sum.
Set `SHOP_LIMIT` to the most that a cart holds. See [money](src/shop/money.py).
""",
    "docs/guide.rst": """Guide
=====

Call :func:`shop.money.cents` and then :meth:`~shop.cart.Cart.total`.

.. code-block:: console

   $ shop sell --price 5

The flag ``--price`` was renamed in 2.0.
""",
    "CHANGELOG.md": "# Changelog\n\n- `Cart.total` and `--price` came.\n",
}
CHANGE: Mapping[str, str | None] = {
    "src/shop/money.py": None,
    "src/shop/cart.py": '''"""The cart."""


class Cart:
    """Holds what a customer wants to buy, and nothing else."""

    def add(self, price: int, *, count: int = 1, gift: bool = False) -> None:
        """Put something in.

        Args:
            price: What one of it costs, in cents.
            count: How many.
            gift: Whether it is wrapped.
        """
''',
    "src/shop/cli.py": '''"""The command line."""

import click

from shop.cart import Cart


@click.group()
def main() -> None:
    """Sell things."""


@main.command()
@click.option("--cost", default=1, help="What it costs.")
def sell(cost: int) -> None:
    """Sell one thing."""
    Cart().add(cost)
''',
    "src/shop/gifts.py": '"""Gifts."""\n\n\ndef wrap(paper: str) -> None:\n    """Wrap a present."""\n',
    "tests/test_cart.py": None,
}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A pull request: the repository at its merge commit, and the server that knows it."""

    program: Program
    github: GitHub
    base: str
    head: str

    def job(self, *, fork: bool = False, **changed: str) -> dict[str, str]:
        """The environment of its job."""
        event = self.program.folder.parent / "event.json"
        event.write_text(json.dumps(payload(self.head, self.base, fork=fork)))
        return {
            **self.github.environment(),
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF": f"refs/pull/{NUMBER}/merge",
            "GITHUB_REF_NAME": f"{NUMBER}/merge",
            "GITHUB_HEAD_REF": "gifts",
            "GITHUB_BASE_REF": "main",
            "GITHUB_RUN_ID": "5",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": git(self.program.folder, "rev-parse", "HEAD"),
            **changed,
        }

    def run(self, *options: str, fork: bool = False, **changed: str) -> Outcome:
        """One run of it. It is not shown: what that adds has tests of its own."""
        return self.program("--cache", "directory", "--preview", "off", *options, **self.job(fork=fork, **changed))

    def push(self, texts: Mapping[str, str | None]) -> "Proposal":
        """The pull request after one more commit on top of what was proposed, the rest of it left as it was."""
        folder = self.program.folder
        git(folder, "checkout", "--quiet", self.head)
        commit(folder, texts, "More")
        return _merged(self.program, self.github, self.base)


def payload(head: str, base: str, *, fork: bool = False) -> dict[str, object]:
    """What the event says."""
    there = {"full_name": "stranger/shop" if fork else REPOSITORY}
    return {
        "action": "synchronize",
        "number": NUMBER,
        "pull_request": {
            "number": NUMBER,
            "state": "open",
            "head": {"ref": "gifts", "sha": head, "repo": there},
            "base": {"ref": "main", "sha": base, "repo": {"full_name": REPOSITORY}},
        },
        "repository": {"full_name": REPOSITORY, "default_branch": "main", "visibility": "public"},
    }


def on_main(program: Program, github: GitHub) -> Outcome:
    """The default branch is documented, as a push does it."""
    git(program.folder, "checkout", "--quiet", "main")
    return program("--cache", "directory", GITHUB_REF_NAME="main", GITHUB_REPOSITORY=REPOSITORY)


def propose(
    program: Program, github: GitHub, texts: Mapping[str, str | None] = CHANGE, *, documented: bool = True
) -> Proposal:
    """A pull request with these changes; `documented`: there are pages of the base branch to compare with."""
    folder = program.folder
    commit(folder, dict(DOCUMENTS), "Write by hand")
    if documented:
        _document(program, github)
    base = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "--quiet", "-b", "gifts")
    commit(folder, texts, "Gifts")
    return _merged(program, github, base)


def _document(program: Program, github: GitHub) -> None:
    """The state that a run on the default branch leaves. The commit is the same in every test, and so is the state: the
    first run of this process is kept for all of them."""
    if not _kept:
        assert on_main(program, github).status == 0
        _kept.append(TemporaryDirectory(prefix="docsfy-test-"))
        shutil.copytree(program.state, _kept[0].name, dirs_exist_ok=True)
    else:
        shutil.copytree(_kept[0].name, program.state)


_kept: "list[TemporaryDirectory[str]]" = []


def _merged(program: Program, github: GitHub, base: str) -> Proposal:
    folder = program.folder
    head = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "--quiet", "--detach", base)
    git(folder, "merge", "--quiet", "--no-ff", "--message", "Merge", head)
    github.pulls[NUMBER] = {
        "number": NUMBER, "state": "open", "head": {"sha": head, "repo": {"full_name": REPOSITORY}},
    }  # fmt: skip
    return Proposal(program=program, github=github, base=base, head=head)


def event_file(folder: Path, content: Mapping[str, object]) -> str:
    """An event's payload as a file."""
    path = folder / "event.json"
    path.write_text(json.dumps(content))
    return str(path)
