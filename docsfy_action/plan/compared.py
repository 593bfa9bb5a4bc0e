"""The pages of a pull request beside those of the branch that it is to go into: which differ, and why."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from docsfy_action.plan.reasons import Facets, explain

_CITATION = re.compile(
    r"\[((?:(?P<ticks>`++)[^\n]*?(?<!`)(?P=ticks)(?!`)|\\.|[^\[\]`\\]++)*+)\]\((?:src|doc|commit):[^\s)]*\)"
)
_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=\S)")
_QUOTATION = re.compile(r"</?q>")
_FENCE = re.compile(r"^\s*(`{3,})")


class Difference(StrEnum):
    """How a page differs."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page as a state holds it: `text` in the page format, `facets` what it was made from."""

    slug: str
    title: str
    text: str
    facets: Facets


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    """One page that differs. `old` and `new` are its texts as a reader sees them, empty where there is none; `leads_to` is the
    slug that the address of a removed page leads to."""

    slug: str
    title: str
    difference: Difference
    reason: str
    old: str = ""
    new: str = ""
    leads_to: str = ""


def compare_pages(
    before: Sequence[PageText], after: Sequence[PageText], redirects: Mapping[str, str]
) -> tuple[PageChange, ...]:
    """Pages that are not what they are on the other side, in the order of `after`, those that went last."""
    old = {page.slug: page for page in before}
    found: list[PageChange] = []
    for page in after:
        was = old.pop(page.slug, None)
        if was is None:
            found.append(
                PageChange(
                    slug=page.slug, title=page.title, difference=Difference.NEW, reason="new page", new=shown(page.text)
                )
            )
        elif was.text != page.text:
            found.append(_changed(was, page))
    return (*found, *(_removed(page, redirects) for page in old.values()))


def shown(text: str) -> str:
    """The page without what no reader sees: where citations lead to."""
    return _CITATION.sub(r"\1", text)


def as_diff(change: PageChange) -> Iterator[str]:
    """The lines of a unified diff of the page, a sentence to a line, so that it says what changed and no more."""
    lines = difflib.unified_diff(_sentences(change.old), _sentences(change.new), n=1, lineterm="")
    for line in list(lines)[2:]:
        if line.startswith("@@"):
            yield "@@"
        elif line[1:].strip():
            yield line.rstrip()


def _changed(was: PageText, page: PageText) -> PageChange:
    old, new = shown(was.text), shown(page.text)
    reason = explain(was.facets, page.facets)
    if old == new:
        reason = f"{reason}; the words are the same, but not what they cite"
    return PageChange(
        slug=page.slug,
        title=page.title,
        difference=Difference.CHANGED,
        reason=reason,
        old=old,
        new=new,
    )


def _removed(page: PageText, redirects: Mapping[str, str]) -> PageChange:
    return PageChange(
        slug=page.slug,
        title=page.title,
        difference=Difference.REMOVED,
        reason="its subject is gone, or another page says it now",
        old=shown(page.text),
        leads_to=redirects.get(page.slug, ""),
    )


def _sentences(text: str) -> list[str]:
    """The lines of a page; those of prose, each of which is a whole paragraph, taken apart into sentences."""
    found: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
            found.append(line)
        elif fence:
            found.append(line)
        elif line.lstrip().startswith("|"):
            found.append(_QUOTATION.sub("", line))
        else:
            found += _SENTENCE.split(_QUOTATION.sub("", line))
    return found
