"""pyproject.toml, the requirements and the package agree with each other."""

import re
import tomllib
from pathlib import Path

import pytest

import docsfy_action

ROOT = Path(docsfy_action.__file__).parent.parent
LOCKS = ("build", "dev", "lock", "runtime")


def _pins(name: str) -> set[str]:
    lock = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return set(re.findall(r"^([a-z0-9][^ ]*==[^ ]+)", lock, flags=re.MULTILINE))


def test_the_lock_is_made_from_the_dependencies_of_the_package() -> None:
    """requirements/runtime.in lists exactly the dependencies of pyproject.toml, with the same ranges."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = (ROOT / "requirements" / "runtime.in").read_text("utf-8").splitlines()
    assert [line for line in listed if not line.startswith("#")] == project["dependencies"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    """A lock names versions and hashes, never where to get them: the index is the machine's own affair."""
    lock = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    packages = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", lock, flags=re.MULTILINE | re.DOTALL)
    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in lock
    assert "index-url" not in lock


def test_tests_run_with_the_versions_that_are_shipped() -> None:
    """The development lock holds every package of the other locks at the same version."""
    assert _pins("runtime") | _pins("build") <= _pins("dev")
