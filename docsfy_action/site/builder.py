"""The MkDocs build of a site in this process: its configuration, and what it says while it works."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import jinja2
from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.plugins import PluginCollection

from docsfy_action.errors import InputError, RenderError
from docsfy_action.site.cache import RenderCache
from docsfy_action.site.check import PageLinks
from docsfy_action.site.highlight import quick_highlighting
from docsfy_action.site.model import SiteSpec
from docsfy_action.site.plugin import SitePlugin
from docsfy_action.site.search import RememberingSearch
from docsfy_action.site.settings import PythonName, Setting
from docsfy_action.site.theme import FOLDER, SiteTheme

SEARCH = "material/search"

_HINT = "Correct the page named in the message; the last good site is still in place."


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
    """What a build did: pages through the templates and from memory, pages with diagrams, what the check needs."""

    rendered: int
    reused: int
    diagrams: bool
    links: Mapping[str, PageLinks]


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
    """Run MkDocs; raises RenderError with the warnings and errors it gave, InputError for settings it refuses."""
    with _captured() as log:
        config = make_config(order)
        site = SitePlugin(order.spec, log, cache=order.cache, base_key=order.base_key)
        config.plugins["docsfy"] = site
        try:
            with quick_highlighting():
                build(config)
        except MkDocsException as error:
            raise RenderError(_message(log.messages, str(error)), hint=_HINT) from error
        except jinja2.TemplateError as error:
            raise RenderError(
                f"The site cannot be built: a template fails: {type(error).__name__}: {error}",
                hint="Correct the icon or template that mkdocs-config names; the last good site is still in place.",
            ) from error
    facts = site.remember()
    return BuildResult(
        rendered=site.rendered_pages,
        reused=site.reused_pages,
        diagrams=any(page.diagram for page in facts.values()),
        links={name: page.links for name, page in facts.items()},
    )


def make_config(order: BuildOrder) -> MkDocsConfig:
    """A validated MkDocs configuration with our theme and our search plugin in place."""
    config_file = (order.spec.user_config_dir or order.docs_dir.parent) / "mkdocs.yml"
    config = MkDocsConfig(config_file_path=str(config_file))
    settings = {name: _resolve(value) for name, value in order.settings.items()}
    config.load_dict({**settings, "docs_dir": str(order.docs_dir), "site_dir": str(order.site_dir)})
    errors, warnings = config.validate()
    for name, problem in [*errors, *warnings]:
        raise InputError(
            f"{order.spec.user_config_name}: MkDocs refuses {name}: {problem}",
            hint="Correct this setting in the file given as mkdocs-config.",
        )
    config.theme = _theme(config)
    config.plugins = _plugins(config.plugins)
    return config


def _resolve(value: Setting) -> object:
    """A setting with the Python objects it names put in."""
    if isinstance(value, PythonName):
        return _python_object(value)
    if isinstance(value, dict):
        return {name: _resolve(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item) for item in value]
    return value


def _python_object(name: PythonName) -> object:
    module, _, attribute = name.path.rpartition(".")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(
            f"The MkDocs configuration names {name.path}, which is not there: {error}.",
            hint="Correct the name, or install the package that has it.",
        ) from error
    return found if name.keywords is None else found(**dict(name.keywords))


def _theme(config: MkDocsConfig) -> SiteTheme:
    options = {name: config.theme[name] for name in config.theme if name not in {"name", "locale"}}
    custom_dir = config.theme.custom_dir
    theme = SiteTheme(name=config.theme.name, custom_dir=custom_dir, locale=str(config.theme.locale), **options)
    theme.dirs.insert(1 if custom_dir else 0, str(FOLDER))
    theme.static_templates.discard("sitemap.xml")
    return theme


def _plugins(loaded: PluginCollection) -> PluginCollection:
    """The plugins of the configuration with our search in the place of Material's."""
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
    log = WarningLog()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(log)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield log
    finally:
        logger.removeHandler(log)
        logger.setLevel(level)
        logger.propagate = propagate


def _message(warnings: list[str], error: str) -> str:
    faults = list(dict.fromkeys(warnings)) or [error]
    shown = "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
    return f"The site cannot be built: {shown}"
