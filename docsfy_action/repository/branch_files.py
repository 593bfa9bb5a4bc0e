"""Which files of the published branch are ours: the note of them that lies in the branch, and what a new site changes there."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

NOTE = ".docsfy-files"
PREVIEWS = "pr-preview/"
_CUSTOM_DOMAIN = "CNAME"
_SCHEMA = 1
MAX_NOTE = 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published last: the documented commit, when it was made, and the files that were put there."""

    commit: str
    committed: datetime
    files: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What becomes of the branch. `replaced` are files of others that a file of the site takes the place of."""

    write: tuple[str, ...]
    remove: tuple[str, ...]
    replaced: tuple[str, ...]


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


def changes(site: Collection[str], *, there: Collection[str], ours: Collection[str]) -> Changes:
    """What publishing the files `site` means for a branch that holds the files `there`, of which `ours` were put there by
    us. Files of others stay, above all the custom domain and the previews of pull requests, unless the site has a file of
    the same name."""
    present, own = frozenset(there), frozenset(ours)
    taken = {_CUSTOM_DOMAIN} & (present - own)
    write = sorted(path for path in site if path not in taken and not path.startswith(PREVIEWS))
    remove = sorted(path for path in (own & present).difference(write) if not path.startswith(PREVIEWS))
    replaced = present.intersection(write) | set(_in_the_way(write, present))
    return Changes(write=tuple(write), remove=tuple(remove), replaced=tuple(sorted(replaced - own - {NOTE})))


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
