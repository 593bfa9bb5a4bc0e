"""Versions beside each other in mike's layout: names, order, `latest`, and the top of the branch."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha1
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.errors import PublishError
from docsfy_action.repository.branch_files import NOTE, Published, note, read_note
from docsfy_action.repository.branch_versions import (
    Version,
    VersionSite,
    beside_version,
    is_release,
    mike_order,
    read_versions,
    version_name,
    with_version,
    write_versions,
)
from tests.unit.repository.branches import MemoryBranch

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def site(name: str, *, is_release: bool = True, not_found: bytes | None = b"404 of a version") -> VersionSite:
    """A version that is published."""
    return VersionSite(
        name=name,
        commit=sha1(name.encode()).hexdigest(),
        committed=NOON,
        is_release=is_release,
        default="main",
        redirect=lambda folder: f"to {folder}".encode(),
        not_found=not_found,
    )


def published(branch: MemoryBranch, *versions: VersionSite) -> MemoryBranch:
    """The branch after these were published one after the other."""
    for version in versions:
        branch.apply(beside_version(version, branch))
    return branch


def listed(branch: MemoryBranch) -> list[tuple[str, list[str]]]:
    """The versions and their aliases, as a reader of the file sees them."""
    return [(entry["version"], entry["aliases"]) for entry in json.loads(branch.content["versions.json"])]


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("v1.2.0", "v1.2.0"), ("main", "main"), ("release/1.2", "release-1.2"), ("pkg@2.0", "pkg-2.0"), ("1.0+x", "1.0+x"),
        ("a#b%c", "a-b-c"), ("latest", ""), ("LATEST", ""), ("pr-preview", ""), ("日本", ""), (".hidden", "hidden"),
    ],
)  # fmt: skip
def test_a_version_is_called_like_its_branch_or_tag(ref: str, name: str) -> None:
    """Where the name can stand in a path and in an address; what is taken or nothing but signs is no name."""
    assert version_name(ref) == name


@given(st.text(max_size=30))
def test_every_name_is_one_folder(ref: str) -> None:
    """Whatever a tag is called, it leads nowhere else."""
    name = version_name(ref)
    assert not name or (name.isascii() and not {"/", "\\", "#", "?", "%", " "}.intersection(name) and name[0] != ".")
    assert name not in {".", "..", "latest", "pr-preview"}


@pytest.mark.parametrize("name", ["v1", "1.2", "v1.2.0", "1.0.post1", "1.0-1", "2026-11-20", "1.0.0+build.7"])
def test_final_releases(name: str) -> None:
    """As semver and PEP 440 write them, and dates."""
    assert is_release(name)


@pytest.mark.parametrize("name", ["main", "1.0rc1", "v2.0.0-beta.1", "1.0.dev3", "1.x", "nightly", "pkg-1.0", "", "v"])
def test_what_is_no_final_release(name: str) -> None:
    """It is published, and never becomes the latest."""
    assert not is_release(name)


@pytest.mark.parametrize(
    "ordered",
    [
        ["0.9", "1.0rc1", "1.0", "1.0.1", "1.2", "1.10", "dev", "main"],
        ["v1.0", "v1.2", "1.0", "1.2"],
        ["1.0.dev1", "1.0a1", "1.0", "1.0-1"],
    ],
)
def test_versions_stand_in_the_order_of_mike(ordered: list[str]) -> None:
    """Numbers by their value, what is to be a release before it, branches above all releases."""
    for names in (ordered, ordered[::-1], sorted(ordered)):
        versions = [Version(version=name, title=name) for name in names]
        assert [entry["version"] for entry in json.loads(write_versions(versions))] == ordered[::-1]


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_names_can_be_ordered(one: str, two: str) -> None:
    """Other people's versions may be called as they like."""
    assert (mike_order(one) < mike_order(two)) or (mike_order(one) >= mike_order(two))


@pytest.mark.parametrize("order", list(permutations(["1.0", "1.10", "1.9"])))
def test_the_newest_release_is_the_latest(order: Sequence[str]) -> None:
    """In whatever order they were published, beside branches and what is to be a release."""
    branch = published(
        MemoryBranch({}), site("main", is_release=False), *map(site, order), site("2.0rc1", is_release=False)
    )
    assert listed(branch) == [("main", []), ("2.0rc1", []), ("1.10", ["latest"]), ("1.9", []), ("1.0", [])]
    assert branch.content["latest"] == b"-> 1.10"
    assert branch.content["index.html"] == b"to latest"
    assert branch.content[".nojekyll"] == b""


