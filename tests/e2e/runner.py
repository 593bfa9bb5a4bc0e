"""Runs an image as the GitHub runner runs a container action: its environment, mounts, file commands and signals.

Follows actions/runner 2.336: ContainerActionHandler.cs, Handler.cs, DockerCommandManager.cs, ProcessInvoker.cs.
"""

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import yaml

ROOT = Path(__file__).parents[2]
FILE_COMMANDS = {
    "GITHUB_OUTPUT": "set_output",
    "GITHUB_STEP_SUMMARY": "step_summary",
    "GITHUB_STATE": "save_state",
    "GITHUB_ENV": "set_env",
    "GITHUB_PATH": "add_path",
}
# From SIGINT to SIGTERM, and from SIGTERM to SIGKILL, in seconds.
INTERRUPT_GRACE, TERMINATE_GRACE = 7.5, 2.5
STEP_TIMEOUT = 300
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What a step leaves behind: exit status, log (both streams), outputs, summary, what it saved for its post step, and
    seconds it took."""

    exit_status: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    seconds: float
    saved: Mapping[str, str]

    def lines(self, start: str) -> list[str]:
        """The lines of the log that begin with `start`."""
        return [line for line in self.log.splitlines() if line.startswith(start)]


@dataclass(slots=True, kw_only=True)
class Step:
    """A step at work; `log` grows while it runs."""

    process: subprocess.Popen[bytes]
    container: str
    log: Path
    files: Mapping[str, Path]
    started: float

    def wait_for_log(self, text: str, *, timeout: float = 60) -> None:
        """Returns as soon as the log holds `text`; fails when the step ends or time runs out before."""
        deadline = time.monotonic() + timeout
        while text not in (content := self.log.read_text("utf-8", "replace")):
            ended = self.process.poll() is not None
            assert not ended, f"the step ended without {text!r}:\n{content}"
            assert time.monotonic() < deadline, f"no {text!r} within {timeout} s:\n{content}"
            time.sleep(0.01)

    def cancel(self) -> None:
        """What the runner does when somebody presses "Cancel": SIGINT, SIGTERM, SIGKILL, to the client."""
        for number, grace in ((signal.SIGINT, INTERRUPT_GRACE), (signal.SIGTERM, TERMINATE_GRACE)):
            self.process.send_signal(number)
            try:
                self.process.wait(grace)
            except subprocess.TimeoutExpired:
                continue
            return
        self.process.kill()

    def result(self) -> StepResult:
        """Waits for the end of the step."""
        try:
            exit_status = self.process.wait(STEP_TIMEOUT)
        finally:
            self.process.kill()
            subprocess.run(["docker", "rm", "--force", self.container], capture_output=True, check=True)
        return StepResult(
            exit_status=exit_status,
            log=self.log.read_text("utf-8", "replace"),
            outputs=parse_file_command(self.files["GITHUB_OUTPUT"].read_text("utf-8")),
            summary=self.files["GITHUB_STEP_SUMMARY"].read_text("utf-8"),
            seconds=time.monotonic() - self.started,
            saved=parse_file_command(self.files["GITHUB_STATE"].read_text("utf-8")),
        )


def parse_file_command(content: str) -> dict[str, str]:
    """Reads `name=value` and `name<<delimiter` entries; refuses what the runner refuses."""
    assert not content or content.endswith("\n"), "a file command ends with a newline"
    values: dict[str, str] = {}
    lines = iter(content.splitlines())
    for line in lines:
        name, separator, delimiter = line.partition("<<")
        if separator and "=" not in name:
            value: list[str] = []
            for inner in lines:
                if inner == delimiter:
                    break
                value.append(inner)
            else:
                raise AssertionError(f"no closing {delimiter!r} for {name!r}")
            values[name] = "\n".join(value)
        elif line:
            name, separator, text = line.partition("=")
            assert separator, f"neither name=value nor name<<delimiter: {line!r}"
            values[name] = text
    return values


def declared_inputs() -> dict[str, str]:
    """Every input of `action.yml`: the runner passes all of them, and the empty string where nobody says anything."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    inputs = {name: str((entry or {}).get("default", "")) for name, entry in action["inputs"].items()}
    return {name: "github-token-of-the-job" if "github.token" in value else value for name, value in inputs.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job's folders on the host. Steps of one job share the temporary folder and the home, as on a runner."""

    image: str
    root: Path
    event_name: str = "push"
    event: Mapping[str, object] = field(default_factory=dict)
    ref_name: str = "main"
    repository: str = "octocat/hello"

    @property
    def workspace(self) -> Path:
        """Where `actions/checkout` puts the repository."""
        return self._folder(f"{self.repository.split('/')[1]}/{self.repository.split('/')[1]}")

    @property
    def temp(self) -> Path:
        """`RUNNER_TEMP` of the host."""
        return self._folder("_temp")

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def start(
        self,
        inputs: Mapping[str, str] = NOTHING,
        *,
        env: Mapping[str, str] = NOTHING,
        arguments: tuple[str, ...] = (),
        entrypoint: str = "",
    ) -> Step:
        """Starts `docker run` as the runner does, by names of variables alone; their values are the client's own."""
        commands = self._folder("_temp/_runner_file_commands")
        files = {name: commands / f"{stem}_{uuid.uuid4()}" for name, stem in FILE_COMMANDS.items()}
        for file in files.values():
            file.touch()
        mounts = {
            self.temp: "/github/runner_temp",
            self._folder("_temp/_github_home"): "/github/home",
            self._folder("_temp/_github_workflow"): "/github/workflow",
            commands: "/github/file_commands",
            self.workspace: "/github/workspace",
        }
        (self._folder("_temp/_github_workflow") / "event.json").write_text(json.dumps(self.event), "utf-8")
        variables = self._environment() | {name: f"/github/file_commands/{file.name}" for name, file in files.items()}
        for name, value in (declared_inputs() | dict(inputs)).items():
            variables["INPUT_" + name.replace(" ", "_").upper()] = value
        variables.update(env)
        # Removed by hand in the end: Podman's Docker interface forgets the exit status of what is run with --rm.
        container = f"step-{uuid.uuid4().hex}"
        command = ["docker", "run", "--name", container, "--network", "host", "--workdir", "/github/workspace"]
        for name in variables:
            command += ["-e", name]
        for source, target in mounts.items():
            command += ["-v", f"{source}:{target}"]
        if entrypoint:
            command += ["--entrypoint", entrypoint]
        log = self.root / f"step-{uuid.uuid4()}.log"
        with log.open("wb") as stream:
            started = time.monotonic()
            process = subprocess.Popen(
                [*command, self.image, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**os.environ, **variables},
                start_new_session=True,
            )
        return Step(process=process, container=container, log=log, files=files, started=started)

    def run(
        self,
        inputs: Mapping[str, str] = NOTHING,
        *,
        env: Mapping[str, str] = NOTHING,
        arguments: tuple[str, ...] = (),
    ) -> StepResult:
        """Runs a step to its end."""
        return self.start(inputs, env=env, arguments=arguments).result()

    def post(self, step: StepResult, *, env: Mapping[str, str] = NOTHING) -> StepResult:
        """The post step of a step: another container of the same image, after all steps of the job."""
        entrypoint = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["post-entrypoint"]
        saved = {f"STATE_{name}": value for name, value in step.saved.items()}
        return self.start(env={**env, **saved}, entrypoint=entrypoint).result()

    def _environment(self) -> dict[str, str]:
        branch = self.ref_name
        return {
            "HOME": "/github/home",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION": "docs",
            "GITHUB_ACTOR": "octocat",
            "GITHUB_API_URL": "http://127.0.0.1:9/api",
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": "/github/workflow/event.json",
            "GITHUB_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
            "GITHUB_JOB": "docs",
            "GITHUB_REF": f"refs/heads/{branch}",
            "GITHUB_REF_NAME": branch,
            "GITHUB_REF_TYPE": "branch",
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_REPOSITORY_OWNER": self.repository.split("/")[0],
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": "1",
            "GITHUB_RUN_NUMBER": "1",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKFLOW": "docs",
            "GITHUB_WORKSPACE": "/github/workspace",
            "RUNNER_ARCH": "X64",
            "RUNNER_NAME": "runner",
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": "/github/runner_temp",
            "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
            "RUNNER_WORKSPACE": "/github",
        }
