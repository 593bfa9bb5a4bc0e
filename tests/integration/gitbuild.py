"""Makes git repositories for tests: with plain git, or from a description of their history through `git
fast-import`."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docsfy_action.repository.repository import Repository
from docsfy_action.repository.workspace import open_workspace

EPOCH = 1_700_000_000


def git(folder: Path, *arguments: str, data: bytes | None = None, check: bool = True, **environment: str) -> str:
    """Standard output of `git ARGUMENTS` in `folder`, untouched by the configuration of whoever runs the tests."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=data,
        capture_output=True,
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Ada Author",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_AUTHOR_DATE": f"{EPOCH} +0530",
            "GIT_COMMITTER_NAME": "Carl Committer",
            "GIT_COMMITTER_EMAIL": "carl@example.org",
            "GIT_COMMITTER_DATE": f"{EPOCH} +0530",
            "GIT_ALLOW_PROTOCOL": "file:http",
            **environment,
        },
    )
    if check and done.returncode:
        raise AssertionError(f"git {' '.join(arguments)}: {done.stderr.decode('utf-8', 'replace')}")
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def make(folder: Path, files: Mapping[str, str] | None = None, message: str = "first") -> Path:
    """A new repository on branch `main` with one commit of `files`; without files it stays empty."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    if files:
        commit(folder, files, message)
    return folder


def commit(folder: Path, files: Mapping[str, str], message: str = "change", *, number: int = 0) -> str:
    """Write `files`, commit everything, return the commit id; `number` moves the dates on by so many minutes."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "--all")
    date = f"{EPOCH + 60 * number} +0000"
    git(folder, "commit", "--quiet", "--allow-empty", "-m", message, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
    return git(folder, "rev-parse", "HEAD")


def opened(folder: Path, **environment: str) -> Repository:
    """The repository as a run opens it, the folder being the workspace."""
    return open_workspace(folder, workspace=folder, environment=environment)


def listing(folder: Path) -> Mapping[str, bytes]:
    """Every file below `folder` with its bytes, and every folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One commit of a described history: parents by their number, and the whole tree as path → (mode, content)."""

    parents: Sequence[int] = ()
    tree: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def fast_import(folder: Path, history: Sequence[Planned]) -> list[str]:
    """Write the described history; the ids of its commits. `refs/heads/main` is the last one."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    stream = "".join(_commit_command(number, planned) for number, planned in enumerate(history, 1))
    last = f"reset refs/heads/main\nfrom :{len(history)}\n\n"
    marks = folder / "marks"
    git(folder, "fast-import", "--quiet", f"--export-marks={marks}", data=(stream + last).encode())
    by_number = dict(line.lstrip(":").split() for line in marks.read_text().splitlines())
    return [by_number[str(number)] for number in range(1, len(history) + 1)]


def _commit_command(number: int, planned: Planned) -> str:
    lines = [
        f"commit refs/heads/work{number}",
        f"mark :{number}",
        f"committer A <a@b> {EPOCH + number} +0000",
        "data 0",
    ]
    lines += [f"{'merge' if order else 'from'} :{parent + 1}" for order, parent in enumerate(planned.parents)]
    lines.append("deleteall")
    for path, (mode, content) in sorted(planned.tree.items()):
        lines += [f"M {mode} inline {path}", f"data {len(content.encode())}", content]
    return "\n".join(lines) + "\n\n"
