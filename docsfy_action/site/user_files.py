"""Files that the user's MkDocs file names: found beside it, and put where the build looks for them."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from docsfy_action.errors import InputError
from docsfy_action.site.model import SiteSpec
from docsfy_action.site.settings import Setting

OWN = "assets/docsfy/"


def user_files(settings: Mapping[str, Setting], spec: SiteSpec) -> dict[str, bytes]:
    """Styles, scripts, logo and icon by the path under which the site has them.

    They are looked for as MkDocs would, in the folder `docs` beside the user's file, then beside the file itself; those of
    the theme and of its `custom_dir` are MkDocs' own affair. Raises InputError naming one that is nowhere.
    """
    folder = spec.user_config_dir
    if folder is None:
        return {}
    found: dict[str, bytes] = {}
    for key, path in _named(settings):
        places = [folder / "docs" / path, folder / path]
        place = next((place for place in places if place.is_file()), None)
        if place is not None:
            found[path] = place.read_bytes()
        elif not _in_theme(settings, folder, path):
            raise InputError(
                f"{spec.user_config_name}: {key} names '{path}', which is not a file of the documented commit.",
                hint="Paths start at the folder `docs` beside the file, at the file itself, or in `theme.custom_dir`.",
            )
    return found


def _named(settings: Mapping[str, Setting]) -> Iterator[tuple[str, str]]:
    for key in ("extra_css", "extra_javascript"):
        entries = settings.get(key)
        for entry in entries if isinstance(entries, list) else ():
            path = entry.get("path") if isinstance(entry, dict) else entry
            if isinstance(path, str) and _is_local(path):
                yield key, path
    theme = settings.get("theme")
    for key in ("logo", "favicon"):
        path = theme.get(key) if isinstance(theme, dict) else None
        if isinstance(path, str) and _is_local(path):
            yield f"theme.{key}", path


def _is_local(path: str) -> bool:
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    inside = not path.startswith("/") and ".." not in PurePosixPath(path).parts
    return bool(path) and inside and not parts.scheme and not parts.netloc and not path.startswith(OWN)


def _in_theme(settings: Mapping[str, Setting], folder: Path, path: str) -> bool:
    theme = settings.get("theme")
    custom = theme.get("custom_dir") if isinstance(theme, dict) else None
    return (isinstance(custom, str) and (folder / custom / path).is_file()) or path.startswith("assets/images/")
