"""The theme: Material with our templates over it, an environment made once, and pages that need no rendering."""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import cast

import jinja2
from mkdocs import localization
from mkdocs.theme import Theme
from mkdocs.utils import templates

from docsfy_action.site.pages import RememberedPage

FOLDER = Path(__file__).parent / "theme"

PAGE_TEMPLATE = "main.html"

Filter = Callable[[str], bool]


class SiteTheme(Theme):
    """A theme whose environment is made once a build; Material's search plugin alone asks for it three times."""

    _environment: "SiteEnvironment | None" = None

    def get_env(self) -> jinja2.Environment:
        """The environment of the build."""
        if self._environment is None:
            environment = SiteEnvironment(loader=jinja2.FileSystemLoader(self.dirs), auto_reload=False)
            environment.folders = tuple(Path(folder) for folder in self.dirs)
            environment.filters["url"] = templates.url_filter
            environment.filters["script_tag"] = templates.script_tag_filter
            localization.install_translations(environment, self.locale, self.dirs)
            self._environment = environment
        return self._environment


class SiteEnvironment(jinja2.Environment):
    """An environment that does not walk Material's 15,000 icons and takes finished pages from memory."""

    folders: tuple[Path, ...] = ()
    page_template: "PageTemplate | None" = None

    def list_templates(
        self,
        extensions: object = None,
        filter_func: Filter | None = None,
    ) -> list[str]:
        """Names of all templates and assets outside hidden folders, which MkDocs filters out in any case."""
        names = {
            path.relative_to(folder).as_posix()
            for folder in self.folders
            for entry in folder.iterdir()
            if not entry.name.startswith(".")
            for path in ([entry] if entry.is_file() else entry.rglob("*"))
            if path.is_file()
        }
        return sorted(name for name in names if filter_func is None or filter_func(name))

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the name is Jinja's
    ) -> jinja2.Template:
        """The template, or for pages the one that knows finished pages."""
        if name == PAGE_TEMPLATE and parent is None and self.page_template is not None:
            return cast("jinja2.Template", self.page_template)
        return super().get_template(name, parent, dict(globals) if globals else None)


class PageTemplate:
    """Stands in for the page template: hands out finished pages, renders and keeps the others.

    `finished` maps keys to compressed pages from earlier builds; what is rendered is added to `rendered`.
    """

    def __init__(self, environment: SiteEnvironment, finished: Mapping[str, bytes], keys: Mapping[str, str]) -> None:
        self._environment = environment
        self._finished = finished
        self._keys = keys
        self._template: jinja2.Template | None = None
        self.rendered: dict[str, bytes] = {}
        self.reused_pages = 0
        self.rendered_pages = 0

    def render(self, context: Mapping[str, object]) -> str:
        """The HTML of the page in the context."""
        page = context["page"]
        key = self._keys.get(page.file.src_uri) if isinstance(page, RememberedPage) else None
        if key is not None and key in self._finished:
            self.reused_pages += 1
            return zlib.decompress(self._finished[key]).decode()
        self.rendered_pages += 1
        if self._template is None:
            self._template = jinja2.Environment.get_template(self._environment, PAGE_TEMPLATE)
        html = self._template.render(context)
        if key is not None:
            self.rendered[key] = zlib.compress(html.encode(), 1)
        return html


def theme_digest() -> str:
    """A digest of everything outside the configuration and the pages that shapes a page's HTML."""
    state = hashlib.blake2b(digest_size=16)
    for package in ("mkdocs", "mkdocs-material", "jinja2", "markupsafe", "markdown", "pymdown-extensions", "pygments"):
        state.update(f"{package} {version(package)}\n".encode())
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            state.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        state.update(path.read_bytes())
    return state.hexdigest()
