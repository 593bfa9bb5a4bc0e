"""Our part in the MkDocs build: puts pages in from memory, and what is known of them in the place of work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import jinja2
from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from docsfy_action.site.cache import RenderCache
from docsfy_action.site.converter import Converter, PageFacts, dump_facts, load_facts
from docsfy_action.site.diagrams import MARKS
from docsfy_action.site.keys import PageKeys, content_key
from docsfy_action.site.model import INDEX, SitePage, SiteSpec, Stamp
from docsfy_action.site.pages import RememberedPage, WarningCount
from docsfy_action.site.sitemap import address
from docsfy_action.site.theme import PageTemplate, SiteEnvironment

FACTS, CONTENT, PAGES = "site-facts", "site-content", "site-pages"
"""Namespaces of the render cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What our templates show around a page; texts are HTML."""

    noindex: bool = False
    diagrams: bool = False
    twin: str = ""
    description: str = ""
    sha: str = ""
    date: str = ""
    url: str = ""
    author: str = ""
    checked: bool = False
    home: str = ""


class SitePlugin(BasePlugin):  # type: ignore[type-arg,no-untyped-call]  # MkDocs' base class is only half typed
    """Adds the pages, finds what is known of them, and hands the templates what they show."""

    def __init__(self, spec: SiteSpec, warnings: WarningCount, *, cache: RenderCache | None, base_key: str) -> None:
        super().__init__()
        self._spec = spec
        self._warnings = warnings
        self._cache = cache if base_key else None
        self._base_key = base_key
        self._pages: list[RememberedPage] = []
        self._content_keys = {page.slug: content_key(base_key, page) for page in spec.pages} if base_key else {}
        self._nav: Navigation | None = None
        self._template: PageTemplate | None = None

    @property
    def rendered_pages(self) -> int:
        """Pages that went through the templates."""
        return self._template.rendered_pages if self._template else 0

    @property
    def reused_pages(self) -> int:
        """Pages that were finished before."""
        return self._template.reused_pages if self._template else 0

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages, which are never written to a folder of documents, and leave out what no browser loads."""
        for file in list(files):
            if _is_superfluous(file.src_uri, config):
                files.remove(file)
        stored = self._get(FACTS, self._content_keys.values())
        converter = Converter(config, reuse=bool(self._base_key))
        titles = dict(_titles(config.nav))
        for source in self._spec.reading_order():
            uri = f"{source.slug}.md"
            file = File.generated(config, uri, content=source.markdown)
            files.append(file)
            page = RememberedPage(source, titles.get(uri) or escape(source.title), file, config)
            known = stored.get(self._content_keys.get(source.slug, ""))
            page.prepare(load_facts(known) if known is not None else None, converter, self._warnings)
            self._pages.append(page)
        return files

    def on_nav(self, nav: Navigation, **_: object) -> Navigation:
        """Keep the navigation for the keys of the pages."""
        self._nav = nav
        return nav

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Find finished pages, and the HTML of known pages that must go through the templates again."""
        keys = self._page_keys(config)
        finished = self._get(PAGES, keys.values())
        wanted = [page for page in self._pages if page.wants_content and keys.get(page.file.src_uri) not in finished]
        contents = self._get(CONTENT, [self._content_keys[page.source.slug] for page in wanted])
        for page in wanted:
            content = contents.get(self._content_keys[page.source.slug])
            if content is not None:
                page.content = content.decode()
            else:
                page.recalled = None
                page.render(config, files)
        if isinstance(env, SiteEnvironment):
            self._template = env.page_template = PageTemplate(env, finished, keys)
        return env

    @event_priority(50)
    def on_page_context(self, context: TemplateContext, *, page: Page, **_: object) -> TemplateContext:
        """Hand our templates what they show around a page."""
        if isinstance(page, RememberedPage):
            page.meta["description"] = escape(page.source.description)
            if self._spec.version is not None and self._spec.site_url:
                page.canonical_url = address(page.source, self._spec)
            diagrams = any(mark in (page.content or "") for mark in MARKS)
            self._set_frame(context, replace(self._frame(page.source), diagrams=diagrams))
        return context

    def on_template_context(self, context: TemplateContext, **_: object) -> TemplateContext:
        """The same for pages that are not documents, such as 404.html."""
        self._set_frame(context, Frame(noindex=True, home=self._home()))
        if not self._spec.site_url:
            # MkDocs takes such a site for one at the root of its host; all our pages are in one folder, wherever it is.
            context["base_url"] = "."
        return context

    def remember(self) -> dict[str, PageFacts]:
        """Store what this build found out, and return the facts of all pages by file name."""
        facts = {page.file.dest_uri: page.facts() for page in self._pages}
        if self._cache is not None and self._template is not None:
            fresh = [page for page in self._pages if page.recalled is None and page.clean]
            keys = {page.file.dest_uri: self._content_keys[page.source.slug] for page in fresh}
            self._cache.put_many(FACTS, {keys[name]: dump_facts(facts[name]) for name in keys})
            self._cache.put_many(CONTENT, {keys[page.file.dest_uri]: (page.content or "").encode() for page in fresh})
            self._cache.put_many(PAGES, self._template.rendered)
        return facts

    def _page_keys(self, config: MkDocsConfig) -> dict[str, str]:
        if not self._base_key or self._nav is None:
            return {}
        features = config.theme.get("features") or []
        pruned = "navigation.prune" in features and "navigation.sections" not in features
        keys = PageKeys(self._base_key, self._nav, pruned=pruned)
        return {
            page.file.src_uri: keys.key(page, self._content_keys[page.source.slug], repr(self._frame(page.source)))
            for page in self._pages
            if page.clean
        }

    def _frame(self, page: SitePage) -> Frame:
        spec = self._spec
        stamp = page.stamp
        if page.slug == INDEX and spec.commit:
            stamp = Stamp(sha=spec.commit, date=spec.commit_date, url=spec.commit_url)
        return Frame(
            noindex=spec.preview,
            twin=f"{page.slug}.md",
            description=escape(page.description),
            sha=escape(stamp.sha[:7]) if stamp else "",
            date=escape(stamp.date) if stamp else "",
            url=escape(stamp.url) if stamp else "",
            author=escape(page.author),
            checked=page.checked,
            home=self._home(),
        )

    def _home(self) -> str:
        return escape(self._spec.version.home) if self._spec.version is not None else ""

    def _set_frame(self, context: TemplateContext, frame: Frame) -> None:
        context["docsfy"] = frame  # type: ignore[typeddict-unknown-key]  # read by our own templates
        if self._spec.commit_date:  # a template of the user's may show it; the day of the build changes the bytes
            context["build_date_utc"] = datetime.fromisoformat(self._spec.commit_date).replace(tzinfo=UTC)

    def _get(self, namespace: str, keys: Iterable[str]) -> Mapping[str, bytes]:
        return self._cache.get_many(namespace, list(keys)) if self._cache is not None else {}


def _titles(nav: object) -> Iterable[tuple[str, str]]:
    """Titles that a navigation gives to documents."""
    if isinstance(nav, list):
        for item in nav:
            yield from _titles(item)
    elif isinstance(nav, dict):
        for title, item in nav.items():
            if isinstance(item, str):
                yield item, title
            else:
                yield from _titles(item)


def _is_superfluous(uri: str, config: MkDocsConfig) -> bool:
    """Source maps, the sitemap's template, Material's icon, and word lists of languages the search does not use."""
    if uri.endswith(".map") or uri in {"sitemap.xml", "assets/images/favicon.png"}:
        return uri != config.theme.get("favicon")
    folder = "assets/javascripts/lunr/"
    if not uri.startswith(folder):
        return False
    languages = {language for language in _search_languages(config) if language != "en"}
    needed = {f"min/lunr.{language}.min.js" for language in languages}
    if languages:
        needed |= {"min/lunr.stemmer.support.min.js", "min/lunr.multi.min.js"}
    needed |= {"tinyseg.js"} if "ja" in languages else set()
    needed |= {"wordcut.js"} if languages & {"hi", "th"} else set()
    return uri.removeprefix(folder) not in needed


def _search_languages(config: MkDocsConfig) -> list[str]:
    plugin = config.plugins.get("material/search")
    return list(plugin.config["lang"] or []) if plugin is not None else []
