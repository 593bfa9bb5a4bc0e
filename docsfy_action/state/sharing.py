"""What the jobs of one run hand each other, in a folder beside the variants.

<root>/<owner>/<project>/runs/<run>/
    plan.json            what the job that planned has decided
    shard-2-of-3.json    how far a shard has come, what it did and spent
    shard-2-of-3.jsonl   its finished pages, one by one
    pages/               their Markdown, named by its content

No two jobs write the same file, so that the folders of several machines can be put together by copying.
"""

import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from docsfy_action.errors import StateError
from docsfy_action.lifecycle import PageAction
from docsfy_action.state.files import Planted, first_link, make_folders, read_regular, write_whole
from docsfy_action.state.journal import Journal
from docsfy_action.state.loading import Folder, read_page_file
from docsfy_action.state.model import MAX_MANIFEST_BYTES, PageRecord, Unreadable, dump, parse
from docsfy_action.state.sharing_model import PlanRecord, RowRecord, ShardRecord

RUNS = "runs"
PLAN = "plan.json"
SHARD_FILE = re.compile(r"shard-\d{1,3}-of-\d{1,3}\.jsonl?", re.ASCII)
_KEPT = 8  # runs whose folders stay; what older ones handed over is in the state, or will not be asked for any more


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedPage:
    """A page that a shard finished, and its row; `record` and `text` are None where the model did not write it."""

    row: RowRecord
    record: PageRecord | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What a shard has left: its record and its pages by slug."""

    record: ShardRecord
    pages: Mapping[str, HandedPage]


class RunFolder:
    """The folder of one run. `root` is the state folder, `path` a folder below it."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        self.path = path

    def read_plan(self) -> PlanRecord | Unreadable | None:
        """The plan; None where there is none. Raises StateError."""
        data = self._read(PLAN)
        return data if data is None or isinstance(data, Unreadable) else parse(PlanRecord, data)

    def write_plan(self, plan: PlanRecord) -> None:
        """The plan is made. Raises StateError."""
        make_folders(self.root, self.path / "pages")
        write_whole(self.path / PLAN, dump(plan))

    def log(self, plan: PlanRecord, index: int) -> "ShardLog":
        """Where a shard of this plan writes down what it does."""
        return ShardLog(self, plan, index)

    def read_shard(self, plan: PlanRecord, index: int) -> Shard | None:
        """What a shard of this plan has left; None where that is nothing, or nothing that can be believed."""
        return self.log(plan, index).read()

    def forget_others(self) -> None:
        """Remove the folders of runs that are long over."""
        with suppress(OSError):
            others = [path for path in self.path.parent.iterdir() if path != self.path and not path.is_symlink()]
            for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]:
                shutil.rmtree(path, ignore_errors=True)

    def _read(self, name: str) -> bytes | Unreadable | None:
        if not self.path.is_dir() or first_link(self.root, self.path) is not None:
            return None
        try:
            return read_regular(self.path / name, MAX_MANIFEST_BYTES)
        except Planted as planted:
            return Unreadable(reason=str(planted))


class ShardLog:
    """The files of one shard: each page is safe the moment it is done."""

    def __init__(self, folder: RunFolder, plan: PlanRecord, index: int) -> None:
        self._folder = folder
        self._plan = plan
        self._index = index
        self._writing = Lock()
        self._journal = Journal(folder.path / f"{self.name}.jsonl", plan.digest)

    @property
    def plan(self) -> str:
        """The digest of the plan."""
        return self._plan.digest

    @property
    def index(self) -> int:
        """Which shard it is, from 1."""
        return self._index

    @property
    def name(self) -> str:
        """The names of its files without their endings."""
        return f"shard-{self._index}-of-{self._plan.count}"

    @property
    def files(self) -> tuple[Path, ...]:
        """All that has to travel: the files of the shard, and the texts of its pages."""
        files = Folder(path=self._folder.path)
        shard = self.read()
        pages = shard.pages.values() if shard is not None else ()
        texts = {files.page(page.record.slug, page.record.content_digest) for page in pages if page.record is not None}
        own = (self._folder.path / f"{self.name}.{ending}" for ending in ("json", "jsonl"))
        return tuple(path for path in (*own, *sorted(texts)) if path.is_file() and not path.is_symlink())

    def begin(self) -> None:
        """Go on with what is there of this plan. Raises StateError."""
        make_folders(self._folder.root, self._folder.path / "pages")
        self._journal.begin()

    def save_page(self, page: PageRecord, markdown: str) -> None:
        """The page is finished. Raises StateError."""
        with self._writing:
            write_whole(Folder(path=self._folder.path).page(page.slug, page.content_digest), markdown.encode("utf-8"))
            self._journal.append(page)

    def note(self, record: ShardRecord) -> None:
        """How far the shard has come. Raises StateError."""
        write_whole(self._folder.path / f"{self.name}.json", dump(record))

    def read(self) -> Shard | None:
        """What was written down for this plan; what cannot be believed is left out."""
        data = self._folder._read(f"{self.name}.json")  # noqa: SLF001 - of this module
        record = parse(ShardRecord, data) if isinstance(data, bytes) else None
        finished = self._finished()
        if not isinstance(record, ShardRecord) or not self._is_ours(record):
            if not finished:
                return None
            record = ShardRecord(plan=self._plan.digest, index=self._index, count=self._plan.count)
        rows = {row.slug: row for row in record.rows}
        ours = {work.slug for work in self._plan.works}
        pages = {slug: HandedPage(row=row) for slug, row in rows.items() if slug in ours}
        for page, text in finished:
            row = rows.get(page.slug)
            if page.slug in ours:
                pages[page.slug] = HandedPage(row=row or _row_of(page), record=page, text=text)
        return Shard(record=record, pages=pages)

    def _is_ours(self, record: ShardRecord) -> bool:
        return (record.plan, record.index, record.count) == (self._plan.digest, self._index, self._plan.count)

    def _finished(self) -> list[tuple[PageRecord, str]]:
        if not self._folder.path.is_dir() or first_link(self._folder.root, self._folder.path) is not None:
            return []
        try:
            pages = self._journal.read().pages
        except (Planted, StateError):
            return []
        folder = Folder(path=self._folder.path)
        found = []
        for page in pages:
            data = read_page_file(folder, page.slug, page.content_digest) if page.content_digest else None
            if data is not None:
                found.append((page, data.decode("utf-8", "replace")))
        return found


def _row_of(page: PageRecord) -> RowRecord:
    """The row of a page whose job was killed before it could tell of it."""
    return RowRecord(
        slug=page.slug,
        action=PageAction.WRITE,
        reason="its job ended before it could say more",
        writer=page.author or "builtin",
    )
