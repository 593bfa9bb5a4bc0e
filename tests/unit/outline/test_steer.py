"""The outline bent to the wishes of the repository."""

from docsfy_action.outline.model import Outline, PageKind, PageSpec, Section
from docsfy_action.outline.steer import Handwritten, Pinned, missing, pin, steer


def page(slug: str, writer: str = "api") -> PageSpec:
    """A page specification."""
    return PageSpec(slug=slug, title=slug, description="", kind=PageKind.GUIDE, identity=slug, writer=writer)


OUTLINE = Outline(
    sections=(
        Section(title="", pages=(page("index"),)),
        Section(title="Guides", pages=(page("usage"),)),
        Section(title="Reference", pages=(page("api-a"), page("api-b"))),
    )
)


def steered(*handwritten: Handwritten, forbid: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Slugs by section after steering."""
    outline = steer(OUTLINE, forbids=lambda slug: slug in forbid, handwritten=handwritten)
    return {section.title: [spec.slug for spec in section.pages] for section in outline.sections}


def test_nothing_asked_changes_nothing() -> None:
    """Without wishes the outline is the one that the facts gave."""
    assert steer(OUTLINE, forbids=lambda _: False, handwritten=()) == OUTLINE


def test_forbidden_pages_go_and_empty_sections_with_them() -> None:
    """A section without pages is not shown."""
    assert steered(forbid=("usage", "api-b")) == {"": ["index"], "Reference": ["api-a"]}


def test_the_landing_page_cannot_be_forbidden_or_replaced() -> None:
    """Without it there is no site."""
    assert steered(forbid=("index",))[""] == ["index"]


def test_a_handwritten_page_is_a_guide_unless_it_names_its_section() -> None:
    """It stands at the end of its section, which is found by its title in any case."""
    notes, deep = Handwritten(spec=page("notes")), Handwritten(spec=page("deep"), section="REFERENCE")
    assert steered(notes, deep) == {
        "": ["index"],
        "Guides": ["usage", "notes"],
        "Reference": ["api-a", "api-b", "deep"],
    }


def test_a_handwritten_page_wins_over_a_generated_one() -> None:
    """What people wrote replaces the page of the same slug, wherever that stood."""
    assert steered(Handwritten(spec=page("api-a", "handwritten"), section="Guides")) == {
        "": ["index"], "Guides": ["usage", "api-a"], "Reference": ["api-b"],
    }  # fmt: skip


def test_a_new_section_is_made_for_a_page_that_names_one() -> None:
    """It comes last; several pages share it."""
    pages = (Handwritten(spec=page("a"), section="Stories"), Handwritten(spec=page("b"), section="Stories"))
    assert steered(*pages)["Stories"] == ["a", "b"]


def pinned(*pages: Pinned) -> dict[str, list[tuple[str, str]]]:
    """Slugs and titles by section after pinning."""
    outline = pin(OUTLINE, pages)
    return {section.title: [(spec.slug, spec.title) for spec in section.pages] for section in outline.sections}


def test_a_pinned_page_is_as_it_was_asked_for() -> None:
    """Title and description are the repository's; what it does not say stays, and so does its place."""
    outline = pin(OUTLINE, [Pinned(slug="api-a", title="Tools", description="All tools."), Pinned(slug="usage")])
    spec = next(spec for spec in outline.pages() if spec.slug == "api-a")
    assert (spec.title, spec.description, spec.identity) == ("Tools", "All tools.", "api-a")
    assert [spec.slug for spec in outline.pages()] == [spec.slug for spec in OUTLINE.pages()]
    assert pin(OUTLINE, [Pinned(slug="usage")]) == OUTLINE


def test_a_pinned_page_moves_to_the_section_that_is_named() -> None:
    """To one that there is, in any case, or to a new one; a section that becomes empty goes."""
    assert pinned(Pinned(slug="usage", section="reference")) == {
        "": [("index", "index")],
        "Reference": [("api-a", "api-a"), ("api-b", "api-b"), ("usage", "usage")],
    }
    assert pinned(Pinned(slug="api-b", section="More"), Pinned(slug="api-a", title="A", section="more")) == {
        "": [("index", "index")],
        "Guides": [("usage", "usage")],
        "More": [("api-b", "api-b"), ("api-a", "A")],
    }


def test_the_landing_page_stays_where_it_is() -> None:
    """Whatever section is named for it."""
    assert pinned(Pinned(slug="index", title="Home", section="Guides"))[""] == [("index", "Home")]


def test_pinned_pages_that_cannot_be_made_are_named() -> None:
    """In the order in which they were asked for; the outline is the same."""
    wanted = [Pinned(slug="upgrading"), Pinned(slug="usage"), Pinned(slug="faq", section="Guides")]
    assert missing(OUTLINE, wanted) == ("upgrading", "faq")
    assert pin(OUTLINE, wanted) == OUTLINE
