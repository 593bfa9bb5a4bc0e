"""What an extractor is, and the table of all of them, found in `languages/` and `formats/` by their module attribute."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from docsfy_action.facts import literals
from docsfy_action.facts.model import BlobFacts

MAX_BLOB_BYTES = 1_000_000
MAX_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """Reads facts out of one blob.

    `name` becomes `SourceFile.language`. `version` is raised whenever the same bytes give other facts; it is part of the
    key under which facts are stored. `claims` says from the path alone whether the file is this extractor's. `extract`
    never raises on bad input: it returns what it could read, with `BlobFacts.error` set. `is_code` marks programming
    languages, whose files take part in the import graph.
    """

    name: str
    version: int
    claims: Callable[[str], bool]
    extract: Callable[[bytes], BlobFacts]
    is_code: bool = False


@cache
def extractors() -> tuple[Extractor, ...]:
    """All extractors: each module or package in `languages/` and `formats/` offers a tuple `EXTRACTORS`; formats first,
    so that a manifest such as `setup.py` is not taken for mere code."""
    found: list[Extractor] = []
    for package_name in ("docsfy_action.facts.formats", "docsfy_action.facts.languages"):
        package = importlib.import_module(package_name)
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
            module = importlib.import_module(f"{package_name}.{info.name}")
            found.extend(map(_with_literals, getattr(module, "EXTRACTORS", ())))
    return tuple(found)


def _with_literals(extractor: Extractor) -> Extractor:
    version = extractor.version * 100 + literals.VERSION
    return replace(extractor, version=version, extract=literals.with_literals(extractor.extract))


@cache
def code_languages() -> frozenset[str]:
    """The programming languages that are read: names of their extractors."""
    return frozenset(extractor.name for extractor in extractors() if extractor.is_code)


def extractor_for(path: str) -> Extractor | None:
    """The first extractor that claims `path`, or None."""
    return next((extractor for extractor in extractors() if extractor.claims(path)), None)
