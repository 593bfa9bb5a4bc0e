"""The action as a step of a workflow: what it does to workspace, outputs, summary and log."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.repositories import RUNNER_UID, commit_files, commit_package, git, give_to, tree
from tests.e2e.runner import Job, StepResult

# The order of product.md: "Outputs".
OUTPUTS = frozenset(
    "status stage site-dir commit previous-commit pages-total pages-written pages-kept pages-removed pages-failed "
    "ai-calls input-tokens output-tokens cost-usd unresolved-references preview-url page-url matrix report".split()
)
BROKEN_CACHE_SERVICE = {
    "ACTIONS_RUNTIME_URL": "http://127.0.0.1:9/",
    "ACTIONS_RESULTS_URL": "http://127.0.0.1:9/",
    "ACTIONS_RUNTIME_TOKEN": "token-of-the-runner-service",
}


def succeeded(step: StepResult) -> StepResult:
    """The step, once it is certain that it went well; else its log is shown."""
    assert step.exit_status == 0, step.log
    assert step.outputs["status"] == "ready", step.log
    return step


def title_of(site: Path) -> str:
    """The text of the `<title>` of the landing page."""
    return (site / "index.html").read_text("utf-8").partition("<title>")[2].partition("</title>")[0]


def test_a_step_without_inputs_documents_the_workspace(checked_out: Job) -> None:
    """With nothing but a checkout the step ends 0 and ready: site, report, all outputs and a summary are there, and the
    outputs name what exists, relative to the workspace."""
    step = succeeded(checked_out.run())
    workspace = checked_out.workspace
    assert set(step.outputs) >= OUTPUTS
    assert step.outputs["site-dir"] == "_docsfy/site"
    assert step.outputs["commit"] == git(workspace, "rev-parse", "HEAD").strip()
    assert step.outputs["unresolved-references"] == step.outputs["pages-failed"] == step.outputs["ai-calls"] == "0"
    assert int(step.outputs["pages-written"]) == int(step.outputs["pages-total"]) > 0
    for name in ("index.html", "index.md", "404.html", ".nojekyll", "llms.txt", "llms-full.txt", "sitemap.xml"):
        assert (workspace / "_docsfy/site" / name).is_file(), name
    report = json.loads((workspace / step.outputs["report"]).read_text("utf-8"))
    assert report["status"] == "ready"
    assert len(report["pages"]) == int(step.outputs["pages-total"])
    assert "greeter" in step.summary
    assert "Traceback" not in step.log


def test_the_checkout_is_left_as_found(checked_out: Job) -> None:
    """Beside `_docsfy` nothing in the workspace changes, `.git` included, and git sees nothing to commit."""
    before = tree(checked_out.workspace)
    succeeded(checked_out.run())
    assert tree(checked_out.workspace, without=("_docsfy",)) == before
    assert git(checked_out.workspace, "status", "--porcelain", "--untracked-files=all") == ""


def test_what_is_written_belongs_to_the_owner_of_the_workspace(checked_out: Job) -> None:
    """The container is root; the steps after it are not, and must be able to move, change and remove the site."""
    succeeded(checked_out.run({"output-dir": "public/docs"}))
    owner = checked_out.workspace.stat().st_uid
    written = [path for name in ("_docsfy", "public") for path in (checked_out.workspace / name).rglob("*")]
    assert len(written) > 10
    assert {path.lstat().st_uid for path in (*written, checked_out.workspace / "public")} == {owner}


def test_a_failed_run_leaves_nothing_that_belongs_to_root(checked_out: Job) -> None:
    """Ownership is given back whatever way the run ends."""
    step = checked_out.run({"provider": "nonsense"})
    assert step.exit_status == 2, step.log
    owner = checked_out.workspace.stat().st_uid
    assert {path.lstat().st_uid for path in checked_out.workspace.rglob("*")} == {owner}


def test_a_second_step_of_the_job_has_nothing_to_do(checked_out: Job) -> None:
    """At the same commit and inputs the second run writes no page, says `up_to_date`, and leaves the same site."""
    first = succeeded(checked_out.run())
    site = tree(checked_out.workspace / "_docsfy/site")
    second = succeeded(checked_out.run())
    assert second.outputs["stage"] == "up_to_date"
    assert second.outputs["pages-written"] == "0"
    assert second.outputs["pages-kept"] == first.outputs["pages-total"]
    assert second.outputs["commit"] == first.outputs["commit"]
    assert tree(checked_out.workspace / "_docsfy/site") == site


def test_a_state_folder_below_the_runners_temporary_one_is_kept_there(checked_out: Job) -> None:
    """The README's `cache-dir: ${{ runner.temp }}/docsfy-state`: the runner says the path as the container knows it, the
    folder is there for the step that saves it, and with what that step restores the next job has nothing to do."""
    inputs = {"cache-dir": "/github/runner_temp/docsfy-state"}
    succeeded(checked_out.run(inputs))
    state = checked_out.temp / "docsfy-state"
    assert list(state.rglob("manifest.json"))
    assert {path.lstat().st_uid for path in (state, *state.rglob("*"))} == {RUNNER_UID}
    saved = checked_out.root / "saved"
    shutil.copytree(state, saved)
    shutil.rmtree(state)
    shutil.rmtree(checked_out.workspace / "_docsfy")
    shutil.copytree(saved, state)
    second = succeeded(checked_out.run(inputs))
    assert second.outputs["stage"] == "up_to_date"
    assert second.outputs["pages-written"] == "0"
    assert (checked_out.workspace / "_docsfy/site/index.html").is_file()


def test_after_a_commit_only_what_changed_is_written(checked_out: Job) -> None:
    """The next run names the commit it compared with, and keeps the pages that the change does not touch."""
    first = succeeded(checked_out.run())
    commit_files(checked_out.workspace, {"src/greeter/extra.py": '"""More."""\n\nPOLITE = True\n'}, "Add politeness")
    give_to(checked_out.workspace, RUNNER_UID)
    second = succeeded(checked_out.run())
    assert second.outputs["previous-commit"] == first.outputs["commit"]
    assert second.outputs["commit"] == git(checked_out.workspace, "rev-parse", "HEAD").strip()
    assert int(second.outputs["pages-kept"]) > 0


def test_inputs_with_a_dash_reach_the_program(checked_out: Job) -> None:
    """`INPUT_SITE-NAME` and `INPUT_OUTPUT-DIR` are no names that a shell would pass on; they count all the same."""
    step = succeeded(checked_out.run({"site-name": "The Book of Greetings", "output-dir": "public/docs"}))
    assert step.outputs["site-dir"] == "public/docs"
    assert "The Book of Greetings" in title_of(checked_out.workspace / "public/docs")


def test_the_configuration_file_wins_over_an_unset_input(job: Job) -> None:
    """The runner sets every declared input, most to nothing: that must not hide what `.docsfy.yml` says."""
    commit_package(job.workspace, configuration="site-name: From the file\n")
    give_to(job.workspace, RUNNER_UID)
    succeeded(job.run())
    assert "From the file" in title_of(job.workspace / "_docsfy/site")


def test_an_input_wins_over_the_configuration_file(job: Job) -> None:
    """What the workflow says comes before what the documented repository says."""
    commit_package(job.workspace, configuration="site-name: From the file\n")
    give_to(job.workspace, RUNNER_UID)
    succeeded(job.run({"site-name": "From the workflow"}))
    assert "From the workflow" in title_of(job.workspace / "_docsfy/site")


@pytest.mark.parametrize("transport", ["http", "file"])
def test_repository_url_alone_documents_another_repository(
    job: Job, tmp_path: Path, transport: str, git_server: Callable[[Path], str]
) -> None:
    """In a workspace without any repository `repository-url` alone is enough, over the network and from a folder."""
    if transport == "http":
        other = tmp_path / "elsewhere" / "other"
        other.mkdir(parents=True)
        url = git_server(other)
    else:
        other = job.temp / "other"
        other.mkdir()
        url = "file:///github/runner_temp/other"
    commit_package(other)
    give_to(job.workspace, RUNNER_UID)
    step = succeeded(job.run({"repository-url": url}))
    assert step.outputs["commit"] == git(other, "rev-parse", "HEAD").strip()
    assert (job.workspace / "_docsfy/site/index.html").is_file()


def test_an_unusable_input_ends_2_and_says_what_is_allowed(checked_out: Job) -> None:
    """The annotation and the summary name the input, its value and the values allowed; nothing is written."""
    step = checked_out.run({"provider": "nonsense"})
    assert step.exit_status == 2, step.log
    assert step.outputs["status"] == "error"
    (annotation,) = step.lines("::error")
    for word in ("provider", "nonsense", "builtin"):
        assert word in annotation
        assert word in step.summary
    assert not (checked_out.workspace / "_docsfy/site").exists()


def test_an_invalid_configuration_file_ends_2(job: Job) -> None:
    """A key that does not exist is an error that names the key, not something to pass over."""
    commit_package(job.workspace, configuration="sitename: A slip of the pen\n")
    step = job.run()
    assert step.exit_status == 2, step.log
    assert "sitename" in step.lines("::error")[0]
    assert "site-name" in step.lines("::error")[0]


def test_a_workspace_without_a_repository_ends_1_and_says_what_to_do(job: Job) -> None:
    """Who forgot `actions/checkout` is told so, in an annotation and in the summary."""
    step = job.run()
    assert step.exit_status == 1, step.log
    assert step.outputs["status"] == "error"
    assert "checkout" in step.lines("::error")[0]
    assert "checkout" in step.summary


def test_an_empty_repository_ends_1(job: Job) -> None:
    """A repository without a commit is an error: there is nothing to document, and nothing is made up."""
    git(job.workspace, "init", "--quiet")
    step = job.run()
    assert step.exit_status == 1, step.log
    assert step.outputs["status"] == "error"
    assert not (job.workspace / "_docsfy/site").exists()


def test_a_cache_service_that_is_down_fails_no_run(checked_out: Job) -> None:
    """Where the runner offers its cache and the service does not answer, the site is built all the same, in time, and
    the token of the service is not shown."""
    step = succeeded(checked_out.run(env=BROKEN_CACHE_SERVICE))
    assert (checked_out.workspace / "_docsfy/site/index.html").is_file()
    shown = [line for line in step.log.splitlines() if not line.startswith("::add-mask::")]
    assert [line for line in shown if BROKEN_CACHE_SERVICE["ACTIONS_RUNTIME_TOKEN"] in line] == []


def test_variables_for_python_of_the_job_do_not_reach_the_program(checked_out: Job) -> None:
    """A job that sets PYTHONPATH and the like for its own tools, and a workspace with modules named like ours, change
    nothing in the action."""
    (checked_out.workspace / "git.py").write_text(
        "raise SystemExit('the module of the workspace was loaded')\n", "utf-8"
    )
    succeeded(checked_out.run(env={"PYTHONPATH": "/github/workspace", "PYTHONHOME": "/nowhere", "PYTHONOPTIMIZE": "2"}))


def test_the_command_line_of_the_image_answers(job: Job) -> None:
    """`docker run IMAGE --version` and `--help` work without a runner's environment."""
    version = job.run(arguments=("--version",))
    assert version.exit_status == 0, version.log
    assert version.log.split()
    assert "--provider" in job.run(arguments=("--help",)).log
