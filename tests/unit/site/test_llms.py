"""llms.txt as llmstxt.org describes it, and the whole site in one file."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llms_txt import parse_llms_file  # type: ignore[import-untyped]  # published without types

from docsfy_action.site.llms import FIRST_SECTION, llms_full_txt, llms_txt, twin
from docsfy_action.site.model import SiteSection
from tests.unit.site.sites import page, site

BULLET = re.compile(r"^- \[([^\]]*)\]\(([^)]*)\)", re.MULTILINE)


def test_every_bullet_leads_to_the_twin_of_a_page_the_landing_page_first() -> None:
    """All pages are listed once, in reading order, and no bullet leads anywhere else."""
    spec = site(page("b"), page("a"))
    assert [target for _, target in BULLET.findall(llms_txt(spec))] == ["index.md", "b.md", "a.md"]


def test_addresses_are_absolute_where_the_address_of_the_site_is_known() -> None:
    """With a site address, bullets can be followed from wherever the file was copied to; parentheses are encoded."""
    spec = site(page("a"), site_url="https://example.com/x(1)")
    assert "(https://example.com/x%281%29/a.md)" in llms_txt(spec)


def test_the_file_has_the_parts_of_the_format_in_order() -> None:
    """One title, a summary in one line, a paragraph, then sections with bullets and descriptions."""
    spec = site(page("a", description="Two\nlines."), name="Na[me]", description="What it\nis.")
    lines = llms_txt(spec).split("\n")
    assert lines[:4] == ["# Na(me)", "", "> What it is.", ""]
    assert "- [A](a.md): Two lines." in lines
    assert f"## {FIRST_SECTION}" in lines


def test_sections_with_the_same_title_stay_apart() -> None:
    """Titles of sections are unique in the file, and inner sections carry the title above them."""
    inner = SiteSection(title="Inner", slugs=("c",))
    sections = (SiteSection(title="S", slugs=("a",)), SiteSection(title="S", slugs=("b",), sections=(inner,)))
    text = llms_txt(site(page("a"), page("b"), page("c"), sections=sections))
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [FIRST_SECTION, "S", "S (2)", "S: Inner"]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(WORDS, WORDS, WORDS, WORDS)
@settings(max_examples=150, deadline=None)
def test_the_reference_parser_reads_every_file_as_it_was_meant(name: str, summary: str, title: str, note: str) -> None:
    """Whatever titles and descriptions hold, the reference parser finds the sections, the pages and their addresses."""
    spec = site(page("a", title=title, description=note), name=f"x{name}", description=f"x{summary}")
    parsed = parse_llms_file(llms_txt(spec))
    assert [link.url for links in parsed.sections.values() for link in links] == ["index.md", "a.md"]


def test_the_full_file_holds_each_page_once_one_level_down() -> None:
    """Headings of pages become second-level headings, code that looks like a heading does not."""
    text = llms_full_txt(site(page("a", "# A\n\n## B\n\n```text\n# not a heading\n```\n")))
    assert re.findall(r"^#+ .*$", text, re.MULTILINE) == ["# Example", "## Example", "## A", "### B", "# not a heading"]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("b.md", "{}b.md"),
        ("b.md#x", "{}b.md#x"),
        ("#x", "{}a.md#x"),
        ("https://example.org/x", "https://example.org/x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("/x", "/x"),
        ("//example.org/x", "//example.org/x"),
        ("https://[", "https://["),
    ],
)
@pytest.mark.parametrize("address", ["", "https://example.com/p/"])
def test_links_in_the_full_file_lead_where_they_lead_from_the_page(link: str, expected: str, address: str) -> None:
    """Links between pages and inside a page work from the file itself; links elsewhere stay as they are."""
    text = llms_full_txt(site(page("a", f"# A\n\n[t]({link})\n"), site_url=address))
    assert f"[t]({expected.format(address)})" in text


def test_twins_are_the_pages_as_stored() -> None:
    """The twin is the page's Markdown and ends in one line break."""
    assert twin(page("a", "# A\n\n[b](b.md)\n\n")) == "# A\n\n[b](b.md)\n"
