"""What of a state travels to another machine, under which names, how it is told that it changed, and how it is put in its
place there."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.lifecycle import Stage
from docsfy_action.state.archive import Member, Method, pack
from docsfy_action.state.files import first_link, make_folders, place_aside, remove_tree, state_errors, write_whole
from docsfy_action.state.loading import Folder
from docsfy_action.state.model import Manifest, Unreadable, parse
from docsfy_action.state.sharing import PLAN, SHARD_FILE, RunFolder
from docsfy_action.state.variant import folder_name

ROOT = "docsfy-state"
"""The folder that everything lies in; the cache service knows entries by it."""
HANDED = "docsfy-handed"
"""The same for what the jobs of one run hand each other, so that it is never taken for a state."""
FACTS = "facts.sqlite"
RENDERED = "rendered.sqlite"
"""Both are for this machine alone: nothing could tell facts or HTML that somebody planted in a cache from ours, and making them
again takes seconds (benchmarks/README.md)."""
HISTORY = "history"
OWN, SEED = "own", "seed"
"""Of the states that go with a plan: the branch's own, and the default branch's, which it started from."""
BOUND_BYTES = 50_000_000
BOUND_PAGES = 300
_HISTORY = "history.z"
_VARIANT = ("manifest.json", "run.json", "journal.jsonl", "outline.json")
_PAGE = re.compile(r"pages/[a-z0-9-]{1,100}\.[0-9a-f]{64}\.md", re.ASCII)
# What may be left out where there is too much: it can be made again.
_DROPPED: tuple[frozenset[str], ...] = (frozenset(), frozenset({_HISTORY}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a variant's state lies: its folder, the project's, both below `root`, and the branch it is about."""

    root: Path
    folder: Path
    project: Path
    branch: str

    @property
    def is_empty(self) -> bool:
        """Whether no run has left anything here that another could go on from."""
        return not any((self.folder / name).exists() for name in ("manifest.json", "journal.jsonl", "outline.json"))

    @property
    def _history(self) -> Path:
        return self.project / HISTORY / f"{folder_name(self.branch)}.z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An archive: its size in bytes, how many pages it holds, and what had to be left out of it."""

    size: int
    pages: int
    dropped: tuple[str, ...] = ()


def is_wanted(name: str) -> bool:
    """Whether a file of this name in an archive is part of a state."""
    folder, _, rest = name.partition("/")
    known = rest in {*_VARIANT, _HISTORY} or _PAGE.fullmatch(rest) is not None
    return folder == ROOT and known


def is_handed(name: str) -> bool:
    """Whether a file of this name in an archive is something that jobs of one run hand each other."""
    folder, _, rest = name.partition("/")
    if folder != HANDED:
        return False
    whose, _, inner = rest.partition("/")
    if whose in {OWN, SEED}:
        return is_wanted(inner) and not inner.endswith(FACTS)
    return rest in {PLAN, FACTS} or SHARD_FILE.fullmatch(rest) is not None or _PAGE.fullmatch(rest) is not None


def handed_facts(place: Place) -> Sequence[Member]:
    """The facts of the project, for jobs that show them to a model; not a file that a killed run was writing to."""
    path = place.project / FACTS
    whole = path.is_file() and not path.is_symlink() and not path.with_name(f"{FACTS}-journal").exists()
    return [Member(name=f"{HANDED}/{FACTS}", path=path)] if whole else []


def handed_state(place: Place, whose: str) -> Sequence[Member]:
    """The files of a state as they go with a plan."""
    members = [] if place.is_empty and whose == SEED else _members(place)
    # How far the run has come that planned is nobody else's affair; pages without a manifest are copies of another branch's.
    left = [
        member
        for member in members
        if member.path.name != "run.json" and not (place.is_empty and member.path.suffix == ".md")
    ]
    return [Member(name=f"{HANDED}/{whose}/{member.name}", path=member.path) for member in left]


def place_handed(unpacked: Path, into: RunFolder, places: Mapping[str, Place], *, facts: bool = False) -> None:
    """Move what another job handed over to where jobs look for it. A state that is there and is not the one that the plan was
    made with is set aside. Facts are left out unless asked for: nothing could tell planted ones from ours, and what the
    embedded writer says follows from them. Raises StateError."""
    source = unpacked / HANDED
    make_folders(into.root, into.path / "pages")
    names = [PLAN, *(path.name for path in source.glob("shard-*")), *_pages(source)]
    for name in sorted(names):
        _move(source / name, into.path / name)
    for whose, place in places.items():
        if whose == OWN and not place.is_empty and _base(place.folder) != _base(source / whose / ROOT):
            _set_aside(place.folder)
        place_state(source / whose, place)
        if facts and not os.path.lexists(place.project / FACTS):
            _move(source / FACTS, place.project / FACTS)


