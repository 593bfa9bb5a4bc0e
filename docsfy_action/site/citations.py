"""Citations of stored pages become final links: permalinks with line ranges to the commit at which a file got its content."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from docsfy_action.facts.model import Span
from docsfy_action.repository.snapshot import Remote
from docsfy_action.site.hosts import commit_url, file_url
from docsfy_action.site.rewrite import rewrite
from docsfy_action.verify.citations import Citation, encoded, parse_citation

PAGE_LINK = re.compile(r"(?:([a-z0-9-]+)\.md)?(?:#(.*))?$")
# The text of a link, up to its target.
TEXT = r"\[((?:(?P<ticks>`++)[^\n]*?(?<!`)(?P=ticks)(?!`)|\\.|[^\[\]`\\]++)*+)\]\("


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What resolving needs. `changed` gives the commit at which a path got its present content; `lines` the lines of a
    target in that content; `documented` maps (path, symbol) to the page and anchor that document it."""

    remote: Remote | None
    changed: Callable[[str], str]
    lines: Callable[[Citation], Span | None]
    documented: Mapping[tuple[str, str], tuple[str, str]]


@dataclass(slots=True)
class Resolved:
    """A page with final links, the commits that its permalinks name, and links whose anchor is not there."""

    markdown: str
    commits: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The pages that go out. `anchors` gives what links to one of them may name after `#`."""

    slugs: Collection[str]
    anchors: Callable[[str], Collection[str]]


def resolve(slug: str, markdown: str, evidence: Evidence, published: Published) -> Resolved:
    """Replace every citation of the page `slug`; links that lead nowhere become plain text: to the source where no
    remote is known, to pages that are not published. A link to an anchor that is not there leads to its page."""
    resolved = Resolved(markdown="")
    gone = _Gone(markdown)

    def to_page(url: str, target: str | None, anchor: str | None) -> str:
        if target is not None and target not in published.slugs:
            return gone.mark(url)
        if not anchor or unquote(anchor) in published.anchors(target or slug):
            return url
        resolved.lost.add(url)
        return f"{target}.md" if target is not None else gone.mark(url)

    def final(url: str) -> str:
        target = parse_citation(url)
        if target is None:
            page = PAGE_LINK.match(url)
            return url if page is None else to_page(url, page[1], page[2])
        if target.scheme == "commit":
            return commit_url(evidence.remote, target.path) if evidence.remote is not None else gone.mark(url)
        if target.scheme == "doc":
            home = evidence.documented.get((target.path, target.symbol))
            if home is not None and home[0] in published.slugs:
                return f"#{home[1]}" if home[0] == slug else f"{home[0]}.md#{home[1]}"
        if evidence.remote is None:
            return gone.mark(url)
        commit = evidence.changed(target.path)
        resolved.commits.add(commit)
        place = encoded(target.path)
        return file_url(evidence.remote, commit, place, folder=target.folder, span=evidence.lines(target))

    resolved.markdown = gone.unlinked(rewrite(markdown, link=final))
    return resolved


class _Gone:
    """Links of a page that have nowhere to lead to: a mark stands for their target until their text takes their place."""

    def __init__(self, markdown: str) -> None:
        self._targets: list[str] = []
        self._word = "docsfy-nowhere"
        while self._word in markdown:
            self._word += "-"

    def mark(self, target: str) -> str:
        """What stands for a target."""
        self._targets.append(target)
        return f"{self._word}:{len(self._targets) - 1}:"

    def unlinked(self, markdown: str) -> str:
        """The page without these links. What looked like one and has no text that could take its place stays as it was."""
        if not self._targets:
            return markdown
        mark = f"{self._word}:([0-9]+):"
        bare = re.sub(rf"{TEXT}<?{mark}>?\)", r"\1", markdown)
        return re.sub(mark, lambda match: self._targets[int(match[1])], bare)


def line_of(data: bytes, literal: str) -> Span | None:
    """The first line of a file that holds `literal`."""
    found = data.find(literal.encode("utf-8", "surrogateescape"))
    if found < 0:
        return None
    line = data.count(b"\n", 0, found) + 1
    return Span(start=line, end=line)
