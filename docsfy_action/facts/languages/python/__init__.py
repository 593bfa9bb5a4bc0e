"""Python: definitions, imports, environment variables, settings classes and command lines, read with tree-sitter."""

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.model import BlobFacts


def _claims(path: str) -> bool:
    return path.endswith((".py", ".pyi"))


def _extract(data: bytes) -> BlobFacts:
    # Loading the grammar takes as long as reading many files: only runs that meet Python pay for it.
    from docsfy_action.facts.languages.python.extract import extract

    return extract(data)


EXTRACTORS = (Extractor(name="python", version=3, claims=_claims, extract=_extract, is_code=True),)
