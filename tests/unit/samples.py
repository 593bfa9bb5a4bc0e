"""Code bases in memory: texts by path, read by the real extractors, and the commit that they would be."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import HealthCheck, settings

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import BlobFacts, Role, SourceFile
from docsfy_action.facts.roles import parse_gitattributes, roles_of
from docsfy_action.repository.snapshot import Entry, Snapshot

# On a busy machine a test that draws values may take its time without anything being wrong.
STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
COMMIT = "0123456789abcdef0123456789abcdef01234567"
COMMITTED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
Texts = Mapping[str, str] | Mapping[str, bytes] | Mapping[str, str | bytes]


def source_file(path: str, text: str, role: Role | None = None) -> SourceFile:
    """A file of the sample with its facts."""
    extractor = extractor_for(path)
    return SourceFile(
        path=path,
        blob=f"blob of {path}",
        language=extractor.name if extractor else "",
        role=role or roles_of([path], parse_gitattributes({}))[path],
        facts=extractor.extract(text.encode()) if extractor else BlobFacts(),
    )


def code_base(texts: Mapping[str, str], *, name: str = "sample", clone_url: str = "") -> CodeBase:
    """A code base made of these files."""
    roles = roles_of(texts, parse_gitattributes({}))
    files = {path: source_file(path, text, roles[path]) for path, text in sorted(texts.items())}
    return CodeBase(name=name, files=files, clone_url=clone_url)


def as_bytes(text: str | bytes) -> bytes:
    """A text as git would hold it."""
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


@dataclass
class MemoryReader:
    """Reads blobs out of texts, and remembers which it was asked for."""

    texts: Texts
    asked: list[str] = field(default_factory=list)

    def read(self, path: str) -> bytes | None:
        """The content of a file."""
        self.asked.append(path)
        return as_bytes(self.texts[path]) if path in self.texts else None

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The content of those that are there."""
        return ((path, data) for path in paths if (data := self.read(path)) is not None)


def snapshot_of(
    texts: Texts, *, modes: Mapping[str, str] | None = None, sizes: Mapping[str, int] | None = None
) -> Snapshot:
    """The commit of these texts; blob ids follow from the content as git's do."""
    entries = {}
    for path, text in sorted(texts.items()):
        data = as_bytes(text)
        entries[path] = Entry(
            path=path,
            blob=hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest(),
            mode=(modes or {}).get(path, "100644"),
            size=(sizes or {}).get(path, len(data)),
        )
    return Snapshot(commit=COMMIT, committed=COMMITTED, entries=entries)
