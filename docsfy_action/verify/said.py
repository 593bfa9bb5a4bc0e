"""What is said on a page that a model wrote: citations, code and names, before anything is looked up."""

import re

from docsfy_action.verify.citations import Citation, parse_citation
from docsfy_action.verify.common_words import COMMON
from docsfy_action.verify.reading import parser

# Words of running text that are names by their look: flags, variables, snake_case, camelCase, dotted.
_PROSE_NAME = re.compile(
    r"(?<![\w-])--[a-z][\w-]*|\b[A-Za-z]\w*_\w+\b|\b[a-z]+[A-Z]\w*|\b[A-Z][a-z0-9]+[A-Z]\w*|\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+"
)
_WORD = re.compile(r"[A-Za-z_$][\w$]{2,}")
_DOTTED = re.compile(r"[\w$]+(?:(?:\.|::|#)[\w$]+)*(?:\(\))?")


class Said:
    """The names of a page, each once, in their order."""

    def __init__(self, markdown: str) -> None:
        citations: dict[str, Citation] = {}
        spans: dict[str, None] = {}
        prose: dict[str, None] = {}
        self.fences: list[tuple[str, str]] = []
        for token in parser().parse(markdown):
            if token.type == "fence":
                self.fences.append((token.info.strip(), token.content))
            for child in token.children or ():
                if child.type == "code_inline":
                    spans[child.content] = None
                elif child.type == "text":
                    prose.update(dict.fromkeys(_PROSE_NAME.findall(child.content)))
                elif child.type == "link_open":
                    target = str(child.attrs.get("href", ""))
                    cited = parse_citation(target)
                    if cited is not None and cited.scheme != "commit":
                        citations[target] = cited
        self.citations = tuple(citations.values())
        self.spans = tuple(spans)
        self.prose = tuple(prose)


def names_on(markdown: str) -> frozenset[str]:
    """The last words of the names on a page, and all words of other code on it, without those that belong to languages and
    everyday computing. Paths are no names here: they would be those of everything in them."""
    page = Said(markdown)
    said = (*page.spans, *page.prose, *(one.symbol or one.literal for one in page.citations))
    found = set()
    for text in said:
        words = _WORD.findall(text)
        if "/" not in text:
            found.update(words[-1:] if _DOTTED.fullmatch(text) else words)
    return frozenset(found) - COMMON
