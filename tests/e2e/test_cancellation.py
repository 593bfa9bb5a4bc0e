"""A cancelled step: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL, all to the docker client."""

import signal
import time

import pytest

from tests.e2e.repositories import RUNNER_UID, commit_package, give_to
from tests.e2e.runner import INTERRUPT_GRACE, Job

MODULES = 400


@pytest.fixture
def large(job: Job) -> Job:
    """A job whose repository takes some seconds to document."""
    commit_package(job.workspace, modules=MODULES)
    give_to(job.workspace, RUNNER_UID)
    return job


@pytest.mark.parametrize(
    "stage", ["Reading the repository", "Planning the pages", "Writing pages", "Verifying", "Rendering the site"]
)
def test_a_cancelled_run_is_aborted_before_it_is_killed(large: Job, stage: str) -> None:
    """Whatever stage SIGINT meets, the step ends 130 and says `aborted` before the runner would send the next signal, and
    no site is left that is not whole."""
    step = large.start()
    step.wait_for_log(stage)
    cancelled = time.monotonic()
    step.cancel()
    seconds = time.monotonic() - cancelled
    result = step.result()
    assert result.exit_status == 130, result.log
    assert result.outputs["status"] == "aborted"
    assert seconds < INTERRUPT_GRACE
    assert "Traceback" not in result.log
    assert not (large.workspace / "_docsfy/site/index.html").exists()


def test_a_cancelled_run_is_taken_up_by_the_next(large: Job) -> None:
    """What a cancelled run leaves behind hinders nobody: the next one ends ready, with the whole site."""
    step = large.start()
    step.wait_for_log("Writing pages")
    step.cancel()
    assert step.result().outputs["status"] == "aborted"
    finished = large.run()
    assert finished.exit_status == 0, finished.log
    assert finished.outputs["status"] == "ready"
    assert finished.outputs["pages-failed"] == "0"
    assert (large.workspace / "_docsfy/site/index.html").is_file()


def test_a_termination_alone_ends_the_run_too(large: Job) -> None:
    """As process 1 of the container Python would ignore SIGTERM; the program does not."""
    step = large.start()
    step.wait_for_log("::group::")
    step.process.send_signal(signal.SIGTERM)
    result = step.result()
    assert result.exit_status == 130, result.log
    assert result.outputs["status"] == "aborted"


def test_an_aborted_run_gives_its_files_to_the_owner_of_the_workspace(large: Job) -> None:
    """Ownership is handed back on the way out of a cancelled run as well."""
    step = large.start()
    step.wait_for_log("Writing pages")
    step.cancel()
    step.result()
    owner = large.workspace.stat().st_uid
    assert {path.lstat().st_uid for path in large.workspace.rglob("*")} == {owner}
