"""A commit's facts put together: the views that the outline and the writers ask for, each computed once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from docsfy_action.facts.extractor import code_languages
from docsfy_action.facts.graph import ImportGraph, build_graph
from docsfy_action.facts.model import (
    ActionInput,
    Container,
    Dependency,
    Document,
    Licence,
    Manifest,
    Role,
    Setting,
    SettingKind,
    SourceFile,
    Task,
    Workflow,
)
from docsfy_action.facts.modules import Located, ModuleTable, build_modules
from docsfy_action.facts.programs import Program, build_programs
from docsfy_action.facts.surface import Surface

CODE_ROLES = frozenset({Role.SOURCE, Role.TEST, Role.EXAMPLE})
PROSE_LANGUAGES = frozenset({"markdown", "restructuredtext"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingUse:
    """A setting with every place that reads or declares it; `uses` in path order, templates last."""

    name: str
    kind: SettingKind
    uses: tuple[Located[Setting], ...]


@dataclass(frozen=True, kw_only=True)
class CodeBase:
    """All facts of the documented commit. `clone_url` is empty where no remote is known."""

    name: str
    files: Mapping[str, SourceFile]
    clone_url: str = ""

    @cached_property
    def table(self) -> ModuleTable:
        """Modules and import resolution."""
        return build_modules(self.files)

    @cached_property
    def graph(self) -> ImportGraph:
        """Imports between modules."""
        return build_graph(self.files, self.table)

    @cached_property
    def surface(self) -> Surface:
        """Public definitions."""
        return Surface(files=self.files, table=self.table)

    @cached_property
    def programs(self) -> tuple[Program, ...]:
        """Programs with their commands."""
        return build_programs(self.files, self.table, self.graph)

    @cached_property
    def manifests(self) -> tuple[Located[Manifest], ...]:
        """Package manifests of the project itself, those nearest to the root first."""
        return tuple(
            Located(path=path, item=manifest)
            for path, file in sorted(self._own.items(), key=lambda item: (item[0].count("/"), item[0]))
            for manifest in file.facts.manifests
        )

    @property
    def main_manifest(self) -> Located[Manifest] | None:
        """The manifest that describes the whole project: the topmost one that has a name, packages before actions."""
        ranked = sorted(
            (m for m in self.manifests if m.item.name),
            key=lambda m: (m.path.count("/"), m.item.ecosystem == "github-action", not m.item.description, m.path),
        )
        return ranked[0] if ranked else None

    @cached_property
    def _own(self) -> Mapping[str, SourceFile]:
        skipped = (Role.VENDORED, Role.GENERATED, Role.TEST, Role.EXAMPLE)
        return {path: file for path, file in sorted(self.files.items()) if file.role not in skipped}

    @cached_property
    def readme(self) -> Located[Document] | None:
        """The project's README."""
        for path in sorted(self.files, key=lambda path: (path.lower().endswith(".rst"), path)):
            if "/" not in path and path.lower().split(".")[0] == "readme" and self.files[path].facts.documents:
                return Located(path=path, item=self.files[path].facts.documents[0])
        return None

    @cached_property
    def licence(self) -> Located[Licence] | None:
        """The licence file at the root."""
        return next(
            (
                Located(path=p, item=f.facts.licences[0])
                for p, f in self._own.items()
                if "/" not in p and f.facts.licences
            ),
            None,
        )

    @cached_property
    def settings(self) -> tuple[SettingUse, ...]:
        """Environment variables and settings that the code reads or a template names, by name."""
        found: dict[tuple[str, SettingKind], list[Located[Setting]]] = {}
        for path, file in self._own.items():
            for setting in file.facts.settings:
                key = (setting.name if not setting.owner else f"{setting.owner}.{setting.name}", setting.kind)
                found.setdefault(key, []).append(Located(path=path, item=setting))
        return tuple(
            SettingUse(
                name=name, kind=kind, uses=tuple(sorted(uses, key=lambda u: (u.item.template, u.path, u.item.line)))
            )
            for (name, kind), uses in sorted(found.items())
        )

    @cached_property
    def tasks(self) -> tuple[Located[Task], ...]:
        """What developers run by name, root files first."""
        return tuple(
            Located(path=path, item=task)
            for path, file in sorted(self._own.items(), key=lambda item: (item[0].count("/"), item[0]))
            for task in file.facts.tasks
        )

    @cached_property
    def workflows(self) -> tuple[Located[Workflow], ...]:
        """GitHub workflows by file."""
        return tuple(Located(path=p, item=w) for p, f in self._own.items() for w in f.facts.workflows)

    @cached_property
    def containers(self) -> tuple[Located[Container], ...]:
        """Images built and services composed here."""
        return tuple(Located(path=p, item=c) for p, f in self._own.items() for c in f.facts.containers)

    @cached_property
    def dependencies(self) -> tuple[Located[Dependency], ...]:
        """Packages asked for, in the order of the manifests."""
        return tuple(Located(path=p, item=d) for p, f in self._own.items() for d in f.facts.dependencies)

    @cached_property
    def action_inputs(self) -> tuple[Located[ActionInput], ...]:
        """Inputs and outputs of the GitHub actions defined here."""
        return tuple(Located(path=p, item=a) for p, f in self._own.items() for a in f.facts.action_inputs)

    @cached_property
    def languages(self) -> tuple[tuple[str, int], ...]:
        """(language, lines of source) of the code, the largest first."""
        lines: dict[str, int] = {}
        for file in self.sources():
            lines[file.language] = lines.get(file.language, 0) + file.facts.lines
        return tuple(sorted(lines.items(), key=lambda item: (-item[1], item[0])))

    def sources(self, *roles: Role) -> Iterator[SourceFile]:
        """Code files with one of these roles (source alone when none is given), by path."""
        wanted = roles or (Role.SOURCE,)
        code = code_languages()
        return (file for _, file in sorted(self.files.items()) if file.role in wanted and file.language in code)
