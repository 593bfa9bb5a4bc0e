"""Repositories to document, made on the spot."""

import os
import subprocess
from pathlib import Path

# On GitHub's own runners the workspace belongs to this user, while the container runs as root.
RUNNER_UID = 1001

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "greeter"
version = "1.2.3"
description = "Greets people by name, on the command line and from Python."
requires-python = ">=3.11"

[project.scripts]
greeter = "greeter.cli:main"
"""
README = """\
# greeter

Greets people by name, on the command line and from Python.

## Usage

```console
greeter --loud
```
"""
INIT = '''\
"""Greetings for people."""

from greeter.core import Greeter, greet

__all__ = ["Greeter", "greet"]
'''
CORE = '''\
"""The words themselves."""

import os


class Greeter:
    """Greets many people in the same way."""

    def __init__(self, salutation: str = "Hello") -> None:
        self.salutation = salutation

    def greet_all(self, names: list[str]) -> list[str]:
        """Greets everybody.

        Args:
            names: Whom to greet, in this order.

        Returns:
            One greeting for each name.
        """
        return [f"{self.salutation}, {name}" for name in names]


def greet(name: str, *, loud: bool = False) -> str:
    """Greets one person; in capitals when `loud`."""
    text = f"{os.environ.get('GREETER_SALUTATION', 'Hello')}, {name}"
    return text.upper() if loud else text
'''
CLI = '''\
"""The command line."""

import argparse

from greeter.core import greet


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="greeter", description="Greets people.")
    parser.add_argument("name", help="whom to greet")
    parser.add_argument("--loud", action="store_true", help="greet in capitals")
    options = parser.parse_args()
    print(greet(options.name, loud=options.loud))
'''
MODULE = '''\
"""Part {number} of the collection."""


class Part{number}:
    """Keeps what belongs to part {number}."""

    def weigh(self, items: list[int], *, scale: float = {number}.0) -> float:
        """Weighs the items.

        Args:
            items: What to weigh, in grams.
            scale: The factor of this part.

        Returns:
            The weight, scaled.
        """
        return sum(items) * scale


def make_part_{number}(count: int) -> list[Part{number}]:
    """Makes `count` parts."""
    return [Part{number}() for _ in range(count)]
'''


def git(folder: Path, *arguments: str) -> str:
    """Runs git with an identity of its own and no configuration of this machine."""
    identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in IDENTITY.items()}
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
    safe = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, env={**plain, **safe, **identity}
    ).stdout


IDENTITY = {"NAME": "Octo Cat", "EMAIL": "octocat@example.com", "DATE": "2026-01-02T03:04:05Z"}


def commit_package(folder: Path, *, modules: int = 0, configuration: str = "") -> None:
    """Makes `folder` a repository with one commit: a package with a command, and `modules` further modules."""
    files = {
        "pyproject.toml": PYPROJECT,
        "README.md": README,
        "src/greeter/__init__.py": INIT,
        "src/greeter/core.py": CORE,
        "src/greeter/cli.py": CLI,
        **{f"src/greeter/parts/part_{number}.py": MODULE.format(number=number) for number in range(1, modules + 1)},
    }
    if modules:
        files["src/greeter/parts/__init__.py"] = '"""A collection of parts."""\n'
    if configuration:
        files[".docsfy.yml"] = configuration
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", "https://github.com/octocat/hello.git")
    commit_files(folder, files, "First version")


def commit_files(folder: Path, files: dict[str, str], subject: str) -> None:
    """Writes and commits these files."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", subject)


def give_to(folder: Path, uid: int) -> None:
    """Gives everything in `folder` to `uid` where this process may; elsewhere its owner is a foreigner already."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, uid, follow_symlinks=False)


def tree(folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, bytes | str]:
    """Every file below `folder` with its content, links with their target; folders named in `without` left out."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if relative.parts[0] in without:
            continue
        if path.is_symlink():
            found[relative.as_posix()] = path.readlink().as_posix()
        elif path.is_file():
            found[relative.as_posix()] = path.read_bytes()
    return found
