"""Packages of npm that are made here: which source file an import such as `zod/v4` means, and what users import a file by."""

import posixpath
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from docsfy_action.facts.model import Manifest, Role, SourceFile

SCRIPT_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
BUILT_FOLDERS = frozenset({"dist", "distribution", "lib", "build", "out", "esm", "cjs", "types", "es"})
SOURCE_FOLDERS = ("src", "source")
_DECLARATION = re.compile(r"\.d(?=\.[cm]?ts$)")
# A package that stands in one of these is material of tests or of other projects, and its name may be anyone's.
_FOREIGN = frozenset({Role.TEST, Role.EXAMPLE, Role.VENDORED, Role.GENERATED})


def script_candidates(base: str) -> Iterator[str]:
    """Files that `import "base"` may mean, the likeliest first."""
    yield base
    stem, extension = posixpath.splitext(base)
    if extension in (".js", ".mjs", ".cjs", ".jsx"):
        yield from (stem + suffix for suffix in SCRIPT_SUFFIXES)
    yield from (base + suffix for suffix in SCRIPT_SUFFIXES)
    yield from (f"{base}/index{suffix}" for suffix in SCRIPT_SUFFIXES)


def source_of(folder: str, written: str, known: Container[str]) -> str | None:
    """The source file behind an entry of the manifest in `folder`, which mostly names what the build makes of it."""
    inside = posixpath.normpath(_DECLARATION.sub("", written))
    options = [inside]
    head, _, rest = inside.partition("/")
    if head not in BUILT_FOLDERS:
        options += [f"{source}/{inside}" for source in SOURCE_FOLDERS]
    while head in BUILT_FOLDERS and rest:
        options += [*(f"{source}/{rest}" for source in SOURCE_FOLDERS), rest]
        head, _, rest = rest.partition("/")
    for option in options:
        found = next((c for c in script_candidates(posixpath.join(folder, option)) if c in known), None)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPackage:
    """A named package: its folder, and what its manifest exports as (specifier inside the package, file as written)."""

    name: str
    folder: str
    subpaths: tuple[tuple[str, str], ...]

    def resolve(self, subpath: str, known: Container[str]) -> str | None:
        """The source file that `import "name/subpath"` means; `subpath` is `.` for the package itself."""
        exact = [target for wanted, target in self.subpaths if wanted == subpath]
        inside = subpath.removeprefix("./")
        open_ended = [target.replace("*", found) for target, found in self._matches(subpath)]
        # What a package without a list of exports offers, and what a build that cannot be guessed leaves to be found.
        beside = [inside] if inside != "." else ["src/index", "index", "lib/index"]
        for written in (*exact, *open_ended, *beside):
            found = source_of(self.folder, written, known)
            if found is not None:
                return found
        return None

    def _matches(self, subpath: str) -> Iterator[tuple[str, str]]:
        """(target, what its star stands for) of the patterns that match, the most exact first."""
        for pattern, target in sorted(self.subpaths, key=lambda pair: -len(pair[0])):
            head, star, tail = pattern.partition("*")
            matches = subpath.startswith(head) and subpath.endswith(tail) and len(subpath) > len(head) + len(tail)
            if star and matches:
                yield target, subpath[len(head) : len(subpath) - len(tail)]

    def specifiers(self, known: Container[str]) -> Iterator[tuple[str, str]]:
        """(source file, what users import it by) for each file that the manifest names."""
        for subpath, written in self.subpaths:
            found = source_of(self.folder, written, known) if "*" not in subpath else None
            if found is not None:
                yield found, posixpath.normpath(posixpath.join(self.name, subpath))


def script_packages(files: Mapping[str, SourceFile]) -> Mapping[str, ScriptPackage]:
    """Packages by name; where two share one, the topmost has it."""
    found: dict[str, ScriptPackage] = {}
    for path, file in sorted(files.items(), key=lambda item: (item[0].count("/"), item[0])):
        for manifest in file.facts.manifests if file.role not in _FOREIGN else ():
            if manifest.ecosystem == "npm" and manifest.name:
                found.setdefault(manifest.name, _package(posixpath.dirname(path), manifest))
    return found


def _package(folder: str, manifest: Manifest) -> ScriptPackage:
    return ScriptPackage(name=manifest.name, folder=folder, subpaths=manifest.subpaths)


def split_specifier(specifier: str) -> tuple[str, str]:
    """(package, subpath) of what an import statement says: `@m/b/c` is (`@m/b`, `./c`), `zod` is (`zod`, `.`)."""
    parts = specifier.split("/")
    length = 2 if specifier.startswith("@") else 1
    return "/".join(parts[:length]), "/".join([".", *parts[length:]])
