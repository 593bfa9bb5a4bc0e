"""What differs between two trees, by path and blob id; no commit and no diff is needed."""

from collections.abc import Mapping
from dataclasses import dataclass

from docsfy_action.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A file that has another path and the same content."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Differences between two trees, each part sorted by path. A renamed path is in `renamed` and in no other part."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    renamed: tuple[Rename, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.modified or self.renamed)

    @property
    def paths(self) -> frozenset[str]:
        """Every path that is not what it was, old and new names of renamed files included."""
        renamed = (path for rename in self.renamed for path in (rename.old, rename.new))
        return frozenset((*self.added, *self.removed, *self.modified, *renamed))


def blobs_of(snapshot: Snapshot) -> Mapping[str, str]:
    """Blob id by path: what a state has to remember of a snapshot so that the next run can compare."""
    return {path: entry.blob for path, entry in snapshot.entries.items()}


def changes(old: Snapshot | Mapping[str, str], new: Snapshot | Mapping[str, str]) -> Changes:
    """What changed from `old` to `new`. Files of the same content that went and came are paired in path order."""
    before = blobs_of(old) if isinstance(old, Snapshot) else old
    after = blobs_of(new) if isinstance(new, Snapshot) else new
    gone: dict[str, list[str]] = {}
    for path in sorted(before.keys() - after.keys(), reverse=True):
        gone.setdefault(before[path], []).append(path)
    added: list[str] = []
    renamed: list[Rename] = []
    for path in sorted(after.keys() - before.keys()):
        candidates = gone.get(after[path])
        if candidates:
            renamed.append(Rename(old=candidates.pop(), new=path))
        else:
            added.append(path)
    return Changes(
        added=tuple(added),
        removed=tuple(sorted(path for paths in gone.values() for path in paths)),
        modified=tuple(sorted(path for path in before.keys() & after.keys() if before[path] != after[path])),
        renamed=tuple(sorted(renamed, key=lambda rename: (rename.old, rename.new))),
    )
