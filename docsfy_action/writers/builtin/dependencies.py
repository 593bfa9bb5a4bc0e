"""The dependencies page: what the manifests ask for, and which modules of the code import it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

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
    fact_link,
    file_link,
    heading,
    listing,
    plain,
    spell,
    table,
)

Used: TypeAlias = tuple[Located[Dependency], tuple[str, ...]]
INDIRECT_SHOWN = 12
PACKAGE_MANIFESTS = frozenset({"package.json", "pyproject.toml", "setup.cfg", "setup.py", "go.mod", "Cargo.toml"})
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
    manifest: str
    dependencies: tuple[tuple[Located[Dependency], tuple[str, ...]], ...]


def select(spec: PageSpec, context: Context) -> DependenciesInput:
    """What manifests ask for and who uses it."""
    users = importers(context.code)
    return DependenciesInput(
        title=context.title,
        manifest=context.code.main_manifest.path if context.code.main_manifest else "",
        dependencies=tuple(
            (dependency, _below(dependency.path, users_of(dependency.item.name, users)))
            for dependency in context.code.dependencies
        ),
    )


def _below(manifest: str, files: tuple[str, ...]) -> tuple[str, ...]:
    """Of `files` those that a manifest speaks for: what lies in its folder. Lists of packages speak for all."""
    folder, slash, name = manifest.rpartition("/")
    if name not in PACKAGE_MANIFESTS:
        return files
    return tuple(path for path in files if path.startswith(f"{folder}{slash}"))


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
    by_path: dict[str, list[Used]] = {}
    for used in page.dependencies:
        by_path.setdefault(used[0].path, []).append(used)
    main = page.manifest if page.manifest in by_path else next(iter(by_path), "")
    rest = [path for path in by_path if path != main]
    blocks = [heading(1, "Dependencies"), _lead(page.title, main, by_path, declared=main == page.manifest)]
    for path in (main, *rest) if main else ():
        blocks += [heading(2, path), *_manifest(by_path[path], path, listed=_is_list(path) and page.manifest != path)]
    return document(blocks)


def _lead(title: str, main: str, by_path: Mapping[str, Sequence[Used]], *, declared: bool) -> str:
    def names(path: str, *groups: str) -> set[str]:
        return {d.item.name for d, _ in by_path.get(path, ()) if not groups or d.item.group in groups}

    runtime, indirect = names(main, "runtime"), names(main, "indirect")
    others = names(main) - runtime - indirect
    text = f"{title if declared else file_link(main)} asks for {count(len(runtime), 'package')} at run time"
    text += f" and {spell(len(others))}{' more' if runtime else ''} for other purposes" if others else ""
    text += f", declared in {file_link(main)}." if declared else "."
    if indirect:
        text += f" {capital(spell(len(indirect)))} more come{'s' if len(indirect) == 1 else ''} with them."
    rest = [path for path in by_path if path != main]
    if rest:
        more = set().union(*map(names, rest))
        which = f"{file_link(rest[0])} names" if len(rest) == 1 else f"{capital(spell(len(rest)))} other files name"
        text += f" {which} {count(len(more), 'package')}."
    return text


def _is_list(path: str) -> bool:
    """Whether a file lists what to install into an environment, and is not the manifest of a package."""
    return "requirements" in path.lower() and path.endswith((".txt", ".in"))


def _manifest(items: Sequence[Used], path: str, *, listed: bool) -> Iterator[str]:
    runtime = [used for used in items if used[0].item.group == "runtime"]
    others = [used for used in items if used[0].item.group not in ("runtime", "indirect")]
    indirect = list(dict.fromkeys(d.item.name for d, _ in items if d.item.group == "indirect"))
    if runtime:
        yield f"Installed by {code(f'pip install -r {path}')}:" if listed else "At run time:"
        yield table(("Package", "Version", "Used in"), (_row(d, users) for d, users in runtime))
    if others:
        yield "For other purposes:"
        rows = ((GROUP_TITLES.get(d.item.group, plain(d.item.group)), *_row(d, users)) for d, users in others)
        yield table(("Purpose", "Package", "Version", "Used in"), rows)
    if indirect:
        links = {d.item.name: fact_link(path, d.item) for d, _ in items if d.item.group == "indirect"}
        verb = "is" if len(indirect) == 1 else "are"
        shown = listing((links[name] for name in indirect), limit=INDIRECT_SHOWN)
        yield f"{capital(count(len(indirect), 'package'))} {verb} needed only by these: {shown}."


def _row(dependency: Located[Dependency], users: tuple[str, ...]) -> tuple[str, str, str]:
    item = dependency.item
    version = code(item.constraint)
    if item.marker:
        version = f"{version} when {code(item.marker)}".strip()
    return fact_link(dependency.path, item), version, listing((file_link(path) for path in users), limit=3)
