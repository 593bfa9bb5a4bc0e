"""Doc comments as structure: Google, NumPy, Sphinx, JSDoc and Go styles all become a `ParsedDoc` with Markdown text."""

from docsfy_action.facts.docstrings.model import DocItem, ParsedDoc

__all__ = ["DocItem", "ParsedDoc"]
