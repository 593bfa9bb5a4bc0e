"""The workflows that others call, our own, and the examples: what GitHub would refuse only when they run."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from docsfy_action.inputs.catalog import by_name, specs
from docsfy_action.report import output_specs
from tests.contract.workflows import ACTION, CALL, EXAMPLES, LEVELS, OURS, ROOT, Job, Workflow, expressions, read
from tools import generated

CALLED = sorted(path for path in OURS if read(path).inputs is not None)
ALL = [*OURS, *EXAMPLES]
HASH = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def ids(path: Path) -> str:
    """`examples/pages.yml` and `workflows/pages.yml` apart."""
    return f"{path.parent.name}/{path.name}"


every = pytest.mark.parametrize("path", ALL, ids=ids)
each_called = pytest.mark.parametrize("path", CALLED, ids=ids)


def called_by(job: Job) -> Workflow:
    """The workflow of this repository that a job calls."""
    match = CALL.fullmatch(job.uses)
    assert match is not None, f"{job.place} calls {job.uses!r}"
    return read(ROOT / ".github/workflows" / match["name"])


def test_there_is_a_workflow_and_an_example_for_everything_promised() -> None:
    """What README offers: every workflow that can be called is called by an example, and there is one for each purpose."""
    assert {path.stem for path in CALLED} == {
        "branch", "comment", "many", "pages", "preview", "preview-branch", "preview-cleanup", "sharded",
    }  # fmt: skip
    shown = {called_by(job).name for path in EXAMPLES for job in read(path).jobs if job.uses}
    assert shown == {path.name for path in CALLED}


@every
def test_every_action_is_pinned_and_says_its_version(path: Path) -> None:
    """By a full hash with the version behind it; ours by its major tag, which the reader may pin."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines() if re.match(r"\s*(- )?uses:", line)]
    for line in lines:
        target, _, comment = line.removeprefix("- ").removeprefix("uses:").strip().partition(" # ")
        if not ACTION.fullmatch(target) and not CALL.fullmatch(target):
            assert HASH.fullmatch(target), line
            assert re.fullmatch(r"v[0-9]+\.[0-9]+\.[0-9]+", comment), line


def test_an_action_is_pinned_to_one_version_everywhere() -> None:
    """Files do not drift apart, examples included."""
    found: dict[str, set[str]] = {}
    for path in ALL:
        for name, version in re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40} # \S+)", path.read_text("utf-8")):
            found.setdefault(name, set()).add(version)
    assert len(found) >= 5
    assert {name: versions for name, versions in found.items() if len(versions) > 1} == {}


@every
def test_every_job_says_what_it_may_do(path: Path) -> None:
    """No permission by default, and those of a job are listed; none is given that its purpose does not need."""
    workflow = read(path)
    assert workflow.permissions == {}
    writing = {"contents": 0, "id-token": 0, "pull-requests": 0}
    for job in workflow.jobs:
        assert job.permissions is not None, job.place
        for name, level in job.permissions.items():
            assert level in LEVELS, job.place
            writing[name] = writing.get(name, 0) + (level == "write")
    about_requests = path.stem.startswith(("preview", "comment", "pull-request"))
    assert bool(writing["pull-requests"]) == about_requests
    assert not (writing["id-token"] and writing["contents"]) or path.stem == "release"


@every
def test_every_job_ends_in_time(path: Path) -> None:
    """A job that hangs is ended; where a workflow is called, that one says when."""
    assert [job.place for job in read(path).jobs if not job.uses and not job.timeout and path in OURS] == []


@every
def test_no_script_holds_an_expression(path: Path) -> None:
    """What comes from an event or a caller reaches a script through its environment only."""
    assert [step.place for step in read(path).steps() if "${{" in step.run] == []


@every
def test_no_checkout_keeps_the_token(path: Path) -> None:
    """The token is not left on disk for later steps."""
    checkouts = [step for step in read(path).steps() if step.uses.startswith("actions/checkout@")]
    assert [step.place for step in checkouts if step.inputs.get("persist-credentials") != "False"] == []


@every
def test_what_the_action_is_given_and_asked_for_exists(path: Path) -> None:
    """Every `with:` of the action is an input, with a word that it takes; every output that is read is one."""
    outputs = {spec.name for spec in output_specs()}
    for job in read(path).jobs:
        ours = {step.id for step in job.steps if step.is_action and step.id}
        known = {step.id for step in job.steps}
        for step in job.steps:
            if step.is_action:
                assert step.inputs.keys() <= by_name().keys(), step.place
            for name, value in step.inputs.items() if step.is_action else ():
                choices = by_name()[name].choices if name in by_name() else ()
                assert not choices or "${{" in value or value in choices, f"{step.place}: {name}"
        text = job.everything + "".join(f"{step.run}{step.inputs}{step.env}{step.condition}" for step in job.steps)
        for step_id, output in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", text):
            assert step_id in known, job.place
            assert step_id not in ours or output in outputs, f"{job.place}: {output}"


