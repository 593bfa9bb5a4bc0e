"""Pages of a pull request beside those of its base branch."""

from docsfy_action.plan.compared import Difference, PageChange, PageText, as_diff, compare_pages, shown

FACETS = {"symbol src/shop.py#Cart": {"api": "1", "doc": "1"}}


def page(slug: str, text: str, **facets: str) -> PageText:
    """A page made from one definition."""
    return PageText(
        slug=slug, title=slug.title(), text=text, facets={"symbol src/shop.py#Cart": {"api": "1", "doc": "1", **facets}}
    )


def test_pages_that_are_the_same_are_left_out() -> None:
    """Whatever they were made from."""
    assert compare_pages([page("a", "x")], [page("a", "x", api="2")], {}) == ()


def test_what_differs_has_a_reason_and_an_order() -> None:
    """The order of the new site, and pages that went last, with where they lead."""
    before = [page("gone", "old"), page("b", "x"), page("a", "x")]
    after = [page("a", "y", api="2"), page("new", "n"), page("b", "z")]
    found = compare_pages(before, after, {"gone": "a"})
    assert [(one.slug, one.difference) for one in found] == [
        ("a", Difference.CHANGED), ("new", Difference.NEW), ("b", Difference.CHANGED), ("gone", Difference.REMOVED),
    ]  # fmt: skip
    assert [one.reason for one in found[:3]] == [
        "`Cart` changed its signature",
        "new page",
        "the pages or modules around it changed",
    ]
    assert (found[3].leads_to, found[3].old, found[3].new) == ("a", "old", "")


def test_a_page_whose_citations_moved_says_so() -> None:
    """A reader sees the same words."""
    (found,) = compare_pages([page("a", "See [x](src:a.py).")], [page("a", "See [x](src:b.py).")], {})
    assert found.reason.endswith("the words are the same, but not what they cite")
    assert list(as_diff(found)) == []


def test_citations_are_shown_as_their_text() -> None:
    """Links to pages and to the web stay; text that only looks like a citation stays too."""
    text = "A [`Cart.add`](src:a.py#Cart.add), [a \\[b\\]](doc:b.py), [c](commit:0), [d](other.md) and [f](src: g)."
    assert shown(text) == "A `Cart.add`, a \\[b\\], c, [d](other.md) and [f](src: g)."


def test_a_difference_is_told_by_sentences() -> None:
    """A paragraph is one line of a page; of one that changed only its sentence is shown, and what is around it."""
    old = "# T\n\nOne stays. Two went. Three stays.\n\nSame.\n\n| <q>a</q> |\n\nSame.\n\nSame.\n\n```text\nA. B.\n```\n"
    new = "# T\n\nOne stays. Two came. Three stays.\n\nSame.\n\n| <q>b</q> |\n\nSame.\n\nSame.\n\n```text\nA. C.\n```\n"
    change = PageChange(slug="a", title="A", difference=Difference.CHANGED, reason="", old=old, new=new)
    assert list(as_diff(change)) == [
        "@@", " One stays.", "-Two went.", "+Two came.", " Three stays.",
        "@@", "-| a |", "+| b |", "@@", " ```text", "-A. B.", "+A. C.", " ```",
    ]  # fmt: skip
