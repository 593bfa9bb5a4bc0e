"""The part of a change that a page has to do with: what it is patched from, after triage has seen all of the change."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from docsfy_action.plan.diffs import FileChange, unified

_WORD = re.compile(r"[A-Za-z_$][\w$]{2,}")
_RANGE = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)", re.MULTILINE)
# Lines around a change: what it is in is said besides, and triage has seen more.
_CONTEXT = 1


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
    """The hunks that change a line with one of these names, or something inside a definition of that name, or add a public one,
    whole, each with the definition that it is in; of all others their places and first words, so that nothing is passed over
    in silence. All hunks, where none would be left, and of files that are no code."""
    shown: list[str] = []
    every: list[str] = []
    left: list[str] = []
    for change in changes:
        known = definitions(change.path) if change.old_known and change.new is not None else None
        hunks = [_Hunk(hunk, known or ()) for hunk in unified(change, context=_CONTEXT)]
        chosen = [hunk for hunk in hunks if known is None or hunk.concerns(names)]
        every += _told(hunks)
        shown += _told(chosen)
        left += [f"- {change.path}: {hunk.about()}" for hunk in hunks if hunk not in chosen]
    if not shown or not left:
        return "\n".join(every)
    note = "Changes that name nothing on this page, and are not shown:"
    return "\n".join([*shown, "\n".join([note, *dict.fromkeys(left), ""])])


class _Hunk:
    """A hunk with its file's head, and the definitions of the file."""

    def __init__(self, text: str, known: Sequence[Definition]) -> None:
        found = _RANGE.search(text)
        self.head, self.body = (text[: found.start()], text[found.start() :]) if found is not None else ("", text)
        self._start = int(found[1]) if found is not None else 1
        changed = [(number, is_new, _innermost(number, known)) for number, is_new in _changed(self.body, self._start)]
        self._inside = [(number, is_new, one) for number, is_new, one in changed if one is not None]
        self._lines = [line[1:] for line in self.body.splitlines() if line[:1] in "+-"]

    def concerns(self, names: AbstractSet[str]) -> bool:
        """Whether a page with these names has to do with it."""
        if not names.isdisjoint(_WORD.findall("\n".join(self._lines))):
            return True
        return any(
            one.name in names or (is_new and one.public and one.start == number) for number, is_new, one in self._inside
        )

    def shown(self) -> str:
        """The hunk, and in its first line, as git has it, the definition that it is in."""
        first, line_end, rest = self.body.partition("\n")
        name = self._inside[0][2].name if self._inside and first.startswith("@@") else ""
        return f"{first}{f' {name}' if name else ''}{line_end}{rest}"

    def about(self) -> str:
        """Where it is, how long, and how it begins."""
        first = next(filter(None, (line.strip() for line in self._lines)), "")[:60]
        return f"{len(self._lines)} lines near line {self._start} (`{first}`)"


def _told(hunks: Sequence[_Hunk]) -> list[str]:
    """The hunks of one file below one head."""
    return ["".join([hunks[0].head, *(hunk.shown() for hunk in hunks)])] if hunks else []


def _innermost(number: int, known: Sequence[Definition]) -> Definition | None:
    inside = [one for one in known if one.start <= number <= one.end]
    return max(inside, key=lambda one: (one.start, -one.end), default=None)


def _changed(body: str, start: int) -> Iterator[tuple[int, bool]]:
    """Numbers, in the new text, of the lines that a hunk adds (True), and of those before which it takes some away."""
    number = start
    for line in body.splitlines()[1:]:
        if line[:1] in "+-":
            yield number, line.startswith("+")
        number += not line.startswith("-")
