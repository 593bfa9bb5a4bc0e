"""Which facts of a commit have a name: every kind of fact, by every name under which a page may speak of it."""

import hashlib
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import BlobFacts, Role, SourceFile, Symbol
from docsfy_action.facts.modules import Located
from docsfy_action.plan.provenance import provenance
from docsfy_action.verify.files import Files
from docsfy_action.verify.offers import package_name

# Of any kind; what is done with them differs by kind only where the code asks for it.
Fact: TypeAlias = Located[Any]
# Facts there are asked only for names that no other file has: pages speak of the program, not of its tests.
_ASIDE = frozenset({Role.TEST, Role.EXAMPLE})


@dataclass(frozen=True, kw_only=True)
class FactIndex:
    """The facts of a commit by name. All answers are in the order of paths and, in a file, of the source."""

    code: CodeBase
    _hashes: dict[tuple[str, int], tuple[str, Mapping[str, str]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def files(self) -> Files:
        """All paths that may be documented."""
        return Files(self.code.files)

    def named(self, name: str) -> tuple[Fact, ...]:
        """Facts called `name`: symbols by the last part of their name, flags as typed, packages however spelled."""
        return self._names.get(name) or self._names_aside.get(name, ())

    def package(self, name: str) -> tuple[Fact, ...]:
        """Dependencies and manifests by the normal form of a package's name."""
        return self.named(f"package {package_name(name)}")

    def taking(self, parameter: str) -> tuple[Located[Symbol], ...]:
        """Definitions with a parameter of this name."""
        return self._parameters.get(parameter, ())

    def running(self, line: str) -> tuple[Fact, ...]:
        """Tasks and jobs that run this command line."""
        return self._runs.get(line, ())

    def valued(self, value: str) -> tuple[tuple[str, str], ...]:
        """(path, kind and name) of what has this default, value, constraint or version."""
        return self._values.get(value, ())

    def symbols(self, path: str, name: str) -> tuple[Located[Symbol], ...]:
        """Definitions in a file by their full name."""
        file = self.code.files.get(path)
        found = file.facts.symbols if file is not None else ()
        return tuple(Located(path=path, item=symbol) for symbol in found if symbol.name == name)

    def facets(self, fact: Fact) -> tuple[str, Mapping[str, str]]:
        """Key and facet hashes, as in the provenance of builtin pages."""
        known = (fact.path, id(fact.item))
        if known not in self._hashes:
            ((key, hashes),) = provenance(fact).facets.items()
            self._hashes[known] = (key, hashes)
        return self._hashes[known]

    def members(self, fact: Fact) -> str:
        """A hash over names and signatures of what belongs to a type; empty for what has no members."""
        symbol = fact.item
        if not isinstance(symbol, Symbol):
            return ""
        found = self._members.get((self._home(fact.path), symbol.name))
        return digest(sorted(found)) if found else ""

    def _home(self, path: str) -> str:
        """Where the members of a type stand: Go spreads methods over the files of a package."""
        return posixpath.dirname(path) + "/" if path.endswith(".go") else path

    @cached_property
    def _names(self) -> Mapping[str, tuple[Fact, ...]]:
        return _collected(file for file in self._files if file.role not in _ASIDE)

    @cached_property
    def _names_aside(self) -> Mapping[str, tuple[Fact, ...]]:
        return _collected(file for file in self._files if file.role in _ASIDE)

    @property
    def _files(self) -> Iterator[SourceFile]:
        return (self.code.files[path] for path in sorted(self.code.files))

    @cached_property
    def _parameters(self) -> Mapping[str, tuple[Located[Symbol], ...]]:
        found: dict[str, list[Located[Symbol]]] = {}
        for file in self._files:
            for symbol in file.facts.symbols if file.role not in _ASIDE else ():
                for parameter in symbol.parameters:
                    found.setdefault(parameter.name.lstrip("*."), []).append(Located(path=file.path, item=symbol))
        return {name: tuple(symbols) for name, symbols in found.items()}

    @cached_property
    def _members(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for file in self._files:
            for symbol in file.facts.symbols:
                owner, _, name = symbol.name.rpartition(".")
                if owner and symbol.public:
                    found.setdefault((self._home(file.path), owner), []).append(f"{name} {symbol.signature}")
        return found

    @cached_property
    def _runs(self) -> Mapping[str, tuple[Fact, ...]]:
        found: dict[str, list[Fact]] = {}
        for file in self._files:
            for task in file.facts.tasks:
                for line in task.run:
                    found.setdefault(line.strip(), []).append(Located(path=file.path, item=task))
            for job in (job for workflow in file.facts.workflows for job in workflow.jobs):
                for line in (line for step in job.steps for line in step.run):
                    found.setdefault(line.strip(), []).append(Located(path=file.path, item=job))
        return {line: tuple(facts) for line, facts in found.items()}

    @cached_property
    def _values(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        found: dict[str, set[tuple[str, str]]] = {}
        for file in self._files:
            for value, owner in _values(file.facts):
                if value and file.role not in _ASIDE:
                    found.setdefault(value.strip("\"'"), set()).add((file.path, owner))
        return {value: tuple(sorted(owners)) for value, owners in found.items()}


def digest(parts: Iterable[str]) -> str:
    """A short hash over texts."""
    hasher = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        hasher.update(b"%d:" % len(data) + data)
    return hasher.hexdigest()[:16]


def _collected(files: Iterable[SourceFile]) -> Mapping[str, tuple[Fact, ...]]:
    found: dict[str, dict[tuple[str, int], Fact]] = {}
    for file in files:
        for name, item in _named(file.facts):
            if name:
                found.setdefault(name, {})[file.path, id(item)] = Located(path=file.path, item=item)
    return {name: tuple(facts.values()) for name, facts in found.items()}


def _named(facts: BlobFacts) -> Iterator[tuple[str, object]]:
    """Every name in a file with the fact that it belongs to."""
    for symbol in facts.symbols:
        yield symbol.name.rpartition(".")[2], symbol
    for option in facts.options:
        yield from ((name, option) for name in (*option.flags, option.name, option.env))
    for command in facts.commands:
        names = (command.name, command.name.rpartition(" ")[2], command.id, *command.aliases)
        yield from ((name, command) for name in names)
    for setting in facts.settings:
        yield from ((name, setting) for name in (setting.name, *setting.env))
    for dependency in facts.dependencies:
        yield f"package {package_name(dependency.name.partition('[')[0])}", dependency
    for manifest in facts.manifests:
        yield from ((f"package {package_name(name)}", manifest) for name in (manifest.name, *manifest.packages))
        yield from ((name, manifest) for name in manifest.extras)
    for group in (facts.entry_points, facts.tasks, facts.action_inputs):
        yield from ((fact.name, fact) for fact in group)
    for container in facts.containers:
        yield from ((name, container) for name in (container.name, container.base, *container.environment))
    for workflow in facts.workflows:
        yield workflow.name, workflow
        for job in workflow.jobs:
            yield from ((name, job) for name in (job.id, job.name, *(step.uses for step in job.steps)))


def _values(facts: BlobFacts) -> Iterator[tuple[str, str]]:
    yield from ((symbol.value, f"symbol {symbol.name}") for symbol in facts.symbols)
    yield from ((option.default, f"option {option.name}") for option in facts.options)
    yield from ((setting.default, f"setting {setting.name}") for setting in facts.settings)
    yield from ((one.constraint, f"dependency {one.name}") for one in facts.dependencies)
    yield from ((one.default, f"input {one.name}") for one in facts.action_inputs)
    for manifest in facts.manifests:
        for name in ("version", "requires", "licence"):
            yield str(getattr(manifest, name)), f"manifest {name}"
