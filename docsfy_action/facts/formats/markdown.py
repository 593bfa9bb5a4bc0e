"""Markdown documents: title, lead, headings, code samples and sections."""

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.licence import is_licence_file
from docsfy_action.facts.formats.syntax.text import reader
from docsfy_action.facts.model import BlobFacts

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx")


def _read(text: str) -> BlobFacts:
    # Costs 50 ms to load: only repositories with Markdown pay for it.
    from docsfy_action.facts.formats.syntax.commonmark import read_markdown

    return BlobFacts(documents=(read_markdown(text),))


def _claims(path: str) -> bool:
    return path.lower().endswith(_SUFFIXES) and not is_licence_file(path)


EXTRACTORS = (Extractor(name="markdown", version=2, claims=_claims, extract=reader(_read)),)
