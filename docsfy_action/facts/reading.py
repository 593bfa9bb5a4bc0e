"""Facts of a whole commit: blobs whose facts are stored are not read again, all others are read once."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from docsfy_action.facts.extractor import MAX_BLOB_BYTES, Extractor, extractor_for
from docsfy_action.facts.model import BlobFacts, Role, SourceFile
from docsfy_action.facts.roles import generated_by_header, is_ignored, parse_gitattributes, roles_of
from docsfy_action.repository.snapshot import BlobReader, Entry, Snapshot

logger = logging.getLogger(__name__)

REGULAR_MODES = frozenset({"100644", "100755"})
HEADER_BYTES = 2048
# Facts that are stored together: in their stored form all of them would take as much memory again.
AT_ONCE = 200
UNREAD = BlobFacts()
ABSENT = BlobFacts(error="the blob is not in this clone")

FactsKey = tuple[str, int, str]


class FactsStore(Protocol):
    """Facts by (extractor, its version, blob id)."""

    def get_many(self, keys: Iterable[FactsKey]) -> Mapping[FactsKey, BlobFacts]:
        """Those that are stored."""

    def put_many(self, items: Mapping[FactsKey, BlobFacts]) -> None:
        """Store these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsReading:
    """Files with their facts, how many blobs had to be read for them, and how many were known. `fresh` is what was
    extracted from the blobs just now, by path; no store has had it in hands."""

    files: Mapping[str, SourceFile]
    blobs_read: int
    blobs_known: int
    fresh: Mapping[str, BlobFacts]


def read_facts(
    snapshot: Snapshot, reader: BlobReader, store: FactsStore, *, exclude: tuple[str, ...] = ()
) -> FactsReading:
    """Facts of every regular file of the commit that `exclude` (gitignore patterns) leaves in."""
    entries = {
        path: entry
        for path, entry in sorted(snapshot.entries.items())
        if entry.mode in REGULAR_MODES and not (exclude and is_ignored(path, exclude))
    }
    attribute_files = {
        path: reader.read(path) or b"" for path in entries if path.rsplit("/", 1)[-1] == ".gitattributes"
    }
    attributes = parse_gitattributes(attribute_files)
    roles = roles_of(entries, attributes)
    wanted = {path: extractor for path, entry in entries.items() if (extractor := _extractor(path, entry, roles[path]))}
    keys = {path: (extractor.name, extractor.version, entries[path].blob) for path, extractor in wanted.items()}
    known = dict(store.get_many(set(keys.values())))
    fresh: dict[FactsKey, BlobFacts] = {}
    missing = {key: path for path, key in reversed(keys.items()) if key not in known}
    unsaved: dict[FactsKey, BlobFacts] = {}
    for path, data in reader.read_many(sorted(missing.values())):
        unsaved[keys[path]] = fresh[keys[path]] = _extract(wanted[path], data)
        if len(unsaved) == AT_ONCE:
            store.put_many(unsaved)
            unsaved = {}
    if unsaved:
        store.put_many(unsaved)
    known.update(fresh)
    files = {}
    for path, entry in entries.items():
        extractor = wanted.get(path)
        facts = known.get(keys[path], ABSENT) if extractor is not None else UNREAD
        role = Role.GENERATED if facts.error == GENERATED_NOTE else roles[path]
        files[path] = SourceFile(
            path=path, blob=entry.blob, language=extractor.name if extractor else "", role=role, facts=facts
        )
    return FactsReading(
        files=files,
        blobs_read=len(fresh),
        blobs_known=len(known) - len(fresh),
        fresh={path: fresh[key] for path, key in keys.items() if key in fresh and fresh[key].error != GENERATED_NOTE},
    )


# Kept in place of facts for a file whose header says that a program wrote it.
GENERATED_NOTE = "generated"


def _extract(extractor: Extractor, data: bytes) -> BlobFacts:
    if extractor.is_code and generated_by_header(data[:HEADER_BYTES]):
        return BlobFacts(error=GENERATED_NOTE)
    return extractor.extract(data)


def _extractor(path: str, entry: Entry, role: Role) -> Extractor | None:
    if entry.size > MAX_BLOB_BYTES or role in (Role.GENERATED, Role.VENDORED):
        return None
    return extractor_for(path)
