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
LOCKS = ("api", "build", "dev", "lock", "runtime")


def _pins(name: str) -> set[str]:
    lock = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return set(re.findall(r"^([a-z0-9][^ ]*==[^ ]+)", lock, flags=re.MULTILINE))


def _dependencies() -> dict[str, list[str]]:
    """The dependencies of pyproject.toml by the list in requirements/ that repeats them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {"runtime": project["dependencies"], **project["optional-dependencies"]}


def test_the_locks_are_made_from_the_dependencies_of_the_package() -> None:
    """requirements/runtime.in lists exactly the dependencies of pyproject.toml, with the same ranges; api.in those of
    the extra of that name."""
    files = {name: (ROOT / "requirements" / f"{name}.in").read_text("utf-8").splitlines() for name in _dependencies()}
    listed = {name: [line for line in lines if not line.startswith("#")] for name, lines in files.items()}
    assert listed == _dependencies()
    assert set(listed) == {"runtime", "api"}


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
    assert _pins("runtime") | _pins("build") | _pins("api") <= _pins("dev")


def test_the_locks_that_are_installed_together_agree() -> None:
    """The image holds both the runtime's packages and those of the extra: no package has two versions."""
    runtime, extra = _pins("runtime"), _pins("api")
    shared = {pin.partition("==")[0] for pin in runtime} & {pin.partition("==")[0] for pin in extra}
    assert shared
    assert {pin for pin in runtime ^ extra if pin.partition("==")[0] in shared} == set()


def _imported(file: Path) -> set[str]:
    """Top-level names of the modules that a file imports, the standard library's and our own aside."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    # `compression` is in the standard library from Python 3.14 on.
    return names - sys.stdlib_module_names - {"compression", "docsfy_action", "tests", "tools", "benchmarks", ""}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(requirements: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements if not line.startswith(("-", "#")))
    return {_normal(name[0]) for name in names if name is not None}


def _undeclared(modules: set[str], declared: set[str]) -> set[str]:
    """The modules that no declared package brings; several may share one, as those of Google's do."""
    owners = packages_distributions()
    return {module for module in modules if not {_normal(name) for name in owners.get(module, [module])} & declared}


def _sources(*folders: str) -> list[Path]:
    files = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return [file for file in files if not {"fixtures", "golden", "goldens"} & set(file.relative_to(ROOT).parts)]


def test_every_imported_package_is_declared() -> None:
    """What the program imports is a dependency of its own, not one that another package happens to bring along."""
    declared = _declared([line for lines in _dependencies().values() for line in lines])
    imported = {name for file in _sources("docsfy_action") for name in _imported(file)}
    assert _undeclared(imported, declared) == set()


def test_every_declared_package_is_used() -> None:
    """A dependency that no file imports or names is left over."""
    declared = _declared([line for lines in _dependencies().values() for line in lines])
    texts = [file.read_text("utf-8") for file in _sources("docsfy_action")]
    named = {
        name
        for module, owners in packages_distributions().items()
        for name in map(_normal, owners)
        if name in declared and any(re.search(rf"\b{re.escape(module)}\b", text) for text in texts)
    }
    assert declared - named == set()


def test_every_package_that_the_tests_import_is_declared() -> None:
    """Tests, tools and benchmarks import nothing that no list in requirements/ names."""
    lists = [
        (ROOT / "requirements" / name).read_text("utf-8").splitlines() for name in ("dev.in", "runtime.in", "api.in")
    ]
    imported = {name for file in _sources("tests", "tools", "benchmarks") for name in _imported(file)}
    assert _undeclared(imported, _declared([line for lines in lists for line in lines])) == set()


@pytest.mark.parametrize("name", ["release.py", "site_list.py"])
def test_what_workflows_start_runs_on_a_machine_with_nothing_installed(name: str) -> None:
    """The tools that jobs start with the runner's own Python import its library alone, not even the program."""
    text = (ROOT / "tools" / name).read_text("utf-8")
    assert "docsfy_action import" not in text
    assert "import docsfy_action" not in text
    assert _imported(ROOT / "tools" / name) == set()
