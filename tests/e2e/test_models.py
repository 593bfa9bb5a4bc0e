"""The image with a model: the API in process, and a vendor's program that is installed inside the container."""

import json
import os
import re

import pytest

from tests.contract.models import ModelServer
from tests.contract.models.documenter import Documenter, task_of
from tests.e2e.repositories import RUNNER_UID, commit_package, give_to
from tests.e2e.runner import Job, StepResult

KEY = "sk-ant-api03-the-key-of-tests"
# How this machine reaches package registries; on a runner nothing of it is set.
_REGISTRIES = re.compile(r"(?i:npm_config_|pip_)\w+|(?i:https?|all|no)_proxy|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS")


@pytest.fixture
def steered(job: Job) -> Job:
    """A job whose repository gets two pages of the model."""
    commit_package(job.workspace, configuration="pages:\n  forbid: [getting-started, architecture]\n")
    give_to(job.workspace, RUNNER_UID)
    return job


def _run(job: Job, server: ModelServer, provider: str, model: str, **more: str) -> StepResult:
    variables = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": server.url}
    step = job.run({"provider": provider, "model": model}, env={**variables, **more})
    assert step.exit_status == 0, step.log
    assert step.outputs["status"] == "ready", step.log
    assert "Traceback" not in step.log
    # The one line that hides the key from then on holds it, and the runner shows none of these.
    said = "\n".join(line for line in step.log.splitlines() if not line.startswith("::add-mask::"))
    assert KEY not in said + step.summary + json.dumps(dict(step.outputs))
    return step


def test_the_api_writes_the_pages(steered: Job) -> None:
    """Nothing is installed: the model plans and writes in process, and a second step on the same state asks nothing."""
    with ModelServer(Documenter(pages=1, explores="read_file")) as server:
        first = _run(steered, server, "api", "anthropic:claude-sonnet-5-5")
        asked = len(server.asks)
        second = _run(steered, server, "api", "anthropic:claude-sonnet-5-5")
        assert len(server.asks) == asked
    assert int(first.outputs["ai-calls"]) == 4
    assert float(first.outputs["cost-usd"]) > 0
    assert "This page tells what these parts do" in (steered.workspace / "_docsfy/site/index.md").read_text("utf-8")
    assert (second.outputs["stage"], second.outputs["ai-calls"]) == ("up_to_date", "0")


def test_claude_is_installed_in_the_container_or_its_vendor_s_api_takes_over(steered: Job) -> None:
    """Where the registries can be reached, the program is installed from the lock and writes the pages; where not, the API of
    the same vendor does, and the log says so. Either way the pages are the model's."""
    registries = {name: value for name, value in os.environ.items() if _REGISTRIES.fullmatch(name)}
    with ModelServer(Documenter(pages=1)) as server:
        step = _run(steered, server, "claude", "claude-opus-4-6[1m]", **registries)
        tasks = sorted(task_of(ask) for ask in server.asks)
        agents = {ask.headers.get("user-agent", "") for ask in server.asks}
    assert tasks == ["outline", "page", "page", "preflight"]
    report = json.loads((steered.workspace / step.outputs["report"]).read_text("utf-8"))
    writers = {page["writer"] for page in report["pages"] if page["ai_calls"]}
    if "from installed" in step.log:
        assert writers == {"claude claude-opus-4-6[1m]"}
        assert all("claude" in agent.lower() for agent in agents), agents
    else:
        assert "The API of the same vendor takes over" in step.log
        assert writers == {"api anthropic:claude-opus-4-6"}
