"""The state in the Actions cache: fetched before a run looks at it, saved on the way out where the run changed it. Whatever
goes wrong with it is a warning."""

import hashlib
import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from docsfy_action.errors import Cancelled, StateError
from docsfy_action.github.environment import RunnerEnvironment
from docsfy_action.github.files import save_state
from docsfy_action.inputs.values import Phase
from docsfy_action.network import Network
from docsfy_action.stages.recovery import Found, recover, wants_recovery
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source, event_of, uses_service
from docsfy_action.state.actions_cache import (
    ActionsCache,
    Denied,
    Exists,
    Fault,
    Miss,
    Restored,
    Saved,
    Service,
    version_of,
)
from docsfy_action.state.archive import Refused, best_method, unpack
from docsfy_action.state.files import make_folders, remove_tree
from docsfy_action.state.model import SCHEMA_VERSION, Manifest, PageRecord
from docsfy_action.state.store import DirectoryStore, Loaded
from docsfy_action.state.travelling import (
    ROOT,
    Place,
    digest_of,
    is_foreign,
    is_wanted,
    make_own,
    pack_state,
    place_state,
)
from docsfy_action.state.variant import Variant

logger = logging.getLogger(__name__)

TICKET = "DOCSFY_CACHE"
"""The state of the step (`GITHUB_STATE`) that tells the post step what to save."""
DONE = "DOCSFY_CACHE_DONE"
MAX_DOWNLOAD_BYTES = 400_000_000
_READABLE = re.compile(r"[^a-z0-9._]+")


class Ticket(BaseModel):
    """What has to be known to save a state: where it lies, what it was, and the beginning and end of its key."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    root: str
    folder: str
    project: str
    branch: str
    before: str
    prefix: str
    suffix: str

    @property
    def place(self) -> Place:
        """Where the state lies."""
        return Place(root=Path(self.root), folder=Path(self.folder), project=Path(self.project), branch=self.branch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an entry is about, so that none is taken for another: a `branch`, a `tag`, or a `pull` request by its number."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told what goes wrong with saving, and what became of the state."""

    warn: Callable[[str], None]
    note: Callable[[str], None]


@contextmanager
def remembered(source: Source, store: DirectoryStore, run: Run) -> Iterator[Loaded]:
    """What the run starts from; where the Actions cache is used, from there, and on the way out it gets what the run left.
    A cancelled run leaves that to the post step: the runner gives it 10 seconds only."""
    if not uses_service(source.inputs):
        _recover(source, store, run)
        yield _loaded(source, store)
        if not source.inputs.dry_run and source.inputs.builds_site:
            make_own(place_of(store, store.variant))
        return
    environment = source.inputs.environment
    with closing(Network(run.environ, jitter=run.jitter)) as network:
        client = open_client(environment, network, run.console.mask)
        if environment.reads_cache and run.others.plan is None:  # else the state came with the plan
            _restore(source, store, client, run)
        recovered = _recover(source, store, run)
        loaded = _loaded(source, store)
        keeps = environment.saves_cache and source.inputs.phase is not Phase.WRITE
        if source.inputs.dry_run or not keeps or recovered is Found.NEWER:
            yield loaded
            return
        ticket = _ticket(source, store)
        if recovered is Found.OLDER:
            # No entry holds it yet, whatever the run makes of it.
            ticket = ticket.model_copy(update={"before": ""})
        note(environment, {TICKET: ticket.model_dump_json()})
        try:
            yield loaded
        except Cancelled:
            raise
        except Exception:
            _save_and_note(ticket, client, run, environment)
            raise
        if source.inputs.builds_site:  # else nothing was verified yet
            make_own(ticket.place)
        _save_and_note(ticket, client, run, environment)


def open_client(environment: RunnerEnvironment, network: Network, mask: Callable[[str], None]) -> ActionsCache:
    """The service that the runner offers."""
    service = Service(url=environment.runtime.results_url, token=environment.runtime.token)
    return ActionsCache(service, network, mask=mask)


def save(
    ticket: Ticket, client: ActionsCache, warn: Callable[[str], None], note: Callable[[str], None] = lambda _: None
) -> bool:
    """Save the state unless it is as it was; gives whether nothing is left to be done. `note` is told of the state's size."""
    try:
        digest = digest_of(ticket.place)
        if digest in {"", ticket.before}:
            logger.info("The state is as it was, so the Actions cache keeps what it has.")
            note("unchanged" if digest else "")
            return True
        with tempfile.TemporaryDirectory(prefix="docsfy-cache-") as folder:
            return _upload(ticket, digest, client, Path(folder) / "state", Told(warn=warn, note=note))
    except OSError as error:
        warn(f"The state could not be saved in the Actions cache: {error.strerror or error}.")
        return False


