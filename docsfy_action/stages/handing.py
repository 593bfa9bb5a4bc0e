"""What the jobs of one run hand each other: through the Actions cache where it is used, else in the state folder, which people
carry from machine to machine themselves."""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from docsfy_action.errors import Cancelled, StateError
from docsfy_action.inputs.values import Phase
from docsfy_action.network import Network
from docsfy_action.stages.caching import (
    MAX_DOWNLOAD_BYTES,
    default_of,
    note,
    open_client,
    place_of,
    prefix_of,
    readable,
    scope_of,
)
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source, event_of, uses_service
from docsfy_action.state.actions_cache import ActionsCache, Denied, Exists, Fault, Restored, Saved, version_of
from docsfy_action.state.archive import Member, Refused, best_method, pack, unpack
from docsfy_action.state.files import make_folders, remove_tree
from docsfy_action.state.sharing import PLAN, RUNS, RunFolder, ShardLog
from docsfy_action.state.sharing_model import PlanRecord
from docsfy_action.state.store import DirectoryStore
from docsfy_action.state.travelling import (
    BOUND_BYTES,
    BOUND_PAGES,
    HANDED,
    OWN,
    SEED,
    Place,
    handed_facts,
    handed_state,
    is_handed,
    place_handed,
)

logger = logging.getLogger(__name__)

TICKET = "DOCSFY_SHARD"
"""The state of the step that tells the post step which shard to hand over."""
DONE = "DOCSFY_SHARD_DONE"
_TOO_LARGE = "it is too large"
_BY_HAND = (
    "Or use `cache: directory` in all jobs, and carry the folder `cache-dir` from job to job as an artifact. One job with "
    "`phase: all` needs neither."
)


