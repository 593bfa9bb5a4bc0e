"""Planning: the facts of the commit, the history, the outline, and what is to be done with each page."""

import hashlib
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from docsfy_action import __version__
from docsfy_action.errors import OutlineError
from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import BlobFacts, SourceFile
from docsfy_action.facts.reading import FactsStore, read_facts
from docsfy_action.outline.amend import MODEL_WRITER, join
from docsfy_action.outline.build import build_outline
from docsfy_action.outline.model import Outline, PageKind, PageSpec
from docsfy_action.outline.proposal import PlannedPage
from docsfy_action.outline.steer import Handwritten, Pinned, missing, pin, steer
from docsfy_action.plan.plan import Known, Plan, make_plan
from docsfy_action.plan.provenance import Provenance
from docsfy_action.repository.history import History, LastChange
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.state.model import PageRecord
from docsfy_action.state.store import Loaded
from docsfy_action.verify.markdown import slugify
from docsfy_action.verify.page import parse_page
from docsfy_action.writers.builtin.changes import COMMITS
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import first_sentence
from docsfy_action.writers.pages import PageInput, select_inputs

logger = logging.getLogger(__name__)


Outliner = Callable[[CodeBase, Outline], Sequence[PlannedPage]]


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What the commit says, and what each page would be made from.

    `fresh` are facts that this run itself extracted from the commit, by path. `planned` are the pages that a model's outline
    added, by slug; they have no input of the embedded writer.
    """

    code: CodeBase
    outline: Outline
    inputs: Mapping[str, PageInput]
    history: History
    blobs_read: int
    blobs_known: int
    fresh: Mapping[str, BlobFacts] = field(default_factory=dict)
    planned: Mapping[str, PlannedPage] = field(default_factory=dict)

    @classmethod
    def of(cls, code: CodeBase, outline: Outline) -> "Knowledge":
        """What is known while the outline is still being planned: no page's input, and no history."""
        unknown = History(last_change=LastChange(commit="", complete=False))
        return cls(code=code, outline=outline, inputs={}, history=unknown, blobs_read=0, blobs_known=0)

    @property
    def blobs(self) -> Mapping[str, str]:
        """Blob ids of the documented files by path."""
        return {path: file.blob for path, file in self.code.files.items()}

    def same_outline(self, _: CodeBase, __: Outline) -> Sequence[PlannedPage]:
        """An outliner that plans nothing new."""
        return tuple(self.planned.values())


def learn(
    source: Source, history: History, store: FactsStore, run: Run, outliner: Outliner = lambda _, __: ()
) -> Knowledge:
    """Read what has not been read, and select the input of every page. `outliner` gives the pages that a model plans
    beside those of the facts."""
    steering = source.inputs.steering
    reading = read_facts(source.snapshot, source.reader, store, exclude=steering.exclude)
    unreadable = sorted(path for path, file in reading.files.items() if file.facts.error and file.language in CODE)
    for path in unreadable[:SHOWN]:
        logger.info("%s could only be read in part: %s", path, reading.files[path].facts.error)
    code = CodeBase(
        name=source.name, files=reading.files, clone_url=f"{source.remote.url}.git" if source.remote else ""
    )
    if not reading.files:
        raise OutlineError(
            "Nothing is left to document: every file is excluded.",
            hint="Look at `exclude` in `.docsfy.yml`; it leaves out all files of the commit.",
        )
    texts = {page.path: _text(source, page.path, run) for page in steering.pages.handwritten}
    outline = steer(
        build_outline(code, title=source.title, history=bool(history.recent)),
        forbids=steering.pages.forbids,
        handwritten=_handwritten(source, texts, reading.files),
    )
    planned = {page.slug: page for page in outliner(code, outline)}
    outline = _pinned(source, join(outline, tuple(planned.values())), run)
    there = {page.slug for page in outline.pages() if page.writer == MODEL_WRITER}
    context = Context(code=code, outline=outline, commits=history.recent[:COMMITS], title=source.title, texts=texts)
    return Knowledge(
        code=code,
        outline=outline,
        inputs=select_inputs(context),
        history=history,
        blobs_read=reading.blobs_read,
        blobs_known=reading.blobs_known,
        fresh=reading.fresh,
        planned={slug: page for slug, page in planned.items() if slug in there},
    )


