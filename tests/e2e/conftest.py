"""The image under test, and the jobs and repositories it is run on."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.git_server import serve
from tests.e2e.repositories import RUNNER_UID, commit_package, give_to
from tests.e2e.runner import ROOT, Job


@pytest.fixture(scope="session")
def image() -> str:
    """The image named by DOCSFY_IMAGE, else one built from this checkout."""
    name = os.environ.get("DOCSFY_IMAGE", "")
    if not name:
        name = "docsfy-action:e2e"
        built = subprocess.run(
            ["make", "image", f"IMAGE={name}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if built.returncode:
            pytest.exit(f"the image could not be built:\n{built.stdout[-4000:]}{built.stderr[-4000:]}", returncode=1)
    return name


@pytest.fixture
def job(image: str, tmp_path: Path) -> Job:
    """A job whose workspace is still empty."""
    return Job(image=image, root=tmp_path)


@pytest.fixture
def checked_out(job: Job) -> Job:
    """A job with a small Python package checked out, all of it owned by somebody who is not the container's user."""
    commit_package(job.workspace)
    give_to(job.workspace, RUNNER_UID)
    return job


@pytest.fixture
def git_server() -> Iterator[Callable[[Path], str]]:
    """Serves repositories over smart HTTP on the loopback interface; the callable takes a folder and gives its URL."""
    with serve() as publish:
        yield publish
