"""Whole runs that publish versions beside each other, with real git over http."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.github_service import GitHub
from tests.integration.git_http import TOKEN, served
from tests.integration.program import LIBRARY, Outcome, Program, commit, git, library

PAYLOADS = Path(__file__).parents[1] / "unit" / "github" / "payloads"


class Releases:
    """The program as jobs of one repository run it, for a branch or a tag; Pages serves the branch `gh-pages`."""

    def __init__(self, program: Program, github: GitHub, remote: Path, server: str) -> None:
        self.program = program
        self.github = github
        self.remote = remote
        self.server = server

    def __call__(self, ref: str, *options: str, payload: str = "push_default_branch") -> Outcome:
        """A run on what is checked out, as the event about `ref` starts it."""
        environment = {
            **self.github.environment(),
            "GITHUB_SERVER_URL": self.server,
            "GITHUB_EVENT_NAME": "release" if payload.startswith("release") else "push",
            "GITHUB_EVENT_PATH": str(PAYLOADS / f"{payload}.json"),
            "GITHUB_REF": ref,
            "GITHUB_REF_NAME": ref.split("/", 2)[2],
            "GITHUB_REF_TYPE": ref.split("/")[1].removesuffix("s").replace("head", "branch"),
            "GITHUB_SHA": git(self.program.folder, "rev-parse", "HEAD"),
        }
        return self.program("--versions", "tags", *(options or ("--publish", "branch")), **environment)

    def release(self, tag: str, payload: str = "push_tag") -> Outcome:
        """A run for a tag of its own."""
        price = LIBRARY["src/shop/cli.py"].replace("=1", f"={tag.strip('v').replace('.', '')}")
        commit(self.program.folder, {"src/shop/cli.py": price}, tag)
        git(self.program.folder, "tag", tag)
        outcome = self(f"refs/tags/{tag}", payload=payload)
        assert outcome.status == 0, outcome.printed
        return outcome

    def read(self, name: str) -> str:
        """A file of the branch."""
        return git(self.remote, "show", f"gh-pages:{name}")

    def files(self) -> frozenset[str]:
        """The files of the branch."""
        return frozenset(git(self.remote, "ls-tree", "-r", "--name-only", "gh-pages").splitlines())


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Releases]:
    """A repository without a published site."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    folder = tmp_path / "remote" / "somebody" / "shop.git"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git(folder, "config", name, "true")
    program = Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)
    with GitHub(token=TOKEN) as github, served(tmp_path / "remote") as server:
        github.pages = {
            "build_type": "legacy", "html_url": "https://docs.example.org/shop/", "source": {"branch": "gh-pages", "path": "/"}
        }  # fmt: skip
        yield Releases(program, github, folder, server)


def test_versions_stand_beside_each_other(releases: Releases) -> None:
    """Each in a folder of its own, published in whatever order; `latest` is the newest release, the top leads there, and every
    page knows its own address. A run that changes nothing makes no commit, and one that does touches only its own folder."""
    main = releases("refs/heads/main")
    assert main.report["page_url"] == "https://docs.example.org/shop/main/"
    assert 'location.replace("main/"' in releases.read("index.html")
    releases.release("v1.1")
    assert 'location.replace("latest/"' in releases.read("index.html")
    first = {
        name: releases.read(name) for name in releases.files() if name.startswith("v1.1/") and name.endswith(".html")
    }
    releases.release("v1.0")
    releases.release("v2.0", payload="release_published")
    assert [(one["version"], one["aliases"]) for one in json.loads(releases.read("versions.json"))] == [
        ("main", []), ("v2.0", ["latest"]), ("v1.1", []), ("v1.0", []),
    ]  # fmt: skip
    assert releases.read("latest") == "v2.0"
    assert {name: releases.read(name) for name in first} == first
    assert (
        '<link rel="canonical" href="https://docs.example.org/shop/v1.1/architecture.html">'
        in first["v1.1/architecture.html"]
    )
    assert "<loc>https://docs.example.org/shop/v1.1/</loc>" in releases.read("v1.1/sitemap.xml")
    assert '"provider": "mike"' in first["v1.1/index.html"]
    assert "/shop/v2.0/assets/" in releases.read("404.html")
    before = git(releases.remote, "rev-parse", "gh-pages")
    releases("refs/tags/v2.0")
    assert git(releases.remote, "rev-parse", "gh-pages") == before
    releases("refs/heads/main")
    changed = git(releases.remote, "diff", "--name-only", before, "gh-pages").splitlines()
    assert changed
    assert all(name.startswith("main/") for name in changed)


@pytest.mark.parametrize("kind", ["pages", "artifact"])
def test_versions_need_the_branch(releases: Releases, kind: str) -> None:
    """A deployment would take the other versions away; nothing is begun."""
    outcome = releases("refs/heads/main", "--publish", kind)
    assert outcome.status == 2
    assert "publish: branch" in outcome.printed
    assert not (releases.program.folder / "_docsfy" / "site").exists()


def test_a_tag_that_is_called_as_the_alias(releases: Releases) -> None:
    """Its folder would be that of the alias."""
    outcome = releases("refs/tags/latest")
    assert outcome.status == 2
    assert "cannot name a version after `latest`" in outcome.printed
