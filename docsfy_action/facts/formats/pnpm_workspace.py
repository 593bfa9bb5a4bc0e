"""`pnpm-workspace.yaml`: the folders whose packages belong together."""

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.text import reader
from docsfy_action.facts.formats.syntax.yaml import parse_yaml
from docsfy_action.facts.model import BlobFacts, Manifest


def _read(text: str) -> BlobFacts:
    packages = parse_yaml(text).get("packages")
    if not packages.texts:
        return BlobFacts()
    return BlobFacts(
        manifests=(
            Manifest(ecosystem="npm", line=packages.line, build="pnpm", published=False, workspaces=packages.texts),
        )
    )


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] in ("pnpm-workspace.yaml", "pnpm-workspace.yml")


EXTRACTORS = (Extractor(name="pnpm-workspace", version=1, claims=_claims, extract=reader(_read)),)
