"""`docsfy-changes.html`: the pages that a pull request changes, with what came and went marked where a reader finds it."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from docsfy_action.plan.compared import Difference, PageChange
from docsfy_action.site.comparison.blocks import Block, BlockKind, blocks
from docsfy_action.site.comparison.words import marked

FILE = "docsfy-changes.html"
_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_AROUND_LINE = 3  # lines of long code on either side of a change
_LONG_CODE = 24
_WHOLE = 60  # blocks of a page that came or went
_MOST_PAIRS = 4_000
_ALIKE = 0.45
_MOST_BYTES = 4_000_000
_LABELS = {Difference.NEW: "new", Difference.CHANGED: "changed", Difference.REMOVED: "removed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the page is about: the site, the pull request's number, the branch and commit that it is compared with, and the
    commit that it is as of. `titles` are those of all pages that are there, by slug."""

    site: str
    number: int
    branch: str
    base: str
    head: str
    changes: Sequence[PageChange]
    titles: dict[str, str]
    language: str = "en"


def changes_page(compared: Compared) -> str:
    """The whole page as HTML; it needs no other file and loads nothing."""
    sections: list[str] = []
    size = 0
    for change in compared.changes:
        section = _section(change, compared)
        size += len(section)
        sections.append(section if size <= _MOST_BYTES else _header(change, compared) + "</section>\n")
    return _frame(compared, "".join(_entry(change, compared) for change in compared.changes), "".join(sections))


@cache
def _style() -> str:
    return (Path(__file__).parent / "changes.css").read_text("utf-8")


def _frame(compared: Compared, contents: str, sections: str) -> str:
    site, branch = _text(compared.site), _text(compared.branch)
    count = "One page differs" if len(compared.changes) == 1 else f"{len(compared.changes)} pages differ"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self'">
<title>What pull request {compared.number} changes - {site}</title>
<link rel="icon" href="assets/docsfy/favicon.svg">
<style>
{_style()}</style>
</head>
<body>
<header class="top"><a href="index.html">{site}</a><span>Pull request {compared.number}</span></header>
<main>
<h1>What this pull request changes in the documentation</h1>
<p class="lead">{count} from the site of <code>{branch}</code> as of <code>{_text(compared.base[:10])}</code>.
This preview shows <code>{_text(compared.head[:10])}</code>. <ins>Added</ins> and <del>removed</del> text is marked;
what stayed is shown where it helps.</p>
<nav aria-label="Pages that differ"><ul class="pages">
{contents}</ul></nav>
{sections}</main>
</body>
</html>
"""


def _title(change: PageChange, compared: Compared) -> str:
    """The page's title, with its name where another page that differs has the same title."""
    alone = sum(other.title == change.title for other in compared.changes) == 1
    return _text(change.title) if alone else f"{_text(change.title)} <code>{change.slug}</code>"


def _entry(change: PageChange, compared: Compared) -> str:
    label = _LABELS[change.difference]
    return (
        f'<li><a href="#{change.slug}">{_title(change, compared)}</a> <span class="kind {label}">{label}</span>'
        f"<small>{_reason(change.reason)}</small></li>\n"
    )


def _header(change: PageChange, compared: Compared) -> str:
    label = _LABELS[change.difference]
    title = _title(change, compared)
    if change.difference is Difference.REMOVED:
        name = f"<s>{title}</s>"
        link = (
            f'Its address leads to <a href="{change.leads_to}.html">{_text(compared.titles[change.leads_to])}</a>.'
            if (change.leads_to in compared.titles)
            else ""
        )
    else:
        name = f'<a href="{change.slug}.html">{title}</a>'
        link = f'<a href="{change.slug}.html">Open the page</a>'
    why = f'<p class="why">{_reason(change.reason)[:1].upper()}{_reason(change.reason)[1:]}. {link}</p>'
    return (
        f'<section id="{change.slug}" aria-label="{escape(change.title, quote=True)}">\n'
        f'<h2>{name} <span class="kind {label}">{label}</span></h2>\n{why}\n'
    )


def _section(change: PageChange, compared: Compared) -> str:
    body = "".join(_body(change))
    return f'{_header(change, compared)}<div class="page">\n{body}</div>\n</section>\n'


def _body(change: PageChange) -> Iterator[str]:
    old, new = blocks(change.old), blocks(change.new)
    if change.difference is not Difference.CHANGED:
        is_new = change.difference is Difference.NEW
        shown, css = (new, "added") if is_new else (old, "gone")
        yield "" if is_new else "<details><summary>What it said</summary>\n"
        yield from (_plain(block, css) for block in shown[:_WHOLE])
        if len(shown) > _WHOLE:
            yield f'<p class="gap">{_counted(len(shown) - _WHOLE, "more block")}</p>\n'
        yield "" if is_new else "</details>\n"
        return
    yield from _shortened(list(_steps(old, new)), _Gap())


@dataclass(frozen=True, slots=True)
class _Step:
    html: str
    is_change: bool
    is_heading: bool = False


def _steps(old: Sequence[Block], new: Sequence[Block]) -> Iterator[_Step]:
    matcher = difflib.SequenceMatcher(
        a=[(block.kind, block.source) for block in old], b=[(block.kind, block.source) for block in new], autojunk=False
    )
    for operation, start, end, other, other_end in matcher.get_opcodes():
        if operation == "equal":
            yield from (
                _Step(_plain(block, ""), is_change=False, is_heading=block.kind is BlockKind.HEADING)
                for block in new[other:other_end]
            )
        else:
            yield from (_Step(html, is_change=True) for html in _replaced(old[start:end], new[other:other_end]))


