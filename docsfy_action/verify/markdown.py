"""The page format: brings foreign Markdown into it, and says which anchor a heading has."""

from docsfy_action.verify.escaping import code_span
from docsfy_action.verify.inline import LinkRewriter
from docsfy_action.verify.normal import settle
from docsfy_action.verify.reading import Headings, read
from docsfy_action.verify.slugs import slugify
from docsfy_action.verify.tidying import on_one_line
from docsfy_action.verify.tree import Paragraph, Text, Title
from docsfy_action.verify.writing import write, write_inline

__all__ = ["code", "escape", "inline", "normalise", "quotation", "slugify"]


def normalise(markdown: str, *, headings: Headings = "keep", link: LinkRewriter | None = None) -> str:
    """Any Markdown in the form of `docs/page-format.md`, ending in one newline; empty where nothing is left.

    `headings="bold"` turns headings into bold paragraphs. `link` is called with every relative target of a link or
    image and says where it leads, or None to keep only its text; without it, relative targets stay. A second pass
    changes nothing.
    """

    def rewrite(part: str) -> str:
        return write(read(part, headings=headings, link=link))

    return settle(markdown, rewrite, titles=headings == "keep", links=link is None)


def inline(markdown: str, *, cell: bool = False, link: LinkRewriter | None = None) -> str:
    """The first paragraph of any Markdown on one line, for a table cell (`cell`), a list item or part of a sentence."""
    for block in read(markdown, link=link):
        if isinstance(block, Paragraph | Title):
            return write_inline(on_one_line(block.children), cell=cell)
    return ""


def escape(text: str, *, cell: bool = False) -> str:
    """Plain text, which is no Markdown, so that every reader shows it as it is."""
    text = " ".join(text.split())
    return write_inline((Text(text=text),), cell=cell) if text else ""


def code(text: str, *, cell: bool = False) -> str:
    """`text` as a code span, in a table cell where `cell`; empty for blank text."""
    return code_span(text, cell=cell)


def quotation(markdown: str) -> str:
    """A block quotation of Markdown that is in the page format already."""
    lines = markdown.rstrip("\n").split("\n")
    return "\n".join([*(f"> {line}" if line else ">" for line in lines), ""])