def _handwritten(source: Source, texts: Mapping[str, str], files: Mapping[str, SourceFile]) -> list[Handwritten]:
    return [
        Handwritten(
            spec=PageSpec(
                slug=page.slug,
                title=page.title or _title(texts[page.path]) or page.slug.replace("-", " ").capitalize(),
                description=_description(files.get(page.path)) or f"Written by hand in {page.path}.",
                kind=PageKind.GUIDE,
                identity=f"handwritten:{page.path}",
                writer="handwritten",
                subjects=(page.path,),
            ),
            section=page.section,
        )
        for page in source.inputs.steering.pages.handwritten
        if texts[page.path]
    ]


def _pinned(source: Source, outline: Outline, run: Run) -> Outline:
    pinned = [
        Pinned(slug=page.slug, title=page.title, description=page.description, section=page.section)
        for page in source.inputs.steering.pages.pin
    ]
    outline = pin(outline, pinned)
    if absent := missing(outline, pinned):
        run.warn(
            f".docsfy.yml pins pages for which the embedded writer finds nothing to say: {', '.join(absent)}. They are left "
            "out; they need a model (`provider`), or a file of the repository named under `pages.handwritten`."
        )
    return outline


LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
MARKUP = re.compile(r"[`*<>]|(?<!\w)_|_(?!\w)")
CODE = frozenset({"python", "go", "javascript", "typescript"})
SHOWN = 5


def _text(source: Source, path: str, run: Run) -> str:
    data = source.reader.read(path)
    if data is None:
        run.warn(f".docsfy.yml names the hand-written page {path}, which is not a file of this commit; it is left out.")
        return ""
    return data.decode("utf-8", "replace")


def _description(file: SourceFile | None) -> str:
    """The first sentence of a document, as plain text."""
    lead = file.facts.documents[0].lead if file is not None and file.facts.documents else ""
    return first_sentence(MARKUP.sub("", LINK.sub(r"\1", lead)))[:200]


def _title(text: str) -> str:
    headings = parse_page(text).headings
    return headings[0].text if headings and slugify(headings[0].text) else ""


def decide(
    source: Source,
    knowledge: Knowledge,
    loaded: Loaded,
    grounded: Mapping[str, Provenance] | None = None,
) -> Plan:
    """What to do with each page, by comparison with the last run. `grounded` is what the model's pages stand on, by
    slug; all others are the embedded writer's."""
    by_model = grounded or {}
    known = known_pages(loaded)
    manifest = loaded.previous.manifest if loaded.previous is not None else None
    changed = manifest is not None and manifest.program != __version__

    def because(spec: PageSpec) -> str:
        if source.inputs.force:
            return "`force` was given"
        # A page that was paid for is not paid for again because this program has a new version.
        if changed and spec.slug not in by_model:
            return f"version {__version__} of this program may write pages differently"
        return ""

    return make_plan(
        knowledge.outline.pages(),
        {**{slug: page.provenance for slug, page in knowledge.inputs.items()}, **by_model},
        known,
        because=because,
        patchable=[slug for slug, page in known_records(loaded).items() if slug in by_model and page.author],
    )


def known_records(loaded: Loaded) -> Mapping[str, PageRecord]:
    """The newest record of each page that earlier runs left."""
    before = {page.slug: page for page in (loaded.previous.manifest.pages if loaded.previous is not None else ())}
    return {**before, **{page.slug: page for page in loaded.finished}}


def known_pages(loaded: Loaded) -> Mapping[str, Known]:
    """Pages of the last run, and those that a run which did not end has finished since."""
    lost = loaded.previous.lost if loaded.previous is not None else frozenset()
    finished = {page.slug for page in loaded.finished}
    return {
        slug: Known(
            slug=slug,
            identity=page.identity,
            title=page.title,
            provenance=Provenance(digest=page.input_digest, facets=page.facets),
            intact=bool(page.content_digest) and (slug not in lost or slug in finished),
            # A page of a model that was left as it was is compared like any other: what it missed still shows.
            failed=page.failed and not (page.author and page.content_digest),
        )
        for slug, page in known_records(loaded).items()
    }


def digest_of(markdown: str) -> str:
    """The digest under which a page's text is stored."""
    return hashlib.sha256(markdown.encode("utf-8")).hexdigest()
