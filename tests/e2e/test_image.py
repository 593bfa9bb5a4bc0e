"""The image itself: how it starts, what it says of itself, what it does not hold, how large it is."""

import json
import subprocess

import pytest

import docsfy_action
from benchmarks.image import compressed_layers

LIMIT_MB = 160


@pytest.fixture(scope="module")
def config(image: str) -> dict[str, object]:
    """The image's configuration as the engine tells it."""
    inspected = subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=True).stdout
    found: dict[str, object] = json.loads(inspected)[0]["Config"]
    return found


def in_container(image: str, *command: str) -> str:
    """Runs a command of the image instead of its entry point; its output."""
    options = ["--rm", "--network", "host", "--entrypoint", command[0]]
    return subprocess.run(
        ["docker", "run", *options, image, *command[1:]], capture_output=True, check=True, text=True
    ).stdout


def test_the_program_is_started_without_a_shell(config: dict[str, object]) -> None:
    """The entry point is a list that starts Python: a shell would drop inputs with a dash in their name."""
    entrypoint = config["Entrypoint"]
    assert isinstance(entrypoint, list)
    assert entrypoint[0].endswith("/python3")
    assert entrypoint[-1] == "/action/entrypoint.py"


def test_the_runner_user_is_root(config: dict[str, object]) -> None:
    """The mounts belong to anybody, so the image names no user of its own."""
    assert config.get("User", "") in {"", "0", "root"}


def test_the_image_says_what_it_is(config: dict[str, object]) -> None:
    """Title, licence, version and revision stand in the labels that registries show."""
    labels = config["Labels"]
    assert isinstance(labels, dict)
    assert labels["org.opencontainers.image.title"] == "docsfy-action"
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert labels["org.opencontainers.image.version"] == docsfy_action.__version__
    assert len(labels["org.opencontainers.image.revision"]) == 40


def test_nothing_that_only_the_build_needs_is_left(image: str) -> None:
    """The image holds nothing that builds packages, no perl beyond Debian's base, and no package lists."""
    listing = in_container(
        image, "find", "/action", "/usr/lib/python3", "/usr/share/perl", "/var/lib/apt/lists", "-maxdepth", "5"
    )
    names = {line.rsplit("/", 1)[-1] for line in listing.splitlines()}
    assert not names & {"setuptools", "wheel", "Git.pm"}
    assert not [name for name in names if name.endswith(("_Packages", "_Packages.lz4"))]


def test_git_has_what_the_action_uses(image: str) -> None:
    """The git of the image finds all its libraries and speaks https."""
    assert in_container(image, "git", "version").startswith("git version 2.")
    assert "not found" not in in_container(image, "ldd", "/usr/lib/git-core/git-remote-https", "/usr/bin/git")


def test_the_image_is_small(image: str) -> None:
    """All layers together, as a registry sends them."""
    assert sum(layer.compressed for layer in compressed_layers(image)) <= LIMIT_MB * 1_000_000
