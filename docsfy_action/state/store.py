"""The state of one variant in a folder: manifest, pages, and how far a run has come.

<root>/<owner>/<project>/                 shared by all variants of a project: facts, rendered pages, history
<root>/<owner>/<project>/variants/<branch>/<provider>/<model>/
    manifest.json    what the last finished run left
    run.json         status and stage of the last run, also while it goes on
    journal.jsonl    pages finished since the manifest was written
    outline.json     the outline that a model made
    pages/           Markdown, named by its content: no page is overwritten, the old one stays until the new is in use
    scratch/         for a run's own use, emptied when the next one begins
"""

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Protocol

from docsfy_action.errors import StateError
from docsfy_action.lifecycle import Stage, Status
from docsfy_action.state.files import first_link, make_folders, place_aside, remove_tree, state_errors, write_whole
from docsfy_action.state.journal import Journal
from docsfy_action.state.loading import Contents, Folder, read_contents, read_outline, read_page_file
from docsfy_action.state.lock import locked
from docsfy_action.state.model import Manifest, OutlineRecord, PageRecord, RunRecord, dump
from docsfy_action.state.variant import Variant

logger = logging.getLogger(__name__)
_DAMAGES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What an earlier run left.

    `branch` is whose state it is: the variant's own, or the default branch's for a branch without any (`seeded`).
    `lost` are slugs of pages in the manifest whose text is missing or damaged.
    """

    manifest: Manifest
    branch: str
    seeded: bool = False
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a run starts from.

    `finished` are pages that were written after `previous`, by a run that did not come to its end; their text can be
    read like any other. `outline` is the one that a model made, by whichever run. `died` tells of a run that ended
    without a word. `foreign`: all of it came from elsewhere, and has not been verified on this machine. `warnings` name in
    sentences what was damaged.
    """

    previous: Previous | None = None
    finished: tuple[PageRecord, ...] = ()
    died: RunRecord | None = None
    outline: OutlineRecord | None = None
    foreign: bool = False
    warnings: tuple[str, ...] = ()


class PageStore(Protocol):
    """Where pages are kept: what writing needs of a store."""

    def save_page(self, page: PageRecord, markdown: str) -> None:
        """The page is finished; it survives the death of the run. May be called from several threads."""

    def read_page(self, slug: str, digest: str) -> str | None:
        """The Markdown of a page with this content digest; None where it is missing or damaged."""


class StateStore(PageStore, Protocol):
    """Where a variant's state is kept between runs. Every method but `read_page` needs the lock, and may raise
    StateError; what was there before is intact then."""

    @property
    def project_folder(self) -> Path:
        """A folder for what all variants of the project share."""

    @property
    def scratch(self) -> Path:
        """A folder that does not exist yet, for the run's own use; it goes when the next run begins."""

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs at this variant out for the block; StateLocked where one is at work."""

    def load(self) -> Loaded:
        """What the last run left; damage is set aside and named. A run found `generating` becomes `error`."""

    def begin(self, *, commit: str, stage: Stage) -> None:
        """A run starts: from now on its status is `generating`."""

    def set_stage(self, stage: Stage) -> None:
        """The run has come to this stage."""

    def save_outline(self, outline: OutlineRecord) -> None:
        """The model's outline is there; it survives the death of the run."""

    def commit_manifest(self, manifest: Manifest) -> None:
        """The run has ended with this result; texts of pages that it does not name are removed."""

    def end(self, status: Status) -> None:
        """The run has ended without a new manifest: the last one stays, and so do the finished pages. Never raises a
        StateError, so that the error that ended the run is the one that is shown."""


