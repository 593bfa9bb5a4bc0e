"""Versions of a site beside each other on a branch, laid out as mike does it, so that both can work on the same branch: a folder
for each version, `versions.json` at the top, which Material's version switcher reads, and the alias `latest`."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from docsfy_action.errors import PublishError
from docsfy_action.repository.branch_files import NOTE, PREVIEWS, Beside, OnBranch, Published, note, read_note

VERSIONS = "versions.json"
LATEST = "latest"
START, NOT_FOUND, NO_JEKYLL = "index.html", "404.html", ".nojekyll"
_RESERVED = frozenset({LATEST, PREVIEWS.rstrip("/")})
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._+-]+")
# A final release as semver.org and PEP 440 write it, and dates: numbers, then nothing, a post-release or build metadata.
_RELEASE = re.compile(r"v?(\d+(?:[.-]\d+)*)(?:[.-]?post\d*)?(?:\+[A-Za-z0-9.-]*)?", re.IGNORECASE)
_PART = re.compile(r"(\d+|[a-z]+|\.|-)")
_PART_MEANS = {"pre": "c", "preview": "c", "rc": "c", "-": "final-", "dev": "@"}

_Name = Annotated[str, Field(pattern=r"^[^/\\]+$", max_length=250)]


class Version(BaseModel):
    """An entry of `versions.json`: `version` is the folder. `properties` and what else stands there is other programs'."""

    model_config = ConfigDict(frozen=True, extra="allow")

    version: _Name
    title: str
    aliases: tuple[_Name, ...] = ()
    properties: JsonValue = None


