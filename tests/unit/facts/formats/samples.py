"""The fixtures of this folder: files at the paths they have in a repository, and the extractors of the formats."""

import importlib
import pkgutil
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path

from docsfy_action.facts import formats
from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.model import BlobFacts

HERE = Path(__file__).parent
EXTRACTORS: tuple[Extractor, ...] = tuple(
    extractor
    for info in sorted(pkgutil.iter_modules(formats.__path__), key=lambda info: info.name)
    for extractor in getattr(importlib.import_module(f"{formats.__name__}.{info.name}"), "EXTRACTORS", ())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """A file: `path` is its path in the repository that the case stands for."""

    case: str
    path: str
    data: bytes

    @property
    def extractor(self) -> Extractor:
        """The extractor that claims the path."""
        return next(extractor for extractor in EXTRACTORS if extractor.claims(self.path))

    @property
    def facts(self) -> BlobFacts:
        """What it reads."""
        return self.extractor.extract(self.data)


def fixtures() -> list[Fixture]:
    """All fixtures by case and path."""
    return [
        Fixture(case=case.name, path=file.relative_to(case).as_posix(), data=file.read_bytes())
        for case in sorted((HERE / "fixtures").iterdir())
        for file in sorted(case.rglob("*"))
        if file.is_file()
    ]


def plain(value: object) -> object:
    """Facts as JSON; what a field's default says is left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        present = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
        return {name: plain(item) for name, (item, default) in present.items() if item != default}
    return value


def extract(path: str, text: str | bytes) -> BlobFacts:
    """The facts of a text at a path."""
    data = text.encode() if isinstance(text, str) else text
    return next(extractor for extractor in EXTRACTORS if extractor.claims(path)).extract(data)
