"""The first sentence or paragraph of a doc comment, apart from the rest."""

import re
from collections.abc import Sequence

from docsfy_action.facts.docstrings.blocks import Block, Paragraph

# Longer first paragraphs are cut after their first sentence.
SUMMARY_LENGTH = 200
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z`\"'“(\[*\\])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|[A-Z])|\.\.)\.\Z")


def split_summary(blocks: Sequence[Block]) -> tuple[str, Sequence[Block]]:
    """(summary on one line, what remains); the summary is empty where the first block is no paragraph."""
    if not blocks or not isinstance(blocks[0], Paragraph):
        return "", blocks
    text = " ".join(blocks[0].text.split())
    for match in _SENTENCE_END.finditer(text) if len(text) > SUMMARY_LENGTH else ():
        head = text[: match.end()]
        pairs = head.count("[") == head.count("]") and head.count("(") == head.count(")")
        if pairs and head.count("`") % 2 == 0 and head.count("*") % 2 == 0 and not _ABBREVIATION.search(head):
            return head, [Paragraph(text[match.end() :].lstrip()), *blocks[1:]]
    return text, blocks[1:]
