"""The comment on a pull request: what it says, how it is shortened, and that nothing in it is anything but text."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docsfy_action.github.comment import (
    LIMIT,
    Comment,
    Finding,
    PageRow,
    Places,
    Spent,
    comment_body,
    marker,
)
from docsfy_action.lifecycle import Mention, StaleName

KEY = "0123456789ab"
HEAD, BASE = "a" * 40, "b" * 40
PLACES = Places(
    preview="https://somebody.github.io/shop/pr-preview/pr-7/",
    run="https://github.com/somebody/shop/actions/runs/5",
    files="https://github.com/somebody/shop/blob/cccc",
    changes="docsfy-changes.html",
)
ROW = PageRow(
    slug="api-shop",
    title="API of shop",
    action="changed",
    reason="`add` changed its signature",
    diff=("@@", "-a", "+b"),
)
STALE = StaleName(
    kind="flag",
    name="--price",
    path="src/cli.py",
    line=3,
    renamed_to="--cost",
    mentions=(Mention(path="README.md", line=8),),
)
COMMENT = Comment(site="shop", head=HEAD, branch="main", base=BASE, total=8, pages=(ROW,))
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def said(comment: Comment, places: Places = PLACES) -> str:
    """The comment's Markdown."""
    return comment_body(comment, places, key=KEY)


def test_it_begins_with_its_marker() -> None:
    """So that it is found again; another site's has another."""
    assert said(COMMENT).startswith(f"{marker(KEY)}\n")
    assert marker(KEY) != marker("ba9876543210")


def test_what_a_reviewer_reads_first() -> None:
    """How many pages change, where the preview is, and which commit it is as of."""
    lines = said(COMMENT).split("\n\n")
    assert lines[1] == "### Documentation: 1 page changed"
    assert lines[2] == (
        "**[Open the preview](https://somebody.github.io/shop/pr-preview/pr-7)** · "
        "[What changed, as readers see it](https://somebody.github.io/shop/pr-preview/pr-7/docsfy-changes.html)"
        " · as of `aaaaaaaaaa`"
    )


@pytest.mark.parametrize(
    ("actions", "headline"),
    [
        ((), "Documentation: no page changes"),
        (("new",), "Documentation: 1 page new"),
        (("changed", "changed", "new", "removed"), "Documentation: 2 pages changed, 1 new, 1 removed"),
        (("withheld", "kept"), "Documentation: 1 page withheld, 1 left as before"),
    ],
)
def test_the_headline_counts(actions: tuple[str, ...], headline: str) -> None:
    """By what became of the pages."""
    assert f"### {headline}\n" in said(replace(COMMENT, pages=tuple(replace(ROW, action=action) for action in actions)))


def test_pages_lead_into_the_preview() -> None:
    """A page that is there is a link; one that went says where its address leads to."""
    gone = PageRow(slug="old", title="Old page", action="removed", reason="its subject is gone", leads_to="index")
    body = said(replace(COMMENT, pages=(ROW, gone)))
    base = "https://somebody.github.io/shop/pr-preview/pr-7"
    assert f"| [API of shop]({base}/api-shop.html) | changed | `add` changed its signature |" in body
    assert (
        f"| ~~Old page~~ | removed | its subject is gone; its address leads to [`index.html`]({base}/index.html) |"
        in body
    )


def test_pages_of_one_title_are_told_apart() -> None:
    """By their names."""
    body = said(replace(COMMENT, pages=(ROW, replace(ROW, slug="api-other"))), Places())
    assert "| API of shop `api-shop` |" in body
    assert "| API of shop `api-other` |" in body


def test_a_preview_to_download_says_so() -> None:
    """There are no pages to lead to."""
    body = said(COMMENT, Places(artifact="https://github.com/somebody/shop/actions/runs/5/artifacts/9"))
    assert "Download the preview" in body
    assert ".html)" not in body


def test_what_documents_still_mention() -> None:
    """Each name with what became of it and where it is mentioned, as a link to the line."""
    gone = replace(
        STALE,
        name="Cart.total",
        kind="method",
        renamed_to="",
        mentions=tuple(Mention(path="a.md", line=n) for n in range(1, 8)),
    )
    body = said(replace(COMMENT, stale=(STALE, gone)))
    assert "takes away 2 names that documents still mention" in body
    assert (
        "> - `--price` (flag) is now `--cost`: [`README.md:8`](https://github.com/somebody/shop/blob/cccc/README.md?plain=1#L8)"
        in body
    )
    assert "`Cart.total` (method) is gone" in body
    assert body.count("[`a.md:") == 4
    assert "and 3 more places" in body


def test_what_it_cost_and_what_was_found() -> None:
    """Only where a model was used; findings by page."""
    body = said(
        replace(
            COMMENT,
            spent=Spent(calls=3, tokens=12_345, dollars=0.125),
            findings=(Finding(page="api", text="`x` is not there"),),
        )
    )
    assert "3 calls of a model, 12,345 tokens, &#36;0.12" in body
    assert "- `api`: `x` is not there" in body
    assert "cost unknown" in said(replace(COMMENT, spent=Spent(calls=1, tokens=1, dollars=None)))
    assert "of a model" not in said(COMMENT)


def test_what_it_is_compared_with() -> None:
    """The base branch's site at its commit; or that there is none yet, or that it could not be told what is removed."""
    assert "compared with that of `main` at `bbbbbbbbbb`" in said(COMMENT)
    assert "nothing to compare with yet" in said(replace(COMMENT, base="", pages=()))
    assert "is not known" in said(replace(COMMENT, stale=None))


