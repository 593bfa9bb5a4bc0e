"""A cancelled step: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL, all to the docker client."""

import signal
import time
from pathlib import Path

import pytest

from tests.contract.cache_service import TOKEN, CacheService
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


def test_a_cancelled_run_s_pages_reach_the_next_machine(large: Job, tmp_path: Path) -> None:
    """The run is cancelled in the midst of writing; its post step saves what it had finished, and another machine starts
    from that."""
    with CacheService() as service:
        offered = service.environment()
        step = large.start(env=offered)
        step.wait_for_log("Verifying")
        step.cancel()
        cancelled = step.result()
        assert cancelled.exit_status == 130, cancelled.log
        assert service.entries == []
        post = large.post(cancelled, env=offered)
        assert post.exit_status == 0, post.log
        assert "The state was saved in the Actions cache" in post.log
        assert TOKEN not in "\n".join(line for line in post.log.splitlines() if not line.startswith("::add-mask::"))
        other = Job(image=large.image, root=tmp_path / "other")
        commit_package(other.workspace, modules=MODULES)
        finished = other.run(env=offered)
        assert finished.exit_status == 0, finished.log
        assert int(finished.outputs["pages-kept"]) > 0
        assert "Nothing is left to be saved." in other.post(finished, env=offered).log


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
