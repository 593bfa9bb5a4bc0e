"""The MkDocs build of a site in this process: configuration, pages from memory, and what can be reused of them."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import jinja2
from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.plugins import BasePlugin, PluginCollection, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext
from markupsafe import Markup, escape

from docsfy_action.errors import RenderError
from docsfy_action.site.cache import RenderCache
from docsfy_action.site.keys import PageKeys, content_key
from docsfy_action.site.model import INDEX, SitePage, SiteSpec, Stamp
from docsfy_action.site.pages import Converter, RememberedPage, dump_facts, load_facts
from docsfy_action.site.search import RememberingSearch
from docsfy_action.site.settings import PythonName, Setting
from docsfy_action.site.theme import FOLDER, PageTemplate, SiteEnvironment, SiteTheme

SEARCH = "material/search"

FACTS, CONTENT, PAGES = "site-facts", "site-content", "site-pages"
"""Namespaces of the render cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrder:
    """What to build and where. `base_key` is empty where nothing may be remembered."""

    spec: SiteSpec
    settings: Mapping[str, Setting]
    docs_dir: Path
    site_dir: Path
    base_key: str = ""
    cache: RenderCache | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """How many pages went through the templates and how many were taken from memory."""

    rendered: int
    reused: int


class WarningLog(logging.Handler):
    """Collects what MkDocs warns of, instead of printing it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.append(record.getMessage())

    def count(self) -> int:
        """Warnings so far."""
        return len(self.messages)


def build_site(order: BuildOrder) -> BuildResult:
    """Run MkDocs; raises RenderError with every warning and error it gave."""
    with _captured() as warnings:
        try:
            config = make_config(order)
            site = SitePlugin(order, warnings)
            config.plugins["docsfy"] = site
            build(config)
        except MkDocsException as error:
            raise RenderError(_message(warnings.messages, str(error)), hint=_HINT) from error
    site.remember()
    return BuildResult(rendered=site.template.rendered_pages, reused=site.template.reused_pages)


def make_config(order: BuildOrder) -> MkDocsConfig:
    """A validated MkDocs configuration with our theme and our search plugin in place."""
    config_file = (order.spec.user_config_dir or order.docs_dir.parent) / "mkdocs.yml"
    config = MkDocsConfig(config_file_path=str(config_file))
    settings = {name: resolve(value) for name, value in order.settings.items()}
    config.load_dict({**settings, "docs_dir": str(order.docs_dir), "site_dir": str(order.site_dir)})
    errors, warnings = config.validate()
    if errors or warnings:
        raise RenderError(
            f"MkDocs does not accept the configuration: {'; '.join(f'{name}: {text}' for name, text in errors + warnings)}",
            hint="Correct these settings in the file given as mkdocs-config.",
        )
    config.theme = _theme(config)
    config.plugins = _plugins(config.plugins)
    return config


def resolve(value: Setting) -> object:
    """A setting with the Python objects it names put in."""
    if isinstance(value, PythonName):
        module, _, attribute = value.path.rpartition(".")
        found = getattr(import_module(module), attribute)
        return found if value.keywords is None else found(**dict(value.keywords))
    if isinstance(value, dict):
        return {name: resolve(item) for name, item in value.items()}
    if isinstance(value, list):
        return [resolve(item) for item in value]
    return value


class SitePlugin(BasePlugin):  # type: ignore[type-arg]  # it has no configuration
    """Puts our pages into the build, and what is remembered of them in the place of work."""

    def __init__(self, order: BuildOrder, warnings: WarningLog) -> None:
        super().__init__()
        self._order = order
        self._warnings = warnings
        self._pages: list[RememberedPage] = []
        self._content_keys: dict[str, str] = {}
        self._nav: Navigation | None = None

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages; they are never written to a folder of documents."""
        spec = self._order.spec
        if self._order.base_key:
            self._content_keys = {page.slug: content_key(self._order.base_key, page) for page in spec.pages}
        stored = self._get(FACTS, self._content_keys.values())
        converter = Converter(config, reuse=bool(self._order.base_key))
        for page in spec.reading_order():
            file = File.generated(config, f"{page.slug}.md", content=page.markdown)
            files.append(file)
            remembered = RememberedPage(page, escape(page.title), file, config)
            remembered.converter, remembered.warnings = converter, self._warnings
            facts = stored.get(self._content_keys.get(page.slug, ""))
            remembered.remembered = load_facts(facts) if facts is not None else None
            self._pages.append(remembered)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep the navigation for the keys of the pages."""
        self._nav = nav
        return nav

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Find finished pages, and the HTML of converted pages that must go through the templates again."""
        assert isinstance(env, SiteEnvironment)
        keys = self._page_keys(config)
        finished = self._get(PAGES, keys.values())
        self.template = env.page_template = PageTemplate(env, finished, keys)
        wanted = [page for page in self._pages if page.wants_content and keys[page.file.src_uri] not in finished]
        contents = self._get(CONTENT, [self._content_keys[page.source.slug] for page in wanted])
        for page in wanted:
            content = contents.get(self._content_keys[page.source.slug])
            if content is None:
                page.remembered = None
                page.render(config, files)
            else:
                page.content = content.decode()
        return env

    @event_priority(50)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Hand our templates what they show around a page."""
        assert isinstance(page, RememberedPage)
        page.meta["description"] = escape(page.source.description)
        context["docsfy"] = self._frame(page.source)  # type: ignore[typeddict-unknown-key]  # our templates' own
        return context

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """The same for pages that are not documents, such as 404.html."""
        context["docsfy"] = self._frame(None)  # type: ignore[typeddict-unknown-key]  # our templates' own
        return context

    def remember(self) -> None:
        """Store what this build found out."""
        cache = self._order.cache
        if cache is None or not self._order.base_key:
            return
        facts, contents = {}, {}
        for page in self._pages:
            if (fresh := page.facts()) is not None:
                key = self._content_keys[page.source.slug]
                facts[key], contents[key] = dump_facts(fresh), (page.content or "").encode()
        cache.put_many(FACTS, facts)
        cache.put_many(CONTENT, contents)
        cache.put_many(PAGES, self.template.rendered)

    def _page_keys(self, config: MkDocsConfig) -> dict[str, str]:
        if not self._order.base_key or self._nav is None:
            return {}
        features = config.theme.get("features") or []
        pruned = "navigation.prune" in features and "navigation.sections" not in features
        keys = PageKeys(self._order.base_key, self._nav, pruned=pruned)
        return {
            page.file.src_uri: keys.key(
                page, self._content_keys[page.source.slug], [page.source.description, repr(self._frame(page.source))]
            )
            for page in self._pages
            if page.clean
        }

    def _frame(self, page: SitePage | None) -> SimpleNamespace:
        spec = self._order.spec
        stamp = page.stamp if page is not None else None
        if page is not None and page.slug == INDEX and spec.commit:
            stamp = Stamp(sha=spec.commit, date=spec.commit_date, url=spec.commit_url)
        return SimpleNamespace(
            noindex=spec.preview or page is None,
            twin=f"{page.slug}.md" if page is not None else "",
            sha=escape(stamp.sha[:7]) if stamp else "",
            date=escape(stamp.date) if stamp else "",
            url=escape(stamp.url) if stamp else "",
        )

    def _get(self, namespace: str, keys: object) -> Mapping[str, bytes]:
        if self._order.cache is None or not self._order.base_key:
            return {}
        return self._order.cache.get_many(namespace, list(keys))  # type: ignore[call-overload]


_HINT = "Correct the page named in the message; the last good site is still in place."


def _theme(config: MkDocsConfig) -> SiteTheme:
    options = {name: config.theme[name] for name in config.theme if name not in {"name", "locale"}}
    theme = SiteTheme(
        name=config.theme.name, custom_dir=config.theme.custom_dir, locale=str(config.theme.locale), **options
    )
    theme.dirs.insert(1 if config.theme.custom_dir else 0, str(FOLDER))
    theme.static_templates.discard("sitemap.xml")
    return theme


def _plugins(loaded: PluginCollection) -> PluginCollection:
    plugins = PluginCollection()
    for name, plugin in loaded.items():
        if name == SEARCH:
            search = RememberingSearch()
            search.load_config(dict(plugin.config))
            plugins[name] = search
        else:
            plugins[name] = plugin
    return plugins


@contextmanager
def _captured() -> Iterator[WarningLog]:
    logger = logging.getLogger("mkdocs")
    handler = WarningLog()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def _message(warnings: list[str], error: str) -> str:
    faults = list(dict.fromkeys(warnings)) or [error]
    shown = "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
    return f"The site cannot be built: {shown}"
