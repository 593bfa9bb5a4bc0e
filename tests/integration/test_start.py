"""What starting the command costs before it does anything."""

import subprocess
import sys
from pathlib import Path

from tests.integration.program import commit, library

PROGRAM = """
import sys
from docsfy_action.inputs.answers import answer
print(answer(["--version"]), end="")
loaded = {name.partition(".")[0] for name in sys.modules}
print(*sorted(loaded & {"pydantic", "pydantic_settings", "yaml", "git", "mkdocs"}))
"""


def test_the_version_is_answered_without_loading_what_a_run_needs() -> None:
    """Loading pydantic alone takes longer to load than a user wants to wait for a version."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.split("\n", 1)
    assert version.startswith("docsfy-action ")
    assert loaded == "\n"


def test_nothing_of_the_documented_repository_is_imported(tmp_path: Path) -> None:
    """Also where the program is started as a module, in a repository whose folders are called like what it needs."""
    trap = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    names = ("pydantic", "yaml", "git", "mkdocs", "markdown", "json", "logging")
    folder = library(tmp_path / "work")
    commit(folder, {**{f"{name}/__init__.py": trap for name in names}, "re.py": trap}, "Trap")
    words = [sys.executable, "-m", "docsfy_action", "--cache-dir", str(tmp_path / "state"), "--dry-run"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "ran").exists()
