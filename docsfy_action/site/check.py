"""Our own check of built pages for what MkDocs does not see: raw HTML, file: links, foreign resources, two titles."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from docsfy_action.site.model import FindingKind, SiteFinding

_TAG = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>script|style)\b(?P<raw_attributes>[^>]*)>(?P<raw_text>.*?)</(?P=raw)\s*>"
    r"|<(?P<tag>[a-zA-Z][\w-]*)(?P<attributes>[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_STYLE_URL = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""")
_LOADED_LINKS = frozenset(
    {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "preconnect", "dns-prefetch", "manifest"}
)
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """What one page of HTML offers and wants: ids, addresses of links, addresses of what is loaded, h1 headings."""

    ids: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()
    titles: int = 0

    def local(self) -> "PageLinks":
        """Without the links that lead elsewhere, which nothing here can check."""
        return PageLinks(
            ids=self.ids,
            links=frozenset(link for link in self.links if not _ELSEWHERE.match(link)),
            loaded=self.loaded,
            titles=self.titles,
        )


def scan(html: str) -> PageLinks:
    """Read one page, or a piece of one; addresses come out unescaped."""
    ids: set[str] = set()
    links: set[str] = set()
    loaded: set[str] = set()
    titles = 0
    for match in _TAG.finditer(html):
        tag = (match["tag"] or match["raw"] or "").lower()
        if not tag:
            continue
        titles += tag == "h1"
        for name, value in _attributes(match["attributes"] or match["raw_attributes"] or ""):
            if name == "id" or (name == "name" and tag == "a"):
                ids.add(value)
            elif name == "href" and tag in {"a", "area"}:
                links.add(value)
            elif name in {"src", "data", "poster", "srcset", "href", "style"}:
                _collect(tag, name, value, match["attributes"] or "", links=links, loaded=loaded)
        if tag == "style":
            loaded.update(_STYLE_URL.findall(match["raw_text"] or ""))
    return PageLinks(ids=frozenset(ids), links=frozenset(links), loaded=frozenset(loaded), titles=titles)


def check_pages(pages: Mapping[str, PageLinks], files: frozenset[str], base_path: str = "/") -> list[SiteFinding]:
    """Faults of the pages, by path of the file in the site; `base_path` is where the site stands on its host.

    Anchors are checked on those pages whose ids are known.
    """
    return sorted(
        finding for path, page in pages.items() for finding in _check_page(path, page, pages, files, base_path)
    )


def check_folder(folder: Path, base_path: str = "/") -> list[SiteFinding]:
    """Faults of all pages of a built site."""
    files = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    pages = {name: scan((folder / name).read_text("utf-8")) for name in sorted(files) if name.endswith(".html")}
    return check_pages(pages, files, base_path)


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        yield name.lower(), unescape(double or single or bare)


def _collect(tag: str, name: str, value: str, attributes: str, *, links: set[str], loaded: set[str]) -> None:
    if name == "style":
        loaded.update(_STYLE_URL.findall(value))
    elif name == "srcset":
        loaded.update(part.split()[0] for part in value.split(",") if part.strip())
    elif tag == "link":
        relations = set(dict(_attributes(attributes)).get("rel", "").lower().split())
        (loaded if relations & _LOADED_LINKS else links).add(value)
    elif name != "href" or tag in {"use", "image"}:
        loaded.add(value)


def _check_page(
    path: str, page: PageLinks, pages: Mapping[str, PageLinks], files: frozenset[str], base_path: str
) -> Iterator[SiteFinding]:
    if page.titles > 1:
        yield SiteFinding(page=path, kind=FindingKind.DUPLICATE_TITLE)
    for address in page.loaded:
        if _WEB.match(address):
            yield SiteFinding(page=path, kind=FindingKind.FOREIGN_RESOURCE, target=address)
    for address in page.links | page.loaded:
        if address.lower().startswith("file:"):
            yield SiteFinding(page=path, kind=FindingKind.FILE_LINK, target=address)
        elif not _ELSEWHERE.match(address):
            kind = _fault(path, address, pages, files, base_path)
            if kind is not None:
                yield SiteFinding(page=path, kind=kind, target=address)


def _fault(
    path: str, address: str, pages: Mapping[str, PageLinks], files: frozenset[str], base_path: str
) -> FindingKind | None:
    place, _, fragment = address.strip().partition("#")
    target = _target(path, unquote(place.partition("?")[0]), base_path)
    if target is None or target not in files:
        return FindingKind.BROKEN_LINK
    anchor = unquote(fragment)
    known = pages[target].ids if target in pages else frozenset()
    if not anchor or not known or anchor == "top" or anchor.startswith(":~:") or anchor in known:
        return None
    return FindingKind.BROKEN_ANCHOR


def _target(path: str, address: str, base_path: str) -> str | None:
    """The file an address leads to; None where it leaves the site."""
    if not address:
        return path
    if address.startswith("/"):
        if not address.startswith(base_path):
            return None
        joined = address[len(base_path) :]
    else:
        joined = posixpath.join(posixpath.dirname(path), address)
    target = posixpath.normpath(joined) if joined else "."
    if target == "." or address.endswith("/"):
        target = posixpath.join(target, "index.html")
    target = posixpath.normpath(target)
    return None if target.startswith("../") else target