def distrusted(loaded: Loaded) -> Loaded:
    """The same, marked as one that came from elsewhere, with no word on what was verified before: it is verified anew."""

    def anew(page: PageRecord) -> PageRecord:
        return page.model_copy(update={"verified_digest": ""})

    def unverified(manifest: Manifest) -> Manifest:
        return manifest.model_copy(update={"pages": tuple(map(anew, manifest.pages))})

    previous = loaded.previous
    return replace(
        loaded,
        previous=replace(previous, manifest=unverified(previous.manifest)) if previous is not None else None,
        finished=tuple(map(anew, loaded.finished)),
        foreign=True,
    )


def read_ticket(text: str) -> Ticket | None:
    """The ticket that an earlier entry point of the step left; None where there is none."""
    try:
        return Ticket.model_validate_json(text)
    except ValidationError:
        return None


def scope_of(environment: RunnerEnvironment, branch: str, pull_request: int | None) -> Scope:
    """Whose entries a run reads and writes. A fork's branch may be called as ours: a pull request goes by its number."""
    if pull_request is not None:
        return Scope(kind="pull", name=str(pull_request))
    return Scope(kind="tag" if environment.ref_type == "tag" else "branch", name=branch)


def prefix_of(variant: Variant, scope: Scope) -> str:
    """The beginning of the keys of a variant's entries; no other variant's or scope's key begins with it. The readable parts
    are for people, the digests tell apart."""
    who = _short(f"{variant.owner}\0{variant.project}\0{variant.provider}\0{variant.model}")
    parts = (
        "docsfy", str(SCHEMA_VERSION), readable(variant.project), readable(variant.provider), who,
        scope.kind, readable(scope.name), _short(scope.name),
    )  # fmt: skip
    return "-".join(parts) + "-"


def _restore(source: Source, store: DirectoryStore, client: ActionsCache, run: Run) -> None:
    """Put what the service has where the store looks for it."""
    own = place_of(store, store.variant)
    if not own.is_empty:
        logger.info("The state folder holds a state already, so none is fetched from the Actions cache.")
        return
    prefixes = _prefixes(source, store)
    keys = [f"{prefixes[0]}{source.snapshot.commit[:12]}-", *prefixes]
    try:
        make_folders(own.root, store.scratch)
        archive, unpacked = store.scratch / "cache.archive", store.scratch / "cache"
        found = client.restore(keys, _version(), archive, limit=MAX_DOWNLOAD_BYTES)
        if not isinstance(found, Restored):
            _tell_missing(found, run)
            return
        out = unpack(archive, unpacked, is_wanted)
        if isinstance(out, Refused):
            run.warn(f"The entry `{found.key}` of the Actions cache is not used: {out.reason}.")
            return
        # The default branch's state is put where the default branch's belongs: the store starts from it as it does always.
        variant = store.variant if found.key.startswith(prefixes[0]) else default_of(source, store)
        place_state(unpacked, place_of(store, variant))
    except (OSError, StateError) as error:
        run.warn(f"The state could not be taken from the Actions cache: {error}")
        return
    finally:
        remove_tree(store.scratch)
    size, pages = _megabytes(found.size), sum(name.endswith(".md") for name in out.names)
    run.restored = f"{size} with {pages} pages from the Actions cache"
    logger.info("The state came from the Actions cache: %s, %s, %s pages.", found.key, size, pages)


def _recover(source: Source, store: DirectoryStore, run: Run) -> Found:
    """Take the pages of a model from the published site where neither this branch nor the default branch has a state, nor another
    job of the run has handed one over; they are put where the default branch's belong."""
    if run.others.plan is not None:
        return Found.NOTHING
    places = [place_of(store, variant) for variant in (store.variant, default_of(source, store))]
    if not all(place.is_empty for place in places) or not wants_recovery(source, store):
        return Found.NOTHING
    found = recover(source, store, places[1], run)
    if found is Found.NEWER:
        logger.info(
            "The published site is newer than this commit, so the state of this run is not saved in the Actions cache."
        )
    return found


