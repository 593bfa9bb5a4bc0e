"""`.devin/wiki.json`, by which repositories already steer another documentation writer: its wishes as ours."""

import json
from dataclasses import dataclass

from docsfy_action.outline.model import SLUG, slug_of

WIKI_FILE = ".devin/wiki.json"
_MAX_BYTES = 200_000
_MAX_NOTES = 100
_MAX_PAGES = 80
_MAX_TEXT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WikiPage:
    """A page that the file asks for; `brief` is its purpose and notes."""

    slug: str
    title: str
    brief: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiki:
    """What the file asks for. `problem` says why it could not be used, empty if it could."""

    notes: tuple[str, ...] = ()
    pages: tuple[WikiPage, ...] = ()
    problem: str = ""


def read_wiki(data: bytes) -> Wiki:
    """Read the file. Never raises; it comes from the repository, so what has the wrong type is left out."""
    if len(data) > _MAX_BYTES:
        return Wiki(problem=f"it is larger than {_MAX_BYTES // 1000} kB")
    try:
        root: object = json.loads(data)
    except (ValueError, RecursionError):
        return Wiki(problem="it is no JSON")
    if not isinstance(root, dict):
        return Wiki(problem="it is no JSON object")
    notes = tuple(filter(None, (_note(one) for one in _list(root.get("repo_notes"))[:_MAX_NOTES])))
    pages: dict[str, WikiPage] = {}
    for one in _list(root.get("pages"))[:_MAX_PAGES]:
        page = _page(one)
        if page is not None:
            pages.setdefault(page.slug, page)
    return Wiki(notes=notes, pages=tuple(pages.values()))


def _page(value: object) -> WikiPage | None:
    if not isinstance(value, dict):
        return None
    title = " ".join(_text(value.get("title")).split())[:80]
    if not title or not title.isprintable() or not SLUG.fullmatch(slug_of(title)):
        return None
    notes = [_text(value.get("purpose")), *(_note(note) for note in _list(value.get("page_notes"))[:_MAX_NOTES])]
    brief = "\n".join(filter(None, notes))[:_MAX_TEXT]
    parent = " ".join(_text(value.get("parent")).split())[:80]
    return WikiPage(slug=slug_of(title)[:60].strip("-"), title=title, brief=brief, parent=parent)


def _note(value: object) -> str:
    return _text(value.get("content")) if isinstance(value, dict) else _text(value)


def _text(value: object) -> str:
    return value.strip()[:_MAX_TEXT] if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
