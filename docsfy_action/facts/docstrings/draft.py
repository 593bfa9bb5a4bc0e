"""A `ParsedDoc` in the making: what the readers of all styles fill while they go through a comment."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from docsfy_action.facts.docstrings.blocks import Block, render
from docsfy_action.facts.docstrings.inline import paragraph
from docsfy_action.facts.docstrings.model import DocItem, ParsedDoc


@dataclass(slots=True)
class Draft:
    """Running text and sections in the order in which they come; `notes` are (title, Markdown)."""

    text: list[Block] = field(default_factory=list)
    parameters: list[DocItem] = field(default_factory=list)
    returns: list[DocItem] = field(default_factory=list)
    yields: list[DocItem] = field(default_factory=list)
    raises: list[DocItem] = field(default_factory=list)
    attributes: list[DocItem] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def parsed(self, summary: str, body: Sequence[Block]) -> ParsedDoc:
        """The finished value, with the running text cut into `summary` and `body`."""
        return ParsedDoc(
            summary=paragraph(summary),
            body=render(body),
            parameters=tuple(self.parameters),
            returns=tuple(self.returns),
            yields=tuple(self.yields),
            raises=tuple(self.raises),
            attributes=tuple(self.attributes),
            examples=tuple(self.examples),
            notes=tuple(self.notes),
        )
