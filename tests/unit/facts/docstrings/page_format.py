"""What a text has to keep to so that it can stand in a block quotation of a page (docs/page-format.md)."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from docsfy_action.facts.docstrings.model import ParsedDoc

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_FORBIDDEN = frozenset({"heading_open", "html_block", "html_inline", "hr", "code_block", "image"})


def texts(doc: ParsedDoc) -> Iterator[str]:
    """All Markdown of a parsed comment."""
    yield from (doc.summary, doc.body, *doc.examples)
    yield from (text for _, text in doc.notes)
    for items in (doc.parameters, doc.returns, doc.yields, doc.raises, doc.attributes):
        yield from (item.text for item in items)


def violations(text: str) -> list[str]:
    """What in a text the page format does not allow."""
    found = [token.type for token in _tokens(_MARKDOWN.parse(text)) if token.type in _FORBIDDEN]
    for token in _tokens(_MARKDOWN.parse(text)):
        target = str(token.attrs.get("href", "")) if token.type == "link_open" else "https://"
        if not target.startswith(("http://", "https://")):
            found.append(f"link to {target}")
        if token.type == "fence" and not re.fullmatch(r"[\w+#.-]+", token.info):
            found.append(f"fence in {token.info!r}")
    outside = re.sub(r"^( *)(`{3,}).*?^\1\2$", "", text, flags=re.DOTALL | re.MULTILINE)
    found.extend(
        f"list marker {line!r}"
        for line in outside.split("\n")
        if re.match(r"\s*(?:[*+] |- (?!  )|\d+[.)] (?! ))", line)
    )
    return found


def _tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or [])
