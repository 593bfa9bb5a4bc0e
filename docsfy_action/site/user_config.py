"""The user's own MkDocs file: read without running anything, checked, and laid over our configuration."""

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

import yaml
from markupsafe import escape

from docsfy_action.errors import InputError
from docsfy_action.site.diagrams import FENCE
from docsfy_action.site.model import SiteSpec
from docsfy_action.site.settings import PythonName, Setting

OURS = frozenset({"docs_dir", "site_dir", "use_directory_urls", "strict", "INHERIT", "config_file_path", "pages"})
"""Keys that the action sets itself or that name files it does not read."""

KNOWN = frozenset(
    """
    site_name nav exclude_docs draft_docs not_in_nav site_url site_description site_author theme copyright dev_addr
    repo_url repo_name edit_uri edit_uri_template extra_css extra_javascript extra_templates markdown_extensions
    remote_branch remote_name extra plugins hooks watch validation
    """.split()
)

UNTRUSTED = frozenset(
    {"site_name", "site_description", "site_author", "nav", "theme", "plugins", "markdown_extensions", "validation"}
)
"""Keys a file may have that comes with a pull request nobody has reviewed."""

UNTRUSTED_THEME = frozenset({"name", "language", "direction", "palette", "features"})
UNTRUSTED_PLUGINS = frozenset({"search"})

EXTENSIONS = frozenset(
    """
    abbr admonition attr_list def_list fenced_code footnotes md_in_html sane_lists tables toc pymdownx.betterem
    pymdownx.caret pymdownx.critic pymdownx.details pymdownx.highlight pymdownx.inlinehilite pymdownx.keys
    pymdownx.magiclink pymdownx.mark pymdownx.quotes pymdownx.smartsymbols pymdownx.superfences pymdownx.tabbed
    pymdownx.tasklist pymdownx.tilde
    """.split()
)
"""Extensions that read no files and keep nothing from one page to the next."""

PYTHON_NAMES = frozenset(
    {
        FENCE,
        "pymdownx.slugs.slugify",
        "pymdownx.superfences.fence_code_format",
        "pymdownx.superfences.fence_div_format",
        "material.extensions.emoji.twemoji",
        "material.extensions.emoji.to_svg",
    }
)

