"""What the runner tells a step through its environment, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsRuntime:
    """Addresses and tokens of the runner's own services; everything is empty where the runner does not offer it."""

    url: str = ""
    token: str = field(default="", repr=False)
    results_url: str = ""
    cache_url: str = ""
    cache_mode: str = ""
    id_token_url: str = ""
    id_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """What the environment says about colours; whether a stream is a terminal is asked of the stream."""

    no_color: bool = False
    force_color: bool = False
    dumb: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerEnvironment:
    """The step's surroundings. Texts are empty and paths None where nothing was said, as on a laptop.

    `retention_days` is how long the repository lets artifacts be kept, None where that is not said. `workspace` is absolute and
    free of links; `state_dir` is where the state goes unless `cache-dir` says otherwise;
    `saved_state` is what an earlier entry point of the same step left through `GITHUB_STATE`.
    """

    workspace: Path
    state_dir: Path
    is_runner: bool = False
    event_name: str = ""
    event_path: Path | None = None
    ref: str = ""
    ref_name: str = ""
    ref_type: str = ""
    head_ref: str = ""
    base_ref: str = ""
    sha: str = ""
    repository: str = ""
    server_url: str = "https://github.com"
    api_url: str = "https://api.github.com"
    run_id: str = ""
    run_attempt: str = ""
    retention_days: int | None = None
    workflow: str = ""
    job: str = ""
    actor: str = ""
    debug: bool = False
    output_file: Path | None = None
    summary_file: Path | None = None
    state_file: Path | None = None
    runner_temp: Path | None = None
    saved_state: Mapping[str, str] = field(default_factory=dict)
    runtime: ActionsRuntime = field(default_factory=ActionsRuntime)
    terminal: Terminal = field(default_factory=Terminal)

    @property
    def branch(self) -> str:
        """The branch the event is about: a pull request's own, else the one that was pushed; empty off the runner."""
        return self.head_ref or self.ref_name

    @property
    def run_url(self) -> str:
        """The web page of this workflow run, empty off the runner."""
        if not (self.is_runner and self.repository and self.run_id):
            return ""
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}"

    @property
    def has_cache_service(self) -> bool:
        """Whether the runner offers the Actions cache (service v2) to this step."""
        offered = bool(self.runtime.results_url and self.runtime.token) and not self.is_enterprise_server
        return offered and (self.reads_cache or self.saves_cache)

    @property
    def reads_cache(self) -> bool:
        """Whether the job may restore from the cache."""
        return self.runtime.cache_mode not in {"none", "write-only"}

    @property
    def saves_cache(self) -> bool:
        """Whether the job may save to the cache, as far as the runner says so; the service may refuse all the same."""
        return self.runtime.cache_mode not in {"none", "read"}

    @property
    def is_enterprise_server(self) -> bool:
        """Whether this is a GitHub Enterprise Server: it has no cache service v2 (the toolkit's own rule)."""
        host = self.server_url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
        return not (host == "github.com" or host.endswith((".ghe.com", ".localhost")))
