"""pyproject.toml, the requirements and the package agree with each other."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
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


def _imported(file: Path) -> set[str]:
    """Top-level names of the modules that a file imports, the standard library's and our own aside."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names - sys.stdlib_module_names - {"docsfy_action", "tests", "benchmarks", ""}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(requirements: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements if not line.startswith(("-", "#")))
    return {_normal(name[0]) for name in names if name is not None}


def _distributions(modules: set[str]) -> set[str]:
    owners = packages_distributions()
    return {_normal(name) for module in modules for name in owners.get(module, [module])}


def _sources(*folders: str) -> list[Path]:
    files = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return [file for file in files if not {"fixtures", "golden", "goldens"} & set(file.relative_to(ROOT).parts)]


def test_every_imported_package_is_declared() -> None:
    """What the program imports is a dependency of its own, not one that another package happens to bring along."""
    declared = _declared(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])
    imported = {name for file in _sources("docsfy_action") for name in _imported(file)}
    assert _distributions(imported) - declared == set()


def test_every_declared_package_is_used() -> None:
    """A dependency that no file imports or names is left over."""
    declared = _declared(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])
    texts = [file.read_text("utf-8") for file in _sources("docsfy_action")]
    named = {
        name
        for module, owners in packages_distributions().items()
        for name in map(_normal, owners)
        if name in declared and any(re.search(rf"\b{re.escape(module)}\b", text) for text in texts)
    }
    assert declared - named == set()


def test_every_package_that_the_tests_import_is_declared() -> None:
    """Tests and benchmarks import nothing that neither requirements/dev.in nor requirements/runtime.in lists."""
    lists = [(ROOT / "requirements" / name).read_text("utf-8").splitlines() for name in ("dev.in", "runtime.in")]
    imported = {name for file in _sources("tests", "benchmarks") for name in _imported(file)}
    assert _distributions(imported) - _declared([line for lines in lists for line in lines]) == set()
