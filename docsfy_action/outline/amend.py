"""An outline that lasts: pages that a model planned once stay until what they speak of is gone, and new code is noticed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.outline.build import with_unique_slugs
from docsfy_action.outline.model import Outline, PageSpec, Section
from docsfy_action.outline.proposal import PlannedPage

GUIDES = "Guides"
MODEL_WRITER = "model"
# Pages that the embedded writer makes too, and that explain rather than list: with a model, the model writes them.
EXPLAINING = frozenset({"landing", "getting_started", "usage", "architecture"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the planned pages speak of. `planned` are those that still have something to be made from, `gone` those that
    have not, `uncovered` new source files in places that no page covers."""

    planned: tuple[PlannedPage, ...]
    gone: tuple[PlannedPage, ...]
    uncovered: tuple[str, ...]


def is_by_model(spec: PageSpec) -> bool:
    """Whether a page is the model's to write, where there is a model."""
    return spec.writer == MODEL_WRITER or spec.writer in EXPLAINING


def coverage(planned: Sequence[PlannedPage], code: CodeBase, before: Collection[str]) -> Coverage:
    """Compare planned pages with the commit. `before` are the paths of the commit that the outline was last made or
    amended for; files that existed then were seen by the planner, and left out on purpose."""
    paths = code.files.keys()
    kept = tuple(page for page in planned if any(_exists(source, paths) for source in page.sources))
    gone = tuple(page for page in planned if page not in kept)
    folders = {path.rpartition("/")[0] for path in before if path in code.files}
    covered = [source for page in kept for source in page.sources]
    uncovered = tuple(
        file.path
        for file in code.sources()
        if file.path not in before
        and file.path.rpartition("/")[0] not in folders
        and not any(_covers(source, file.path) for source in covered)
    )
    return Coverage(planned=kept, gone=gone, uncovered=uncovered)


def join(outline: Outline, planned: Sequence[PlannedPage]) -> Outline:
    """The outline of the facts with the planned pages in it: in the section of that name, or in one of their own behind
    the guides. A planned page whose slug the facts have come to use gives way."""
    taken = {page.slug for page in outline.pages()}
    groups: dict[str, list[PageSpec]] = {}
    for page in planned:
        if page.slug not in taken:
            groups.setdefault(_section(page.section, outline), []).append(spec_of(page))
    sections = [
        replace(section, pages=(*section.pages, *groups.pop(section.title, []))) for section in outline.sections
    ]
    at = next((index for index, section in enumerate(sections, 1) if section.title == GUIDES), min(1, len(sections)))
    sections[at:at] = [Section(title=title, pages=tuple(pages)) for title, pages in groups.items()]
    return with_unique_slugs(Outline(sections=tuple(sections)))


def spec_of(page: PlannedPage) -> PageSpec:
    """The specification of a planned page."""
    return PageSpec(
        slug=page.slug,
        title=page.title,
        description=page.description,
        kind=page.kind,
        identity=f"guide:{page.slug}",
        writer=MODEL_WRITER,
        subjects=page.sources,
    )


def _section(wanted: str, outline: Outline) -> str:
    """The section of the outline that is called so, whatever the case; reference sections take no explanations."""
    for section in outline.sections:
        if section.title and section.title.lower() == wanted.lower():
            explains = any(is_by_model(page) for page in section.pages)
            return section.title if explains else GUIDES
    return wanted or GUIDES


def _covers(source: str, path: str) -> bool:
    return path == source or path.startswith(f"{source.rstrip('/')}/")


def _exists(source: str, paths: Collection[str]) -> bool:
    return source in paths or any(_covers(source, path) for path in paths)