class Ticket(BaseModel):
    """What has to be known to hand over a shard: the folders, and the key that its entry gets."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    root: str
    folder: str
    index: int
    key: str


def run_folder(source: Source, store: DirectoryStore) -> RunFolder:
    """Where the jobs of this run hand over; off the runner all runs are one."""
    run_id = readable(source.inputs.environment.run_id or "local")
    who = hashlib.sha256(str(store.variant.folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return RunFolder(store.root, store.project_folder / RUNS / f"{run_id}-{who}")


def run_prefix(run_id: str, prefix: str) -> str:
    """The beginning of the keys of a workflow run's entries, from that of the keys of states. It is no beginning of a state's
    key, and holds the number of the run, so that nobody takes what another run has handed over."""
    return f"docsfy-run-{readable(run_id or '0')}-{prefix}"


# --- fetching -----------------------------------------------------------------------------------------------------------


def fetch_plan(source: Source, store: DirectoryStore, folder: RunFolder, run: Run) -> None:
    """Put the plan of this workflow run, and the state that it was made with, where a job looks for them. A fault is said, and
    found out by whoever needs the plan."""
    with _cache(source, run) as client:
        if client is not None:
            _fetch(client, f"{_prefix(source, store)}plan-", folder, run, _states(source, store))


def fetch_shards(source: Source, store: DirectoryStore, folder: RunFolder, logs: Sequence[ShardLog], run: Run) -> None:
    """The same for what these shards have handed over."""
    with _cache(source, run) as client:
        for log in logs if client is not None else ():
            assert client is not None
            _fetch(client, f"{_prefix(source, store)}{log.plan[:16]}-{log.name}-", folder, run, {})


def _fetch(client: ActionsCache, prefix: str, folder: RunFolder, run: Run, places: Mapping[str, Place]) -> None:
    facts = run.phase is Phase.WRITE  # whoever publishes reads the code itself
    scratch = folder.path / "scratch"
    try:
        make_folders(folder.root, scratch)
        found = client.restore([prefix], _version(), scratch / "archive", limit=MAX_DOWNLOAD_BYTES)
        match found:
            case Restored(key=key):
                out = unpack(scratch / "archive", scratch / "out", is_handed)
                if isinstance(out, Refused):
                    run.warn(f"The entry `{key}` of the Actions cache is not used: {out.reason}.")
                    return
                place_handed(scratch / "out", folder, places, facts=facts)
                logger.info("Handed over through the Actions cache: %s", key)
            case Denied(reason=reason):
                run.warn(f"The Actions cache may not be read here: {reason}.")
            case Fault(reason=reason):
                run.warn(f"{reason}.")
    except (OSError, StateError) as error:
        run.warn(f"What another job handed over could not be taken from the Actions cache: {error}")
    finally:
        remove_tree(scratch)


# --- handing over --------------------------------------------------------------------------------------------------------


def hand_over_plan(source: Source, store: DirectoryStore, folder: RunFolder, run: Run) -> None:
    """Hand over the plan with the state that it was made with, so that no other job has to find that, or to read what was
    read. Raises StateError where the Actions cache is used and does not take it: no other job could go on."""
    if not uses_service(source.inputs):
        logger.info("The plan lies in the state folder; carry that to the other jobs: %s", folder.root)
        return
    attempt = readable(source.inputs.environment.run_attempt or "1")
    digest = hashlib.sha256((folder.path / PLAN).read_bytes()).hexdigest()[:12]
    with _cache(source, run, saves=True) as client, tempfile.TemporaryDirectory(prefix="docsfy-plan-") as scratch:
        refused = "the job may not save there"
        if client is not None:
            for facts in (True, False):
                members = [Member(name=f"{HANDED}/{PLAN}", path=folder.path / PLAN)]
                members += handed_facts(place_of(store, store.variant)) if facts else []
                for whose, place in _states(source, store).items():
                    members += handed_state(place, whose)
                key = f"{_prefix(source, store)}plan-{attempt}-{digest}"
                refused = _save(client, key, members, Path(scratch) / "archive")
                if not refused.startswith(_TOO_LARGE):
                    break
    if refused:
        raise StateError(
            f"The plan could not be handed over to the other jobs through the Actions cache: {refused}.",
            hint=f"Let the workflow run where its jobs may save to the cache. {_BY_HAND}",
        )


@contextmanager
def handing_over(source: Source, store: DirectoryStore, folder: RunFolder, log: ShardLog, run: Run) -> Iterator[None]:
    """What the block leaves of the shard is handed over, whatever ends it; after a signal by the post step."""
    environment = source.inputs.environment
    if not uses_service(source.inputs):
        yield
        return
    attempt = readable(environment.run_attempt or "1")
    key = f"{_prefix(source, store)}{log.plan[:16]}-{log.name}-{attempt}"
    ticket = Ticket(root=str(folder.root), folder=str(folder.path), index=log.index, key=key)
    note(environment, {TICKET: ticket.model_dump_json()})
    try:
        yield
    except Cancelled:
        raise
    except Exception:
        _hand_over(source, ticket, log, run)
        raise
    refused = _hand_over(source, ticket, log, run)
    if refused:
        raise StateError(
            f"The pages of the shard could not be handed over through the Actions cache: {refused}.",
            hint=f"Run the job again; pages that could be handed over are not written again. {_BY_HAND}",
        )


def _hand_over(source: Source, ticket: Ticket, log: ShardLog, run: Run) -> str:
    with _cache(source, run, saves=True) as client:
        refused = "the job may not save there" if client is None else save_shard(ticket, log, client)
    if not refused:
        note(source.inputs.environment, {DONE: "1"})
    return refused


def save_shard(ticket: Ticket, log: ShardLog, client: ActionsCache, *, late: bool = False) -> str:
    """Save a shard as it is; gives why that could not be, empty where it could. `late`: in the post step, whose key is another
    one, since nothing can be saved twice under one key."""
    members = [
        Member(name=f"{HANDED}/{path.relative_to(Path(ticket.folder)).as_posix()}", path=path) for path in log.files
    ]
    if not members:
        return ""
    with tempfile.TemporaryDirectory(prefix="docsfy-shard-") as scratch:
        return _save(client, f"{ticket.key}{'-post' if late else ''}", members, Path(scratch) / "archive")


def read_ticket(text: str) -> Ticket | None:
    """The ticket that an earlier entry point of the step left; None where there is none."""
    try:
        return Ticket.model_validate_json(text)
    except ValidationError:
        return None


def save_late(ticket: Ticket, client: ActionsCache, warn: Callable[[str], None]) -> None:
    """In the post step: hand over what a job that was ended has left of its shard."""
    folder = RunFolder(Path(ticket.root), Path(ticket.folder))
    try:
        plan = folder.read_plan()
        if not isinstance(plan, PlanRecord):
            return
        refused = save_shard(ticket, folder.log(plan, ticket.index), client, late=True)
    except (OSError, StateError) as error:
        refused = str(error)
    if refused:
        warn(f"The pages of the shard could not be handed over through the Actions cache: {refused}.")


def _save(client: ActionsCache, key: str, members: Sequence[Member], archive: Path) -> str:
    """Why it could not be saved, empty where it could."""
    try:
        size = pack(members, archive, best_method())
    except OSError as error:
        return error.strerror or str(error)
    pages = sum(member.name.endswith(".md") for member in members)
    if size > max(BOUND_BYTES, BOUND_BYTES * pages // BOUND_PAGES):
        return f"{_TOO_LARGE} ({size // 1_000_000} MB)"
    match client.save(key, _version(), archive):
        case Saved() | Exists():
            logger.info("Handed over through the Actions cache: %s, %.1f MB", key, size / 1_000_000)
            return ""
        case Denied(reason=reason) | Fault(reason=reason):
            return reason[:1].lower() + reason[1:]


@contextmanager
def _cache(source: Source, run: Run, *, saves: bool = False) -> Iterator[ActionsCache | None]:
    """The service; None where it is not used, or may not be."""
    environment = source.inputs.environment
    allowed = environment.saves_cache if saves else environment.reads_cache
    if not uses_service(source.inputs) or not allowed:
        yield None
        return
    with closing(Network(run.environ, jitter=run.jitter)) as network:
        yield open_client(environment, network, run.console.mask)


def _prefix(source: Source, store: DirectoryStore) -> str:
    environment = source.inputs.environment
    scope = scope_of(environment, store.variant.branch, event_of(source.inputs).pull_request)
    return run_prefix(environment.run_id, prefix_of(store.variant, scope))


def _states(source: Source, store: DirectoryStore) -> Mapping[str, Place]:
    """Where the states lie that a plan is made with."""
    own, default = place_of(store, store.variant), default_of(source, store)
    return {OWN: own} if default == store.variant else {OWN: own, SEED: place_of(store, default)}


def _version() -> str:
    return version_of((HANDED,), best_method())
