"""Citations of stored pages become permalinks, links to the site's own pages, or plain text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docsfy_action.facts.model import Span
from docsfy_action.repository.snapshot import Remote
from docsfy_action.site.citations import Evidence, Published, Resolved, line_of, resolve
from docsfy_action.verify.citations import Citation
from tests.unit.samples import STEADY

SHA = "f" * 40


def remote(host: str = "github.com") -> Remote:
    """A repository at this host."""
    return Remote(url=f"https://{host}/acme/tool", host=host, owner="acme", name="tool")


def lines(target: Citation) -> Span | None:
    """Symbols span lines 3 to 9, literals stand in line 7, whole files have no lines."""
    if target.symbol:
        return Span(start=3, end=9)
    return Span(start=7, end=7) if target.literal else None


def resolved(markdown: str, *, known: Remote | None = remote(), slug: str = "usage") -> Resolved:  # noqa: B008 - a frozen value
    """A page of a site that publishes `usage` and `api`, which documents `a.py#f`, and not `gone`."""
    evidence = Evidence(
        remote=known,
        changed=lambda path: f"commit-of-{path}",
        lines=lines,
        documented={("a.py", "f"): ("api", "f"), ("a.py", "g"): ("gone", "g")},
    )
    anchors = {"usage": {"own"}, "api": {"f", "größe"}}
    return resolve(slug, markdown, evidence, Published(slugs=anchors.keys(), anchors=anchors.__getitem__))


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("src:a%20b.py", "https://github.com/acme/tool/blob/commit-of-a b.py/a%20b.py"),
        ("src:src/", "https://github.com/acme/tool/tree/commit-of-src/src"),
        ("src:a.py#f", "https://github.com/acme/tool/blob/commit-of-a.py/a.py#L3-L9"),
        ("src:a.py?x", "https://github.com/acme/tool/blob/commit-of-a.py/a.py#L7"),
        ("doc:a.py#f", "api.md#f"),
        ("doc:a.py#g", "https://github.com/acme/tool/blob/commit-of-a.py/a.py#L3-L9"),
        ("doc:a.py#unknown", "https://github.com/acme/tool/blob/commit-of-a.py/a.py#L3-L9"),
        (f"commit:{SHA}", f"https://github.com/acme/tool/commit/{SHA}"),
        ("api.md#f", "api.md#f"),
        ("#own", "#own"),
        ("https://example.com/gone.md", "https://example.com/gone.md"),
    ],
)
def test_a_link_leads_to_what_it_cites(link: str, expected: str) -> None:
    """Files and folders at the commit that gave them their content, definitions where the site documents them."""
    assert resolved(f"See [`x`]({link}).\n").markdown == f"See [`x`]({expected}).\n"


def test_a_definition_on_the_same_page_is_an_anchor() -> None:
    """The link does not leave the page."""
    assert resolved("[f](doc:a.py#f)", slug="api").markdown == "[f](#f)"


@pytest.mark.parametrize("link", ["src:a.py", "doc:a.py#g", f"commit:{SHA}", "src:src/"])
def test_without_a_remote_links_to_the_source_are_text(link: str) -> None:
    """What has nowhere to lead to is read all the same; links inside the site stay."""
    found = resolved(f"[`a`]({link}), [b \\] c]({link}) and [``d`e``]({link})", known=None)
    assert found.markdown == "`a`, b \\] c and ``d`e``"
    assert found.commits == set()
    assert resolved("[f](doc:a.py#f)", known=None).markdown == "[f](api.md#f)"


def test_links_to_pages_that_are_not_published_are_text() -> None:
    """A page that was withheld leaves no broken links behind."""
    assert resolved("[Gone](gone.md) and [part](gone.md#x)").markdown == "Gone and part"


def test_the_commits_of_the_citations_are_known() -> None:
    """They decide the page's date; a link to a commit itself is no citation of a file."""
    found = resolved(f"[`a`](src:a.py) [`b`](src:b.py#x) [f](doc:a.py#f) [c](commit:{SHA})")
    assert found.commits == {"commit-of-a.py", "commit-of-b.py"}


def test_code_is_left_as_it_is() -> None:
    """What looks like a citation in a code block or span is text."""
    text = "`[x](src:a.py)`\n\n```text\n[x](src:a.py)\n```\n"
    assert resolved(text, known=None).markdown == text


def test_a_commit_has_its_address_at_each_host() -> None:
    """GitLab puts a dash before what is not a path of its own."""
    found = resolved(f"[c](commit:{SHA})", known=remote("gitlab.com"))
    assert found.markdown == f"[c](https://gitlab.com/acme/tool/-/commit/{SHA})"


@pytest.mark.parametrize(("literal", "line"), [("one", 1), ("two", 2), ("é", 3), ("caf\udce9", 4), ("none", None)])
def test_a_literal_is_found_in_its_first_line(literal: str, line: int | None) -> None:
    """Character for character, whatever the encoding of the rest."""
    data = b"one\ntwo one\ntwo \xc3\xa9\ncaf\xe9\n"
    assert line_of(data, literal) == (None if line is None else Span(start=line, end=line))


@STEADY
@given(st.text(alphabet="ab[]()`\\*_ #|<>:.?%\n", max_size=60))
@example("](#:")
@example("](#:)")
@example(f"a docsfy-nowhere:0: b docsfy-nowhere:{'9' * 5000}: ](#a")
def test_text_without_citations_is_not_touched(text: str) -> None:
    """Resolving changes links and nothing else."""
    assert resolved(text).markdown == text


@pytest.mark.parametrize(
    ("link", "final", "lost"),
    [
        ("[x](api.md#f)", "[x](api.md#f)", False),
        ("[x](<gone.md>)", "x", False),
        ("[x](api.md#gr%C3%B6%C3%9Fe)", "[x](api.md#gr%C3%B6%C3%9Fe)", False),
        ("[x](api.md#)", "[x](api.md#)", False),
        ("[x](#own)", "[x](#own)", False),
        ("[x](api.md#none)", "[x](api.md)", True),
        ("[`x`](#none)", "`x`", True),
        ("[x](gone.md#f)", "x", False),
    ],
)
def test_a_link_to_a_heading_that_is_not_there_leads_to_its_page(link: str, final: str, lost: bool) -> None:
    """One such link, which people can write by hand, must not keep the whole site from being built; it is reported."""
    found = resolved(f"see {link}\n")
    assert found.markdown == f"see {final}\n"
    assert bool(found.lost) is lost
