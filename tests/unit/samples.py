"""Code bases in memory: texts by path, read by the real extractors."""

from collections.abc import Mapping

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import BlobFacts, SourceFile
from docsfy_action.facts.roles import parse_gitattributes, role_of


def source_file(path: str, text: str) -> SourceFile:
    """A file of the sample with its facts."""
    extractor = extractor_for(path)
    return SourceFile(
        path=path,
        blob=f"blob of {path}",
        language=extractor.name if extractor else "",
        role=role_of(path, parse_gitattributes({})),
        facts=extractor.extract(text.encode()) if extractor else BlobFacts(),
    )


def code_base(texts: Mapping[str, str], *, name: str = "sample", clone_url: str = "") -> CodeBase:
    """A code base made of these files."""
    return CodeBase(
        name=name, files={path: source_file(path, text) for path, text in sorted(texts.items())}, clone_url=clone_url
    )


