"""Patches of a page: exact blocks of its text, each standing there once, and what takes their place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

# More small changes than this are a new page.
MOST_EDITS = 60
# A JSON object is looked for at so many braces that begin a line.
_STARTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace `old`, which stands on the page exactly once, by `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patched:
    """The page with all edits made; `changed` counts them."""

    markdown: str
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpatched:
    """No edit was made, and why, in sentences for the model that is asked again and for people."""

    reasons: tuple[str, ...]


class _Edit(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    old: str
    new: str


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    edits: tuple[_Edit, ...]


def parse_edits(text: str) -> tuple[Edit, ...] | None:
    """The edits in an answer, which may have words or a fence around its JSON object; None where there is no such object."""
    for start in _starts(text):
        try:
            answer = _Answer.model_validate(from_json(_object(text, start)))
        except (ValueError, ValidationError):
            continue
        return tuple(Edit(old=edit.old, new=edit.new) for edit in answer.edits)
    return None


def _starts(text: str) -> Iterator[int]:
    """Where an object may begin: at the first brace, then at braces that begin a line."""
    first = text.find("{")
    if first < 0:
        return
    yield first
    at = first
    for _ in range(_STARTS):
        at = text.find("\n{", at)
        if at < 0:
            return
        at += 1
        yield at


def _object(text: str, start: int) -> str:
    """From a brace to the last one of the text, which is the object's end unless remarks hold braces."""
    end = text.rfind("}")
    return text[start : end + 1]


def apply_edits(markdown: str, edits: Sequence[Edit]) -> Patched | Unpatched:
    """Make all edits at once on the page as it is, or none: each `old` must stand on it exactly once, and no two overlap."""
    if len(edits) > MOST_EDITS:
        return Unpatched(reasons=(f"There are {len(edits)} edits; more than {MOST_EDITS} are a new page.",))
    reasons: list[str] = []
    places: list[tuple[int, int, Edit]] = []
    for edit in edits:
        at = markdown.find(edit.old) if edit.old else -1
        if at < 0:
            reasons.append(f"{_shown(edit.old)} does not stand on the page.")
        elif markdown.find(edit.old, at + 1) >= 0:
            reasons.append(f"{_shown(edit.old)} stands on the page more than once.")
        else:
            places.append((at, at + len(edit.old), edit))
    places.sort(key=lambda place: place[:2])
    reasons += [
        f"{_shown(one.old)} and {_shown(other.old)} overlap."
        for (_, end, one), (start, _, other) in pairwise(places)
        if start < end
    ]
    if reasons:
        return Unpatched(reasons=tuple(reasons))
    return Patched(markdown=_joined(markdown, places), changed=sum(edit.old != edit.new for edit in edits))


def _joined(markdown: str, places: Sequence[tuple[int, int, Edit]]) -> str:
    parts: list[str] = []
    reached = 0
    for start, end, edit in places:
        parts += [markdown[reached:start], edit.new]
        reached = end
    return "".join([*parts, markdown[reached:]])


def _shown(text: str) -> str:
    if not text:
        return "An empty `old`"
    words = " ".join(text.split())
    return f"“{words[:80]}…”" if len(words) > 80 else f"“{words}”"
