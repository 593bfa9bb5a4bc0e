"""The comment on a pull request as Markdown: what its documentation becomes, for a reviewer who has twenty seconds.

All texts come from the pull request's code, or from a file that somebody else wrote: every one of them is escaped here, and
whatever there is of them, the comment is whole and within what GitHub takes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from docsfy_action.github import quiet
from docsfy_action.lifecycle import StaleName

LIMIT = 60_000
"""Characters of a comment; GitHub takes 65,536."""
_MOST_ROWS = 40
_MOST_STALE = 25
_MOST_PLACES = 4
_MOST_FINDINGS = 15
_DIFF_LINES = 60
_DIFF_WIDTH = 400
_MARK = "<!-- docsfy-action {} -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A page that differs: `action` is one of `new`, `changed`, `removed`, `withheld`, `kept` (it was to be written and was
    not); `leads_to` the slug that a removed page's address leads to; `diff` the lines of its difference as Markdown."""

    slug: str
    title: str
    action: str
    reason: str
    leads_to: str = ""
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What verification says of a page."""

    page: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a model has cost; `dollars` is None where no price is known."""

    calls: int
    tokens: int
    dollars: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What the comment says. `base` is the commit of the site that is compared with, empty where there is none yet; `stale` is
    None where what the pull request removes could not be found out; `total` counts the pages of the site."""

    site: str
    head: str
    branch: str
    base: str = ""
    total: int = 0
    pages: tuple[PageRow, ...] = ()
    stale: tuple[StaleName, ...] | None = ()
    findings: tuple[Finding, ...] = ()
    spent: Spent | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing that a reviewer would have to know."""
        return bool(self.base) and not (self.pages or self.stale or self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the comment may lead; none of it comes from the pull request, and all are empty where there is nothing. `preview`
    is the address of the preview, `artifact` that of one to download, `run` the page of the workflow run, `files` the address
    below which the files of the documented commit are shown, `changes` the file of the preview that shows what changed."""

    preview: str = ""
    artifact: str = ""
    run: str = ""
    files: str = ""
    changes: str = ""


def marker(key: str) -> str:
    """What the comment begins with, unseen, so that it is found again."""
    return _MARK.format(key)


def comment_body(comment: Comment, places: Places, *, key: str) -> str:
    """The whole comment, at most `LIMIT` characters."""
    head = [marker(key), f"### {_headline(comment)}", _links(comment, places)]
    foot = _foot(comment, places)
    body = _Body(LIMIT - len("\n\n".join([*head, foot])) - 200)
    body.add(_stale(comment, places), share=0.3)
    body.add(_pages(comment, places), share=0.5)
    body.add(_findings(comment), share=0.5)
    body.add(_differences(comment), share=1.0)
    return "\n\n".join([*head, *body.blocks, foot]) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A piece of the comment that is shortened item by item. `more` words how many are left out."""

    before: str
    items: Sequence[str]
    after: str
    more: Callable[[int], str]
    most: int
    joint: str = "\n"


class _Body:
    """The pieces, each within its share of the room that is left."""

    def __init__(self, room: int) -> None:
        self._room = room
        self.blocks: list[str] = []

    def add(self, part: _Part | None, *, share: float) -> None:
        """As many items as fit, and how many do not; a piece none of whose items fit is left out."""
        if part is None or not part.items:
            return
        room = int(self._room * share) - len(part.before) - len(part.after) - len(part.more(10**9)) - 8
        taken: list[str] = []
        for item in part.items[: part.most]:
            room -= len(item) + len(part.joint)
            if room < 0:
                break
            taken.append(item)
        if not taken:
            return
        left = len(part.items) - len(taken)
        items = [*taken, part.more(left)] if left else taken
        block = f"{part.before}{part.joint.join(items)}{part.after}"
        self.blocks.append(block)
        self._room -= len(block) + 2


def _headline(comment: Comment) -> str:
    if not comment.base:
        return f"Documentation: {_counted(comment.total, 'page')}, with nothing to compare with yet"
    counts = [
        (sum(page.action == action for page in comment.pages), words)
        for action, words in (
            ("changed", "changed"), ("new", "new"), ("removed", "removed"), ("withheld", "withheld"), ("kept", "left as before"),
        )
    ]  # fmt: skip
    said = [f"{count} {words}" for count, words in counts if count]
    if not said:
        return "Documentation: no page changes"
    number, _, what = said[0].partition(" ")
    pages = "page" if number == "1" else "pages"
    return f"Documentation: {', '.join([f'{number} {pages} {what}', *said[1:]])}"


def _links(comment: Comment, places: Places) -> str:
    found = []
    if places.preview:
        found.append(f"**[Open the preview]({_address(places.preview)})**")
    elif places.artifact:
        shows = f", and `{places.changes}` for what changed" if places.changes else ""
        link = f"**[Download the preview]({_address(places.artifact)})**"
        found.append(f"{link} (an artifact: unpack it and open `index.html`{shows})")
    if places.preview and places.changes:
        found.append(f"[What changed, as readers see it]({_address(places.preview)}/{places.changes})")
    found.append(f"as of {quiet.code(comment.head[:10])}")
    return " · ".join(found)


def _stale(comment: Comment, places: Places) -> _Part | None:
    if not comment.stale:
        return None
    names = len(comment.stale)
    count = "a name that documents" if names == 1 else f"{names} names that documents"
    before = f"> [!WARNING]\n> **This pull request takes away {count} still mention:**\n>\n"
    return _Part(
        before=before,
        items=[f"> - {_stale_name(one, places)}" for one in comment.stale],
        after="",
        more=lambda left: f"> - … and {left} more",
        most=_MOST_STALE,
    )


def _stale_name(one: StaleName, places: Places) -> str:
    shown = [_place(mention.path, mention.line, places) for mention in one.mentions[:_MOST_PLACES]]
    left = len(one.mentions) - len(shown)
    more = f" and {_counted(left, 'more place', 'more places')}" if left else ""
    fate = f"is now {quiet.code(one.renamed_to, 100)}" if one.renamed_to else "is gone"
    return f"{quiet.code(one.name, 100)} ({quiet.text(one.kind, 40)}) {fate}: {', '.join(shown)}{more}"


def _place(path: str, line: int, places: Places) -> str:
    name = quiet.code(f"{path}:{line}", 120)
    if not places.files:
        return name
    return f"[{name}]({_address(places.files)}/{_encoded(path)}?plain=1#L{line})"


def _pages(comment: Comment, places: Places) -> _Part | None:
    if not comment.pages:
        return None
    titles = [page.title for page in comment.pages]
    rows = [_row(page, places, is_known=titles.count(page.title) == 1) for page in comment.pages]
    return _Part(
        before="| Page | | Why |\n| :-- | :-- | :-- |\n",
        items=rows,
        after="",
        more=lambda left: f"| … and {left} more | | |",
        most=_MOST_ROWS,
    )


def _row(page: PageRow, places: Places, *, is_known: bool) -> str:
    title = quiet.text(page.title or page.slug, 100) or quiet.text(page.slug, 100)
    is_there = page.action in {"new", "changed", "kept"}
    if places.preview and is_there:
        title = f"[{title}]({_address(places.preview)}/{_encoded(page.slug)}.html)"
    if page.action == "removed":
        title = f"~~{title}~~"
    if not is_known:
        title = f"{title} {quiet.code(page.slug, 100)}"
    why = quiet.text(page.reason, 240)
    if page.leads_to:
        target = quiet.code(f"{page.leads_to}.html", 120)
        if places.preview:
            target = f"[{target}]({_address(places.preview)}/{_encoded(page.leads_to)}.html)"
        why = f"{why}; its address leads to {target}" if why else f"its address leads to {target}"
    return f"| {title} | {_ACTIONS.get(page.action, 'changed')} | {why} |"


_ACTIONS = {
    "new": "new", "changed": "changed", "removed": "removed", "withheld": "**withheld**", "kept": "left as before",
}  # fmt: skip


def _findings(comment: Comment) -> _Part | None:
    if not comment.findings:
        return None
    return _Part(
        before="**What verification found**\n\n",
        items=[f"- {quiet.code(one.page, 100)}: {quiet.text(one.text)}" for one in comment.findings],
        after="",
        more=lambda left: f"- … and {left} more",
        most=_MOST_FINDINGS,
    )


def _differences(comment: Comment) -> _Part | None:
    items = [_difference(page) for page in comment.pages if page.diff]
    if not items or not comment.base:
        return None
    return _Part(
        before="<details>\n<summary>The difference as Markdown</summary>\n\n",
        items=items,
        after="\n\n</details>",
        more=lambda left: f"… and {_counted(left, 'more page', 'more pages')}; the preview shows all of them.",
        most=100,
        joint="\n\n",
    )


def _difference(page: PageRow) -> str:
    lines = [quiet.shortened_line(line, _DIFF_WIDTH) for line in page.diff[:_DIFF_LINES]]
    left = len(page.diff) - len(lines)
    note = f"\n\n… and {_counted(left, 'more line', 'more lines')}" if left > 0 else ""
    return f"{quiet.code(f'{page.slug}.md', 120)}\n\n{quiet.fenced(lines, 'diff')}{note}"


def _foot(comment: Comment, places: Places) -> str:
    return f"<sub>{'. '.join(_notes(comment, places))}.</sub>"


def _notes(comment: Comment, places: Places) -> Iterable[str]:
    return tuple(filter(None, _said(comment, places)))


def _said(comment: Comment, places: Places) -> Iterator[str]:
    site, branch = quiet.text(comment.site, 80), quiet.code(comment.branch, 80)
    if comment.base:
        yield f"The documentation of {site}, compared with that of {branch} at {quiet.code(comment.base[:10])}"
    else:
        yield f"The documentation of {site}. There is nothing to compare with yet: no documentation of {branch} was found"
    if comment.total:
        yield f"{_counted(comment.total, 'page')} in all"
    if comment.stale is None:
        yield "Which names this pull request takes away is not known: the commit that it starts from could not be fetched"
    if comment.spent is not None and comment.spent.calls:
        cost = "cost unknown" if comment.spent.dollars is None else _dollars(comment.spent.dollars)
        yield f"{_counted(comment.spent.calls, 'call')} of a model, {comment.spent.tokens:,} tokens, {cost}"
    if places.run:
        yield f"[The run]({_address(places.run)})"


def _dollars(cost: float) -> str:
    return f"&#36;{cost:.2f}" if not cost or cost >= 0.01 else f"&#36;{cost:.4f}"


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or f'{noun}s'}"


def _encoded(path: str) -> str:
    """A path inside an address inside a link inside a table."""
    return quote(path, safe="/-._~", errors="replace")


def _address(url: str) -> str:
    """An address inside the parentheses of a link."""
    return quote(url.rstrip("/"), safe=":/?#[]@!$&'*+,;=%-._~")
