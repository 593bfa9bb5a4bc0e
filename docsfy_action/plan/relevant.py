"""The part of a change that a page has to do with: what it is patched from, after triage has seen all of the change."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from docsfy_action.plan.diffs import FileChange, unified

_WORD = re.compile(r"[A-Za-z_$][\w$]{2,}")
_RANGE = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A definition of a file as it is now: its name without those around it, and its lines; `public` as its language has it."""

    name: str
    start: int
    end: int
    public: bool


# The definitions of a file by its path; None for a file that is no code.
Definitions = Callable[[str], Sequence[Definition] | None]


def relevant(changes: Iterable[FileChange], names: AbstractSet[str], definitions: Definitions) -> str:
    """The hunks that hold one of these names, are inside a definition of that name, or add a public one, whole; of all others
    their places and first words, so that nothing is passed over in silence. All hunks, where none would be left, and of
    files that are no code."""
    shown: list[str] = []
    left: list[str] = []
    every: list[str] = []
    for change in changes:
        known = definitions(change.path) if change.old_known and change.new is not None else None
        for hunk in unified(change):
            every.append(hunk)
            if known is None or names.intersection(_WORD.findall(hunk)) or _concerns(hunk, names, known):
                shown.append(hunk)
            else:
                left.append(f"- {change.path}: {_about(hunk)}")
    if not shown or not left:
        return "\n".join(every)
    note = "Changes that name nothing on this page, and are not shown:"
    return "\n".join([*shown, "\n".join([note, *dict.fromkeys(left), ""])])


def _concerns(hunk: str, names: AbstractSet[str], known: Sequence[Definition]) -> bool:
    for number, is_new in _changed(hunk):
        inside = [one for one in known if one.start <= number <= one.end]
        innermost = max(inside, key=lambda one: (one.start, -one.end), default=None)
        if innermost is None:
            continue
        if innermost.name in names or (is_new and innermost.public and innermost.start == number):
            return True
    return False


def _changed(hunk: str) -> Iterator[tuple[int, bool]]:
    """Numbers, in the new text, of the lines that a hunk adds (True), and of those before which it takes some away."""
    head = _RANGE.search(hunk)
    if head is None:
        return
    number = int(head[1])
    for line in hunk[head.end() :].splitlines()[1:]:
        if line[:1] in "+-":
            yield number, line.startswith("+")
        number += not line.startswith("-")


def _about(hunk: str) -> str:
    """Where a hunk is, how long, and how it begins."""
    head = _RANGE.search(hunk)
    changed = [line[1:].strip() for line in hunk.splitlines()[3:] if line[:1] in "+-"]
    first = next(filter(None, changed), "")[:60]
    return f"{len(changed)} lines near line {head[1] if head else 1} (`{first}`)"
