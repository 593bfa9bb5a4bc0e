"""Pages as MkDocs sees them: converted when they are new, recalled when they are known."""

from typing import Protocol

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from docsfy_action.site.check import PageLinks, scan
from docsfy_action.site.converter import Conversion, Converter, PageFacts, breakable, table_of_contents
from docsfy_action.site.diagrams import MARKS
from docsfy_action.site.model import SitePage


class WarningCount(Protocol):
    """Tells how many warnings MkDocs has given so far."""

    def count(self) -> int:
        """Warnings so far."""
        ...


class RememberedPage(Page):
    """A page whose conversion may be known already.

    The HTML of a recalled page is fetched only when a template needs it (`wants_content`), `search` holds its entries
    of the search index, `clean` says that its links lead somewhere and its conversion gave no warnings.
    """

    def __init__(self, source: SitePage, title: str, file: File, config: MkDocsConfig) -> None:
        super().__init__(title, file, config)
        self.source = source
        self.update_date = source.stamp.date if source.stamp else ""
        self.edit_url = None
        if broken := breakable(title):
            self.typeset = {"title": broken}  # what Material's navigation shows if it is there
        self.search = ""
        self.links = PageLinks()
        self.diagram = False
        self.clean = True
        self.recalled: PageFacts | None = None
        self._fresh: Conversion | None = None

    def prepare(self, known: PageFacts | None, converter: Converter, warnings: WarningCount) -> None:
        """Hand the page what is known of it, and what converts it otherwise."""
        self.recalled = known
        self._converter = converter
        self._warnings = warnings

    def read_source(self, config: MkDocsConfig) -> None:
        """The page as it was given: there is no front matter to read."""
        self.markdown = self.source.markdown
        self.meta = {}
        if not self.source.searchable:
            self.meta["search"] = {"exclude": True}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the page, unless it is known and every document it links to is still there."""
        if self.recalled is not None and all(_published(files, target) for target in self.recalled.targets):
            self._recall(self.recalled, files)
            return
        self.recalled = None
        before = self._warnings.count()
        conversion = self._converter.convert(self.markdown or "", self.file, files)
        # A page that links to something that is not there may change when it comes, although its text does not.
        self.clean = self._warnings.count() == before and all(_published(files, uri) for uri in conversion.targets)
        self._fresh = conversion
        self.content = conversion.html
        self.toc = table_of_contents(conversion.headings)
        self.present_anchor_ids = conversion.anchors
        self.links_to_anchors = conversion.links_to_anchors

    @property
    def wants_content(self) -> bool:
        """Whether the HTML must be fetched before the page can go through a template."""
        return self.recalled is not None and not self.content

    def facts(self) -> PageFacts:
        """What to remember of a page; what was converted in this build is read for the check on the way."""
        if self._fresh is None:
            return self.recalled or PageFacts()
        content = self.content or ""
        return PageFacts(
            headings=self._fresh.headings,
            anchors=tuple(sorted(self._fresh.anchors)),
            targets=tuple(sorted(self._fresh.targets)),
            anchor_links=tuple(
                (file.src_uri, anchor, link)
                for file, links in self._fresh.links_to_anchors.items()
                for anchor, link in links.items()
            ),
            search=self.search,
            links=scan(content).local(),
            diagram=any(mark in content for mark in MARKS),
        )

    def _recall(self, facts: PageFacts, files: Files) -> None:
        self.content = ""
        self.toc = table_of_contents(facts.headings)
        self.present_anchor_ids = set(facts.anchors)
        self.links_to_anchors = {}
        for target, anchor, link in facts.anchor_links:
            file = files.get_file_from_path(target)
            if file is not None:
                self.links_to_anchors.setdefault(file, {})[anchor] = link
        self.search = facts.search


def _published(files: Files, uri: str) -> bool:
    file = files.get_file_from_path(uri)
    return file is not None and not file.inclusion.is_excluded()  # type: ignore[no-untyped-call]  # half typed
