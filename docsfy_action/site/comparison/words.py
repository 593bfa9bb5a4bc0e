"""Two pieces of HTML become one in which the words that came and went are marked."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"<[^<>]*>|&[#\w]+;|\s+|\w+|[^\w\s<>&]|.", re.DOTALL)
_MOST_TOKENS = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The HTML, and whether any word in it is marked."""

    html: str
    is_marked: bool


def marked(old: str, new: str) -> Marked:
    """The new HTML with inserted words in `<ins>` and, where they stood, deleted ones in `<del>`. The tags are those of the new
    side alone, so that the result is as well formed as it is. Marks never enclose a tag."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) > _MOST_TOKENS:
        return Marked(html=new, is_marked=False)
    parts: list[str] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for operation, start, end, other, other_end in _joined(matcher.get_opcodes(), after):
        if operation == "equal":
            parts += after[other:other_end]
            continue
        gone = "".join(token for token in before[start:end] if not _is_tag(token))
        if gone.strip():
            parts.append(f"<del>{gone}</del>")
        parts += _inserted(after[other:other_end])
    html = "".join(parts)
    return Marked(html=html, is_marked="<ins>" in html or "<del>" in html)


_Step = tuple[str, int, int, int, int]


def _joined(steps: Sequence[_Step], after: Sequence[str]) -> Iterator[_Step]:
    """The steps, with what is between two changes and is no more than white space or a mark taken for changed as well: words
    that changed one after the other read better together."""
    held: _Step | None = None
    for index, step in enumerate(steps):
        operation, _, end, other, other_end = step
        between = operation == "equal" and 0 < index < len(steps) - 1
        small = between and all(not token.strip() for token in after[other:other_end])
        if operation == "equal" and not small:
            if held is not None:
                yield held
                held = None
            yield step
        else:
            held = step if held is None else ("replace", held[1], end, held[3], other_end)
    if held is not None:
        yield held


def _inserted(tokens: Sequence[str]) -> Iterator[str]:
    words: list[str] = []
    for part in (*tokens, ""):
        if part and not _is_tag(part):
            words.append(part)
            continue
        text = "".join(words)
        yield f"<ins>{text}</ins>" if text.strip() else text
        words = []
        yield part


def _is_tag(token: str) -> bool:
    return token.startswith("<") and token.endswith(">") and len(token) > 1
