"""The dependencies page: what the manifests ask for, and which modules of the code import it."""

import re
from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Dependency
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageSpec
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    capital,
    code,
    count,
    document,
    file_link,
    heading,
    listing,
    literal_link,
    plain,
    table,
)

GROUP_TITLES = {"development": "development", "optional": "optional", "peer": "expected from the host"}
# Import names that differ from the package's name on the index.
IMPORT_NAMES = {
    "pyyaml": "yaml", "gitpython": "git", "beautifulsoup4": "bs4", "pillow": "PIL", "python-dateutil": "dateutil",
    "scikit-learn": "sklearn", "opencv-python": "cv2", "protobuf": "google.protobuf", "pyjwt": "jwt", "attrs": "attr",
    "python-dotenv": "dotenv", "mysqlclient": "MySQLdb", "psycopg2-binary": "psycopg2", "typing-extensions": "typing_extensions",
    "setuptools": "setuptools", "python-multipart": "multipart", "msgpack-python": "msgpack",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DependenciesInput:
    """Dependencies by manifest, each with the files that import it."""

    title: str
    dependencies: tuple[tuple[Located[Dependency], tuple[str, ...]], ...]


def select(spec: PageSpec, context: Context) -> DependenciesInput:
    """What manifests ask for and who uses it."""
    users = importers(context.code)
    return DependenciesInput(
        title=context.title,
        dependencies=tuple(
            (dependency, users_of(dependency.item.name, users)) for dependency in context.code.dependencies
        ),
    )


def importers(code_base: CodeBase) -> dict[str, tuple[str, ...]]:
    """Source files by the external module they import, the module's name as written and in parts."""
    found: dict[str, dict[str, None]] = {}
    for file in code_base.sources():
        for item in file.facts.imports:
            if not item.module.startswith(".") and code_base.table.resolve(file.path, item) is None:
                found.setdefault(item.module, {})[file.path] = None
    return {name: tuple(paths) for name, paths in sorted(found.items())}


def users_of(package: str, users: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Files that import something of `package`."""
    bare = re.sub(r"\[.*", "", package)
    options = {
        bare,
        bare.lower(),
        bare.replace("-", "_"),
        bare.lower().replace("-", "_"),
        IMPORT_NAMES.get(bare.lower(), bare),
    }
    paths: dict[str, None] = {}
    for name, files in users.items():
        if any(name == option or name.startswith((f"{option}.", f"{option}/")) for option in options):
            paths.update(dict.fromkeys(files))
    return tuple(sorted(paths))


def write(page: DependenciesInput) -> str:
    """The page's Markdown."""
    groups: dict[tuple[str, str], list[tuple[Located[Dependency], tuple[str, ...]]]] = {}
    for dependency, users in page.dependencies:
        groups.setdefault((dependency.path, dependency.item.group), []).append((dependency, users))
    direct = sum(1 for dependency, _ in page.dependencies if dependency.item.group == "runtime")
    paths = list(dict.fromkeys(path for path, _ in groups))
    lead = (
        f"{page.title} asks for {count(direct, 'package')} at run time and {count(len(page.dependencies) - direct, 'other')}"
        f" for other purposes, declared in {listing((file_link(path) for path in paths), limit=6)}."
    )
    blocks = [heading(1, "Dependencies"), lead]
    for path in paths:
        own = {group: items for (place, group), items in groups.items() if place == path}
        blocks.append(heading(2, path))
        runtime = own.pop("runtime", [])
        indirect = own.pop("indirect", [])
        if runtime:
            blocks.append(f"**At run time** ({count(len(runtime), 'package')})")
            blocks.append(table(("Package", "Version", "Used in"), (_row(d, users) for d, users in runtime)))
        others = [(group, d, users) for group, items in own.items() for d, users in items]
        if others:
            blocks.append(f"**For other purposes** ({count(len(others), 'package')})")
            rows = ((GROUP_TITLES.get(group, plain(group)), *_row(d, users)) for group, d, users in others)
            blocks.append(table(("Purpose", "Package", "Version", "Used in"), rows))
        if indirect:
            names = listing((literal_link(path, d.item.name) for d, _ in indirect), limit=25)
            verb = "is" if len(indirect) == 1 else "are"
            blocks.append(f"{capital(count(len(indirect), 'package'))} {verb} needed only by these: {names}.")
    return document(blocks)


def _row(dependency: Located[Dependency], users: tuple[str, ...]) -> tuple[str, str, str]:
    item = dependency.item
    version = code(item.constraint)
    if item.marker:
        version = f"{version} when {code(item.marker)}".strip()
    return literal_link(dependency.path, item.name), version, listing((file_link(path) for path in users), limit=3)
