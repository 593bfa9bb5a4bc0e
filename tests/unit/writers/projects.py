"""Whole projects as texts: each file below `fixtures/` holds one, its files between lines of the form `-- path --`."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from docsfy_action.repository.snapshot import Commit, Remote
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.pages import select_inputs, write_page
from tests.unit.writers.sites import context_of

HERE = Path(__file__).parent
PROJECTS = tuple(sorted(path.stem for path in (HERE / "fixtures").glob("*.txt")))
REMOTE = Remote(url="https://github.com/acme/{}", host="github.com", owner="acme", name="{}")
_MARK = re.compile(r"^-- (.+) --\n", re.MULTILINE)


@cache
def project_texts(name: str) -> dict[str, str]:
    """The files of a project by path."""
    _, *parts = _MARK.split((HERE / "fixtures" / f"{name}.txt").read_text(encoding="utf-8"))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def project_remote(name: str) -> Remote:
    """Where the project would live."""
    return Remote(url=REMOTE.url.format(name), host=REMOTE.host, owner=REMOTE.owner, name=name)


def project_commits(name: str) -> tuple[Commit, ...]:
    """A short history of the project, the newest commit first."""
    paths = sorted(project_texts(name))
    said = (
        (2, 27, "Fix the *last* bug", (paths[-1], "README.md", "gone.txt")),
        (2, 3, "README: say `what` it is <for>", ("README.md",)),
        (1, 15, "First version", tuple(paths)),
    )
    return tuple(
        Commit(
            sha=f"{number:x}" * 40, date=datetime(2026, month, day, tzinfo=UTC), author="A", subject=text, paths=touched
        )
        for number, (month, day, text, touched) in enumerate(said, 10)
    )


def project_context(name: str) -> Context:
    """What the writers look at."""
    return context_of(
        project_texts(name),
        title=name,
        clone_url=f"{project_remote(name).url}.git",
        commits=project_commits(name),
    )


def project_pages(name: str) -> dict[str, str]:
    """All pages of the project's site by slug."""
    return {slug: write_page(page) for slug, page in select_inputs(project_context(name)).items()}