def _loaded(source: Source, store: DirectoryStore) -> Loaded:
    loaded = store.load()
    foreign = any(is_foreign(place_of(store, variant)) for variant in (store.variant, default_of(source, store)))
    return distrusted(loaded) if foreign else loaded


def _tell_missing(found: Miss | Denied | Fault, run: Run) -> None:
    match found:
        case Miss():
            logger.info("The Actions cache holds no state for this branch yet.")
        case Denied(reason=reason):
            run.warn(f"The Actions cache may not be read here: {reason}.")
        case Fault(reason=reason):
            run.warn(f"{reason}. The run goes on without the state of earlier ones.")


def _upload(ticket: Ticket, digest: str, client: ActionsCache, file: Path, told: Told) -> bool:
    packed = pack_state(ticket.place, file, best_method())
    if packed is None:
        told.note("too large to be saved")
        told.warn(
            "The state is too large for the Actions cache and is not saved; use `cache: directory` with a folder that is kept."
        )
        return True
    for name in packed.dropped:
        logger.info("`%s` is left out of the Actions cache, so that the state stays small.", name)
    without = f", without {', '.join(packed.dropped)}, which is made again" if packed.dropped else ""
    held = f"{_megabytes(packed.size)} with {packed.pages} pages{without}"
    key = f"{ticket.prefix}{ticket.suffix}-{digest[:12]}"
    match client.save(key, _version(), file):
        case Saved(size=size):
            logger.info(
                "The state was saved in the Actions cache: %s, %s, %s pages.", key, _megabytes(size), packed.pages
            )
            told.note(f"saved in the Actions cache: {held}")
        case Exists():
            logger.info("The Actions cache holds this state already: %s.", key)
            told.note(f"in the Actions cache already: {held}")
        case Denied(reason=reason):
            logger.info("The state is not saved, because the Actions cache is for reading only here: %s.", reason)
            told.note(f"not saved, the Actions cache is for reading only here: {held}")
        case Fault(reason=reason):
            told.warn(f"{reason}. The state of this run was not saved in the Actions cache.")
            told.note(f"not saved: {held}")
            return False
    return True


def _save_and_note(ticket: Ticket, client: ActionsCache, run: Run, environment: RunnerEnvironment) -> None:
    def tell(text: str) -> None:
        run.saved = text

    if save(ticket, client, run.warn, tell):
        note(environment, {DONE: "1"})


def note(environment: RunnerEnvironment, values: dict[str, str]) -> None:
    """Tell the post step."""
    # No value can hold its own digest, so that this mark is as good as a random one.
    save_state(environment.state_file, values, token=lambda: hashlib.sha256(repr(values).encode()).hexdigest())


def _ticket(source: Source, store: DirectoryStore) -> Ticket:
    place = place_of(store, store.variant)
    environment = source.inputs.environment
    parts = (source.snapshot.commit[:12], environment.run_id or "0", environment.run_attempt or "1")
    return Ticket(
        root=str(place.root),
        folder=str(place.folder),
        project=str(place.project),
        branch=place.branch,
        before=digest_of(place),
        prefix=_prefixes(source, store)[0],
        suffix="-".join(map(readable, parts)),
    )


def _prefixes(source: Source, store: DirectoryStore) -> list[str]:
    """Whose entries may be used: the run's own, else the default branch's, and no other's. No branch, and so nothing that is
    published, ever starts from what a pull request left."""
    branch = store.variant.branch
    own = scope_of(source.inputs.environment, branch, event_of(source.inputs).pull_request)
    scopes = [own, Scope(kind="branch", name=source.default_branch or branch)]
    return list(dict.fromkeys(prefix_of(store.variant, scope) for scope in scopes))


def default_of(source: Source, store: DirectoryStore) -> Variant:
    """The variant of the default branch: that of the run itself where it is on that branch."""
    return store.variant.on_branch(source.default_branch or store.variant.branch)


def place_of(store: DirectoryStore, variant: Variant) -> Place:
    """Where a variant's state lies."""
    return Place(
        root=store.root,
        folder=store.root / variant.folder,
        project=store.root / variant.project_folder,
        branch=variant.branch,
    )


def _version() -> str:
    return version_of((ROOT,), best_method())


def readable(text: str) -> str:
    """A text as it can stand in a key, for people."""
    return _READABLE.sub("_", text.lower())[:40] or "_"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