def _replaced(old: Sequence[Block], new: Sequence[Block]) -> Iterator[str]:
    """Blocks that became others: alike ones in one, with their words marked, and all others whole."""
    reached = 0
    too_many = len(old) * len(new) > _MOST_PAIRS
    for block in new:
        partner = (
            None if too_many else next((index for index in range(reached, len(old)) if _alike(old[index], block)), None)
        )
        if partner is None:
            yield _plain(block, "added")
            continue
        yield from (_plain(gone, "gone") for gone in old[reached:partner])
        yield _both(old[partner], block)
        reached = partner + 1
    yield from (_plain(gone, "gone") for gone in old[reached:])


def _alike(old: Block, new: Block) -> bool:
    if old.kind is not new.kind or old.level != new.level:
        return False
    if old.kind is BlockKind.TABLE:
        return bool(old.lines and new.lines and old.lines[0] == new.lines[0])
    matcher = difflib.SequenceMatcher(a=old.source.split(), b=new.source.split(), autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _both(old: Block, new: Block) -> str:
    if new.kind is BlockKind.CODE:
        lines = _lines(old.lines, new.lines)
        return f'<pre class="both"><code>{"".join(lines)}</code></pre>\n'
    if new.kind is BlockKind.TABLE:
        rows = "".join(_table_rows(old.lines[1:], new.lines[1:]))
        head = f"<thead><tr>{new.lines[0]}</tr></thead>" if _says(new.lines[0]) else ""
        return f'<div class="wide"><table>{head}<tbody>{rows}</tbody></table></div>\n'
    found = marked(old.html, new.html)
    if found.is_marked:
        return f'<div class="both">{found.html}</div>\n'
    return f'<div class="both touched" title="A link or the form of the text changed">{found.html}</div>\n'


def _says(cells: str) -> bool:
    """Whether there is any text in the cells of a row."""
    return bool(_TAG.sub("", cells).strip())


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Lines of code; of long code those near a change."""
    found: list[_Step] = []
    for operation, start, end, other, other_end in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if operation == "equal":
            found += [_Step(f"<span>{line}</span>\n", is_change=False) for line in new[other:other_end]]
            continue
        found += [_Step(f"<del>{line}</del>\n", is_change=True) for line in old[start:end]]
        found += [_Step(f"<ins>{line}</ins>\n", is_change=True) for line in new[other:other_end]]
    around = _AROUND_LINE if len(found) > _LONG_CODE else _LONG_CODE
    yield from _shortened(found, _Gap(html='<span class="gap">{}</span>\n', noun="line", around=around))


def _table_rows(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Rows that came and went, and the words of those that changed; rows far from any change are left out."""
    found: list[_Step] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for operation, start, end, other, other_end in matcher.get_opcodes():
        if operation == "equal":
            found += [_Step(f"<tr>{row}</tr>\n", is_change=False) for row in new[other:other_end]]
        else:
            rows = _replaced_rows(old[start:end], new[other:other_end])
            found += [_Step(row, is_change=True) for row in rows]
    yield from _shortened(found, _Gap(html='<tr><td class="gap" colspan="99">{}</td></tr>\n', noun="row"))


def _replaced_rows(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Rows that became others. A row is what its first cell says it is about."""
    names = [row.partition("</td>")[0] for row in old]
    reached = 0
    for row in new:
        name = row.partition("</td>")[0]
        partner = names.index(name, reached) if name in names[reached:] else None
        if partner is None and len(old) == len(new) == 1:
            partner = 0
        if partner is None:
            yield f'<tr class="added">{row}</tr>\n'
            continue
        yield from (f'<tr class="gone">{gone}</tr>\n' for gone in old[reached:partner])
        yield f"<tr>{marked(old[partner], row).html}</tr>\n"
        reached = partner + 1
    yield from (f'<tr class="gone">{gone}</tr>\n' for gone in old[reached:])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """What stands for that which is left out: HTML with room for a sentence, what is counted, and how many of it stay on
    either side of a change."""

    html: str = '<p class="gap">{}</p>\n'
    noun: str = "block"
    around: int = 1


def _shortened(steps: Sequence[_Step], gap: _Gap) -> Iterator[str]:
    """What changed, what is next to it, and the headings that it stands under; between them, how much is left out."""
    wanted = _wanted(steps, gap.around)
    hidden = 0
    for index, step in enumerate(steps):
        if index not in wanted:
            hidden += 1
            continue
        if hidden:
            yield gap.html.format(f"{_counted(hidden, gap.noun)} unchanged")
            hidden = 0
        yield step.html
    if hidden:
        yield gap.html.format(f"{_counted(hidden, gap.noun)} unchanged")


def _wanted(steps: Sequence[_Step], reach: int) -> frozenset[int]:
    found: set[int] = set()
    heading: int | None = None
    for index, step in enumerate(steps):
        if step.is_heading:
            heading = index
        if step.is_change:
            around = range(max(index - reach, 0), min(index + reach + 1, len(steps)))
            # A heading behind a change begins something else.
            found.update(one for one in around if one <= index or not steps[one].is_heading)
            if heading is not None:
                found.add(heading)
    return frozenset(found)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _plain(block: Block, css: str) -> str:
    html = block.html
    if block.kind is BlockKind.TABLE:
        html = html if _says(block.lines[0]) else _HEAD.sub("", html)
        html = f'<div class="wide">{html}</div>'
    return f'<div class="{css}">{html}</div>\n' if css else html


def _reason(text: str) -> str:
    """A reason, in which names stand between backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return _text(text)
    return "".join(f"<code>{_text(part)}</code>" if number % 2 else _text(part) for number, part in enumerate(parts))


def _text(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return escape(shown)