def test_before_the_first_release_the_top_leads_to_the_branch() -> None:
    """There is no latest yet; what else is published changes nothing about that."""
    branch = published(MemoryBranch({}), site("1.0rc1", is_release=False))
    assert branch.content["index.html"] == b"to 1.0rc1"
    published(branch, site("main", is_release=False), site("1.0rc2", is_release=False, not_found=b"other"))
    assert branch.content["index.html"] == b"to main"
    assert branch.content["404.html"] == b"404 of a version"
    assert "latest" not in branch.content
    published(branch, site("1.0", not_found=b"404 of the release"), site("main", is_release=False, not_found=b"other"))
    assert branch.content["index.html"] == b"to latest"
    assert branch.content["404.html"] == b"404 of the release"


def test_the_same_version_again_changes_nothing() -> None:
    """Not even the note, whose date would be another."""
    branch = published(MemoryBranch({}), site("1.0"), site("main", is_release=False))
    before = dict(branch.content)
    published(branch, site("1.0"))
    assert branch.content == before


def test_what_mike_and_others_wrote_stays() -> None:
    """Titles, properties, aliases, and keys that nobody knows; only `latest` moves, and what it was before goes."""
    entry = {
        "version": "1.0",
        "title": "One",
        "aliases": ["stable", "latest"],
        "properties": {"hidden": True},
        "extra": 1,
    }
    copied = {"latest/index.html": b"copy", "latest/a/b": b""}
    before = {"versions.json": json.dumps([entry]).encode(), "index.html": b"mine", **copied}
    branch = published(MemoryBranch(before), site("1.1"))
    found = json.loads(branch.content["versions.json"])
    assert found[1] == {**entry, "aliases": ["stable"]}
    assert found[0] == {"version": "1.1", "title": "1.1", "aliases": ["latest"]}
    assert branch.content["latest"] == b"-> 1.1"
    assert "latest/index.html" not in branch.content
    assert branch.content["index.html"] == b"mine"


@pytest.mark.parametrize("path", ["latest", "latest/index.html"])
def test_a_latest_that_is_no_alias_is_somebody_elses(path: str) -> None:
    """It stays, and no version is called so."""
    branch = published(MemoryBranch({path: b"mine"}), site("1.0"))
    assert branch.content[path] == b"mine"
    assert listed(branch) == [("1.0", [])]
    assert branch.content["index.html"] == b"to 1.0"


def test_a_latest_that_somebody_gave_to_a_branch_stays_there() -> None:
    """`mike alias dev latest` was somebody's wish."""
    versions = with_version([Version(version="dev", title="dev", aliases=("latest",))], "9.0", may_be_latest=True)
    assert [version.aliases for version in versions] == [("latest",), ()]


def test_a_name_that_is_an_alias_is_refused() -> None:
    """As mike refuses it: the alias's folder would be written over."""
    with pytest.raises(PublishError, match="is an alias of the version"):
        with_version([Version(version="1.0", title="1.0", aliases=("main",))], "main", may_be_latest=False)


def test_a_site_that_was_there_before_the_versions_goes() -> None:
    """It is ours and would grow old; previews and the files of others stay. The note then names what is ours at the top."""
    old = Published(
        commit="b" * 40, committed=NOON, files=frozenset({"index.html", "api.html", "assets/x.css", "gone.html"})
    )
    before = {
        "index.html": b"old", "api.html": b"", "assets/x.css": b"", "CNAME": b"x", NOTE: note(old),
        "pr-preview/pr-7/index.html": b"",
    }  # fmt: skip
    branch = published(MemoryBranch(before), site("1.0"))
    assert branch.files == {
        "index.html", "404.html", ".nojekyll", "versions.json", "latest", "CNAME", "pr-preview/pr-7/index.html", NOTE,
    }  # fmt: skip
    said = read_note(branch.content[NOTE])
    assert said is not None
    assert said.files == {"index.html", "404.html", ".nojekyll"}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[1]", b"\xff", b'[{"version": "1.0"}]', b'[{"version": "../x", "title": ""}]',
        b'[{"version": "", "title": ""}]',
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_not_written_over(content: bytes) -> None:
    """The error names the file and says what to do."""
    with pytest.raises(PublishError, match="is no list of versions") as raised:
        beside_version(site("1.0"), MemoryBranch({"versions.json": content}))
    assert raised.value.hint


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_any_list_can_be_looked_at(content: bytes) -> None:
    """It lies where others write: it is read, or refused with an error that is meant for people."""
    with suppress(PublishError):
        read_versions(content)
