"""Hand-written pages: Markdown files of the repository that become pages as they are, in the project's page format."""

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.markdown import normalise
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import encoded, heading


@dataclass(frozen=True, slots=True, kw_only=True)
class HandwrittenInput:
    """The file's text; `pages` maps other hand-written files to their slugs, `paths` are link targets that exist."""

    title: str
    path: str
    text: str
    pages: tuple[tuple[str, str], ...]
    paths: tuple[str, ...]


def select(spec: PageSpec, context: Context) -> HandwrittenInput:
    """The file that the page is, and what its links may lead to."""
    (path,) = spec.subjects
    text = context.texts[path]
    targets = {_target(path, link) for link in _relative_links(text)}
    return HandwrittenInput(
        title=spec.title,
        path=path,
        text=text,
        pages=tuple((page.subjects[0], page.slug) for page in context.outline.pages() if page.writer == "handwritten"),
        paths=tuple(sorted(targets & context.code.files.keys())),
    )


def _relative_links(text: str) -> list[str]:
    found: list[str] = []

    def collect(link: str) -> str | None:
        found.append(link)
        return link

    normalise(text, link=collect)
    return found


def _target(path: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(link.partition("#")[0])))


def write(page: HandwrittenInput) -> str:
    """The page's Markdown: the same words, with links that work from the site."""
    slugs = dict(page.pages)

    def lead(link: str) -> str | None:
        if link.startswith("#"):
            return link
        target = _target(page.path, link)
        anchor = link.partition("#")[2]
        if target in slugs:
            return f"{slugs[target]}.md{f'#{anchor}' if anchor else ''}"
        return f"src:{encoded(target)}" if target in page.paths else None

    text = normalise(page.text, link=lead)
    return text if text.startswith("# ") else f"{heading(1, page.title)}\n\n{text}"
