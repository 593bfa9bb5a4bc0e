"""Slugs, and the outline as a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.outline.model import RESERVED_SLUGS, SLUG, Outline, PageKind, PageSpec, Section, slug_of
from tests.unit.samples import STEADY


def page(slug: str) -> PageSpec:
    """A page specification."""
    return PageSpec(slug=slug, title=slug, description="", kind=PageKind.GUIDE, identity=f"of {slug}", writer="landing")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Client.get", "client-get"),
        ("src/a_b", "src-a-b"),
        ("--", "page"),
        ("Überblick", "berblick"),
        ("404", "404-page"),
        ("Index", "index-page"),
        ("llms full", "llms-full-page"),
    ],
)
def test_any_text_has_a_slug(text: str, slug: str) -> None:
    """Letters and digits stay, the rest becomes dashes, and names that the site needs for itself are avoided."""
    assert slug_of(text) == slug


@STEADY
@given(st.text(max_size=30))
def test_slugs_are_safe_whatever_the_text(text: str) -> None:
    """Every slug can be a file name and an address, and never collides with the site's own files."""
    slug = slug_of(text)
    assert SLUG.match(slug)
    assert slug not in RESERVED_SLUGS | {"index"}


def test_an_outline_knows_its_pages_by_order_subject_and_section() -> None:
    """Pages come in nav order and can be asked for by what they are about."""
    outline = Outline(
        sections=(Section(title="", pages=(page("index"),)), Section(title="More", pages=(page("b"), page("a"))))
    )
    assert [spec.slug for spec in outline.pages()] == ["index", "b", "a"]
    assert outline.by_identity["of a"].slug == "a"
    assert outline.section_of == {"index": "", "b": "More", "a": "More"}
