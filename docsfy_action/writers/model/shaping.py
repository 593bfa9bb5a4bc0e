"""Gives a page that was read the headings that the page format asks for: its title first, no level skipped, no two alike."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from docsfy_action.verify.slugs import slugify
from docsfy_action.verify.tidying import text_of
from docsfy_action.verify.tree import Block, Fence, Grid, Paragraph, Text, Title
from docsfy_action.verify.writing import write

# Longer text before a heading that is not the title is part of the page.
_PREAMBLE = 400
_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """The blocks, the title first. `titled` says whether the page began with a title of its own."""

    blocks: tuple[Block, ...]
    titled: bool
    notes: tuple[str, ...] = ()


def shape(blocks: Sequence[Block], title: str) -> Shaped:
    """The blocks with the title asked for in front, and with headings that keep to the format."""
    notes: list[str] = []
    start = _start(blocks, title)
    if start:
        notes.append("a remark before the page was left out")
    titled = start is not None
    rest = tuple(blocks[start + 1 :] if start is not None else blocks)
    if start is not None and _said(blocks[start]) != title:
        notes.append("the title was replaced by the one asked for")
    body = _distinct(_levelled(rest), title)
    if body != rest:
        notes.append("headings were put right")
    return Shaped(blocks=(Title(level=1, children=(Text(text=title),)), *body), titled=titled, notes=tuple(notes))


def _said(block: Block) -> str:
    return text_of(block.children).strip() if isinstance(block, Title) else ""


def _start(blocks: Sequence[Block], title: str) -> int | None:
    """Which block is the title: the first heading of its level, if what stands before it is a remark at most."""
    first = next((at for at, block in enumerate(blocks) if isinstance(block, Title) and block.level == 1), None)
    if first is None:
        return 0 if blocks and isinstance(blocks[0], Title) and _is(blocks[0], title) else None
    before = blocks[:first]
    if any(isinstance(block, Title | Fence | Grid) for block in before):
        return None
    short = len(write(before)) <= _PREAMBLE
    several = any(isinstance(block, Title) and block.level == 1 for block in blocks[first + 1 :])
    return first if not before or _is(blocks[first], title) or (short and not several) else None


def _is(block: Block, title: str) -> bool:
    return slugify(_said(block)) == slugify(title)


def _levelled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Headings one level below the nearest one above them that was higher; all below the title."""
    out: list[Block] = []
    above: list[tuple[int, int]] = []
    for block in blocks:
        if not isinstance(block, Title):
            out.append(block)
            continue
        while above and above[-1][0] >= block.level:
            above.pop()
        level = min(above[-1][1] + 1 if above else 2, _DEEPEST)
        above.append((block.level, level))
        out.append(replace(block, level=level))
    return tuple(out)


def _distinct(blocks: Sequence[Block], title: str) -> tuple[Block, ...]:
    """Headings with anchors of their own: the name of the section goes in front of what stands in several."""
    out: list[Block] = []
    seen = {slugify(title)}
    numbers: dict[str, int] = {}
    sections: dict[int, str] = {}
    for block in blocks:
        if not isinstance(block, Title):
            out.append(block)
        elif not slugify(text_of(block.children)):
            out.append(Paragraph(children=block.children))
        else:
            heading = _apart(block, sections.get(block.level - 1, ""), seen, numbers)
            seen.add(slugify(text_of(heading.children)))
            sections[heading.level] = text_of(heading.children)
            out.append(heading)
    return tuple(out)


def _apart(block: Title, section: str, seen: AbstractSet[str], numbers: dict[str, int]) -> Title:
    """The heading itself where it is alone, else with its section in front, else with a number."""
    anchor = slugify(text_of(block.children))
    if anchor not in seen:
        return block
    if section:
        longer = replace(block, children=(Text(text=f"{section}: "), *block.children))
        if slugify(text_of(longer.children)) not in seen:
            return longer
    while True:
        # Counted on for each text, so that a thousand headings alike take a thousand steps.
        numbers[anchor] = numbers.get(anchor, 1) + 1
        numbered = replace(block, children=(*block.children, Text(text=f" ({numbers[anchor]})")))
        if slugify(text_of(numbered.children)) not in seen:
            return numbered
