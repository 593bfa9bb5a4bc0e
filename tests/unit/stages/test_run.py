"""A run while it goes on: stages, warnings, and the report at any moment."""

import logging

import pytest

from docsfy_action.errors import Aborted, SourceError
from docsfy_action.lifecycle import PageAction, PageReport, Stage, Status
from tests.unit.stages.runs import new_run


def test_each_stage_is_shown_told_and_timed() -> None:
    """A stage ends when the next begins, and the last one with the report."""
    run, out = new_run()
    told: list[Stage] = []
    run.on_stage = told.append
    run.enter(Stage.CLONING)
    run.enter(Stage.PLANNING)
    report = run.report(Status.READY, Stage.PLANNING)
    assert told == [Stage.CLONING, Stage.PLANNING]
    assert report.seconds == {"cloning": 1.0, "planning": 1.0}
    assert "Reading the repository" in out.getvalue()
    assert "Planning the pages" in out.getvalue()


def test_a_warning_is_said_once_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    """It is in the log when it is found, and in the summary at the end."""
    run, _ = new_run()
    with caplog.at_level(logging.WARNING):
        run.warn("Careful")
        run.warn("Careful")
    assert caplog.messages == ["Careful"]
    assert run.report(Status.READY, Stage.CLONING).warnings == ("Careful",)


def test_the_report_holds_what_is_known_so_far() -> None:
    """Pages in the order in which they were decided."""
    run, _ = new_run()
    run.commit, run.previous_commit, run.site_dir = "new", "old", "_docsfy/site"
    page = PageReport(slug="index", title="I", action=PageAction.KEEP, reason="same", writer="builtin")
    run.pages["index"] = page
    report = run.report(Status.READY, Stage.UP_TO_DATE)
    assert (report.status, report.stage, report.pages) == (Status.READY, Stage.UP_TO_DATE, (page,))
    assert (report.commit, report.previous_commit, report.site_dir) == ("new", "old", "_docsfy/site")


def test_a_run_that_an_error_ended_says_where_and_what_to_do() -> None:
    """The stage is the one that it had come to; a run that was stopped is aborted, not failed."""
    run, _ = new_run()
    run.enter(Stage.VERIFYING)
    report = run.failed(SourceError("No repository here.", hint="Clone it first."))
    assert (report.status, report.stage) == (Status.ERROR, Stage.VERIFYING)
    assert (report.error, report.hint) == ("No repository here.", "Clone it first.")
    assert "verifying" in report.seconds
    assert run.failed(Aborted("Stopped.", hint="")).status is Status.ABORTED
