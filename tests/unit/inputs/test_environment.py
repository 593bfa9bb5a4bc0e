"""What the program takes from its environment."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.github.environment import RunnerEnvironment
from docsfy_action.inputs.environment import process_environment, runner_environment

RUNNER = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_WORKSPACE": "/github/workspace",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_EVENT_PATH": "/github/workflow/event.json",
    "GITHUB_REF": "refs/pull/5/merge",
    "GITHUB_REF_NAME": "5/merge",
    "GITHUB_HEAD_REF": "feature/x",
    "GITHUB_BASE_REF": "main",
    "GITHUB_SHA": "a" * 40,
    "GITHUB_REPOSITORY": "owner/name",
    "GITHUB_SERVER_URL": "https://github.com/",
    "GITHUB_RUN_ID": "7",
    "GITHUB_OUTPUT": "/github/file_commands/output",
    "GITHUB_STEP_SUMMARY": "/github/file_commands/summary",
    "RUNNER_TEMP": "/github/runner_temp",
    "RUNNER_DEBUG": "1",
    "ACTIONS_RESULTS_URL": "https://results.example/",
    "ACTIONS_RUNTIME_TOKEN": "token",
    "STATE_key": "value",
}


def read(environ: dict[str, str], platform: str = "linux") -> RunnerEnvironment:
    """The environment of a step in a project's folder."""
    return runner_environment(environ, cwd=Path("/home/me/project"), platform=platform)


def test_a_step_on_a_runner() -> None:
    """Everything the other rooms need of the runner is in one value."""
    found = read(RUNNER)
    assert found.is_runner
    assert found.workspace == Path("/github/workspace")
    assert found.state_dir == Path("/github/runner_temp/docsfy-action")
    assert found.branch == "feature/x"
    assert found.run_url == "https://github.com/owner/name/actions/runs/7"
    assert found.output_file == Path("/github/file_commands/output")
    assert found.saved_state == {"key": "value"}
    assert found.runtime.results_url == "https://results.example/"
    assert found.debug
    assert "token'" not in repr(found)


def test_a_laptop() -> None:
    """Without a runner the workspace is the current folder and nothing else is known."""
    found = read({"HOME": "/home/me", "TERM": "dumb", "NO_COLOR": "1", "RUNNER_TEMP": "/runner/temp"})
    assert not found.is_runner
    assert found.workspace == Path("/home/me/project")
    assert found.state_dir == Path("/home/me/.cache/docsfy-action")
    assert (found.branch, found.run_url, found.output_file, found.event_path) == ("", "", None, None)
    assert (found.terminal.no_color, found.terminal.dumb, found.terminal.force_color) == (True, True, False)


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"HOME": "/h", "XDG_CACHE_HOME": "/c"}, "linux", "/c/docsfy-action"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "relative"}, "linux", "/h/.cache/docsfy-action"),
        ({"HOME": "/h"}, "darwin", "/h/Library/Caches/docsfy-action"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/docsfy-action"),
        ({}, "linux", "/home/me/project/_docsfy/state"),
        ({"HOME": "x"}, "linux", "/home/me/project/_docsfy/state"),
        ({"GITHUB_ACTIONS": "true", "HOME": "/h"}, "linux", "/h/.cache/docsfy-action"),
    ],
)
def test_the_default_state_folder_follows_the_platform(environ: dict[str, str], platform: str, expected: str) -> None:
    """Each system's own place for caches; without a home the workspace's ignored folder."""
    assert read(environ, platform).state_dir == Path(expected)


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("https://github.com", False),
        ("https://company.ghe.com", False),
        ("http://github.localhost:3000", False),
        ("https://github.company.example", True),
        ("https://notgithub.com", True),
        ("", False),
    ],
)
def test_an_enterprise_server_is_told_by_its_host(server: str, expected: bool) -> None:
    """The toolkit's own rule: github.com, *.ghe.com and *.localhost are none."""
    assert read({"GITHUB_SERVER_URL": server}).is_enterprise_server is expected


def test_the_process_environment_is_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody changes the environment through what this gives."""
    monkeypatch.setenv("DOCSFY_TEST", "1")
    environ = process_environment()
    environ["DOCSFY_TEST"] = "2"
    assert process_environment()["DOCSFY_TEST"] == "1"


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*RUNNER, "HOME", "XDG_CACHE_HOME", "STATE_"]), st.text(max_size=30)))
def test_any_environment_is_read(environ: dict[str, str]) -> None:
    """Whatever the variables hold, an environment comes out."""
    assert read(environ).workspace.is_absolute()


@pytest.mark.parametrize(
    ("said", "days"), [("90", 90), ("", None), ("0", None), ("soon", None), ("9" * 9, None), ("²", None)]
)
def test_how_long_artifacts_may_be_kept(said: str, days: int | None) -> None:
    """A number of days, or not known."""
    assert read({**RUNNER, "GITHUB_RETENTION_DAYS": said}).retention_days == days
