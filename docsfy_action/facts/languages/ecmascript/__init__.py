"""Facts from JavaScript and TypeScript files."""

from functools import partial

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.model import BlobFacts

_SCRIPT_ENDINGS = (".js", ".mjs", ".cjs", ".jsx")
_MINIFIED_ENDINGS = (".min.js", ".min.mjs", ".min.cjs")


def _claims_javascript(path: str) -> bool:
    return path.endswith(_SCRIPT_ENDINGS) and not path.endswith(_MINIFIED_ENDINGS)


def _claims_typescript(path: str) -> bool:
    return path.endswith((".ts", ".mts", ".cts"))


def _claims_tsx(path: str) -> bool:
    return path.endswith(".tsx")


def _extract(grammar: str, blob: bytes) -> BlobFacts:
    # Loaded with the first file: many repositories hold no script.
    from docsfy_action.facts.languages.ecmascript.extract import extract

    return extract(grammar, blob)


EXTRACTORS = (
    Extractor(
        name="javascript",
        version=2,
        claims=_claims_javascript,
        extract=partial(_extract, "javascript"),
        is_code=True,
    ),
    Extractor(
        name="typescript",
        version=2,
        claims=_claims_typescript,
        extract=partial(_extract, "typescript"),
        is_code=True,
    ),
    # The same bytes may say something else here: another version keeps the stored facts apart.
    Extractor(name="typescript", version=1_002, claims=_claims_tsx, extract=partial(_extract, "tsx"), is_code=True),
)
