"""What all variants of a project share: facts by blob, rendered pages, history."""

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from docsfy_action.facts.model import BlobFacts
from docsfy_action.facts.reading import FactsKey, FactsStore
from docsfy_action.repository.history import History, read_source
from docsfy_action.site.cache import RenderCache
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.state import facts_store
from docsfy_action.state.blob_cache import BlobCache
from docsfy_action.state.history_store import HistoryStore
from docsfy_action.state.travelling import FACTS, HISTORY, RENDERED
from docsfy_action.writers.builtin.changes import COMMITS

RENDERED_BYTES = 200_000_000


@dataclass(frozen=True, kw_only=True)
class Shared:
    """Open until the stack they were opened with is closed."""

    folder: Path
    facts: FactsStore
    rendered: RenderCache
    histories: HistoryStore[History]
    caches: tuple[BlobCache, ...]

    def history(
        self, source: Source, scratch: Path, run: Run, stack: ExitStack, *, foreign: bool = False
    ) -> tuple[Source, History]:
        """The history of the commit, continued from the last run's, which may be `foreign`; and the source with all objects
        that could be had."""
        branch = source.branch
        previous = self.histories.load(branch, source.default_branch)
        found = read_source(
            source.repository,
            previous,
            limit=COMMITS,
            into=scratch / "history.git",
            credentials=source.credentials,
            foreign=foreign,
        )
        for warning in self.histories.warnings:
            run.warn(warning)
        if found.history.reason:
            run.warn(
                f"The history of this clone is cut off ({found.history.reason}): links to the source name the documented "
                "commit, and there is no page of recent changes. Check out with `fetch-depth: 0`."
            )
        else:
            self.histories.save(branch, found.history)
        if found.repository is not source.repository:
            reader = stack.enter_context(found.repository.reader())
            source = replace(source, repository=found.repository, reader=reader, snapshot=found.repository.snapshot())
        return source, found.history

    def prune(self, run: Run) -> None:
        """Forget what no recent run has used, and say what was damaged."""
        for cache in self.caches:
            cache.prune()
            for warning in cache.warnings:
                run.warn(warning)


@dataclass(frozen=True, slots=True)
class Forgetful:
    """A store of facts that claims to know nothing, so that everything is read again, and takes what was read."""

    store: FactsStore

    def get_many(self, keys: Iterable[FactsKey]) -> Mapping[FactsKey, BlobFacts]:
        """Nothing."""
        return {}

    def put_many(self, items: Mapping[FactsKey, BlobFacts]) -> None:
        """Store these."""
        self.store.put_many(items)


def open_shared(folder: Path, stack: ExitStack) -> Shared:
    """What the project's variants share, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = stack.enter_context(BlobCache(folder / FACTS))
    rendered = stack.enter_context(BlobCache(folder / RENDERED, max_bytes=RENDERED_BYTES))
    return Shared(
        folder=folder,
        facts=facts_store.FactsStore(facts, BlobFacts),
        rendered=rendered,
        histories=HistoryStore(folder / HISTORY, History),
        caches=(facts, rendered),
    )


def open_nothing(stack: ExitStack) -> Shared:
    """The same for a run that must leave nothing behind."""
    return open_shared(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsfy-dry-"))), stack)
