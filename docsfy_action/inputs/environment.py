"""The process environment: the one place that reads it, and what of it the program looks at."""

import os
from collections.abc import Mapping
from pathlib import Path

from docsfy_action.github.environment import ActionsRuntime, RunnerEnvironment, Terminal
from docsfy_action.inputs.paths import OWN_FOLDER

_STATE_PREFIX = "STATE_"


def process_environment() -> dict[str, str]:
    """A copy of the environment of this process."""
    return dict(os.environ)  # noqa: TID251 - the one reader of the environment


def runner_environment(environ: Mapping[str, str], *, cwd: Path, platform: str) -> RunnerEnvironment:
    """The surroundings of the step. `cwd` is the workspace where the runner names none, `platform` is `sys.platform`.

    Paths that are no paths are left out."""
    is_runner = environ.get("GITHUB_ACTIONS", "").strip().lower() == "true"
    workspace = (_path(environ, "GITHUB_WORKSPACE") or cwd).resolve()
    runner_temp = _path(environ, "RUNNER_TEMP")
    return RunnerEnvironment(
        workspace=workspace,
        state_dir=_state_dir(environ, workspace, runner_temp if is_runner else None, platform),
        is_runner=is_runner,
        event_name=_text(environ, "GITHUB_EVENT_NAME"),
        event_path=_path(environ, "GITHUB_EVENT_PATH"),
        ref=_text(environ, "GITHUB_REF"),
        ref_name=_text(environ, "GITHUB_REF_NAME"),
        ref_type=_text(environ, "GITHUB_REF_TYPE"),
        head_ref=_text(environ, "GITHUB_HEAD_REF"),
        base_ref=_text(environ, "GITHUB_BASE_REF"),
        sha=_text(environ, "GITHUB_SHA"),
        repository=_text(environ, "GITHUB_REPOSITORY"),
        server_url=_text(environ, "GITHUB_SERVER_URL").rstrip("/") or "https://github.com",
        api_url=_text(environ, "GITHUB_API_URL").rstrip("/") or "https://api.github.com",
        run_id=_text(environ, "GITHUB_RUN_ID"),
        run_attempt=_text(environ, "GITHUB_RUN_ATTEMPT"),
        retention_days=_days(_text(environ, "GITHUB_RETENTION_DAYS")),
        workflow=_text(environ, "GITHUB_WORKFLOW"),
        job=_text(environ, "GITHUB_JOB"),
        actor=_text(environ, "GITHUB_ACTOR"),
        debug=_text(environ, "RUNNER_DEBUG") == "1",
        output_file=_path(environ, "GITHUB_OUTPUT"),
        summary_file=_path(environ, "GITHUB_STEP_SUMMARY"),
        state_file=_path(environ, "GITHUB_STATE"),
        runner_temp=runner_temp,
        saved_state={
            name.removeprefix(_STATE_PREFIX): value
            for name, value in sorted(environ.items())
            if name.startswith(_STATE_PREFIX)
        },
        runtime=_runtime(environ),
        terminal=_terminal(environ),
    )


def _runtime(environ: Mapping[str, str]) -> ActionsRuntime:
    return ActionsRuntime(
        url=_text(environ, "ACTIONS_RUNTIME_URL"),
        token=_text(environ, "ACTIONS_RUNTIME_TOKEN"),
        results_url=_text(environ, "ACTIONS_RESULTS_URL"),
        cache_url=_text(environ, "ACTIONS_CACHE_URL"),
        cache_mode=_text(environ, "ACTIONS_CACHE_MODE"),
        id_token_url=_text(environ, "ACTIONS_ID_TOKEN_REQUEST_URL"),
        id_token=_text(environ, "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    )


def _terminal(environ: Mapping[str, str]) -> Terminal:
    # no-color.org and force-color.org: any value that is not empty.
    return Terminal(
        no_color=bool(environ.get("NO_COLOR")),
        force_color=bool(environ.get("FORCE_COLOR")),
        dumb=environ.get("TERM", "") == "dumb",
    )


def _state_dir(environ: Mapping[str, str], workspace: Path, runner_temp: Path | None, platform: str) -> Path:
    if runner_temp is not None:
        return runner_temp / "docsfy-action"
    # The XDG base directory specification: a relative path is to be ignored.
    cache_home = _path(environ, "XDG_CACHE_HOME")
    if cache_home is not None and cache_home.is_absolute():
        return cache_home / "docsfy-action"
    home = _path(environ, "HOME" if platform != "win32" else "LOCALAPPDATA")
    if home is None or not home.is_absolute():
        return workspace / OWN_FOLDER / "state"
    caches = {"darwin": home / "Library" / "Caches", "win32": home}
    return caches.get(platform, home / ".cache") / "docsfy-action"


def _days(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and 0 < len(text) < 5 and int(text) else None


def _text(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, "").strip()


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    text = _text(environ, name)
    return Path(text) if text and "\0" not in text else None
