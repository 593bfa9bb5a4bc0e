"""Bad input and bad luck: a clear error, the right exit status, and nothing lost."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.program import LIBRARY, Program, commit, git, library


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on the sample library."""
    return Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)


def test_a_folder_that_is_no_repository(program: Program, tmp_path: Path) -> None:
    """The error names the folder and says what to do."""
    program.folder = tmp_path / "plain"
    program.folder.mkdir()
    outcome = program()
    assert outcome.status == 1
    assert "not a git repository" in outcome.printed
    assert outcome.report["status"] == "error"


def test_a_repository_without_commits(program: Program, tmp_path: Path) -> None:
    """Nothing is invented about a project of which nothing is there."""
    program.folder = tmp_path / "empty"
    program.folder.mkdir()
    git(program.folder, "init", "--quiet")
    outcome = program()
    assert outcome.status == 1
    assert "no commit" in outcome.printed.lower()
    assert not (program.folder / "_docsfy" / "site").exists()


def test_a_path_outside_the_workspace(program: Program) -> None:
    """The workspace is not left, neither by dots nor by a link."""
    for path in ("..", "/", "link"):
        if path == "link":
            (program.folder / "link").symlink_to(program.folder.parent)
        outcome = program("--repository-path", path)
        assert outcome.status == 2, path
        assert "repository-path" in outcome.printed


def test_a_ref_that_does_not_exist(program: Program, tmp_path: Path) -> None:
    """The error names the ref; a branch that is nearly called so is offered."""
    git(program.folder, "branch", "release")
    source = program.folder
    program.folder = tmp_path / "work"
    program.folder.mkdir()
    outcome = program("--repository-url", f"file://{source}", "--ref", "releese")
    assert outcome.status == 1
    assert "releese" in outcome.printed
    assert "release" in outcome.printed.replace("releese", "")


def test_another_repository_by_address_alone(program: Program, tmp_path: Path) -> None:
    """`repository-url` needs nothing else, not even a repository in the workspace."""
    source = program.folder
    program.folder = tmp_path / "work"
    program.folder.mkdir()
    outcome = program("--repository-url", f"file://{source}")
    assert outcome.status == 0, outcome.printed
    assert outcome.report["commit"] == git(source, "rev-parse", "HEAD")
    assert (program.folder / "_docsfy" / "site" / "index.html").is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sitename: X\n", "site-name"),
        ("provider: claude\n", "provider"),
        ("exclude: [1, {]\n", ".docsfy.yml"),
        ("site-name: {a: b}\n", "site-name"),
    ],
)
def test_a_configuration_file_that_is_wrong(program: Program, text: str, said: str) -> None:
    """Unknown keys get a suggestion, keys that spend are refused, and the file is named."""
    commit(program.folder, {".docsfy.yml": text}, "Configured")
    outcome = program()
    assert outcome.status == 2
    assert said in outcome.printed
    assert ".docsfy.yml" in outcome.printed


def test_configuration_wins_over_defaults_and_loses_to_options(program: Program) -> None:
    """Option, then `.docsfy.yml`, then the default."""
    commit(program.folder, {".docsfy.yml": "site-name: From the file\n"}, "Configured")
    program()
    assert b"From the file" in program.site()["index.html"]
    program("--site-name", "From the option")
    assert b"From the option" in program.site()["index.html"]


def test_an_output_folder_with_other_files(program: Program) -> None:
    """Somebody else's files are not touched."""
    (program.folder / "public").mkdir()
    (program.folder / "public" / "precious.txt").write_text("mine")
    outcome = program("--output-dir", "public")
    assert outcome.status == 1
    assert "public" in outcome.printed
    assert [path.name for path in (program.folder / "public").iterdir()] == ["precious.txt"]


def test_a_damaged_state_is_set_aside_and_rebuilt(program: Program) -> None:
    """It is named in a warning, kept for who wants to look, and the site is the same."""
    program()
    before = program.site()
    (manifest,) = program.state.rglob("manifest.json")
    manifest.write_text('{"pages": "no"}')
    outcome = program()
    assert outcome.status == 0
    assert "damaged" in outcome.printed
    assert program.site() == before
    assert list(program.state.rglob("*damaged*"))


def test_inputs_of_the_contract_that_are_not_built_are_refused(program: Program) -> None:
    """A run that cannot publish must not look as if it had."""
    outcome = program("--publish", "pages")
    assert outcome.status == 2
    assert "publish" in outcome.printed


def start(program: Program, **environment: str) -> subprocess.Popen[bytes]:
    """The program as a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "INPUT_"))}
    words = (sys.executable, "-m", "docsfy_action", "--cache-dir", str(program.state))
    return subprocess.Popen(
        words, cwd=program.folder, env={**inherited, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def wait_for(program: Program, stage: str, process: subprocess.Popen[bytes]) -> None:
    """Until the run has come to a stage (or has ended)."""
    for _ in range(2000):
        notes = list(program.state.rglob("run.json"))
        if process.poll() is not None or (notes and json.loads(notes[0].read_text() or "{}").get("stage") == stage):
            return
        time.sleep(0.005)


@pytest.mark.parametrize("stage", ["planning", "generating_pages", "verifying", "rendering"])
def test_a_killed_run_is_resumed_by_the_next(program: Program, stage: str) -> None:
    """Wherever it was killed, the next run says so and comes to the same site."""
    process = start(program)
    wait_for(program, stage, process)
    process.kill()
    process.communicate()
    outcome = program()
    assert outcome.status == 0, outcome.printed
    resumed = program.site()
    program.state = program.state.with_name("fresh")
    program("--force")
    assert program.site() == resumed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_run_ends_in_order(program: Program, number: signal.Signals) -> None:
    """Exit status 130, status `aborted`, and the last good site in its place."""
    program()
    before = program.site()
    commit(program.folder, {"src/shop/more.py": LIBRARY["src/shop/money.py"]}, "More")
    process = start(program)
    wait_for(program, "verifying", process)
    process.send_signal(number)
    printed = process.communicate(timeout=60)[0].decode()
    if process.returncode == 0:
        pytest.fail("the run ended before it could be cancelled")
    assert process.returncode == 130, printed
    report = json.loads((program.folder / "_docsfy" / "report.json").read_text())
    assert report["status"] == "aborted"
    assert program.site() == before
    assert program().status == 0


def test_two_runs_at_once_are_kept_apart(program: Program) -> None:
    """The second says who is at work and ends; the first is not disturbed."""
    process = start(program)
    wait_for(program, "planning", process)
    outcome = program("--output-dir", "_docsfy/second")
    printed = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 0, printed
    assert outcome.status == 1
    assert "Another run is at work" in outcome.printed


def test_a_full_disk_loses_nothing(program: Program) -> None:
    """When nothing more can be written the run says so, and both state and site are as before."""
    program()
    before = program.site()
    commit(program.folder, {"src/shop/more.py": LIBRARY["src/shop/money.py"]}, "More")
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "from docsfy_action.main import main; sys.exit(main())"
    )
    done = subprocess.run(
        (sys.executable, "-c", limited, "--cache-dir", str(program.state)),
        cwd=program.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert program.site() == before
    assert program().status == 0
