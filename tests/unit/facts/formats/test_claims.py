"""Which extractor reads which path, and that none of them loads more than it needs."""

import importlib
import importlib.abc
import sys
from collections.abc import Sequence
from types import ModuleType

import pytest

from tests.unit.facts.formats.samples import EXTRACTORS, Fixture, fixtures

CLAIMS = {
    "pyproject.toml": "pyproject",
    "packages/a/pyproject.toml": "pyproject",
    "poetry.toml": "",
    "setup.py": "setup-py",
    "packages/a/setup.py": "setup-py",
    "python/setup.py": "setup-py",
    "homeassistant/setup.py": "",
    "setup.cfg": "setup-cfg",
    "requirements.txt": "requirements",
    "requirements.in": "requirements",
    "requirements/base.txt": "requirements",
    "requirements/extras/redis.txt": "requirements",
    "requirements-dev.txt": "requirements-development",
    "dev-requirements.txt": "requirements-development",
    "requirements/test.txt": "requirements-development",
    "docs/requirements.txt": "requirements-development",
    "constraints.txt": "",
    "requirements-constraints.txt": "",
    "notes.txt": "",
    "Pipfile": "pipfile",
    "Pipfile.lock": "",
    "environment.yml": "conda",
    "ci/environment-py312.yaml": "conda",
    "tox.ini": "tox-ini",
    "tox.toml": "tox-toml",
    "noxfile.py": "noxfile",
    "package.json": "package-json",
    "package-lock.json": "",
    "pnpm-workspace.yaml": "pnpm-workspace",
    "deno.jsonc": "deno",
    "jsr.json": "deno",
    "go.mod": "go-mod",
    "go.sum": "",
    "go.work": "go-work",
    "Cargo.toml": "cargo",
    "pom.xml": "maven",
    "app/build.gradle": "gradle",
    "gradle/libs.versions.toml": "gradle-catalogue",
    "composer.json": "composer",
    "Gemfile": "gemfile",
    "tides.gemspec": "gemspec",
    "src/Tides.csproj": "msbuild",
    "pubspec.yaml": "pubspec",
    ".github/workflows/ci.yml": "workflow",
    ".github/workflows/nested/ci.yml": "",
    "docs/.github/workflows/ci.yml": "",
    "action.yml": "action",
    ".github/actions/setup/action.yaml": "action",
    "compose.yaml": "compose",
    "docker-compose.override.yml": "compose",
    "deploy/compose.prod.yml": "compose",
    "decompose.yml": "",
    "Dockerfile": "dockerfile",
    "Dockerfile.dev": "dockerfile",
    "docker/api.Dockerfile": "dockerfile",
    "Containerfile": "dockerfile",
    "Dockerfile.md": "markdown",
    "Dockerfile.dockerignore": "",
    "Makefile": "makefile",
    "scripts/tools.mk": "makefile",
    "Makefile.am": "",
    "Taskfile.yml": "taskfile",
    "justfile": "justfile",
    ".justfile": "justfile",
    "LICENSE": "licence",
    "LICENSE.md": "licence",
    "LICENSE-MIT": "licence",
    "LICENSE_APACHE.txt": "licence",
    "LICENCE.rst": "licence",
    "MIT-LICENSE": "licence",
    "COPYING.LESSER": "licence",
    "UNLICENSE": "licence",
    "LICENSES/MIT.txt": "licence",
    "LICENSE-3RD-PARTY.txt": "",
    "license.py": "",
    "src/licenses/index.ts": "",
    "license_header.txt": "",
    "README.md": "markdown",
    "docs/index.MDX": "markdown",
    "README.rst": "restructuredtext",
    "README": "",
    ".env.example": "dotenv-template",
    ".env.local.example": "dotenv-template",
    ".env-sample": "dotenv-template",
    ".env.dist": "dotenv-template",
    ".env.defaults": "dotenv-template",
    "env.template": "dotenv-template",
    "example.env": "dotenv-template",
    "config/app.env.example": "dotenv-template",
    ".env": "dotenv",
    ".env.production": "dotenv",
    ".env.local": "dotenv",
    "deploy/prod.env": "dotenv",
    ".envrc": "",
    "env.py": "",
    "vite-env.d.ts": "",
    "sample.py": "",
    "template.env.ts": "",
    "src/env/default.go": "",
}
HEAVY = ("tree_sitter", "markdown_it", "defusedxml", "pathspec", "griffe", "mkdocs", "pydantic")


@pytest.mark.parametrize(("path", "name"), CLAIMS.items())
def test_a_path_is_claimed_by_the_extractor_of_its_format_alone(path: str, name: str) -> None:
    """At most one format claims a path, so that their order does not matter."""
    assert [extractor.name for extractor in EXTRACTORS if extractor.claims(path)] == ([name] if name else [])


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda fixture: f"{fixture.case}/{fixture.path}")
def test_a_fixture_is_claimed_once(fixture: Fixture) -> None:
    """The files of the golden tests are each read by one extractor."""
    assert sum(extractor.claims(fixture.path) for extractor in EXTRACTORS) == 1


class Refuses(importlib.abc.MetaPathFinder):
    """Makes the import of heavy packages fail."""

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> None:
        if fullname.partition(".")[0] in HEAVY:
            raise ImportError(f"{fullname} is loaded with the formats")


def test_importing_the_formats_loads_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that meets no Markdown or Python does not pay for their parsers."""
    package = "docsfy_action.facts.formats"
    for name in list(sys.modules):
        if name.startswith(package) or name.partition(".")[0] in HEAVY:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Refuses(), *sys.meta_path])
    modules = {extractor.claims.__module__ for extractor in EXTRACTORS}
    assert {importlib.import_module(name).__name__ for name in modules} == modules
