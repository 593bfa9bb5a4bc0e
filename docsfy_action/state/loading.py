"""Reads the folder of a variant and says what of it can be believed. Changes nothing."""

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.lifecycle import Status
from docsfy_action.state.files import Planted, check_plain, read_regular, state_errors
from docsfy_action.state.journal import Journal
from docsfy_action.state.model import (
    MAX_MANIFEST_BYTES,
    Manifest,
    OutlineRecord,
    PageRecord,
    RunRecord,
    Unreadable,
    parse,
)

MAX_PAGE_BYTES = 16_000_000
_SLUG_IN_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where the parts of a variant's state lie."""

    path: Path

    @property
    def manifest(self) -> Path:
        """What the last finished run left."""
        return self.path / "manifest.json"

    @property
    def run(self) -> Path:
        """Status and stage of the last run."""
        return self.path / "run.json"

    @property
    def outline(self) -> Path:
        """The outline that a model made."""
        return self.path / "outline.json"

    @property
    def journal(self) -> Path:
        """Pages finished since the manifest was written."""
        return self.path / "journal.jsonl"

    @property
    def pages(self) -> Path:
        """The folder of the pages' Markdown."""
        return self.path / "pages"

    @property
    def foreign(self) -> Path:
        """There while the state is one that came from elsewhere, until a run of this machine has verified all of it."""
        return self.path / "restored"

    @property
    def is_foreign(self) -> bool:
        """Whether what the state says of itself has not been verified on this machine."""
        return os.path.lexists(self.foreign)

    @property
    def scratch(self) -> Path:
        """Room for a run's own use, not kept."""
        return self.path / "scratch"

    def page(self, slug: str, digest: str) -> Path:
        """The file of a page with this content."""
        return self.pages / f"{slug[:_SLUG_IN_NAME]}.{digest}.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A file that cannot be believed, and why."""

    file: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a folder holds.

    `problem` says why nothing of it can be believed; empty if it can. `base` is the digest of the manifest's bytes.
    `lost` are the slugs whose text is missing or damaged, `damaged` the files at fault; a page of the embedded writer that
    came from elsewhere needs no text, because it is made anew. `died` is the record of a run that began and never ended.
    """

    problem: str = ""
    manifest: Manifest | None = None
    base: str = ""
    lost: frozenset[str] = frozenset()
    finished: tuple[PageRecord, ...] = ()
    died: RunRecord | None = None
    outline: OutlineRecord | None = None
    damaged: tuple[Damage, ...] = ()


def read_contents(folder: Folder) -> Contents:
    """Everything in `folder` that can be believed. Raises StateError where the disk does not let it be read."""
    try:
        _survey(folder)
        return _read(folder)
    except Planted as planted:
        return Contents(problem=str(planted))


def read_page_file(folder: Folder, slug: str, digest: str) -> bytes | None:
    """The text of a page; None where it is missing or is not what its digest says."""
    try:
        data = read_regular(folder.page(slug, digest), MAX_PAGE_BYTES)
    except Planted:
        return None
    return data if data is not None and hashlib.sha256(data).hexdigest() == digest else None


def read_outline(folder: Folder) -> OutlineRecord | None:
    """The outline that a model made; None where there is none that can be believed."""
    try:
        return _outline(folder, [])
    except Planted:
        return None


def _survey(folder: Folder) -> None:
    """Raise Planted if anything lies there that this program never makes."""
    for place, folders in ((folder.path, {"pages", "scratch"}), (folder.pages, frozenset[str]())):
        for name, status in _entries(place):
            if not (name in folders and stat.S_ISDIR(status.st_mode)):
                check_plain(status, name)


def _entries(place: Path) -> list[tuple[str, os.stat_result]]:
    """Names and status of what lies in a folder; another run may remove files of its own at the same time."""
    found = []
    with state_errors(f"read `{place}`"), suppress(FileNotFoundError), os.scandir(place) as scan:
        for entry in scan:
            with suppress(FileNotFoundError):
                found.append((entry.name, entry.stat(follow_symlinks=False)))
    return found


def _read(folder: Folder) -> Contents:
    data = read_regular(folder.manifest, MAX_MANIFEST_BYTES)
    manifest = parse(Manifest, data) if data is not None else None
    if isinstance(manifest, Unreadable):
        return Contents(problem=f"`{folder.manifest.name}` cannot be used: {manifest.reason}")
    base = hashlib.sha256(data).hexdigest() if data is not None else ""
    run, damaged = _run(folder)
    outline = _outline(folder, damaged)
    lost: set[str] = set()
    foreign = folder.is_foreign
    for page in manifest.pages if manifest is not None else ():
        needed = page.content_digest and (page.author or not foreign)
        if needed and read_page_file(folder, page.slug, page.content_digest) is None:
            lost.add(page.slug)
            damaged.append(Damage(file=folder.page(page.slug, page.content_digest), reason=f"the page `{page.slug}`"))
    journal = Journal(folder.journal, base).read()
    if journal.damaged:
        damaged.append(Damage(file=folder.journal, reason=f"{journal.damaged} lines of the journal"))
    whole = (page for page in journal.pages if read_page_file(folder, page.slug, page.content_digest) is not None)
    died = run is not None and run.status is Status.GENERATING and run.base == base
    return Contents(
        manifest=manifest,
        base=base,
        lost=frozenset(lost),
        finished=tuple(whole),
        died=run if died else None,
        outline=outline,
        damaged=tuple(damaged),
    )


def _run(folder: Folder) -> tuple[RunRecord | None, list[Damage]]:
    data = read_regular(folder.run, MAX_MANIFEST_BYTES)
    run = parse(RunRecord, data) if data is not None else None
    if isinstance(run, Unreadable):
        return None, [Damage(file=folder.run, reason=f"`{folder.run.name}`: {run.reason}")]
    return run, []


def _outline(folder: Folder, damaged: list[Damage]) -> OutlineRecord | None:
    data = read_regular(folder.outline, MAX_MANIFEST_BYTES)
    outline = parse(OutlineRecord, data) if data is not None else None
    if isinstance(outline, Unreadable):
        damaged.append(Damage(file=folder.outline, reason=f"`{folder.outline.name}`: {outline.reason}"))
        return None
    return outline
