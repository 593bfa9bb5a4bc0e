"""The MkDocs configuration of a site as plain data: ours, the user's laid over it, and its digest."""

import hashlib
import json
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from markupsafe import escape

from docsfy_action.site.diagrams import FENCE
from docsfy_action.site.hosts import host_icon
from docsfy_action.site.model import SitePage, SiteSection, SiteSpec

Setting: TypeAlias = "bool | int | float | str | PythonName | list[Setting] | dict[str, Setting] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonName:
    """A Python object that a configuration names: `path` is `module.attribute`, `keywords` are bound if given."""

    path: str
    keywords: tuple[tuple[str, str], ...] | None = None

    def __str__(self) -> str:
        if self.keywords is None:
            return f"python:{self.path}"
        return f"python:{self.path}({', '.join(f'{name}={value}' for name, value in self.keywords)})"


SLUGIFY = PythonName(path="pymdownx.slugs.slugify", keywords=(("case", "lower"),))

SMALL_SITE = 40
"""Up to this many pages the whole navigation is shown on each page; above, its size would grow with the square."""


def site_settings(spec: SiteSpec) -> dict[str, Setting]:
    """Our configuration of a site, before the user's file and without the folders of the build.

    Text is escaped here, because the theme's templates put it into the HTML as it stands.
    """
    return {
        "site_name": escape(spec.name),
        "site_description": escape(spec.description) if spec.description else None,
        "site_url": spec.site_url or None,
        "repo_url": spec.repo_url or None,
        "repo_name": escape(repository_name(spec.repo_url)) if spec.repo_url else None,
        "use_directory_urls": False,
        "strict": True,
        "nav": navigation(spec),
        "theme": theme_settings(spec),
        "plugins": {"search": {}},
        "markdown_extensions": {**markdown_extensions(spec.language), **({"md_in_html": {}} if spec.sites else {})},
        "validation": {
            "nav": {"omitted_files": "warn", "not_found": "warn", "absolute_links": "warn"},
            "links": {
                # Sites below an index are not MkDocs' documents; the check of the built pages looks for them.
                "not_found": "ignore" if spec.sites else "warn",
                "absolute_links": "warn",
                "unrecognized_links": "warn",
                "anchors": "warn",
            },
        },
        "extra_css": ["assets/docsfy/site.css"],
        "extra": {"generator": True, **_versions(spec)},
    }


def _versions(spec: SiteSpec) -> dict[str, Setting]:
    """What Material's version switcher wants to know; it reads `../versions.json`, as mike writes it."""
    if spec.version is None:
        return {}
    current: list[Setting] = ["^latest$", f"^{re.escape(spec.version.development)}$"]
    return {"version": {"provider": "mike", "alias": True, "default": current}}


def theme_settings(spec: SiteSpec) -> dict[str, Setting]:
    """Material without foreign fonts, light and dark as the reader's system asks, with a toggle."""
    features: list[Setting] = [
        "navigation.prune",
        "navigation.indexes",
        "navigation.top",
        "navigation.footer",
        "toc.follow",
        "search.suggest",
        "search.highlight",
        "content.code.copy",
        "content.tabs.link",
        "content.tooltips",
    ]
    if len(spec.pages) <= SMALL_SITE:
        features.append("navigation.sections")
    return {
        "name": "material",
        "language": theme_language(spec.language),
        "font": False,
        "favicon": "assets/docsfy/favicon.svg",
        "icon": {"repo": host_icon(urlsplit(spec.repo_url).netloc)},
        "features": features,
        "palette": [
            {
                "media": media,
                "scheme": scheme,
                "primary": "white" if scheme == "default" else "black",
                "accent": "custom",
                "toggle": {"icon": icon, "name": name},
            }
            for media, scheme, icon, name in (
                ("(prefers-color-scheme)", "default", "material/brightness-auto", "Switch to light mode"),
                ("(prefers-color-scheme: light)", "default", "material/weather-sunny", "Switch to dark mode"),
                ("(prefers-color-scheme: dark)", "slate", "material/weather-night", "Follow the system"),
            )
        ],
    }


def theme_language(language: str) -> str:
    """The language in which Material speaks: as asked, else without the region, else English."""
    wanted = language.replace("_", "-")
    for name in (wanted, wanted.lower(), wanted.partition("-")[0].lower()):
        if any((folder / f"{name}.html").is_file() for folder in _language_folders()):
            return name
    return "en"


def _language_folders() -> list[Path]:
    material = find_spec("material")  # found, not imported: that would load MkDocs
    places = (material.submodule_search_locations if material is not None else None) or ()
    return [Path(place) / "templates" / "partials" / "languages" for place in places]


def markdown_extensions(language: str = "en") -> dict[str, Setting]:
    """What pages may use beyond Markdown; nothing here reads files or loads anything from another host."""
    toc: dict[str, Setting] = {"permalink": True, "slugify": SLUGIFY}
    if theme_language(language) == "en":
        toc["title"] = "On this page"
    return {
        "admonition": {},
        "footnotes": {},
        "sane_lists": {},
        "tables": {},
        "toc": toc,
        "pymdownx.details": {},
        "pymdownx.highlight": {"pygments_lang_class": True},
        "pymdownx.magiclink": {},
        "pymdownx.quotes": {"callouts": True},
        "pymdownx.superfences": {
            "preserve_tabs": True,
            "custom_fences": [{"name": "mermaid", "class": "mermaid", "format": PythonName(path=FENCE)}],
        },
        "pymdownx.tabbed": {"alternate_style": True},
        "pymdownx.tasklist": {"custom_checkbox": True},
        "pymdownx.tilde": {"subscript": False},
    }


def without_diagrams(settings: dict[str, Setting]) -> dict[str, Setting]:
    """The same configuration with diagrams shown as the text they are written as."""
    extensions = settings["markdown_extensions"]
    if not isinstance(extensions, dict):
        return settings
    return {**settings, "markdown_extensions": {**extensions, "pymdownx.superfences": {"preserve_tabs": True}}}


def navigation(spec: SiteSpec) -> list[Setting]:
    """The navigation: pages outside sections, then the sections."""
    pages = {page.slug: page for page in spec.pages}
    return [*(_entry(page) for page in spec.unlisted()), *(_section(section, pages) for section in spec.groups())]


def repository_name(url: str) -> str:
    """What the link to the repository is called: `owner/name`, else the host."""
    parts = urlsplit(url)
    return parts.path.strip("/").removesuffix(".git") or parts.netloc


def digest(settings: dict[str, Setting]) -> str:
    """A digest of a configuration that does not depend on the order of keys."""
    text = json.dumps(settings, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _entry(page: SitePage) -> Setting:
    return {escape(page.title): f"{page.slug}.md"}


def _section(section: SiteSection, pages: dict[str, SitePage]) -> Setting:
    children: list[Setting] = [_entry(pages[slug]) for slug in section.slugs]
    children += [_section(child, pages) for child in section.sections]
    return {escape(section.title): children}
