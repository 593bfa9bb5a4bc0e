"""The phases of a run that is spread over jobs: one job plans, others write a share of the pages each, one puts the site
together. What they must have in common is checked, and what is missing costs only itself."""

import hashlib
import json
import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from docsfy_action import __version__
from docsfy_action.errors import InputError, StateError
from docsfy_action.inputs.model import Inputs
from docsfy_action.inputs.values import Phase, Shard
from docsfy_action.lifecycle import JobReport, RunReport, Stage, Status
from docsfy_action.plan.shards import Limits, Share, Spread, Terms, Work, matrix, shares, spread
from docsfy_action.stages.desk import open_desk
from docsfy_action.stages.handing import fetch_plan, fetch_shards, hand_over_plan, handing_over, run_folder
from docsfy_action.stages.planning import Knowledge, learn
from docsfy_action.stages.run import Others, Run, Tally
from docsfy_action.stages.share import ShareStore, spent, tally
from docsfy_action.stages.shared import open_nothing, open_shared
from docsfy_action.stages.source import Source, uses_service
from docsfy_action.stages.weighing import Weighed
from docsfy_action.state.model import Unreadable, dump
from docsfy_action.state.sharing import HandedPage, RunFolder
from docsfy_action.state.sharing_model import PlanRecord, ShardRecord, WorkRecord, amount, dollars
from docsfy_action.state.store import DirectoryStore, Loaded

logger = logging.getLogger(__name__)


def receive(source: Source, store: DirectoryStore, run: Run) -> None:
    """What other jobs of the run have decided and done, as far as this phase goes by it.

    Raises StateError where there is no plan to go by, and InputError where this job is not about the same as the plan.
    """
    phase = source.inputs.phase
    if phase not in {Phase.WRITE, Phase.ASSEMBLE}:
        return
    folder = run_folder(source, store)
    fetch_plan(source, store, folder, run)
    plan = folder.read_plan()
    if not isinstance(plan, PlanRecord):
        _without_plan(plan, source, folder, run)
        return
    check_plan(plan, source)
    run.others = Others(plan=plan)
    if phase is Phase.ASSEMBLE:
        _receive_shards(plan, source, store, folder, run)


def _without_plan(found: Unreadable | None, source: Source, folder: RunFolder, run: Run) -> None:
    """Without a model one job can do everything; with one, it would spend again what others were to spend."""
    why = f"it cannot be used: {found.reason}" if found is not None else "there is none"
    place = "the Actions cache" if uses_service(source.inputs) else f"the state folder `{folder.root}`"
    if source.inputs.phase is Phase.ASSEMBLE and not may_call(source):
        run.warn(f"No plan of this workflow run is in {place} ({why}), so this job does everything itself.")
        return
    raise StateError(
        f"phase: '{source.inputs.phase}' needs the plan of this workflow run, and in {place} {why}.",
        hint="Let a job with `phase: plan` come first (`needs:`), with the same inputs, `provider` and `model` above all. "
        "Where the Actions cache is not used, carry `cache-dir` over from that job as an artifact.",
    )


def may_call(source: Source) -> bool:
    """Whether a model may be called, so that something is to be paid."""
    return source.chosen is not None and not source.absent


def check_plan(plan: PlanRecord, source: Source) -> None:
    """Raise InputError unless this job is about the same commit, program, settings and shards as the plan."""
    inputs = source.inputs
    if plan.program != __version__:
        raise _other("program", plan.program, __version__, "Use the same version of the action in all jobs.")
    if plan.commit != source.snapshot.commit:
        hint = "Check out the same commit in all jobs: `ref: ${{ github.sha }}`, or the commit that the plan's job puts out."
        raise _other("commit", plan.commit[:12], source.snapshot.commit[:12], hint)
    ours = settings_of(source)
    for name in sorted({*plan.settings, *ours}):
        if plan.settings.get(name) != ours.get(name):
            hint = "Give all jobs of a run the same inputs; only `phase`, `shard` and what is published differ."
            if name == _REST:
                raise _other("settings", "others", "its own", hint)
            raise _other(f"`{name}`", plan.settings.get(name, ""), ours.get(name, ""), hint)
    if inputs.phase is Phase.WRITE and inputs.shard.count != plan.count:
        hint = (
            "Take `shard` from the plan's output: `strategy: { matrix: ${{ fromJSON(needs.plan.outputs.matrix) }} }`."
        )
        if not plan.count:
            raise InputError("The plan has no page that a shard would write.", hint=hint)
        raise _other("number of shards", str(plan.count), str(inputs.shard.count), hint)


