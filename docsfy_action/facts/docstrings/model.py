"""The one shape every doc comment style is read into."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DocItem:
    """A described thing: a parameter, a return value, an exception. `text` is Markdown of one or more paragraphs."""

    name: str = ""
    type: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDoc:
    """A doc comment taken apart. All texts are Markdown in the project's page format (docs/page-format.md), written so
    that they can stand inside a block quotation: no headings, no HTML, no links that need a definition elsewhere.

    `summary` is the first sentence or paragraph, one line. `body` is the rest of the description. `examples` are whole
    blocks (prose and fences). `notes` is (title, text), e.g. ("Note", …), ("Deprecated", …), ("Changed in version 2.0", …).
    """

    summary: str = ""
    body: str = ""
    parameters: tuple[DocItem, ...] = ()
    returns: tuple[DocItem, ...] = ()
    yields: tuple[DocItem, ...] = ()
    raises: tuple[DocItem, ...] = ()
    attributes: tuple[DocItem, ...] = ()
    examples: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