@pytest.mark.parametrize(
    ("change", "is_quiet"),
    [
        ({"pages": ()}, True),
        ({"pages": (), "stale": None}, True),
        ({}, False),
        ({"pages": (), "stale": (STALE,)}, False),
        ({"pages": (), "findings": (Finding(page="a", text="b"),)}, False),
        ({"pages": (), "base": ""}, False),
    ],
)
def test_when_there_is_nothing_to_know(change: dict[str, object], is_quiet: bool) -> None:
    """Nothing differs, nothing was found, and that is known because there was something to compare with."""
    assert replace(COMMENT, **change).is_quiet is is_quiet  # type: ignore[arg-type]  # of any field


def test_the_difference_is_whole_pages() -> None:
    """A long one is cut with its number of lines, and pages that do not fit are counted."""
    long = replace(ROW, diff=("@@", *(f"+line {number}" for number in range(100))))
    body = said(replace(COMMENT, pages=(long,)))
    assert "+line 58" in body
    assert "+line 60" not in body
    assert "… and 41 more lines" in body
    many = tuple(
        replace(long, slug=f"p{number}", diff=tuple(f"+{'x' * 390}" for _ in range(60))) for number in range(30)
    )
    body = said(replace(COMMENT, pages=many))
    assert len(body) <= LIMIT
    assert re.search(r"… and \d+ more pages; the preview shows all of them\.", body)
    assert body.count("```diff") * 2 == body.count("```")
    assert body.count("<details>") == body.count("</details>") == 1


def test_a_long_table_is_shortened_by_rows() -> None:
    """With the number of those that are left out, in the table."""
    body = said(
        replace(
            COMMENT, pages=tuple(replace(ROW, slug=f"p{number}", title=f"T{number}", diff=()) for number in range(100))
        )
    )
    assert "| … and 60 more | | |" in body


TEXT = st.text(max_size=40) | st.sampled_from(
    [
        "@octocat",
        "fixes #1",
        "|",
        "`a",
        "<b>",
        "-->",
        "</details>",
        "```",
        "![x](https://evil.example/x.png)",
        "x" * 500,
        "&#64;a",
        "\n\n# h",
    ]
)
ROWS = st.builds(
    PageRow,
    slug=TEXT,
    title=TEXT,
    action=st.sampled_from(["new", "changed", "removed", "withheld", "kept", "?"]) | TEXT,
    reason=TEXT,
    leads_to=TEXT,
    diff=st.lists(TEXT, max_size=5).map(tuple),
)
STALES = st.builds(
    StaleName, kind=TEXT, name=TEXT, path=TEXT, line=st.integers(), renamed_to=TEXT,
    mentions=st.lists(st.builds(Mention, path=TEXT, line=st.integers(-5, 10**9)), min_size=1, max_size=6).map(tuple),
)  # fmt: skip
COMMENTS = st.builds(
    Comment,
    site=TEXT,
    head=TEXT,
    branch=TEXT,
    base=TEXT,
    total=st.integers(),
    pages=st.lists(ROWS, max_size=4).map(tuple),
    stale=st.none() | st.lists(STALES, max_size=3).map(tuple),
    findings=st.lists(st.builds(Finding, page=TEXT, text=TEXT), max_size=3).map(tuple),
)
OURS = {"<sub>", "</sub>", "<code>", "</code>"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(COMMENTS, st.sampled_from([PLACES, Places()]))
def test_whatever_it_is_made_of_it_is_text(comment: Comment, places: Places) -> None:
    """No element, image or link but ours; every row has three cells; nobody is mentioned; and it is within the limit."""
    body = said(comment, places)
    assert len(body) <= LIMIT
    tokens = PARSER.parse(body)
    assert [t.content.strip() for t in tokens if t.type == "html_block" and t.content.strip() not in _BLOCKS] == []
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.content for child in inline if child.type == "html_inline"} <= OURS
    assert [child for child in inline if child.type == "image"] == []
    links = [str(child.attrs["href"]) for child in inline if child.type == "link_open"]
    assert all(link.startswith(("https://somebody.github.io/", "https://github.com/somebody/shop/")) for link in links)
    shown = "".join(child.content if child.type.startswith("text") else " " for child in inline)
    assert not re.search(r"@\w|#\d", shown)
    rows = [token for token in tokens if token.type in {"tr_open", "td_open", "th_open"}]
    count = sum(token.type == "tr_open" for token in rows)
    assert len(rows) - count == count * 3


_BLOCKS = {marker(KEY), "<details>\n<summary>The difference as Markdown</summary>", "</details>"}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 120), st.integers(0, 1500), st.sampled_from(["&", "@", "|", "a", "`", "é", "\U0001f600"]))
def test_it_never_exceeds_the_limit(count: int, length: int, character: str) -> None:
    """However many pages, names and findings there are, and however long they are once escaped."""
    text = character * length
    row = PageRow(slug=text, title=text, action="changed", reason=text, leads_to=text, diff=(text,) * 80)
    name = replace(STALE, name=text, kind=text, renamed_to=text, mentions=(Mention(path=text, line=1),) * 9)
    comment = Comment(
        site=text, head=text, branch=text, base=text, pages=(row,) * count, stale=(name,) * count,
        findings=(Finding(page=text, text=text),) * count,
    )  # fmt: skip
    body = said(comment)
    assert len(body) <= LIMIT
    assert body.count("```") % 2 == 0 or character == "`"
    assert body.rstrip().endswith("</sub>")
