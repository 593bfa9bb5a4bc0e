"""Cuts out of a page what names things that do not exist: the smallest unit that still reads as a whole, never a part of code."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from docsfy_action.verify.findings import Finding
from docsfy_action.verify.inline import InlineBuilder
from docsfy_action.verify.markdown import normalise
from docsfy_action.verify.outlining import Unit, units
from docsfy_action.verify.reading import CALLOUT, parser
from docsfy_action.verify.sentences import holds, quotes, sentences
from docsfy_action.verify.tidying import text_of, tidy, tidy_edges
from docsfy_action.verify.tree import Inline, Paragraph
from docsfy_action.verify.writing import write

Check = Callable[[str], Sequence[Finding]]

MOST_ROUNDS = 12
# Of a page that loses more than this share, what remains is no longer the page that was asked for.
MOST_LOST = 1 / 3
_SHOWN = 160
_INTRODUCES = (":", "：")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """The page without what did not hold, and what was taken out, as text, in the order of its removal."""

    markdown: str
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withered:
    """Too much of the page does not hold for the rest to be published."""

    reason: str
    removed: tuple[str, ...]


def prune(markdown: str, check: Check) -> Pruned | Withered:
    """Cut until `check` finds nothing more. `markdown` is in the page format, and so is the result; other code stays as
    it is. What is cut may be what another sentence leaned on, so the page is checked after each round."""
    removed: list[str] = []
    page = markdown
    for _ in range(MOST_ROUNDS):
        findings = check(page)
        if not findings:
            return Pruned(markdown=page, removed=tuple(removed))
        cut = _Cut(page)
        for finding in findings:
            cut.finding(finding)
        removed += cut.removed
        shorter = _settled(cut.text())
        reason = _withered(markdown, shorter, cut)
        if not reason and len(shorter) >= len(page):
            reason = f"there is no way to cut out what does not hold: {findings[0].message}"
        if reason:
            return Withered(reason=reason, removed=tuple(removed))
        page = shorter
    return Withered(reason="every cut made something else untrue", removed=tuple(removed))


def _withered(before: str, after: str, cut: "_Cut") -> str:
    if cut.titled:
        return "its title names what does not exist"
    if _leads(before) and not _leads(after):
        return "its first paragraph names what does not exist"
    if len(after) < len(before) * (1 - MOST_LOST):
        return f"{100 - 100 * len(after) // len(before)} percent of it would have to go"
    return ""


def _leads(page: str) -> bool:
    """Whether a paragraph follows the title."""
    first = units(page).children[:2]
    return [unit.kind for unit in first] == ["heading", "paragraph"]


def _settled(text: str) -> str:
    """In the page format, and without headings that nothing follows."""
    while True:
        page = normalise(text)
        lines = page.split("\n")
        bare = list(_bare_headings(units(page)))
        if not bare and page == text:
            return page
        for unit in bare:
            lines[unit.start : unit.end] = [""] * (unit.end - unit.start)
        text = "\n".join(lines) if bare else page


def _bare_headings(root: Unit) -> Iterator[Unit]:
    blocks = root.children
    for at, unit in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        empty = following is None or (following.kind == "heading" and following.level <= unit.level)
        if unit.kind == "heading" and unit.level > 1 and empty:
            yield unit


@dataclass
class _Cut:
    """One round of cuts, all found on the same text."""

    page: str
    removed: list[str] = field(default_factory=list)
    titled: bool = False

    def __post_init__(self) -> None:
        self._lines: list[str | None] = [*self.page.split("\n")]
        self._root = units(self.page)
        self._kept: dict[int, list[tuple[Inline, ...]]] = {}

    def text(self) -> str:
        """The page without what was cut."""
        return "\n".join(line for line in self._lines if line is not None)

    def finding(self, finding: Finding) -> None:
        """Cut what one finding is about."""
        unit = self._root.at(finding.line - 1)
        if unit.kind == "page" or any(one.gone for one in _above(unit)):
            return
        quoted = next((one for one in _above(unit) if one.kind == "quote" and not one.callout), None)
        if quoted is not None:
            self._drop(quoted)
        elif unit.kind == "paragraph":
            self._sentences(unit, finding)
        else:
            self._drop(unit)

    def _sentences(self, unit: Unit, finding: Finding) -> None:
        """Take the sentences with the finding out of a paragraph, the whole of it where they cannot be told."""
        quoting = finding.kind in ("quotation", "source")

        def concerned(sentence: Sequence[Inline]) -> bool:
            return quotes(sentence) if quoting else holds(sentence, finding.text)

        said = self._said_by(unit)
        rest = [one for one in said if not concerned(one)]
        if len(rest) < len(said):
            if not self._rewrite(unit, rest):
                self._drop(unit)
        elif not any(concerned(one) for one in _sentences_of(unit)):
            # Of what went for another finding, nothing is left to be done.
            self._drop(unit)

    def _said_by(self, unit: Unit) -> list[tuple[Inline, ...]]:
        """The sentences of a paragraph that are still there."""
        if id(unit) not in self._kept:
            self._kept[id(unit)] = _sentences_of(unit)
        return self._kept[id(unit)]

    def _rewrite(self, unit: Unit, rest: list[tuple[Inline, ...]]) -> bool:
        """Put these sentences in the place of a paragraph; False where that cannot be done, and nothing is changed."""
        children = tidy_edges(tidy([child for one in rest for child in one], split=False))
        if not text_of(children).strip():
            return False
        head, content = _callout(unit.content)
        start = unit.start + head
        written = write((Paragraph(children=children),)).rstrip("\n").split("\n")
        first = self.page.split("\n")[start]
        prefix = first.removesuffix(content.split("\n")[0])
        if prefix == first or len(written) > unit.end - start:
            return False
        self.removed += [_shown(text_of(one)) for one in self._said_by(unit) if one not in rest]
        self._kept[id(unit)] = rest
        indent = "".join(mark if mark == ">" else " " for mark in prefix)
        fresh = [f"{indent if at else prefix}{line}" for at, line in enumerate(written)]
        self._lines[start : unit.end] = [*fresh, *[None] * (unit.end - start - len(fresh))]
        return True

    def _drop(self, unit: Unit) -> None:
        """Remove a unit, and what makes no sense without it."""
        if unit.gone:
            return
        parent = unit.parent
        siblings = parent.children if parent is not None else []
        if parent is not None and _is_head(unit, parent):
            self._drop(parent)
            return
        if unit.kind == "heading":
            self._drop_section(unit, siblings)
            return
        unit.gone = True
        left = [one for one in siblings if not one.gone]
        if parent is not None and parent.kind != "page" and (not left or (parent.kind == "table" and len(left) == 1)):
            self._drop(parent)
            return
        self._clear(unit)
        self.removed.append(_shown(" ".join(_said(unit).split())))
        after = unit.after()
        if unit.kind == "quote" and after is not None and after.kind == "paragraph" and after.content.startswith("—"):
            self._drop(after)
        if unit.kind in ("fence", "table", "list"):
            self._drop_introduction(unit.before())

    def _drop_section(self, heading: Unit, siblings: Sequence[Unit]) -> None:
        if heading.level == 1:
            self.titled = True
            return
        at = siblings.index(heading)
        for number, unit in enumerate(siblings[at:]):
            if number and unit.kind == "heading" and unit.level <= heading.level:
                break
            for one in unit.all():
                one.gone = True
            self._clear(unit)
            self.removed.append(_shown(" ".join(_said(unit).split())))

    def _drop_introduction(self, unit: Unit | None) -> None:
        """The sentence that led to what was removed: it ends in a colon."""
        if unit is None or unit.gone or unit.kind != "paragraph" or not unit.content.rstrip().endswith(_INTRODUCES):
            return
        if not self._rewrite(unit, self._said_by(unit)[:-1]):
            self._drop(unit)

    def _clear(self, unit: Unit) -> None:
        self._lines[unit.start : unit.end] = [None] * (unit.end - unit.start)


def _above(unit: Unit) -> Iterator[Unit]:
    """The unit and all around it."""
    found: Unit | None = unit
    while found is not None:
        yield found
        found = found.parent


def _is_head(unit: Unit, parent: Unit) -> bool:
    """Whether the rest of its container speaks of what this unit names: the text of an item, the head of a table."""
    return parent.children[0] is unit and parent.kind in ("item", "table") and unit.kind in ("paragraph", "row")


def _callout(content: str) -> tuple[int, str]:
    """How many lines the mark of a callout takes, and the content without it."""
    mark = CALLOUT.match(content)
    return (1, content[mark.end() :]) if mark is not None else (0, content)


def _sentences_of(unit: Unit) -> list[tuple[Inline, ...]]:
    return list(sentences(_inline(_callout(unit.content)[1])))


def _inline(content: str) -> tuple[Inline, ...]:
    builder = InlineBuilder()
    for token in parser().parseInline(content):
        builder.tokens(token.children or ())
    return builder.result()


def _said(unit: Unit) -> str:
    return " ".join(one.content for one in unit.all() if one.content)


def _shown(text: str) -> str:
    text = text.strip()
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