_NAME_TAG = "tag:yaml.org,2002:python/name:"
_APPLY_TAG = "tag:yaml.org,2002:python/object/apply:"
_MOST_VALUES = 10_000
_UNSAFE = re.compile(r"[<>\"'&\x00-\x08]|javascript:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layered:
    """Our settings with the user's over them. `pure` says that no code of theirs has a say in the result."""

    settings: dict[str, Setting]
    pure: bool = True


def lay_over(ours: dict[str, Setting], spec: SiteSpec) -> Layered:
    """Ours with what the user's file says in the place of it: mappings merge, lists replace.

    Styles and scripts come after ours, as those of MkDocs come after its theme's. Plugins and Markdown extensions are
    sets by nature and merge by name, also where they are written as lists.
    Raises InputError naming the key that cannot be used.
    """
    if spec.user_config is None:
        return Layered(settings=ours)
    user = _normal(read(spec.user_config, spec.user_config_name), spec.user_config_name)
    _check_keys(user, spec)
    if not spec.trusted:
        _check_untrusted(user, spec.user_config_name)
    for key in ("site_name", "site_description", "site_author"):
        if isinstance(user.get(key), str):
            user[key] = escape(str(user[key]))
    settings = _merge(ours, user)
    if spec.preview or spec.version is not None:
        settings["site_url"] = ours["site_url"]  # such a site stands beside the one that the file is about
    for key in ("extra_css", "extra_javascript"):
        if isinstance(above := user.get(key), list) and isinstance(below := ours.get(key), list):
            settings[key] = [*below, *above]
    if "nav" in user and isinstance(validation := settings["validation"], dict):
        nav = validation["nav"]
        settings["validation"] = {
            **validation,
            "nav": {**nav, "omitted_files": "info"} if isinstance(nav, dict) else nav,
        }
    return Layered(settings=settings, pure=_is_pure(settings))


def needs_files(content: bytes, name: str) -> bool:
    """Whether the file says anything that could name other files; raises InputError where it cannot be read."""
    user = _normal(read(content, name), name)
    own = {"hooks", "extra_css", "extra_javascript", "extra_templates"} & user.keys()
    theme, plugins, extensions = (user.get(key) for key in ("theme", "plugins", "markdown_extensions"))
    return bool(
        own
        or (isinstance(theme, dict) and theme.keys() - UNTRUSTED_THEME)
        or (isinstance(plugins, dict) and plugins.keys() - UNTRUSTED_PLUGINS)
        or (isinstance(extensions, dict) and extensions.keys() - EXTENSIONS)
    )


def read(content: bytes, name: str) -> dict[str, Setting]:
    """The file as plain data; Python objects stay names, and nothing of the file is run."""
    try:
        data = yaml.load(content, Loader=_Loader)  # noqa: S506, TID251 - a subclass of SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place is not None else ""
        problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        _refuse(f"{name}{where}: not readable as YAML: {problem}", "Correct the file.")
    if data is None:
        return {}
    if not isinstance(data, dict):
        _refuse(f"{name}: the file must be a mapping of settings, such as `site_name: Example`.", "Correct the file.")
    return _Plain(name).mapping(data, 0)


class _Loader(yaml.SafeLoader):
    """SafeLoader that keeps the names of Python objects as names."""


def _python_name(_loader: yaml.SafeLoader, suffix: str, _node: yaml.Node) -> PythonName:
    return PythonName(path=suffix)


def _python_call(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> PythonName:
    value = loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None
    keywords = value.get("kwds", {}) if isinstance(value, dict) else None
    if value is None or set(value) - {"kwds"} or not isinstance(keywords, dict):
        raise yaml.constructor.ConstructorError(None, None, f"{suffix} can be called with `kwds` only", node.start_mark)
    return PythonName(path=suffix, keywords=tuple((str(key), str(item)) for key, item in sorted(keywords.items())))


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """`!ENV [NAME, default]` is the default: a site does not depend on the machine that built it."""
    if isinstance(node, yaml.SequenceNode) and len(node.value) > 1:
        return loader.construct_object(node.value[-1], deep=True)
    return None


_Loader.add_multi_constructor(_NAME_TAG, _python_name)
_Loader.add_multi_constructor(_APPLY_TAG, _python_call)
_Loader.add_constructor("!ENV", _environment)


class _Plain:
    """Foreign data narrowed to settings; bounded, because aliases can make a small file huge."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left = _MOST_VALUES

    def mapping(self, value: Mapping[object, object], depth: int) -> dict[str, Setting]:
        for key in value:
            if not isinstance(key, str):
                _refuse(f"{self._name}: the key {key!r} is not text.", "Put it in quotes.")
        return {str(key): self.value(item, depth + 1) for key, item in value.items()}

    def value(self, value: object, depth: int) -> Setting:
        self._left -= 1
        if self._left < 0 or depth > 40:
            _refuse(f"{self._name}: the file holds too many or too deeply nested values.", "Shorten the file.")
        if isinstance(value, dict):
            return self.mapping(value, depth)
        if isinstance(value, list):
            return [self.value(item, depth + 1) for item in value]
        if isinstance(value, dt.date):
            return value.isoformat()
        if not isinstance(value, bool | int | float | str | PythonName | None):
            _refuse(f"{self._name}: a value of the kind {type(value).__name__} cannot be used.", "Write it as text.")
        return value


def _normal(user: dict[str, Setting], name: str) -> dict[str, Setting]:
    if isinstance(user.get("theme"), str):
        user["theme"] = {"name": user["theme"]}
    for key in ("plugins", "markdown_extensions"):
        if isinstance(value := user.get(key), list):
            user[key] = dict(_named(value, key, name))
    for key in ("theme", "plugins", "markdown_extensions", "extra", "validation"):
        if key in user and not isinstance(user[key], dict):
            _refuse(f"{name}: {key} must be a mapping.", f"Write `{key}:` and its settings indented below.")
    return user


def _named(items: list[Setting], key: str, name: str) -> Iterator[tuple[str, Setting]]:
    for item in items:
        if isinstance(item, str):
            yield item, {}
        elif isinstance(item, dict) and len(item) == 1:
            yield from ((entry, options if options is not None else {}) for entry, options in item.items())
        else:
            _refuse(
                f"{name}: an entry of {key} must be a name, or a name with settings below it.", "Correct the entry."
            )


def _check_keys(user: Mapping[str, Setting], spec: SiteSpec) -> None:
    name = spec.user_config_name
    for key in user:
        if key in OURS:
            _refuse(f"{name}: {key} is not yours to set: docsfy-action sets it itself.", f"Remove {key} from the file.")
        if key not in KNOWN:
            near = difflib.get_close_matches(key, sorted(KNOWN), n=1)
            _refuse(
                f"{name}: MkDocs knows no setting {key}.",
                f"Did you mean {near[0]}?" if near else f"Remove {key} from the file.",
            )
    theme = user.get("theme")
    if isinstance(theme, dict) and theme.get("name", "material") != "material":
        _refuse(f"{name}: theme.name is {theme['name']!r}; the site is built with material.", "Remove theme.name.")


def _check_untrusted(user: Mapping[str, Setting], name: str) -> None:
    """Refuse what could run code or put markup of somebody else's on the published host."""
    for key, value in user.items():
        if key not in UNTRUSTED:
            _refuse_untrusted(name, key)
        if key in {"theme", "nav", "validation", "plugins", "markdown_extensions"}:
            _check_text(value, f"{key}", name)
    for key, allowed in (
        ("theme", UNTRUSTED_THEME),
        ("plugins", UNTRUSTED_PLUGINS),
        ("markdown_extensions", EXTENSIONS),
    ):
        section = user.get(key)
        for entry in section if isinstance(section, dict) else ():
            if entry not in allowed:
                _refuse_untrusted(name, f"{key}.{entry}")


def _check_text(value: Setting, path: str, name: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _check_text(key, path, name)
            _check_text(item, f"{path}.{key}", name)
    elif isinstance(value, list):
        for item in value:
            _check_text(item, path, name)
    elif isinstance(value, PythonName):
        if value.path not in PYTHON_NAMES:
            _refuse_untrusted(name, f"{path} ({value.path})")
    elif isinstance(value, str) and _UNSAFE.search(value):
        _refuse_untrusted(name, f"{path} with the text {value!r}")


def _merge(below: dict[str, Setting], above: Mapping[str, Setting]) -> dict[str, Setting]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _merge(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _is_pure(settings: Mapping[str, Setting]) -> bool:
    theme, plugins, extensions = (settings.get(key) for key in ("theme", "plugins", "markdown_extensions"))
    return (
        not settings.get("hooks")
        and not settings.get("extra_templates")
        and isinstance(theme, dict)
        and "custom_dir" not in theme
        and isinstance(plugins, dict)
        and not set(plugins) - UNTRUSTED_PLUGINS
        and isinstance(extensions, dict)
        and not set(extensions) - EXTENSIONS
        and all(name.path in PYTHON_NAMES for name in _python_names(list(settings.values())))
    )


def _python_names(value: Setting) -> Iterator[PythonName]:
    if isinstance(value, PythonName):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _python_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _python_names(item)


def _refuse_untrusted(name: str, what: str) -> NoReturn:
    _refuse(
        f"{name}: {what} is not allowed in a file that anybody may have written.",
        "MkDocs settings can run code: they are read in full where the workflow or the command line names the file with "
        "`mkdocs-config`, and the commit is no fork's. `.docsfy.yml` comes with the code and cannot vouch for them.",
    )


def _refuse(message: str, hint: str) -> NoReturn:
    raise InputError(message, hint=hint)