def digest_of(place: Place) -> str:
    """Changes when the state is worth saving again; empty where there is nothing to save. What a run only notes about
    itself does not count, nor what can be made again at no cost."""
    if place.is_empty:
        return ""
    hasher = hashlib.sha256()
    for member in _members(place):
        name = member.name.removeprefix(f"{ROOT}/")
        if name == "run.json":
            continue
        data = b"" if name.startswith("pages/") else member.path.read_bytes()
        if name == "manifest.json":
            data = _without_stage(data)
        hasher.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return hasher.hexdigest()


def pack_state(place: Place, into: Path, method: Method, *, bound: int | None = None) -> Packed | None:
    """Write the state as an archive that has at most `bound` bytes (50 MB for 300 pages, more for more), leaving out what
    can be made again. None where it is larger all the same. Raises OSError."""
    needed = _members(place)
    pages = sum(member.path.suffix == ".md" for member in needed)
    bound = bound if bound is not None else max(BOUND_BYTES, BOUND_BYTES * pages // BOUND_PAGES)
    names = {member.name.removeprefix(f"{ROOT}/") for member in needed}
    for dropped in _DROPPED:
        left = [member for member in needed if member.name.removeprefix(f"{ROOT}/") not in dropped]
        size = pack(left, into, method)
        if size <= bound:
            return Packed(size=size, pages=pages, dropped=tuple(sorted(dropped & names)))
    return None


def place_state(unpacked: Path, place: Place) -> None:
    """Move what came out of an archive to where the store looks for it; nothing that is there already is replaced. Raises
    StateError."""
    source = unpacked / ROOT
    if place.is_empty:
        make_folders(place.root, place.folder / "pages")
        write_whole(Folder(path=place.folder).foreign, b"")
        for name in ("outline.json", "run.json", *_pages(source), "journal.jsonl", "manifest.json"):
            _move(source / name, place.folder / name)
    make_folders(place.root, place.project / HISTORY)
    history = place._history  # noqa: SLF001 - of this module
    if not os.path.lexists(history):
        _move(source / _HISTORY, history)


def is_foreign(place: Place) -> bool:
    """Whether what the state says of itself has not been verified on this machine."""
    return Folder(path=place.folder).is_foreign


def make_own(place: Place) -> None:
    """A run has come to its end here: what the state says is this machine's own word."""
    with suppress(OSError):
        Folder(path=place.folder).foreign.unlink()


def _base(folder: Path) -> list[bytes]:
    """What a run starts from."""
    found = (folder / name for name in ("manifest.json", "journal.jsonl", "outline.json"))
    return [path.read_bytes() if path.is_file() and not path.is_symlink() else b"" for path in found]


def _set_aside(folder: Path) -> None:
    with state_errors(f"set aside `{folder}`"):
        target, outdated = place_aside(folder)
        for old in outdated:
            remove_tree(old)
        folder.rename(target)


def _members(place: Place) -> Sequence[Member]:
    """The files that a state must have, as far as they are there."""
    folder = Folder(path=place.folder)
    if first_link(place.root, folder.pages) is not None:
        return []
    found = {name: place.folder / name for name in (*_VARIANT, *_pages(place.folder))}
    found[_HISTORY] = place._history  # noqa: SLF001 - of this module
    return [
        Member(name=f"{ROOT}/{name}", path=path)
        for name, path in sorted(found.items())
        if path.is_file() and not path.is_symlink()
    ]


def _pages(folder: Path) -> Sequence[str]:
    pages = folder / "pages"
    names = [f"pages/{page.name}" for page in pages.iterdir()] if pages.is_dir() else []
    return sorted(name for name in names if _PAGE.fullmatch(name))


def _without_stage(data: bytes) -> bytes:
    """A manifest without the stage that its run ended in: a run that had nothing to do ends in another one."""
    manifest = parse(Manifest, data)
    if isinstance(manifest, Unreadable):
        return data
    return repr(manifest.model_copy(update={"stage": Stage.UP_TO_DATE})).encode("utf-8", "surrogateescape")


def _move(source: Path, target: Path) -> None:
    if source.is_file():
        with state_errors(f"write `{target}`"):
            source.replace(target)