_REST = "settings"


def settings_of(source: Source) -> Mapping[str, str]:
    """What all jobs of a run must have in common besides the commit, by the names of the inputs."""
    inputs = source.inputs
    said = {
        "project-name": source.name,
        "site-name": source.title,
        "site-url": inputs.site_url,
        "repo-url": inputs.repo_url,
        "language": inputs.language,
        "verify": inputs.verify.value,
        "mkdocs-config": inputs.mkdocs_config,
        "max-ai-calls": inputs.max_ai_calls,
        "max-cost-usd": inputs.max_cost_usd,
        "force": str(inputs.force).lower(),
    }
    return {name: "" if value is None else str(value) for name, value in said.items()} | {_REST: source.settings_digest}


def _other(what: str, planned: str, here: str, hint: str) -> InputError:
    return InputError(f"The plan was made for another {what}: '{planned}' there, '{here}' here.", hint=hint)


def agree(loaded: Loaded, source: Source, run: Run) -> None:
    """The plan of another job speaks of the state that it was made with. A shard needs the same one, or it would write in vain,
    or the one that came of the plan, where it is run again; whoever puts the site together takes any. On another one than the
    plan's, what a model said of the difference does not count."""
    plan = run.others.plan
    if plan is None or plan.base == base_of(loaded):
        return
    done = loaded.previous is not None and loaded.previous.manifest.commit == plan.commit
    if source.inputs.phase is Phase.WRITE and not done:
        raise StateError(
            "The state folder is not the one that the plan was made with.",
            hint="Carry `cache-dir` over from the job with `phase: plan`, and let nothing else write to it meanwhile.",
        )
    run.others = replace(run.others, plan=plan.model_copy(update={"verdicts": ()}))


# --- plan -----------------------------------------------------------------------------------------------------------------


def make_plan(source: Source, store: DirectoryStore, loaded: Loaded, run: Run, stage: Stage) -> RunReport:
    """Decide everything that is decided once, divide what is to be written, and hand the plan over."""
    folder = run_folder(source, store)
    with ExitStack() as stack:
        shared = open_shared(store.project_folder, stack)
        run.enter(stage)
        source, history = shared.history(source, store.scratch, run, stack, foreign=loaded.foreign)
        desk = open_desk(source, store, loaded, run, stack)
        knowledge = learn(source, history, shared.facts, run, desk.outliner)
        plan = desk.decide(knowledge)
        weighed = desk.weigh(plan, knowledge)
    parts = _told(weighed, _left(source.inputs, run), source.inputs, run)
    run.finish_stage()
    folder.forget_others()
    folder.write_plan(_record(parts, weighed, knowledge, source, loaded, run))
    try:
        hand_over_plan(source, store, folder, run)
    except StateError as error:
        if may_call(source):
            raise
        run.warn(f"{error.message} The job with `phase: assemble` does everything itself.")
        run.matrix, run.jobs = "", ()
    store.end(Status.READY)
    idle = not (plan.to_write or plan.to_patch or plan.removed)
    same = run.previous_commit == source.snapshot.commit
    return run.report(Status.READY, Stage.UP_TO_DATE if idle and same else stage)


