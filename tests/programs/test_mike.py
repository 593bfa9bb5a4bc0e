"""`mike`, whose layout versions have: it reads what we publish, and we go on from what it did."""

import fcntl
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import docsfy_action
from docsfy_action.repository.branch_versions import VersionSite, beside_version, is_release, mike_order
from docsfy_action.repository.publish_branch import BranchSite, Change, Clock, Destination, Pushed, publish_branch
from docsfy_action.site.redirects import version_redirect
from tests.integration.program import commit, git, library

LOCK = Path(__file__).parent / "mike.txt"
INSTALLED = Path(docsfy_action.__file__).parent.parent / "build" / "mike"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = """
import json, re, sys
from verspec.loose import LooseVersion
for line in sys.stdin:
    names = json.loads(line)
    names.sort(key=lambda name: (0 if re.match(r"v?\\d", name) else 1, LooseVersion(name)))
    print(json.dumps(names), flush=True)
"""


@cache
def programs() -> Path:
    """Where mike is installed; the first test that needs it waits."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = INSTALLED / "installed.txt"
        if not done.exists() or done.read_bytes() != LOCK.read_bytes():
            subprocess.run((sys.executable, "-m", "venv", "--clear", str(INSTALLED / "venv")), check=True)
            pip = (str(INSTALLED / "venv/bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
            subprocess.run((*pip, "--require-hashes", "--requirement", str(LOCK)), check=True)
            done.write_bytes(LOCK.read_bytes())
    return INSTALLED / "venv" / "bin"


class Branch:
    """A repository with the branch `gh-pages`, which we publish to, and a clone in which mike works."""

    def __init__(self, folder: Path) -> None:
        self.remote = folder / "shop.git"
        self.remote.mkdir()
        git(self.remote, "init", "--quiet", "--bare")
        self.clone = library(folder / "clone")
        commit(self.clone, {"mkdocs.yml": "site_name: Shop\n", "docs/index.md": "# Shop\n"}, "Documents")
        git(self.clone, "remote", "set-url", "origin", f"file://{self.remote}")
        git(self.clone, "config", "user.name", "A")
        git(self.clone, "config", "user.email", "a@example.org")
        self._folder = folder
        self._count = 0

    def publish(self, name: str) -> None:
        """A version of ours."""
        self._count += 1
        site = self._folder / f"site-{self._count}"
        site.mkdir()
        (site / "index.html").write_text(f"our {name}\n")
        version = VersionSite(
            name=name,
            commit="a" * 40,
            committed=NOON,
            is_release=is_release(name),
            default="main",
            redirect=lambda folder: version_redirect(folder, ""),
        )
        done = publish_branch(
            Change(
                message=f"Publish {name}",
                site=BranchSite(folder=site, commit="a" * 40, committed=NOON, at=f"{name}/"),
                besides=lambda branch: beside_version(version, branch),
            ),
            Destination(address=f"file://{self.remote}", branch="gh-pages"),
            into=self._folder / f"git-{self._count}",
            clock=Clock(now=lambda: NOON, jitter=lambda: 0.5, pause=lambda _: None),
        )
        assert isinstance(done, Pushed)

    def mike(self, *words: str) -> str:
        """What mike prints; what it changes is pushed."""
        environment = {"PATH": f"{programs()}:{os.environ['PATH']}", "HOME": "/nonexistent"}
        git(self.clone, "fetch", "--quiet", "origin", "+gh-pages:gh-pages")
        done = subprocess.run(
            (str(programs() / "mike"), *words),
            cwd=self.clone,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        git(self.clone, "push", "--quiet", "origin", "gh-pages")
        return done.stdout

    def listed(self) -> list[tuple[str, list[str]]]:
        """Versions and aliases as mike sees them, in its order."""
        return [(found["version"], sorted(found["aliases"])) for found in json.loads(self.mike("list", "--json"))]

    def read(self, name: str) -> str:
        """A file of the branch."""
        return git(self.remote, "show", f"gh-pages:{name}")


@pytest.fixture
def branch(tmp_path: Path) -> Branch:
    """A branch with a development version and two releases, the older of them published last."""
    found = Branch(tmp_path)
    for name in ("main", "1.10", "1.9"):
        found.publish(name)
    return found


def test_mike_reads_what_we_publish(branch: Branch) -> None:
    """The same versions in the same order, with the alias, and byte for byte what mike would write."""
    assert branch.listed() == [("main", []), ("1.10", ["latest"]), ("1.9", [])]
    before = branch.read("versions.json")
    branch.mike("retitle", "1.9", "Nine")
    assert json.loads(branch.read("versions.json"))[2]["title"] == "Nine"
    branch.mike("retitle", "1.9", "1.9")
    assert branch.read("versions.json") == before


def test_we_go_on_from_what_mike_did(branch: Branch) -> None:
    """It deploys, gives aliases, deletes and says where the top leads; our next release keeps all that and becomes the latest."""
    branch.mike("deploy", "2.0", "latest", "--update-aliases")
    branch.mike("alias", "1.9", "stable")
    branch.mike("set-default", "main")
    branch.mike("delete", "1.10")
    branch.publish("3.0")
    assert branch.listed() == [("main", []), ("3.0", ["latest"]), ("2.0", []), ("1.9", ["stable"])]
    assert branch.read("latest") == "3.0"
    assert branch.read("stable") == "1.9"
    assert branch.read("3.0/index.html") == "our 3.0"
    assert "Shop" in branch.read("2.0/index.html")
    branch.mike("deploy", "3.1", "latest", "--update-aliases", "--alias-type", "copy")
    branch.publish("3.2")
    assert branch.read("latest") == "3.2"


def test_versions_are_sorted_as_mike_sorts_them() -> None:
    """Whatever they are called."""
    words = "1 2 10 0 01 v rc dev main - . post a pre preview c x _ + final".split()
    parts = st.sampled_from(words)
    names = st.lists(st.lists(parts, min_size=1, max_size=6).map("".join), unique=True, max_size=40)
    python = str(programs() / "python")
    with subprocess.Popen((python, "-c", ORDER), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, answers = process.stdin, process.stdout

        @given(names)
        def same(found: list[str]) -> None:
            told.write(f"{json.dumps(found)}\n")
            told.flush()
            assert json.loads(answers.readline()) == sorted(found, key=mike_order)

        same()
        told.close()
