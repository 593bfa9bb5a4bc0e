"""The composition root: environment → inputs → pipeline → outputs, summary, report and exit status."""

import logging
import random
import signal
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from docsfy_action import __version__
from docsfy_action.errors import Aborted, ActionError, Cancelled, InputError
from docsfy_action.inputs.answers import answer

if TYPE_CHECKING:
    from docsfy_action.github.console import Console
    from docsfy_action.github.environment import RunnerEnvironment
    from docsfy_action.inputs.model import Inputs
    from docsfy_action.lifecycle import RunReport

logger = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run once; gives the exit status: 0 ready, 1 error, 2 unusable inputs, 130 aborted."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    said = answer(arguments)
    if said is not None:
        sys.stdout.write(said)
        return 0
    # Before anything that takes time to load, so that whoever waits sees that it runs, and a signal is heard.
    sys.stderr.write(f"docsfy-action {__version__}\n")
    sys.stderr.flush()
    with _signals_cancel():
        try:
            return _start(arguments)
        except Cancelled:
            return Aborted.exit_status


def _start(arguments: Sequence[str]) -> int:
    from docsfy_action.github.log import choose_console, route_logging
    from docsfy_action.inputs.environment import process_environment, runner_environment
    from docsfy_action.inputs.parsing import parse

    environ = process_environment()
    cwd = Path.cwd()
    environment = runner_environment(environ, cwd=cwd, platform=sys.platform)
    console = choose_console(environment, token=lambda: uuid.uuid4().hex)
    route_logging(console, debug=environment.debug)
    try:
        inputs = parse(arguments, environ, cwd=cwd, platform=sys.platform)
    except InputError as error:
        _show_error(console, error)
        _tell_refused(environment, error)
        return error.exit_status
    console.mask(*inputs.secrets)
    return _run(inputs, environ, console)


def _tell_refused(environment: "RunnerEnvironment", error: InputError) -> None:
    """Outputs and summary of a run whose inputs cannot be used; there is no place for a report."""
    from docsfy_action.github.files import write_outputs, write_summary
    from docsfy_action.github.summary import job_summary
    from docsfy_action.lifecycle import RunReport, Stage, Status
    from docsfy_action.report import outputs

    report = RunReport(status=Status.ERROR, stage=Stage.CLONING, error=error.message, hint=error.hint)
    write_outputs(environment.output_file, outputs(report, report_path=""), token=lambda: uuid.uuid4().hex)
    write_summary(environment.summary_file, job_summary(report, report_path=""))


def _run(inputs: "Inputs", environ: Mapping[str, str], console: "Console") -> int:
    from docsfy_action.github.owner import give_to_owner
    from docsfy_action.pipeline import generate
    from docsfy_action.stages.run import Run

    run = Run(
        console=console, environ=environ, clock=time.monotonic, now=lambda: datetime.now(UTC), jitter=random.random
    )
    failure: ActionError | None = None
    report: RunReport | None = None
    try:
        report = generate(inputs, run)
    except ActionError as error:
        failure = error
    except Cancelled as signalled:
        failure = Aborted(
            f"The run was cancelled ({signalled}).",
            hint="Pages finished so far are kept; the next run goes on from there.",
        )
    finally:
        # Also after a failure that is a bug: what a root container wrote must not stay in the way of later steps.
        give_to_owner(inputs.workspace, _written(inputs))
    console.close(failed=failure is not None)
    if failure is not None:
        _show_error(console, failure)
        report = run.failed(failure)
    assert report is not None
    _publish_results(inputs, report, console)
    give_to_owner(inputs.workspace, _written(inputs))
    return failure.exit_status if failure is not None else 0


def _written(inputs: "Inputs") -> list[Path]:
    """Everything in the workspace and the runner's temporary folder that a run may have made, folders above included."""
    roots = [root for root in (inputs.workspace, inputs.environment.runner_temp) if root is not None]
    places = [inputs.report_file.parent, inputs.output_dir, inputs.state_dir]
    inside = [(place, root) for place in places for root in roots if place != root and place.is_relative_to(root)]
    above = [
        folder for place, root in inside for folder in place.parents if folder != root and folder.is_relative_to(root)
    ]
    return [*(place for place, _ in inside), *above]


def _publish_results(inputs: "Inputs", report: "RunReport", console: "Console") -> None:
    """Report, outputs and summary; also of a run that failed."""
    from docsfy_action.github.files import write_outputs, write_summary
    from docsfy_action.github.log import colours
    from docsfy_action.github.summary import job_summary, terminal_summary
    from docsfy_action.report import outputs, write_report

    environment = inputs.environment
    shown = inputs.report_file.relative_to(inputs.workspace).as_posix()
    try:
        write_report(report, inputs.report_file)
    except OSError as error:
        report = replace(report, warnings=(*report.warnings, f"{shown} could not be written: {error.strerror}."))
        shown = ""
    write_outputs(environment.output_file, outputs(report, report_path=shown), token=lambda: uuid.uuid4().hex)
    write_summary(environment.summary_file, job_summary(report, report_path=shown))
    style = colours(environment.terminal, sys.stdout)
    console.result(terminal_summary(report, report_path=shown, style=style))


def _show_error(console: "Console", error: ActionError) -> None:
    from docsfy_action.github.commands import Annotation, Level

    problems = error.problems if isinstance(error, InputError) else ()
    for problem in problems:
        text = f"{problem.message} {problem.hint}".strip()
        console.annotate(Annotation(level=Level.ERROR, message=text, path=problem.path, line=problem.line))
    if not problems:
        console.annotate(Annotation(level=Level.ERROR, message=f"{error.message} {error.hint}".strip()))


@contextmanager
def _signals_cancel() -> Iterator[None]:
    """As process 1 of a container Python ignores SIGTERM unless it is handled; both signals end the run in order."""

    def cancel(number: int, _: FrameType | None) -> None:
        # A second signal must not interrupt the saving that the first one started.
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_IGN)
        raise Cancelled(signal.Signals(number).name)

    before = {name: signal.signal(name, cancel) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
