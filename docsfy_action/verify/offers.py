"""What a commit offers to type: its packages, programs, tasks, images, gathered from freshly read manifests."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from docsfy_action.facts.model import BlobFacts
from docsfy_action.repository.snapshot import Remote

_VERSIONED = re.compile(r"/v\d+$")
_SEPARATORS = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFacts:
    """Names that commands on a page may use.

    Package names are in the normal form of `package_name`. `go_modules` are module paths, `tasks` names by runner
    (`make`, `npm`, …), `images` and `services` what container files define, `remotes` addresses to clone from, as
    `bare_address` writes them; `sources` are the paths that all this was read from.
    """

    packages: frozenset[str] = frozenset()
    dependencies: frozenset[str] = frozenset()
    extras: frozenset[str] = frozenset()
    go_modules: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    tasks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    images: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    environment: frozenset[str] = frozenset()
    remotes: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    def has_task(self, name: str) -> bool:
        """Whether any runner knows a task of this name."""
        return any(name in names for names in self.tasks.values())


def package_name(name: str) -> str:
    """The normal form of a package name: lower case, runs of `-`, `_` and `.` as one dash."""
    return _SEPARATORS.sub("-", name.lower())


def bare_address(url: str) -> str:
    """`host/owner/name` of an address to clone from, however it is written."""
    bare = re.sub(r"^(?:git\+)?[a-z+]+://(?:[^@/]+@)?", "", url)
    bare = re.sub(r"^[\w.-]+@([\w.-]+):", r"\1/", bare)
    return bare.rstrip("/").removesuffix(".git").lower()


def command_facts(
    manifests: Iterable[tuple[str, BlobFacts]], remote: Remote | None, *, go_programs: frozenset[str] = frozenset()
) -> CommandFacts:
    """Gathers what manifests, task files, container files and `.env` templates (path and facts of each) offer.

    `go_programs` are folders with a Go program, which is called as its folder or, at the top, as its module.
    """
    packages, dependencies, extras, go_modules, programs = set[str](), set[str](), set[str](), set[str](), set[str]()
    images, services, environment = set[str](), set[str](), set[str]()
    tasks: dict[str, set[str]] = {}
    sources = set[str]()
    for path, facts in manifests:
        sources.add(path)
        for manifest in facts.manifests:
            packages.add(package_name(manifest.name))
            packages.update(package_name(name) for name in manifest.packages)
            extras.update(manifest.extras)
            if manifest.ecosystem == "go":
                go_modules.add(manifest.name)
        for dependency in facts.dependencies:
            dependencies.add(package_name(dependency.name.partition("[")[0]))
            extras.add(dependency.group)
        programs.update(entry.name for entry in facts.entry_points)
        for task in facts.tasks:
            tasks.setdefault(task.runner, set()).add(task.name)
        for container in facts.containers:
            (services if container.kind == "service" else images).add(container.name)
            images.add(container.base)
            environment.update(container.environment)
        environment.update(setting.name for setting in facts.settings)
    for folder in go_programs:
        names = [folder] if folder else [_VERSIONED.sub("", module) for module in go_modules]
        programs.update(name.rpartition("/")[2] for name in names)
    return CommandFacts(
        packages=frozenset(packages - {""}),
        dependencies=frozenset(dependencies - {""}),
        extras=frozenset(extras),
        go_modules=frozenset(go_modules - {""}),
        programs=frozenset(programs),
        tasks={runner: frozenset(names) for runner, names in sorted(tasks.items())},
        images=frozenset(images - {""}),
        services=frozenset(services - {""}),
        environment=frozenset(environment),
        sources=frozenset(sources),
        remotes=frozenset({bare_address(remote.url)} if remote is not None else ()),
    )
