"""Facts from Go files."""

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.model import BlobFacts


def _claims(path: str) -> bool:
    return path.endswith(".go")


def _extract(blob: bytes) -> BlobFacts:
    # Loaded with the first file: most repositories hold no Go.
    from docsfy_action.facts.languages.go.extract import extract

    return extract(blob)


EXTRACTORS = (Extractor(name="go", version=1, claims=_claims, extract=_extract, is_code=True),)
