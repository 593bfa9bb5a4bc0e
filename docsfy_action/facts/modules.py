"""Files as modules: what each language's users import, and the table that resolves an import to one of them."""

import posixpath
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from docsfy_action.facts.model import Import, Role, SourceFile, Symbol
from docsfy_action.facts.script_packages import ScriptPackage, script_candidates, script_packages, split_specifier

SCRIPT_LANGUAGES = ("javascript", "typescript")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located(Generic[T]):
    """A fact and the file it stands in."""

    path: str
    item: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What one import statement names: a Python module, a Go package (a folder), a JavaScript file.

    `name` is the name a user imports: `flask.app`, `github.com/spf13/cobra/doc`, `src/client` inside its package.
    `package` is the distribution it belongs to. `public` says whether users of the package may import it by that
    name; `tool` marks scripts of the developers, which are no part of the program.
    """

    name: str
    language: str
    files: tuple[str, ...]
    package: str
    public: bool
    tool: bool = False

    @property
    def shown(self) -> str:
        """The name that users of the language know it by; JavaScript knows modules by their files."""
        return self.primary if self.language in SCRIPT_LANGUAGES else self.name

    @property
    def primary(self) -> str:
        """The file that stands for the module in links: the package's `__init__`, `doc.go`, or the only one."""
        return self.files[0]


@dataclass(frozen=True, kw_only=True)
class ModuleTable:
    """All modules of a commit, by name and by file, and the resolution of imports among them."""

    modules: tuple[Module, ...]
    go_roots: Mapping[str, str]
    script_packages: Mapping[str, ScriptPackage] = field(default_factory=dict)

    @cached_property
    def by_file(self) -> Mapping[str, Module]:
        """Module of each source file."""
        return {path: module for module in self.modules for path in module.files}

    @cached_property
    def by_name(self) -> Mapping[str, Module]:
        """Module by (language family and) name; a name that two modules share belongs to the first."""
        found: dict[str, Module] = {}
        for module in self.modules:
            found.setdefault(module.name, module)
        return found

    @cached_property
    def specifiers(self) -> Mapping[str, str]:
        """What users import a script by, by file: of several specifiers the shortest."""
        found: dict[str, str] = {}
        for package in self.script_packages.values():
            for path, specifier in package.specifiers(self.by_file):
                if path not in found or (len(specifier), specifier) < (len(found[path]), found[path]):
                    found[path] = specifier
        return found

    def resolve(self, path: str, item: Import) -> Module | None:
        """The module of this repository that an import in `path` names; None for other packages."""
        origin = self.by_file.get(path)
        if origin is None:
            return None
        if origin.language == "python":
            return self._resolve_python(origin, path, item)
        if origin.language == "go":
            return self.by_name.get(item.module)
        return self._resolve_script(path, item.module)

    def _resolve_python(self, origin: Module, path: str, item: Import) -> Module | None:
        name = item.module
        dots = len(name) - len(name.lstrip("."))
        if dots:
            parts = origin.name.split(".")
            is_package = posixpath.basename(path).startswith("__init__.")
            keep = len(parts) - (dots - 1 if is_package else dots)
            if keep < 0:
                return None
            name = ".".join([*parts[:keep], *filter(None, [name[dots:]])])
        while name:
            if (module := self.by_name.get(name)) is not None and module.language == "python":
                return module
            name = name.rpartition(".")[0]
            if dots:
                return None
        return None

    def _resolve_script(self, path: str, target: str) -> Module | None:
        if not target.startswith("."):
            name, subpath = split_specifier(target)
            package = self.script_packages.get(name)
            found = package.resolve(subpath, self.by_file) if package is not None else None
            return self.by_file[found] if found is not None else None
        base = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        return next(
            (self.by_file[candidate] for candidate in script_candidates(base) if candidate in self.by_file), None
        )


def import_name(module: Module, table: ModuleTable) -> str:
    """What users write to import a module: `flask.app`, `github.com/spf13/cobra/doc`, `zod/v4`.

    A script that no package exports has no such name: its file stands for it."""
    return table.specifiers.get(module.primary, module.shown)


def build_modules(files: Mapping[str, SourceFile]) -> ModuleTable:
    """Group the source files of a commit into modules."""
    sources = {path: file for path, file in sorted(files.items()) if file.role is Role.SOURCE}
    go_roots = {
        posixpath.dirname(path): manifest.name
        for path, file in sorted(files.items())
        for manifest in file.facts.manifests
        if manifest.ecosystem == "go" and manifest.name
    }
    packages = {
        posixpath.dirname(path): manifest.name
        for path, file in sorted(files.items())
        for manifest in file.facts.manifests
        if manifest.ecosystem in ("python", "npm") and manifest.name
    }
    python_roots = {
        posixpath.dirname(path)
        for path, file in files.items()
        if any(manifest.ecosystem == "python" and manifest.name for manifest in file.facts.manifests)
    }
    modules = [
        *_python_modules(sources, packages, python_roots | {""}),
        *_go_modules(sources, go_roots),
        *_script_modules(sources, packages),
    ]
    return ModuleTable(
        modules=tuple(sorted(modules, key=lambda module: (module.name, module.files))),
        go_roots=go_roots,
        script_packages=script_packages(files),
    )


