"""pip's requirements files. The path tells what they are for, so two extractors share one reader."""

import re

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.pep508 import requirement
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import one_line, reader
from docsfy_action.facts.model import BlobFacts, Dependency

_FILE = re.compile(
    r"(?:^|/)(?:[\w.-]*requirements[\w.-]*\.(?:txt|in|pip)|requirements/(?:[\w.-]+/)*[\w.-]+\.(?:txt|in|pip))$"
)
_NOT_RUNTIME = re.compile(
    r"(?:^|[/_.-])(?:dev|devel|develop|development|tests?|testing|docs?|lint|linting|ci|build|style|typing|types|mypy|"
    r"bench|benchmarks?|tools?|tooling|examples?|release|pkgutils|local|qa|check|pre-commit)(?:[/_.-]|$)"
)
_CONSTRAINTS = re.compile(r"(?:^|[/_.-])constraints?(?:[_.-]|$)|(?:^|/)requirements(?:[/_.-].*)?[/_.-]lock(?:ed)?[_.-]")
_OPTIONS_BEHIND = re.compile(r"\s--?[a-z][\w-]*(?:[= ]\S+)?.*$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")


def _dependencies(text: str, group: str) -> BlobFacts:
    found: list[Dependency] = []
    pending, start = "", 0
    for line, raw in enumerate(text.split("\n"), start=1):
        start = start if pending else line
        piece = raw.rstrip()
        if piece.endswith("\\") and not piece.lstrip().startswith("#"):
            pending += piece[:-1] + " "
            continue
        dependency = _dependency(pending + piece, start, group)
        pending = ""
        if dependency is not None:
            found.append(dependency)
    return BlobFacts(dependencies=unique(found))


def _dependency(written: str, line: int, group: str) -> Dependency | None:
    written = one_line(written)
    said = _COMMENT.sub("", written).strip()
    if egg := _EGG.search(written):
        address = re.sub(r"^(?:-e|--editable)[\s=]+", "", written)
        return Dependency(name=egg[1], line=line, constraint=f"@ {address.split()[0]}", group=group)
    if said.startswith("-"):
        return None
    return requirement(_OPTIONS_BEHIND.sub("", said), line=line, group=group)


def _runtime(text: str) -> BlobFacts:
    return _dependencies(text, "runtime")


def _development(text: str) -> BlobFacts:
    return _dependencies(text, "development")


def _is_requirements(path: str) -> bool:
    return "requirements" in path and _FILE.search(path) is not None and _CONSTRAINTS.search(path) is None


def _is_development(path: str) -> bool:
    folder, _, base = path.rpartition("/")
    parent = folder.rpartition("/")[2]
    return _NOT_RUNTIME.search(f"{parent}/{base}") is not None


def _claims_runtime(path: str) -> bool:
    return _is_requirements(path) and not _is_development(path)


def _claims_development(path: str) -> bool:
    return _is_requirements(path) and _is_development(path)


EXTRACTORS = (
    Extractor(name="requirements", version=1, claims=_claims_runtime, extract=reader(_runtime)),
    Extractor(name="requirements-development", version=1, claims=_claims_development, extract=reader(_development)),
)