def only_plan(source: Source, store: DirectoryStore, loaded: Loaded, run: Run, stage: Stage) -> RunReport:
    """What a run would do; nothing is left behind, so that no other job could go on from it."""
    with ExitStack() as stack:
        shared = open_nothing(stack)
        run.enter(stage)
        source, history = shared.history(source, shared.folder, run, stack, foreign=loaded.foreign)
        desk = open_desk(source, store, loaded, run, stack)
        knowledge = learn(source, history, shared.facts, run, desk.outliner)
        plan = desk.decide(knowledge)
        desk.estimate(plan, knowledge)
        if source.inputs.phase is Phase.PLAN:
            _told(desk.weigh(plan, knowledge), _limits(source.inputs), source.inputs, run)
            run.matrix = ""
        return run.report(Status.READY, stage)


def _told(weighed: Weighed, limits: Limits, inputs: Inputs, run: Run) -> Sequence[Share]:
    """The shares, which the report tells of from now on."""
    terms = Terms(
        most=inputs.max_shards,
        least_minutes=inputs.shard_minutes,
        at_once=inputs.max_concurrent_pages,
        limits=limits,
        dearest=weighed.dearest,
    )
    found: Spread = spread(weighed.works, terms)
    parts = shares(weighed.works, found.count, limits)
    run.matrix, run.jobs_reason = matrix(found.count), found.why
    run.jobs = tuple(
        JobReport(
            shard=str(Shard(index=part.index, count=found.count)),
            pages=len(part.works),
            minutes=part.milliseconds / 60_000 / max(1, min(inputs.max_concurrent_pages, len(part.works))),
            cost_usd=None if part.cost is None else float(part.cost),
        )
        for part in parts
    )
    return parts


def _record(
    parts: Sequence[Share], weighed: Weighed, knowledge: Knowledge, source: Source, loaded: Loaded, run: Run
) -> PlanRecord:
    environment = source.inputs.environment
    attempt = f"{environment.run_id} {environment.run_attempt}" if environment.run_id else run.now().isoformat()
    return PlanRecord(
        program=__version__,
        commit=source.snapshot.commit,
        settings=settings_of(source),
        outline=outline_digest(knowledge),
        base=base_of(loaded),
        count=len(parts),
        works=tuple(
            WorkRecord(slug=work.slug, milliseconds=work.milliseconds, cost=amount(work.cost)) for work in weighed.works
        ),
        verdicts=weighed.verdicts,
        # Where everything is to be written again, what another attempt has written is not.
        nonce=attempt if source.inputs.force else "",
        absent=weighed.absent,
        spent=spent(run.ledger),
        warnings=tuple(run.warnings),
        seconds=dict(run.seconds),
    )


def outline_digest(knowledge: Knowledge) -> str:
    """Which pages there are, and what the embedded writer would make them from."""
    pages = [[spec.slug, spec.title, spec.writer] for spec in knowledge.outline.pages()]
    inputs = sorted((slug, page.provenance.digest) for slug, page in knowledge.inputs.items())
    return hashlib.sha256(json.dumps([pages, inputs]).encode()).hexdigest()


def base_of(loaded: Loaded) -> str:
    """Digest of what the run compares with, whether or not it is believed to have been verified; empty without it."""
    if loaded.previous is None:
        return ""
    manifest = loaded.previous.manifest
    pages = tuple(page.model_copy(update={"verified_digest": ""}) for page in manifest.pages)
    return hashlib.sha256(dump(manifest.model_copy(update={"pages": pages}))).hexdigest()


def _limits(inputs: Inputs) -> Limits:
    return Limits(calls=inputs.max_ai_calls, cost=inputs.max_cost_usd)


def _left(inputs: Inputs, run: Run) -> Limits:
    """What planning has left of the run's limits."""
    made = tally(spent(run.ledger))
    return _limits(inputs).less(calls=made.calls, cost=made.cost)


# --- write ----------------------------------------------------------------------------------------------------------------