def owner_of(path: str, roots: Mapping[str, str]) -> tuple[str, str]:
    """(folder, name) of the nearest manifest above `path`; ("", "") where there is none."""
    folder = posixpath.dirname(path)
    while True:
        if folder in roots:
            return folder, roots[folder]
        if not folder:
            return "", ""
        folder = posixpath.dirname(folder)


def _python_modules(
    sources: Mapping[str, SourceFile], packages: Mapping[str, str], roots: AbstractSet[str]
) -> Iterator[Module]:
    python = [path for path, file in sources.items() if file.language == "python"]
    folders = {posixpath.dirname(path) for path in python if posixpath.basename(path).startswith("__init__.py")}
    packaged = {root for root in roots if any(folder.startswith(f"{root}/" if root else "") for folder in folders)}
    stubs = {path for path in python if path.endswith(".pyi") and path[:-1] in sources}
    for path in python:
        if path in stubs:
            continue
        name = python_module_name(path, folders)
        if name is None:
            continue
        owner = owner_of(path, packages)[1] or name.split(".")[0]
        private = any(part.startswith("_") and part != "__main__" for part in name.split("."))
        folder = posixpath.dirname(path)
        is_alone = "." not in name and folder not in folders
        script = is_alone and folder not in roots and not _is_source_folder(folder, roots)
        runner = name.split(".")[-1] in ("__main__", "setup", "conftest", "noxfile")
        # Beside a package, a file at the top of the project is a tool of its developers.
        runner = runner or (is_alone and folder in packaged)
        yield Module(
            name=name,
            language="python",
            files=(path,),
            package=owner,
            public=not (private or script or runner),
            tool=runner and not name.endswith("__main__"),
        )


def _is_source_folder(folder: str, roots: AbstractSet[str]) -> bool:
    return posixpath.basename(folder) == "src" and posixpath.dirname(folder) in roots


def python_module_name(path: str, package_folders: set[str]) -> str | None:
    """Dotted name under which a file is imported, read off the folders that hold an `__init__` file."""
    folder, base = posixpath.split(path)
    stem = base.removesuffix(".pyi").removesuffix(".py")
    if not stem.isidentifier():
        return None
    parts = [] if stem == "__init__" else [stem]
    while folder in package_folders or (folder.startswith("src/") and folder.count("/") and parts):
        folder, last = posixpath.split(folder)
        if not last.isidentifier():
            return None
        parts.insert(0, last)
    return ".".join(parts) or None


def _go_modules(sources: Mapping[str, SourceFile], roots: Mapping[str, str]) -> Iterator[Module]:
    folders: dict[str, list[str]] = {}
    for path, file in sources.items():
        if file.language == "go":
            folders.setdefault(posixpath.dirname(path), []).append(path)
    for folder, paths in folders.items():
        root, module_name = owner_of(f"{folder}/x" if folder else "x", roots)
        inside = posixpath.relpath(folder or ".", root or ".")
        name = module_name or folder or "main"
        if module_name and inside != ".":
            name = f"{module_name}/{inside}"
        main = any(sources[path].facts.package == "main" for path in paths)
        hidden = "internal" in folder.split("/")
        paths.sort(key=lambda path: (not sources[path].facts.doc, posixpath.basename(path) != "doc.go", path))
        yield Module(
            name=name, language="go", files=tuple(paths), package=module_name or name, public=not (main or hidden)
        )


def _script_modules(sources: Mapping[str, SourceFile], packages: Mapping[str, str]) -> Iterator[Module]:
    for path, file in sources.items():
        if file.language not in SCRIPT_LANGUAGES:
            continue
        root, owner = owner_of(path, packages)
        inside = posixpath.relpath(path, root or ".")
        stem = posixpath.splitext(inside)[0].removesuffix(".d")
        name = stem if not root else f"{root}/{stem}"
        yield Module(name=name, language=file.language, files=(path,), package=owner or "", public=True)


def top_level(symbols: tuple[Symbol, ...]) -> Iterator[Symbol]:
    """Definitions that stand directly in the module."""
    return (symbol for symbol in symbols if "." not in symbol.name)


def members_of(symbols: tuple[Symbol, ...], owner: str) -> tuple[Symbol, ...]:
    """Direct members of the definition `owner`, in source order."""
    prefix = f"{owner}."
    return tuple(s for s in symbols if s.name.startswith(prefix) and "." not in s.name[len(prefix) :])
