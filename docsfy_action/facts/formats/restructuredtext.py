"""reStructuredText documents: title, lead, headings, code samples and sections, all of them as Markdown."""

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.licence import is_licence_file
from docsfy_action.facts.formats.syntax.text import reader
from docsfy_action.facts.model import BlobFacts


def _read(text: str) -> BlobFacts:
    # It shares the writing of Markdown with the Markdown reader, which costs 50 ms to load.
    from docsfy_action.facts.formats.syntax.rst import read_rst

    return BlobFacts(documents=(read_rst(text),))


def _claims(path: str) -> bool:
    return path.lower().endswith((".rst", ".rest")) and not is_licence_file(path)


EXTRACTORS = (Extractor(name="restructuredtext", version=2, claims=_claims, extract=reader(_read)),)
