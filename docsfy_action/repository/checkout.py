"""A commit's files as files again, for tools that read nothing but a folder."""

from pathlib import Path, PurePosixPath

from docsfy_action.repository.snapshot import BlobReader, Snapshot
from docsfy_action.repository.tree import is_regular


def check_out(snapshot: Snapshot, reader: BlobReader, *, into: Path) -> None:
    """Write the regular files of the commit below `into`: no links, and no path that would leave it."""
    inside = [path for path, entry in snapshot.entries.items() if is_regular(entry) and _stays_inside(path)]
    for path, data in reader.read_many(inside):
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _stays_inside(path: str) -> bool:
    """Whether a path names something below the folder; git refuses others, but a tree can be made without git."""
    return (
        not path.startswith("/")
        and not {"", ".", ".."} & set(path.split("/"))
        and ".git" not in PurePosixPath(path).parts
    )