class DirectoryStore:
    """A `StateStore` in a folder on this machine.

    `default_branch` names the branch whose state a branch without one starts from. With `read_only` nothing is changed,
    not even what is damaged, and no lock is taken; only `load` and `read_page` may be called then.
    """

    def __init__(
        self,
        root: Path,
        variant: Variant,
        *,
        clock: Callable[[], datetime],
        default_branch: str = "",
        read_only: bool = False,
    ) -> None:
        self._root = root
        self._variant = variant
        self._clock = clock
        self._default_branch = default_branch
        self._read_only = read_only
        self._folder = Folder(path=root / variant.folder)
        self._seed: Folder | None = None
        self._run: RunRecord | None = None
        self._base = ""
        self._is_locked = False
        self._links: tuple[Path, ...] = ()
        self._writing = Lock()

    @property
    def root(self) -> Path:
        """The state folder, which all variants of all projects share."""
        return self._root

    @property
    def variant(self) -> Variant:
        """What the state belongs to."""
        return self._variant

    @property
    def folder(self) -> Path:
        """The folder of this variant."""
        return self._folder.path

    @property
    def project_folder(self) -> Path:
        """The folder of the project, shared by its variants."""
        return self._root / self._variant.project_folder

    @property
    def scratch(self) -> Path:
        """A folder that does not exist yet, for the run's own use."""
        return self._folder.scratch

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other runs at this variant out for the block."""
        if self._read_only:
            yield
            return
        self._links = make_folders(self._root, self.folder.parent)
        # Beside the folder, not in it: the folder may be set aside while the lock is held.
        path = self.folder.with_name(f"{self.folder.name}.lock")
        with locked(path, what=self._shown(), now=self._clock()):
            self._is_locked = True
            try:
                yield
            finally:
                self._is_locked = False

    def load(self) -> Loaded:
        """What the last run left, or the default branch's state where this branch has none."""
        if not self._read_only:
            self._need_lock()
        contents, warnings = self._believed()
        self._base = contents.base
        if not self._read_only:
            self._tidy(contents)
        previous = _previous(contents, self._variant.branch)
        outline = contents.outline
        if previous is None and self._default_branch not in {"", self._variant.branch}:
            previous, seed_outline, warning = self._from_default_branch()
            outline = outline or seed_outline
            warnings += [warning] if warning else []
        if contents.died is not None:
            stage = contents.died.stage.value
            warnings.append(
                f"The last run died in the stage `{stage}`; {len(contents.finished)} finished pages are kept."
            )
        return Loaded(
            previous=previous,
            finished=contents.finished,
            died=contents.died,
            outline=outline,
            warnings=tuple(warnings),
        )

    def begin(self, *, commit: str, stage: Stage) -> None:
        """A run starts."""
        self._need_lock()
        make_folders(self._root, self._folder.pages)
        Journal(self._folder.journal, self._base).begin()
        started = self._clock().isoformat(timespec="seconds")
        self._record(RunRecord(status=Status.GENERATING, stage=stage, commit=commit, base=self._base, started=started))

    def set_stage(self, stage: Stage) -> None:
        """The run has come to this stage."""
        self._record(self._running().model_copy(update={"stage": stage}))

    def save_page(self, page: PageRecord, markdown: str) -> None:
        """The page is finished: first its text, then the note that it is there."""
        self._running()
        data = markdown.encode("utf-8")
        if hashlib.sha256(data).hexdigest() != page.content_digest:
            raise ValueError(f"the digest of the page {page.slug} is not that of its text")
        with self._writing:
            write_whole(self._folder.page(page.slug, page.content_digest), data)
            Journal(self._folder.journal, self._base).append(page)

    def read_page(self, slug: str, digest: str) -> str | None:
        """The Markdown of a page, from this variant or the one it was seeded from."""
        for folder in filter(None, (self._folder, self._seed)):
            data = read_page_file(folder, slug, digest)
            if data is not None:
                return data.decode("utf-8", "replace")
        return None

    def save_outline(self, outline: OutlineRecord) -> None:
        """The model's outline is there."""
        self._running()
        write_whole(self._folder.outline, dump(outline))

    def read_outline(self) -> OutlineRecord | None:
        """The model's outline as it is now, from this variant or the one it was seeded from."""
        return next(filter(None, map(read_outline, filter(None, (self._folder, self._seed)))), None)

    def commit_manifest(self, manifest: Manifest) -> None:
        """The run has ended with this result. The manifest comes last of what has to be there, then what is not needed
        any more goes."""
        run = self._running()
        wanted = {self._folder.page(page.slug, page.content_digest) for page in manifest.pages if page.content_digest}
        for path in sorted(wanted):
            if not path.is_file():
                raise StateError(f"The page `{path.name}` is not in the state folder.", hint="Run again with `force`.")
        data = dump(manifest)
        digest = hashlib.sha256(data).hexdigest()
        if digest != self._base:
            write_whole(self._folder.manifest, data)
            self._base = digest
        self._record(run.model_copy(update={"status": manifest.status, "stage": manifest.stage}))
        self._run = None
        _remove([self._folder.journal, *(path for path in self._folder.pages.iterdir() if path not in wanted)])

    def end(self, status: Status) -> None:
        """The run has ended without a new manifest. Raises nothing: why the run ended matters more than that the state
        cannot be told, and the next run finds out by itself."""
        try:
            self._record(self._running().model_copy(update={"status": status}))
        except StateError as error:
            logger.debug("the end of the run could not be noted: %s", error)
        self._run = None

    def _believed(self) -> tuple[Contents, list[str]]:
        """The folder's contents, after setting aside what cannot be believed, and the warnings that say so."""
        warnings = [
            f"`{link.relative_to(self._root)}` in the state folder was a link; removed." for link in self._links
        ]
        link = first_link(self._root, self.folder)
        contents = Contents(problem=f"`{link.name}` is a link") if link is not None else read_contents(self._folder)
        if contents.problem:
            place = self._set_aside(link or self.folder)
            return Contents(), [*warnings, f"The state of {self._shown()} is damaged ({contents.problem}). {place}"]
        if contents.damaged:
            what = ", ".join(damage.reason for damage in contents.damaged[:_DAMAGES_SHOWN])
            more = len(contents.damaged) - _DAMAGES_SHOWN
            what = f"{what} and {more} more" if more > 0 else what
            place = self._set_files_aside([damage.file for damage in contents.damaged if damage.file.exists()])
            warnings.append(f"The state of {self._shown()} is damaged in part ({what}). {place}")
        return contents, warnings

    def _tidy(self, contents: Contents) -> None:
        """Make an end of a run that died, and of what only it needed."""
        with state_errors(f"empty `{self.scratch}`"), suppress(FileNotFoundError):
            shutil.rmtree(self.scratch)
        if contents.died is not None:
            self._record(contents.died.model_copy(update={"status": Status.ERROR}))
            self._run = None

    def _from_default_branch(self) -> tuple[Previous | None, OutlineRecord | None, str]:
        """The default branch's state, with its pages copied, because its next run may remove them at any moment."""
        seed = Folder(path=self._root / self._variant.on_branch(self._default_branch).folder)
        problem = "a link leads there" if first_link(self._root, seed.path) else ""
        contents = Contents(problem=problem) if problem else read_contents(seed)
        if contents.problem:
            return (
                None,
                None,
                f"The state of the branch `{self._default_branch}` is damaged ({contents.problem}) and not used.",
            )
        self._seed = seed
        lost = set(contents.lost)
        if contents.manifest is not None and not self._read_only:
            make_folders(self._root, self._folder.pages)
            for page in contents.manifest.pages:
                data = read_page_file(seed, page.slug, page.content_digest) if page.content_digest else None
                if data is not None:
                    write_whole(self._folder.page(page.slug, page.content_digest), data)
                elif page.content_digest and (page.author or not seed.is_foreign):
                    lost.add(page.slug)
        previous = _previous(contents, self._default_branch)
        if previous is None:
            return None, contents.outline, ""
        seeded = Previous(manifest=previous.manifest, branch=previous.branch, seeded=True, lost=frozenset(lost))
        return seeded, contents.outline, ""

    def _set_aside(self, path: Path) -> str:
        """Move a folder or link out of the way and say where to."""
        if self._read_only:
            return "It is not used."
        with state_errors(f"set aside `{path}`"):
            target = _free_place(path)
            path.rename(target)
        return f"It was set aside as `{target.relative_to(self._root)}` and is made anew."

    def _set_files_aside(self, files: list[Path]) -> str:
        """Move files of the variant out of the way and say where to; those that are missing need no moving."""
        if self._read_only or not files:
            return "It is not used." if files else "It is missing and is made anew."
        with state_errors(f"set aside `{files[0]}`"):
            target = _free_place(self.folder)
            target.mkdir()
            for file in files:
                file.rename(target / file.name)
        return f"It was set aside as `{target.relative_to(self._root)}` and is made anew."

    def _record(self, run: RunRecord) -> None:
        write_whole(self._folder.run, dump(run))
        self._run = run

    def _running(self) -> RunRecord:
        self._need_lock()
        if self._run is None:
            raise RuntimeError("no run has begun")
        return self._run

    def _need_lock(self) -> None:
        if not self._is_locked:
            raise RuntimeError("the state is not locked")

    def _shown(self) -> str:
        variant = self._variant
        return "/".join(filter(None, (variant.owner, variant.project, variant.branch, variant.provider, variant.model)))


def _previous(contents: Contents, branch: str) -> Previous | None:
    if contents.manifest is None:
        return None
    return Previous(manifest=contents.manifest, branch=branch, lost=contents.lost)


def _free_place(path: Path) -> Path:
    """A free name beside `path` for what is set aside; the oldest of what lies there goes."""
    place, outdated = place_aside(path)
    for old in outdated:
        remove_tree(old)
    return place


def _remove(paths: list[Path]) -> None:
    """Remove what is not needed; what cannot be removed does no harm and goes another time."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            logger.debug("%s could not be removed: %s", path, error)
