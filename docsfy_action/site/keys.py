"""Keys of the render cache: digests of everything a remembered result depends on."""

import hashlib
import json
from collections.abc import Sequence

from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from docsfy_action.site.model import SitePage
from docsfy_action.site.pages import RememberedPage


def content_key(base: str, page: SitePage) -> str:
    """What the converted HTML of a page depends on, apart from the existence of the pages it links to."""
    return _digest(base, page.slug, page.title, page.searchable, page.markdown)


class PageKeys:
    """Keys of finished HTML pages: content, neighbours, and the part of the navigation shown beside them."""

    def __init__(self, base: str, nav: Navigation, *, pruned: bool) -> None:
        self._base = base
        self._pruned = pruned
        self._nav = nav
        self._shown: dict[int, str] = {}
        self._top = self._list(nav.items) if pruned else _digest([_tree(item) for item in nav.items])

    def key(self, page: RememberedPage, content: str, frame: str) -> str:
        """The key of one page; `frame` holds what our own templates show around its content."""
        ancestors = [self._list(item.children) for item in page.ancestors if isinstance(item, Section)]
        return _digest(
            self._base,
            content,
            self._top,
            ancestors if self._pruned else [],
            page.url,
            page.title,
            _neighbour(page.previous_page),
            _neighbour(page.next_page),
            _neighbour(self._nav.homepage),
            frame,
        )

    def _list(self, items: Sequence[StructureItem]) -> str:
        known = self._shown.get(id(items))
        if known is None:
            known = self._shown[id(items)] = _digest([_pruned(item) for item in items])
        return known


def _pruned(item: StructureItem) -> list[str | None]:
    """An item as `navigation.prune` shows it: a section is a link to its first page."""
    first = item
    while isinstance(first, Section) and first.children:
        first = first.children[0]
    return [type(item).__name__, item.title, getattr(first, "url", None)]


def _tree(item: StructureItem) -> list[object]:
    children = item.children if isinstance(item, Section) else ()
    return [*_pruned(item), [_tree(child) for child in children]]


def _neighbour(page: Page | None) -> list[str | None]:
    return [page.title, page.url] if page is not None else []


def _digest(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()
