"""The public surface: which definitions a package's users may rely on, and under which module they look for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from docsfy_action.facts.model import Import, SourceFile, Symbol, SymbolKind
from docsfy_action.facts.modules import (
    SCRIPT_LANGUAGES,
    Located,
    Module,
    ModuleTable,
    members_of,
    top_level,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A definition that users reach as `module.name`; `children` are its public methods and attributes."""

    name: str
    module: str
    symbol: Located[Symbol]
    children: tuple[Located[Symbol], ...] = ()

    @property
    def weight(self) -> int:
        """How much a reference has to say about it, in entries."""
        return 1 + len(self.children)


@dataclass(frozen=True, kw_only=True)
class Surface:
    """The public definitions of a commit, and how names in it are resolved."""

    files: Mapping[str, SourceFile]
    table: ModuleTable
    _exports_found: dict[tuple[str, str], Located[Symbol] | None] = field(
        default_factory=dict, repr=False, compare=False
    )
    _imported: dict[str, tuple[tuple[Import, Module], ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def members(self) -> Mapping[str, tuple[Member, ...]]:
        """Public definitions by module name, in the order of the source; each definition once, where users import it."""
        home: dict[tuple[str, str], tuple[str, str]] = {}
        for module in sorted(self.table.modules, key=lambda m: (m.name.count(".") + m.name.count("/"), m.name)):
            for name, symbol in self._offered(module):
                home.setdefault((symbol.path, symbol.item.name), (module.name, name))
        found: dict[str, list[Member]] = {}
        for (path, qualified), (module_name, name) in home.items():
            children = tuple(
                Located(path=path, item=child)
                for child in members_of(self.files[path].facts.symbols, qualified)
                if child.public
            )
            found.setdefault(module_name, []).append(
                Member(name=name, module=module_name, symbol=self._definitions[path, qualified], children=children)
            )
        order = {module.name: index for index, module in enumerate(self.table.modules)}
        return {
            name: tuple(sorted(found[name], key=lambda m: (m.symbol.path, m.symbol.item.span.start, m.name)))
            for name in sorted(found, key=order.__getitem__)
        }

    @cached_property
    def homes(self) -> Mapping[tuple[str, str], Member]:
        """The member that documents a definition, by (path, qualified name); methods are found under their owner."""
        return {
            (part.path, part.item.name): member
            for members in self.members.values()
            for member in members
            for part in (member.symbol, *member.children)
        }

    def definition(self, path: str, qualified: str) -> Located[Symbol] | None:
        """The definition `qualified` in `path`."""
        return self._definitions.get((path, qualified))

    @cached_property
    def _definitions(self) -> Mapping[tuple[str, str], Located[Symbol]]:
        found: dict[tuple[str, str], Located[Symbol]] = {}
        for path, file in self.files.items():
            for symbol in file.facts.symbols:
                found.setdefault((path, symbol.name), Located(path=path, item=symbol))
        return found

    def lookup(self, path: str, name: str) -> Located[Symbol] | None:
        """What the (dotted) `name` used in `path` stands for: a definition there, or one that an import brings in."""
        name = name.split("[", maxsplit=1)[0].strip("*&'\" ")
        if (found := self.definition(path, name)) is not None:
            return found
        head, _, rest = name.partition(".")
        module = self.table.by_file.get(path)
        if module is None:
            return None
        if module.language == "go":
            return self._lookup_go(path, module, head, rest)
        for item, target in self.imported(path):
            called = next((there for there, here in item.aliases if here == head), head)
            # `import * as ns` brings in the module, not the names in it.
            brings_all = "*" in item.names and all(there != "*" for there, _ in item.aliases)
            if called in item.names or brings_all:
                found = self.resolve_export(target, called)
                if found is not None:
                    return self.definition(found.path, f"{found.item.name}.{rest}") if rest else found
            if rest and item.module.split(".")[-1] == head:
                return self.resolve_export(target, rest)
        return None

    def _lookup_go(self, path: str, module: Module, head: str, rest: str) -> Located[Symbol] | None:
        if not rest:
            return next((d for file in module.files if (d := self.definition(file, head)) is not None), None)
        for item in self.files[path].facts.imports:
            target = self.table.resolve(path, item)
            if target is not None and target.name.rsplit("/", 1)[-1] == head:
                return next((d for file in target.files if (d := self.definition(file, rest)) is not None), None)
        return None

    def resolve_export(self, module: Module, name: str) -> Located[Symbol] | None:
        """The definition behind `module.name`, through re-exports under the same or another name."""
        key = (module.name, name)
        if key not in self._exports_found:
            self._exports_found[key] = self._search_export(module, name)
        return self._exports_found[key]

    def _search_export(self, module: Module, name: str) -> Located[Symbol] | None:
        """Breadth first, so that the nearest definition wins; each module is looked at once, also in circles."""
        seen = {(module.name, name)}
        frontier = [(module, name)]
        while frontier:
            following: list[tuple[Module, str]] = []
            for place, wanted in frontier:
                for path in place.files:
                    if (found := self.definition(path, wanted)) is not None:
                        return found
                for target, called in self._sources_of(place, wanted):
                    if (target.name, called) not in seen:
                        seen.add((target.name, called))
                        following.append((target, called))
            frontier = following
        return None

    def _sources_of(self, module: Module, name: str) -> Iterator[tuple[Module, str]]:
        """Modules from which `module` may have `name`, with the name it has there."""
        for path in module.files:
            local = next((here for there, here in self.files[path].facts.export_aliases if there == name), name)
            for item, target in self.imported(path):
                called = next((there for there, here in item.aliases if here == local), local)
                if called in item.names or "*" in item.names or (item.reexport and not item.names):
                    yield target, called

    def imported(self, path: str) -> tuple[tuple[Import, Module], ...]:
        """Imports of a file that lead to other modules of this repository."""
        if path not in self._imported:
            own = self.table.by_file.get(path)
            pairs = ((item, self.table.resolve(path, item)) for item in self.files[path].facts.imports)
            self._imported[path] = tuple(
                (item, target) for item, target in pairs if target is not None and target is not own
            )
        return self._imported[path]

    def _offered(self, module: Module) -> Iterator[tuple[str, Located[Symbol]]]:
        if not module.public:
            return
        if module.language == "python":
            yield from self._offered_python(module)
        elif module.language == "go":
            for path in module.files:
                for symbol in top_level(self.files[path].facts.symbols):
                    if symbol.public:
                        yield symbol.name, Located(path=path, item=symbol)
        elif module.language in SCRIPT_LANGUAGES:
            yield from self._offered_script(module)

    def _offered_python(self, module: Module) -> Iterator[tuple[str, Located[Symbol]]]:
        path = module.primary
        facts = self.files[path].facts
        listed = facts.exports
        for symbol in top_level(facts.symbols):
            if (symbol.name in listed) if listed is not None else symbol.public:
                yield symbol.name, Located(path=path, item=symbol)
        is_package = path.endswith(("__init__.py", "__init__.pyi"))
        if listed is None and not is_package:
            return
        for item, target in self.imported(path):
            for name in item.names:
                if name == "*":
                    yield from self._star(target, listed)
                elif (name in listed) if listed is not None else not name.startswith("_"):
                    found = self.resolve_export(target, name)
                    if found is not None:
                        yield name, found

    def _star(self, target: Module, listed: tuple[str, ...] | None) -> Iterator[tuple[str, Located[Symbol]]]:
        facts = self.files[target.primary].facts
        names = facts.exports if facts.exports is not None else [s.name for s in top_level(facts.symbols) if s.public]
        for name in names:
            found = self.resolve_export(target, name)
            if found is not None and (listed is None or name in listed):
                yield name, found

    def _offered_script(self, module: Module) -> Iterator[tuple[str, Located[Symbol]]]:
        if module.package in self.private_packages:
            return
        entries = self.script_entries.get(module.package)
        if entries is not None and module.primary not in entries:
            return
        seen = {module.name}
        pending = [module]
        while pending:
            place = pending.pop(0)
            path = place.primary
            facts = self.files[path].facts
            for symbol in top_level(facts.symbols):
                if symbol.public:
                    yield symbol.name, Located(path=path, item=symbol)
            exported = set(facts.exports or ())
            for item, target in self.imported(path):
                renamed = dict(item.aliases)
                if (
                    item.reexport
                    and (not item.names or "*" in item.names)
                    and "*" not in renamed
                    and target.name not in seen
                ):
                    seen.add(target.name)
                    pending.append(target)
                for name in item.names:
                    here = renamed.get(name, name)
                    if name != "*" and (item.reexport or here in exported):
                        found = self.resolve_export(target, name)
                        if found is not None:
                            yield here, found

    @cached_property
    def private_packages(self) -> frozenset[str]:
        """Packages of npm that are never published, such as a documentation site beside the library, where others are."""
        published: dict[str, bool] = {
            manifest.name: manifest.published
            for file in self.files.values()
            for manifest in file.facts.manifests
            if manifest.ecosystem == "npm" and manifest.name
        }
        return (
            frozenset(name for name, known in published.items() if not known)
            if any(published.values())
            else frozenset()
        )

    @cached_property
    def script_entries(self) -> Mapping[str, frozenset[str]]:
        """Source files that a JavaScript package exports, by package name; only where they can be told."""
        found: dict[str, frozenset[str]] = {}
        for name, package in self.table.script_packages.items():
            entries = frozenset(path for path, _ in package.specifiers(self.table.by_file))
            if entries:
                found[name] = entries
        return found


def is_type(symbol: Symbol) -> bool:
    """Whether a definition names a type."""
    return symbol.kind in (
        SymbolKind.CLASS,
        SymbolKind.STRUCT,
        SymbolKind.INTERFACE,
        SymbolKind.ENUM,
        SymbolKind.TYPE,
    )
