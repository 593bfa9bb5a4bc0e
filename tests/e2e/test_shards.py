"""A run that is spread over jobs, each in a container of its own on a machine of its own, with the Actions cache between them."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.contract.cache_service import CacheService
from tests.e2e.repositories import RUNNER_UID, commit_package, give_to
from tests.e2e.runner import Job, StepResult

MODULES = 40


def machine(image: str, root: Path) -> Job:
    """A machine with nothing but a checkout."""
    job = Job(image=image, root=root)
    commit_package(job.workspace, modules=MODULES)
    give_to(job.workspace, RUNNER_UID)
    return job


def site_of(job: Job) -> Mapping[str, bytes]:
    """The files of the site that a job made."""
    site = job.workspace / "_docsfy/site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_jobs_on_machines_of_their_own_make_what_one_makes(image: str, tmp_path: Path) -> None:
    """A plan, two shards, of which one is cancelled and hands over in its post step, and the job that puts the site together:
    outputs fit into a workflow as they are, and the site is a single run's byte for byte."""
    alone = machine(image, tmp_path / "alone")
    assert alone.run().exit_status == 0
    with CacheService() as service:
        offered = service.environment()

        def step(name: str, inputs: Mapping[str, str]) -> tuple[Job, StepResult]:
            job = machine(image, tmp_path / name)
            return job, job.run(inputs, env=offered)

        _, planned = step("plan", {"phase": "plan", "max-shards": "2", "shard-minutes": "0"})
        assert planned.exit_status == 0, planned.log
        assert json.loads(planned.outputs["matrix"]) == {"shard": ["1/2", "2/2"]}
        assert (planned.outputs["status"], planned.outputs["site-dir"]) == ("ready", "")
        assert "### 2 jobs" in planned.summary
        _, first = step("first", {"phase": "write", "shard": "1/2"})
        assert first.exit_status == 0, first.log
        assert first.outputs["stage"] == "generating_pages"
        second = machine(image, tmp_path / "second")
        running = second.start({"phase": "write", "shard": "2/2"}, env=offered)
        running.wait_for_log("Writing pages")
        running.cancel()
        ended = running.result()
        assert ended.exit_status in {0, 130}, ended.log
        assert second.post(ended, env=offered).exit_status == 0
        last, done = step("last", {"phase": "assemble"})
        assert done.exit_status == 0, done.log
        assert done.outputs["pages-written"] == planned.outputs["pages-total"]
        assert done.outputs["pages-failed"] == "0"
        again, kept = step("again", {})
        assert kept.outputs["stage"] == "up_to_date", kept.log
    site = site_of(alone)
    assert site_of(last) == site
    assert site_of(again) == site
