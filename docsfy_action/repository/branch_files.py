"""Which files of the published branch are ours: the note of them that lies beside each site, what a new site changes there, and
which folders are previews."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

NOTE = ".docsfy-files"
PREVIEWS = "pr-preview/"
_PREVIEW_NOTE = re.compile(rf"{re.escape(PREVIEWS)}pr-([1-9][0-9]{{0,17}})/{re.escape(NOTE)}")
_CUSTOM_DOMAIN = "CNAME"
_SCHEMA = 1
MAX_NOTE = 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published last: the documented commit, when it was made, and the files that were put there, by their paths
    below the folder that the note lies in."""

    commit: str
    committed: datetime
    files: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What becomes of the branch. `replaced` are files of others that a file of the site takes the place of."""

    write: tuple[str, ...]
    remove: tuple[str, ...]
    replaced: tuple[str, ...]


class OnBranch(Protocol):
    """The branch as it was found."""

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files and symbolic links."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, None where there is none of that name. PublishError where it cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What changes on the branch beside a site: files to `write`, symbolic `links` with where they lead, and files or whole
    folders to `remove`, which happens first."""

    write: Mapping[str, bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.write or self.links or self.remove)


Besides = Callable[[OnBranch], Beside]
"""Decides what changes beside a site, from the branch as it is."""


def together(*besides: Besides) -> Besides:
    """All of them at once; the later win."""

    def found(branch: OnBranch) -> Beside:
        parts = [one(branch) for one in besides]
        return Beside(
            write={path: content for part in parts for path, content in part.write.items()},
            links={path: target for part in parts for path, target in part.links.items()},
            remove=tuple(dict.fromkeys(path for part in parts for path in part.remove)),
        )

    return found


def preview_folder(number: int) -> str:
    """Where the preview of a pull request lies, with a slash at the end."""
    return f"{PREVIEWS}pr-{number}/"


def previews(files: Iterable[str]) -> frozenset[int]:
    """The pull requests that have a preview of ours: a folder with a note. What other programs keep there is theirs."""
    return frozenset(int(found[1]) for found in map(_PREVIEW_NOTE.fullmatch, files) if found)


def note(published: Published) -> bytes:
    """The note as it lies in the branch: JSON with one file a line, so that a diff of it can be read."""
    content = {
        "schema": _SCHEMA,
        "commit": published.commit,
        "committed": published.committed.astimezone(UTC).isoformat(),
        "files": sorted(published.files),
    }
    return json.dumps(content, indent=1).encode("ascii") + b"\n"


def read_note(data: bytes) -> Published | None:
    """What a note says; None where it is none of ours. It lies in a branch that others can write to.

    Paths that could not be files of a site are left out.
    """
    if len(data) > MAX_NOTE:
        return None
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("schema") != _SCHEMA:
        return None
    commit, files = content.get("commit"), content.get("files")
    committed = _date(content.get("committed"))
    if not isinstance(commit, str) or not isinstance(files, list) or committed is None:
        return None
    paths = frozenset(path for path in files if isinstance(path, str) and _is_plain(path))
    return Published(commit=commit, committed=committed, files=paths)


def changes(site: Collection[str], *, there: Collection[str], ours: Collection[str], folder: str = "") -> Changes:
    """What publishing a site means for a branch that holds the files `there`. `site` and `ours`, the files that were put there
    by us, are paths below `folder`, which is empty for the top of the branch and else ends with a slash.

    Files of others stay, above all the custom domain and the previews of pull requests, unless the site has a file of the same
    name."""
    present, own = frozenset(there), frozenset(f"{folder}{path}" for path in ours)
    taken = {_CUSTOM_DOMAIN} & (present - own)
    files = [f"{folder}{path}" for path in site]
    write = sorted(path for path in files if path not in taken and _is_below(path, folder))
    remove = sorted(path for path in (own & present).difference(write) if _is_below(path, folder))
    replaced = present.intersection(write) | set(_in_the_way(write, present))
    return Changes(
        write=tuple(write), remove=tuple(remove), replaced=tuple(sorted(replaced - own - {f"{folder}{NOTE}"}))
    )


def _is_below(path: str, folder: str) -> bool:
    """Whether a path belongs to the site in a folder: a site at the top leaves the previews alone."""
    return bool(folder) or not path.startswith(PREVIEWS)


def _in_the_way(write: Iterable[str], there: frozenset[str]) -> Iterator[str]:
    """Files where the site needs a folder, and files below what the site needs as a file."""
    wanted = frozenset(write)
    folders = {folder for path in wanted for folder in _above(path)}
    for path in there:
        if path in folders or not wanted.isdisjoint(_above(path)):
            yield path


def _above(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts)))


def _is_plain(path: str) -> bool:
    parts = path.split("/")
    return path.isprintable() and not {"", ".", ".."}.intersection(parts) and ".git" not in map(str.lower, parts)


def _date(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