def write_share(source: Source, store: DirectoryStore, loaded: Loaded, run: Run) -> RunReport:
    """Write the pages of this job's share, and hand each over. An attempt that follows another writes what that did not."""
    plan = run.others.plan
    assert plan is not None
    folder, shard = run_folder(source, store), source.inputs.shard
    log = folder.log(plan, shard.index)
    fetch_shards(source, store, folder, [log], run)
    log.begin()
    earlier = log.read()
    share = shares_of(plan, source.inputs)[shard.index - 1]
    before = tally(earlier.record.spent) if earlier is not None else Tally()
    run.limits = share.limits.less(calls=before.calls, cost=before.cost)
    kept = ShareStore(
        base=store,
        log=log,
        run=run,
        empty=ShardRecord(plan=plan.digest, index=shard.index, count=shard.count),
        slugs=frozenset(work.slug for work in share.works),
        earlier=earlier,
    )
    with ExitStack() as stack, handing_over(source, store, folder, log, run):
        shared = open_shared(store.project_folder, stack)
        run.enter(Stage.PLANNING)
        # The store's own folder for this belongs to no shard alone.
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsfy-")))
        source, history = shared.history(source, scratch, run, stack, foreign=loaded.foreign)
        desk = open_desk(source, store, loaded, run, stack)
        knowledge = learn(source, history, shared.facts, run, desk.outliner)
        decided = desk.decide(knowledge)
        _check_outline(plan, knowledge)
        with _only(kept, run):
            run.enter(Stage.GENERATING_PAGES)
            desk.write_share(decided, knowledge, kept)
    return run.report(Status.READY, Stage.GENERATING_PAGES)


def _check_outline(plan: PlanRecord, knowledge: Knowledge) -> None:
    if plan.outline != outline_digest(knowledge):
        raise InputError(
            "This job sees another history, or other files, than the job that planned.",
            hint="Check out in the same way in all jobs, best with `fetch-depth: 0`.",
        )


@contextmanager
def _only(kept: ShareStore, run: Run) -> Iterator[None]:
    """In the end the report is about the pages of the share, and what was done is written down, however the block ends."""
    done = False
    try:
        yield
        done = True
    finally:
        run.finish_stage()
        kept.note(done=done)
        kept.report()


def shares_of(plan: PlanRecord, inputs: Inputs) -> Sequence[Share]:
    """The shares of a plan. They follow from what was estimated; limits are those of this job, whatever the plan says."""
    works = [Work(slug=work.slug, milliseconds=work.milliseconds, cost=dollars(work.cost)) for work in plan.works]
    made = tally(plan.spent)
    return shares(works, plan.count, _limits(inputs).less(calls=made.calls, cost=made.cost))


# --- assemble -------------------------------------------------------------------------------------------------------------


def _receive_shards(plan: PlanRecord, source: Source, store: DirectoryStore, folder: RunFolder, run: Run) -> None:
    """Pages, costs and warnings of all shards; for pages that are missing, why."""
    parts = shares_of(plan, source.inputs)
    logs = [folder.log(plan, part.index) for part in parts]
    fetch_shards(source, store, folder, logs, run)
    pages: dict[str, HandedPage] = {}
    missing: dict[str, str] = {}
    records: list[ShardRecord] = []
    for part, log in zip(parts, logs, strict=True):
        shard, name = log.read(), f"{part.index}/{plan.count}"
        slugs = {work.slug for work in part.works}
        if shard is not None:
            pages.update({slug: page for slug, page in shard.pages.items() if slug in slugs})
            records.append(shard.record)
        lost = sorted(slugs - pages.keys())
        missing.update(dict.fromkeys(lost, f"shard {name} did not hand it over"))
        if lost:
            number = "one page" if len(lost) == 1 else f"{len(lost)} pages"
            run.warn(
                f"The shard {name} did not hand over {number}: its job failed, was cancelled, or did not run. What the embedded "
                "writer can write is written here; the rest by the next run, or when that job and this one are run again."
            )
    for warning in (text for texts in (plan.warnings, *(record.warnings for record in records)) for text in texts):
        run.warn(warning)
    run.others = Others(plan=plan, pages=pages, missing=missing)
    run.ledger = tally(plan.spent, *(record.spent for record in records))
    # Shards work side by side: the slowest of them is what people wait for.
    run.before = {**plan.seconds, Stage.GENERATING_PAGES.value: max((one.seconds for one in records), default=0.0)}
