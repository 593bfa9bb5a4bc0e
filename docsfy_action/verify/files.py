"""The paths of a commit, indexed for the ways in which pages name them: whole, by their end, as module or pattern."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from fnmatch import translate
from functools import cached_property

# Files that stand for the folder they are in.
_PACKAGE_FILE = re.compile(r"(?:__init__\.pyi?|index\.[cm]?[jt]sx?|mod\.rs|doc\.go)")


class Files:
    """All tracked paths. Folders are written without a slash at the end; the root is no folder."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a tracked file, directly or further down."""
        found: set[str] = set()
        for path in self.paths:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    def holds(self, path: str) -> bool:
        """Whether `path` is a tracked file or folder, written from the root."""
        return path in self.paths or path in self.folders

    def ending(self, path: str) -> tuple[str, ...]:
        """Tracked files and folders that are `path` or end in `/path`, in order."""
        last = posixpath.basename(path)
        suffix = f"/{path}"
        return tuple(one for one in self._by_name.get(last, ()) if one == path or one.endswith(suffix))

    def module(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Source files or folders whose path, without its extension, ends in these parts: `("pkg", "mod")`."""
        suffix = "/".join(parts)
        tail = f"/{suffix}"
        return tuple(path for path, stem in self._by_stem.get(parts[-1], ()) if stem == suffix or stem.endswith(tail))

    def match(self, pattern: str) -> str:
        """The first tracked file or folder that a glob pattern fits, from the root or from any folder; else empty."""
        pattern = pattern.strip("/").removeprefix("./")
        fits = re.compile(translate(pattern.replace("**/", "*").replace("**", "*"))).match
        whole = "/" in pattern
        found = (path for path in self._ordered if fits(path if whole else posixpath.basename(path)) is not None)
        return next(found, "")

    def with_suffix(self, suffix: str) -> str:
        """The first tracked file whose name ends in `suffix` (`.py`), else empty."""
        return next((path for path in self._ordered if path.endswith(suffix) and path in self.paths), "")

    def first_in(self, folder: str) -> str:
        """The first tracked file below a folder, else empty."""
        return self._first_in.get(folder, "")

    @cached_property
    def _ordered(self) -> tuple[str, ...]:
        return tuple(sorted(self.paths | self.folders))

    @cached_property
    def _first_in(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for path in sorted(self.paths):
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found[folder] = path
                folder = posixpath.dirname(folder)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for path in self._ordered:
            found.setdefault(posixpath.basename(path), []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for path in sorted(self.paths):
            stem = posixpath.splitext(path)[0]
            folder, last = posixpath.split(stem)
            found.setdefault(last, []).append((path, stem))
            if folder and _PACKAGE_FILE.fullmatch(posixpath.basename(path)) is not None:
                found.setdefault(posixpath.basename(folder), []).append((path, folder))
        for folder in sorted(self.folders):
            found.setdefault(posixpath.basename(folder), []).append((folder, folder))
        return {name: tuple(stems) for name, stems in found.items()}