@every
def test_what_jobs_hand_on_exists(path: Path) -> None:
    """`needs.x.outputs.y` names a job that is waited for and an output that it has; so do the outputs of the workflow."""
    workflow = read(path)
    outputs = {job.name: called_by(job).outputs if job.uses else job.outputs for job in workflow.jobs}
    for job in workflow.jobs:
        text = job.everything + "".join(f"{step.inputs}{step.env}{step.condition}" for step in job.steps)
        for name, output in re.findall(r"needs\.([\w-]+)\.outputs\.([\w-]+)", text):
            assert name in job.needs, job.place
            assert output in outputs[name], f"{job.place}: {output}"
    for value in workflow.outputs.values():
        for name, output in re.findall(r"jobs\.([\w-]+)\.outputs\.([\w-]+)", value):
            assert output in outputs[name], f"{path.name}: {output}"


@each_called
def test_what_a_workflow_takes_it_uses_and_the_other_way_round(path: Path) -> None:
    """An input or secret that is declared has an effect, and none is used that a caller cannot give."""
    workflow = read(path)
    used = " ".join(expressions(workflow.text))
    assert frozenset(re.findall(r"\binputs\.([\w-]+)", used)) == (workflow.inputs or frozenset())
    assert set(re.findall(r"\bsecrets\.(\w+)", used)) == workflow.secrets


@every
def test_secrets_reach_only_the_step_that_needs_them(path: Path) -> None:
    """A key is in the environment of the action's own step, the token for clones its input; no other step sees either."""
    for job in read(path).jobs:
        assert "secrets." not in job.everything, job.place
        assert job.secrets != "inherit", job.place
        for step in job.steps:
            places = f"{step.run}{step.condition}" + ("" if step.is_action else f"{step.inputs}{step.env}")
            assert "secrets." not in places, step.place
            if step.is_action:
                for name, value in step.env.items():
                    assert value == f"${{{{ secrets.{name} }}}}", step.place
                assert [name for name, value in step.inputs.items() if "secrets." in value] in ([], ["github-token"])


@every
def test_a_caller_gives_what_the_called_workflow_asks_for(path: Path) -> None:
    """Inputs and secrets by names that it has, everything that it requires, and the permissions of all its jobs: GitHub checks
    these before it starts, also for jobs that would be passed over."""
    for job in read(path).jobs:
        if not job.uses:
            continue
        called = called_by(job)
        assert called.inputs is not None, job.place
        assert called.required <= job.inputs.keys() <= called.inputs, job.place
        assert isinstance(job.secrets, Mapping)
        assert job.secrets.keys() <= called.secrets, job.place
        for nested in called.jobs:
            for name, level in (nested.permissions or {}).items():
                assert LEVELS[(job.permissions or {}).get(name, "none")] >= LEVELS[level], f"{job.place}: {name}"
        needed = {name for nested in called.jobs for name in nested.permissions or {}}
        assert set(job.permissions or {}) == needed, f"{job.place} gives more than {called.name} asks for"


@each_called
def test_a_called_workflow_runs_the_action_of_its_own_commit(path: Path) -> None:
    """`./` is the caller's workspace, so the action is checked out at the workflow's commit, into a folder of its own that
    documented code cannot reach; a server that does not say the commit is told of before anything else."""
    for job in read(path).jobs:
        assert "!job.workflow_sha" in job.steps[0].condition, job.place
        assert "::error::" in job.steps[0].run
        checkouts = {step.inputs.get("path"): step for step in job.steps if step.uses.startswith("actions/checkout@")}
        action = checkouts["docsfy-action"]
        assert action.inputs["repository"] == "${{ job.workflow_repository }}"
        assert action.inputs["ref"] == "${{ job.workflow_sha }}"
        assert checkouts.keys() <= {"docsfy-action", "documented"}
        assert {step.uses for step in job.steps if step.is_action} <= {"./docsfy-action"}
        assert all(
            step.inputs.get("repository-path", "documented") == "documented" for step in job.steps if step.is_action
        )


@each_called
def test_a_called_workflow_hands_on_its_inputs_unchanged(path: Path) -> None:
    """An input that is called like one of the action is that input: same words, same choices, and a type by which nothing is
    said where the caller says nothing."""
    declared = yaml.safe_load(path.read_text("utf-8"))[True]["workflow_call"].get("inputs", {})
    handed = [step for step in read(path).steps() if step.is_action]
    for name in declared.keys() & by_name().keys() - {"site-url", "site-name"}:
        about = declared[name]
        assert about["description"].startswith(by_name()[name].description)
        assert any(step.inputs.get(name) == f"${{{{ inputs.{name} }}}}" for step in handed), name
        if about["type"] == "string":
            assert about["default"] == ""
    # Those that publish decide where to; nobody can call a preview that deploys.
    assert not {"publish", "preview", "phase", "shard", "github-token"} & declared.keys()


