"""The outline bent to the wishes of `.docsfy.yml`: pages that must not be, and pages that people wrote."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from docsfy_action.outline.model import LANDING, Outline, PageSpec, Section

GUIDES = "Guides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handwritten:
    """A page that people wrote, and the section that lists it (the guides, unless it names one)."""

    spec: PageSpec
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A page that must be there; empty texts leave what the outline says of it."""

    slug: str
    title: str = ""
    description: str = ""
    section: str = ""


def pin(outline: Outline, pinned: Sequence[Pinned]) -> Outline:
    """The outline with what is said of pinned pages that it has: titles, descriptions, and the sections they move to.

    Pages that it has not are left to whoever can write them (`missing`). The landing page stays where it is.
    """
    for page in pinned:
        spec = next((spec for spec in outline.pages() if spec.slug == page.slug), None)
        if spec is None:
            continue
        said = replace(
            spec,
            title=page.title or spec.title,
            heading=page.title,
            description=page.description or spec.description,
        )
        wanted = outline.section_of[spec.slug] if spec.slug == LANDING or not page.section else page.section
        sections = [
            replace(section, pages=tuple(said if one is spec else one for one in section.pages))
            if section.title.lower() == wanted.lower()
            else replace(section, pages=tuple(one for one in section.pages if one is not spec))
            for section in outline.sections
        ]
        if not any(said in section.pages for section in sections):
            sections = _listed(sections, said, wanted)
        outline = Outline(sections=tuple(section for section in sections if section.pages))
    return outline


def missing(outline: Outline, pinned: Sequence[Pinned]) -> tuple[str, ...]:
    """Slugs of pinned pages that the outline has not, in their order."""
    there = {spec.slug for spec in outline.pages()}
    return tuple(page.slug for page in pinned if page.slug not in there)


def steer(outline: Outline, *, forbids: Callable[[str], bool], handwritten: Sequence[Handwritten]) -> Outline:
    """The outline without forbidden pages and with the hand-written ones, which win over pages of the same slug."""
    written = {page.spec.slug for page in handwritten}
    sections = [
        replace(
            section,
            pages=tuple(
                page
                for page in section.pages
                if page.slug == LANDING or not (forbids(page.slug) or page.slug in written)
            ),
        )
        for section in outline.sections
    ]
    for page in handwritten:
        sections = _listed(sections, page.spec, page.section or GUIDES)
    return Outline(sections=tuple(section for section in sections if section.pages))


def _listed(sections: list[Section], page: PageSpec, title: str) -> list[Section]:
    """The sections with the page at the end of the one with this title, which is made where there is none."""
    if not any(section.title.lower() == title.lower() for section in sections):
        return [*sections, Section(title=title, pages=(page,))]
    return [
        replace(section, pages=(*section.pages, page)) if section.title.lower() == title.lower() else section
        for section in sections
    ]