_VERSIONS = TypeAdapter(tuple[Version, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSite:
    """A version that is published. `is_release` says that it may become the latest; `default` is the version that the top of
    the branch leads to while there is no latest. `redirect` makes the page that leads to a folder, `not_found` is the version's
    own page for addresses that do not exist, None where it fits nowhere else."""

    name: str
    commit: str
    committed: datetime
    is_release: bool
    default: str
    redirect: Callable[[str], bytes]
    not_found: bytes | None = None


def version_name(ref: str) -> str:
    """What the version made from a branch or tag is called; empty where the name can be no folder of its own."""
    name = _NOT_IN_A_NAME.sub("-", ref).strip("-.")
    return "" if name.lower() in _RESERVED else name


def is_release(name: str) -> bool:
    """Whether a tag is called like a final release, as `v1.2.0` and `2026-11-20` are, and `1.0rc1` and `nightly` are not."""
    return _RELEASE.fullmatch(name) is not None


def read_versions(content: bytes | None) -> tuple[Version, ...]:
    """What `versions.json` says. PublishError where it cannot be read: it is not written over."""
    if content is None:
        return ()
    try:
        return _VERSIONS.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise PublishError(
            f"`{VERSIONS}` of the branch is no list of versions ({f'{place}: ' if place else ''}{first['msg']}).",
            hint=f"Correct `{VERSIONS}` on the branch, or remove it; the next runs put their versions in again.",
        ) from error


def write_versions(versions: Sequence[Version]) -> bytes:
    """`versions.json`, in mike's order and form."""
    found = [
        version.model_dump(mode="json", exclude={"properties"} if not version.properties else None)
        for version in sorted(versions, key=lambda version: mike_order(version.version), reverse=True)
    ]
    return json.dumps(found, indent=2).encode("utf-8") + b"\n"


def mike_order(name: str) -> tuple[int, tuple[str, ...]]:
    """The key that mike sorts by, the newest last: what starts with a digit or `v` and a digit, then everything else, each in
    the order that setuptools had before PEP 440 (`pkg_resources.LegacyVersion`)."""
    key: list[str] = []
    for part in [*_PART.split(name.lower()), "final"]:
        means = _PART_MEANS.get(part, part)
        if not means or means == ".":
            continue
        if means[0].isdigit() and means[0].isascii():
            key.append(means.zfill(8))
            continue
        if means < "final":  # before a final release, whatever dash stands there
            while key and key[-1] == "*final-":
                key.pop()
        while key and key[-1] == "00000000":
            key.pop()
        key.append(f"*{means}")
    return (0 if re.match(r"v?\d", name) else 1, tuple(key))


def with_version(versions: Sequence[Version], name: str, *, may_be_latest: bool) -> tuple[Version, ...]:
    """The versions after this one was published; `may_be_latest` where it is a release and `latest` ours to give.

    PublishError where the name is taken by an alias."""
    for version in versions:
        if name in version.aliases:
            raise PublishError(
                f"`{name}` is an alias of the version `{version.version}` in `{VERSIONS}`.",
                hint="Remove the alias (`mike delete`), or call the branch or tag otherwise.",
            )
    known = {version.version: version for version in versions}
    known.setdefault(name, Version(version=name, title=name))
    holder = _holder(versions)
    if may_be_latest and (holder is None or not _is_newer(holder.version, name)):
        for version in known.values():
            aliases = {*version.aliases} - {LATEST} | ({LATEST} if version.version == name else set())
            known[version.version] = version.model_copy(update={"aliases": tuple(sorted(aliases))})
    return tuple(known.values())


def beside_version(site: VersionSite, branch: OnBranch) -> Beside:
    """What changes at the top of the branch with a version: the list, `latest`, the page that leads to the default version, and
    a site of ours that was there before there were versions goes. What others put there stays."""
    before = read_versions(branch.read(VERSIONS))
    ours_to_give = _holder(before) is not None or not any(
        path == LATEST or path.startswith(f"{LATEST}/") for path in branch.files
    )
    after = with_version(before, site.name, may_be_latest=site.is_release and ours_to_give)
    holder = _holder(after)
    became_latest = holder is not None and holder.version == site.name
    known = {version.version for version in after}
    target = LATEST if holder is not None else site.default if site.default in known else site.name
    write, ours, remove = _top(site, branch, target, is_shown=became_latest or target == site.name)
    links = {}
    if became_latest:
        links[LATEST] = site.name
        remove.append(f"{LATEST}/")
    return Beside(
        write={VERSIONS: write_versions(after), **write, **_top_note(site, branch, ours)},
        links=links,
        remove=tuple(remove),
    )


def _top(
    site: VersionSite, branch: OnBranch, target: str, *, is_shown: bool
) -> tuple[Mapping[str, bytes], frozenset[str], list[str]]:
    """Files to write at the top, those that are ours there afterwards, and those to be removed. `is_shown`: the top leads to
    this version."""
    before = _read_note(branch)
    ours = before.files & branch.files if before is not None else frozenset()
    wanted = {NO_JEKYLL: b"", START: site.redirect(target)}
    if is_shown and site.not_found is not None:
        wanted[NOT_FOUND] = site.not_found
    write = {name: content for name, content in wanted.items() if name in ours or name not in branch.files}
    kept = {START, NOT_FOUND, NO_JEKYLL}
    remove = sorted(path for path in ours - kept if not path.startswith(PREVIEWS))
    return write, frozenset(write) | (ours & kept), remove


def _top_note(site: VersionSite, branch: OnBranch, ours: frozenset[str]) -> Mapping[str, bytes]:
    """The note of the top, where it changes: it names files, and is no older because another version was published."""
    before = _read_note(branch)
    if before is not None and before.files == ours:
        return {}
    return {NOTE: note(Published(commit=site.commit, committed=site.committed, files=ours))}


def _read_note(branch: OnBranch) -> Published | None:
    content = branch.read(NOTE)
    return read_note(content) if content is not None else None


def _holder(versions: Sequence[Version]) -> Version | None:
    return next((version for version in versions if LATEST in version.aliases), None)


def _is_newer(holder: str, name: str) -> bool:
    """Whether the version that is the latest stays it; one that is called like no release was made it by somebody's wish."""
    theirs, ours = _numbers(holder), _numbers(name)
    return theirs is None or (ours is not None and theirs > ours)


def _numbers(name: str) -> tuple[int, ...] | None:
    found = _RELEASE.fullmatch(name)
    if found is None:
        return None
    numbers = [int(number[:18]) for number in re.split("[.-]", found[1])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