def test_deployments_wait_and_previews_do_not() -> None:
    """A deployment is never cut off by the next; of the previews of one pull request only the newest counts."""
    for path in CALLED:
        for job in read(path).jobs:
            cancels = job.concurrency.get("cancel-in-progress")
            publishes = any(step.inputs.get("publish") for step in job.steps)
            if publishes:
                assert cancels == "False", job.place
            if path.stem.startswith("preview"):
                assert cancels == "True", job.place
                assert "pull_request.number" in job.concurrency["group"], job.place


def test_a_sharded_run_goes_on_without_a_shard() -> None:
    """An empty matrix writes nothing, a shard that fails stops no other, and the site is assembled after both, but not after a
    run that somebody cancelled or a plan that failed."""
    workflow = read(ROOT / ".github/workflows/sharded.yml")
    plan, write, assemble = (workflow.job(name) for name in ("plan", "write", "assemble"))
    assert write.condition == "${{ needs.plan.outputs.matrix }}"
    assert write.strategy["fail-fast"] == "False"
    assert write.strategy["matrix"] == "${{ fromJSON(needs.plan.outputs.matrix) }}"
    assert assemble.condition == "${{ !cancelled() && needs.plan.result == 'success' }}"
    assert assemble.needs == ("plan", "write")
    phases = [[step.inputs["phase"] for step in job.steps if step.is_action] for job in (plan, write, assemble)]
    assert phases == [["plan"], ["write"], ["assemble"]]
    assert [step.inputs["shard"] for step in write.steps if step.is_action] == ["${{ matrix.shard }}"]
    assert [job.name for job in workflow.jobs if (job.permissions or {}).get("pages") == "write"] == ["assemble"]


def test_the_index_is_made_without_a_repository_that_failed() -> None:
    """One repository that cannot be documented costs the others nothing, and the index reports it: its folder is there, empty."""
    workflow = read(ROOT / ".github/workflows/many.yml")
    document, index = workflow.job("document"), workflow.job("index")
    assert document.strategy["fail-fast"] == "False"
    assert index.condition == "${{ !cancelled() && needs.list.result == 'success' }}"
    (made,) = (step for step in document.steps if step.is_action)
    (handed,) = (step for step in document.steps if step.uses.startswith("actions/upload-artifact@"))
    (fetched,) = (step for step in index.steps if step.uses.startswith("actions/download-artifact@"))
    (published,) = (step for step in index.steps if step.is_action)
    assert made.inputs["output-dir"] == f"{handed.inputs['path']}/${{{{ matrix.name }}}}"
    assert handed.inputs["include-hidden-files"] == "True"
    assert handed.inputs["name"] == fetched.inputs["pattern"].replace("*", "${{ matrix.name }}")
    assert fetched.inputs["path"] == published.inputs["index-of"] == "sites"


def test_no_pull_request_of_a_stranger_runs_with_the_bases_secrets() -> None:
    """`pull_request_target` is used nowhere; the one that follows another run checks out nothing but the action."""
    for path in ALL:
        workflow = read(path)
        assert "pull_request_target" not in workflow.triggers, path.name
        if "workflow_run" in workflow.triggers:
            assert [called_by(job).name for job in workflow.jobs] == ["comment.yml"]
    for step in read(ROOT / ".github/workflows/comment.yml").steps():
        assert step.inputs.get("path") != "documented", step.place


def test_generated_parts_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """action.yml, README's tables and workflows, and what the called workflows hand on; `make generated` renews them."""
    assert generated.main(["--check"]) == 0, capsys.readouterr().err


def test_everything_a_model_needs_can_be_handed_to_a_called_workflow() -> None:
    """All variables that keys and addresses are read from are secrets of the workflows that write pages."""
    for name in ("pages", "branch", "preview", "preview-branch", "sharded", "many"):
        assert set(generated.variables()) <= read(ROOT / f".github/workflows/{name}.yml").secrets


def test_every_input_is_handed_on_or_withheld_for_a_reason() -> None:
    """A new input of the action reaches the workflows by its group, unless it is listed as one that they decide."""
    handed = {spec.name for spec in generated.passed_on(["writing", "limits", "site", "publishing", "jobs"])}
    rest = {spec.name for spec in specs()} - handed - generated.WITHHELD
    assert rest == {spec.name for spec in specs() if spec.about.group.name in {"SOURCE", "STATE"}}


@pytest.mark.parametrize(("before", "after"), [("preview", "comment"), ("pull-request", "pull-request-comment")])
def test_the_workflow_that_comments_follows_the_one_that_shows(before: str, after: str) -> None:
    """GitHub knows it by its name, and starts nothing where the name is another."""
    folder = ROOT / ("examples" if before == "preview" else ".github/workflows")
    names = yaml.safe_load((folder / f"{after}.yml").read_text("utf-8"))[True]["workflow_run"]["workflows"]
    assert names == [yaml.safe_load((folder / f"{before}.yml").read_text("utf-8"))["name"]]
