"""The fixtures of this folder: files at the paths they have in a repository, and the extractors of the formats."""

from dataclasses import dataclass
from pathlib import Path

from docsfy_action.facts.extractor import Extractor, extractors
from docsfy_action.facts.model import BlobFacts

HERE = Path(__file__).parent
EXTRACTORS = tuple(extractor for extractor in extractors() if not extractor.is_code)


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


def extract(path: str, text: str | bytes) -> BlobFacts:
    """The facts of a text at a path."""
    data = text.encode() if isinstance(text, str) else text
    return next(extractor for extractor in EXTRACTORS if extractor.claims(path)).extract(data)
