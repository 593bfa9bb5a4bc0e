"""Which of the changed files those facets are about that are not what they were: what triage and patches are shown."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

from docsfy_action.plan.diffs import FileChange, unified

_WORD = re.compile(r"\w+")
# Lines around a change among which a name is looked for: a declaration with all its parameters has that many.
_AROUND = 12


def changed_files(
    keys: Iterable[str],
    changed: AbstractSet[str],
    *,
    moved: AbstractSet[str],
    changes: Callable[[], Mapping[str, FileChange]],
) -> tuple[str, ...]:
    """Of a facet that belongs to a file, that file; of any other, the files that hold its name near a change, or anywhere, and
    every changed file where none does. `moved` are the changed files that came or went; `changes` gives all their texts."""
    found: set[str] = set()
    for key in keys:
        kind, _, place = key.partition(" ")
        path, _, name = place.partition("#")
        if path in changed:
            found.add(path)
        elif kind == "folder":
            found |= {one for one in moved if one.startswith(f"{path}/" if path else "")}
        elif kind == "path":
            found |= moved or changed
        elif not path:
            found |= _holding(name, changes()) or changed
    return tuple(sorted(found))


def _holding(name: str, changes: Mapping[str, FileChange]) -> AbstractSet[str]:
    """The files that have the longest word of a name in them, whatever its case; those whose old text is lost too."""
    word = max(_WORD.findall(name.lower()), key=len, default="")
    every = {path for path, one in changes.items() if not one.old_known or word in f"{one.old}\n{one.new}".lower()}
    near = {path for path in every if word in "".join(unified(changes[path], context=_AROUND)).lower()}
    return near or every
