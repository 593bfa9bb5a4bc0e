"""The program's table of contents: `generate` goes through the stages of a run."""

from contextlib import ExitStack
from dataclasses import replace

from docsfy_action.inputs.model import Inputs
from docsfy_action.inputs.values import Phase
from docsfy_action.lifecycle import RunReport, Stage, Status
from docsfy_action.stages.caching import remembered
from docsfy_action.stages.checking import checked
from docsfy_action.stages.commenting import pass_on, tell
from docsfy_action.stages.comparing import compare
from docsfy_action.stages.desk import open_desk
from docsfy_action.stages.ending import finish, need_landing, noted, settled, start_from
from docsfy_action.stages.indexing import build_index
from docsfy_action.stages.phases import agree, make_plan, only_plan, receive, write_share
from docsfy_action.stages.planning import learn
from docsfy_action.stages.publication import prepare, publish
from docsfy_action.stages.publishing import make_site, next_redirects, render
from docsfy_action.stages.recovery import carrying
from docsfy_action.stages.run import Run
from docsfy_action.stages.shared import open_shared
from docsfy_action.stages.source import Source, open_source, open_store
from docsfy_action.state.store import DirectoryStore, Loaded


def generate(inputs: Inputs, run: Run) -> RunReport:
    """Document the repository once. Raises ActionError; whatever was finished before is kept in the state."""
    if inputs.comment_from is not None:
        return pass_on(inputs, run)
    run.dry_run, run.phase, run.shard = inputs.dry_run, inputs.phase, inputs.shard
    with ExitStack() as stack:
        run.enter(Stage.CLONING)
        source = open_source(inputs, run, stack)
        publication = prepare(source, run)
        source = replace(source, place=publication.place)
        if inputs.index_of is not None:
            return publish(publication, source, build_index(source, run), run)
        store = open_store(source, run, stack)
        stack.enter_context(store.lock())
        receive(source, store, run)
        loaded = stack.enter_context(remembered(source, store, run))
        report = _continue(source, store, loaded, run)
        comparison = compare(source, store, run)
        report = publish(publication, source, report, run)
        report = tell(comparison, source, report, run)
    # Saving the state on the way out may have had something to say.
    return replace(report, warnings=tuple(run.warnings), state=run.state)


def _continue(source: Source, store: DirectoryStore, loaded: Loaded, run: Run) -> RunReport:
    """From what the last run left, in the phase that is this job's."""
    phase = source.inputs.phase
    start_from(loaded, run)
    agree(loaded, source, run)
    if phase is Phase.WRITE:
        return write_share(source, store, loaded, run)
    if phase is Phase.ALL and settled(source, store, loaded, run):
        return run.report(Status.READY, Stage.UP_TO_DATE)
    stage = Stage.INCREMENTAL_PLANNING if loaded.previous and not source.inputs.force else Stage.PLANNING
    if run.dry_run:
        return only_plan(source, store, loaded, run, stage)
    with noted(source, store, run, stage):
        if phase is Phase.PLAN:
            return make_plan(source, store, loaded, run, stage)
        return _generate(source, store, loaded, run, stage)


def _generate(source: Source, store: DirectoryStore, loaded: Loaded, run: Run, stage: Stage) -> RunReport:
    with ExitStack() as stack:
        shared = open_shared(store.project_folder, stack)
        run.enter(stage)
        source, history = shared.history(source, store.scratch, run, stack, foreign=loaded.foreign)
        desk = open_desk(source, store, loaded, run, stack)
        knowledge = learn(source, history, shared.facts, run, desk.outliner)
        plan = desk.decide(knowledge)
        run.enter(Stage.GENERATING_PAGES)
        pages = desk.write(plan, knowledge)
        run.enter(Stage.VERIFYING)
        knowledge, pages = checked(pages, knowledge, desk, shared.facts)
        need_landing(pages)
        run.enter(Stage.RENDERING)
        redirects = next_redirects(loaded, plan, frozenset(slug for slug, page in pages.items() if page.text))
        site = make_site(pages, redirects, knowledge, source)
        site = carrying(site, pages, knowledge, source, store, run)
        blobs = knowledge.blobs
        del knowledge, desk, plan  # rendering needs the room
        result = render(site, source, shared.rendered)
        for warning in result.warnings:
            run.warn(warning)
        shared.prune(run)
        return finish(pages, redirects, blobs, source, store, run)
