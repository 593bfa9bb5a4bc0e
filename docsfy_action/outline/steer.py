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
        wanted = page.section or GUIDES
        for index, section in enumerate(sections):
            if section.title.lower() == wanted.lower():
                sections[index] = replace(section, pages=(*section.pages, page.spec))
                break
        else:
            sections.append(Section(title=wanted, pages=(page.spec,)))
    return Outline(sections=tuple(section for section in sections if section.pages))
