"""What starting the command costs before it does anything."""

import subprocess
import sys

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
