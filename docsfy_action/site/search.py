"""The search index: Material's own, with entries of unchanged pages remembered and code read without its colours."""

import json
import re
from pathlib import Path

from material.plugins.search.plugin import Parser, SearchIndex, SearchPlugin
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from docsfy_action.site.pages import RememberedPage

_CODE = re.compile(r"<pre><span></span><code>.*?</code></pre>", re.DOTALL)
_COLOUR = re.compile(r'</?span\b[^>]*>|<a id="__[^>]*></a>')
_SEARCH_ATTRIBUTE = re.compile(r"\s?data-search-\w+=\"[^\"]+\"")


class RememberingSearch(SearchPlugin):  # type: ignore[misc]  # Material is published without types
    """Material's search plugin; writes the same bytes with less work, and a copy for pages opened from disk."""

    def __init__(self) -> None:
        super().__init__()
        self._fragments: list[str] = []

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Take or make the entries of a page."""
        if not self.config.enabled:
            return
        assert isinstance(page, RememberedPage)
        if page.remembered is None:
            page.search = entries_as_json(page)
            page.content = _SEARCH_ATTRIBUTE.sub("", page.content or "")
        if page.search:
            self._fragments.append(page.search)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the index."""
        if not self.config.enabled:
            return
        options = {key: self.config[key] for key in ("lang", "separator", "pipeline", "fields")}
        head = json.dumps(options, separators=(",", ":"), default=str)
        index = f'{{"config":{head},"docs":[{",".join(self._fragments)}]}}'
        folder = Path(config.site_dir) / "search"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "search_index.json").write_text(index, encoding="utf-8")
        # Browsers refuse to fetch files; a script is the one way to hand the index to a page opened from disk.
        (folder / "search_index.js").write_text(f"var __index = {index}", encoding="utf-8")


def entries_as_json(page: Page) -> str:
    """The entries of one page, as Material makes them, as JSON objects joined by commas."""
    index = SearchIndex()
    if (page.meta.get("search") or {}).get("exclude"):
        return ""
    parser = Parser()
    parser.feed(without_colours(page.content or ""))
    parser.close()
    for section in parser.data:
        if not section.is_excluded():
            index.create_entry_for_section(section, page.toc, page.url, page)
    return json.dumps(index.entries, separators=(",", ":"), default=str)[1:-1]


def without_colours(html: str) -> str:
    """HTML with the spans of highlighted code removed: the index drops them anyway, one by one and slowly."""
    return _CODE.sub(lambda match: _COLOUR.sub("", match[0]), html)
