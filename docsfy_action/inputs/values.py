"""The types of single inputs: enumerations, shards and the rules for addresses, names and references."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import urlsplit

MAX_SHARDS = 256  # a job matrix has at most this many jobs

# The left side of `user@host:path`, git's short form of an ssh address.
_SCP_ADDRESS = re.compile(r"^(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+:(?!//)[^\s:][^\s]*$")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_PROJECT = re.compile(r"^[^\W_][\w .-]{0,99}$")
_SHARD = re.compile(r"^([0-9]{1,4})/([0-9]{1,4})$")
# What git check-ref-format forbids, and a leading dash, which git would read as an option.
_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock$|\.lock/|^@$")
_DRIVE = re.compile(r"^[A-Za-z]:")


class Provider(StrEnum):
    """Who writes the prose."""

    BUILTIN = "builtin"
    CLAUDE = "claude"
    GEMINI = "gemini"
    CURSOR = "cursor"
    API = "api"
    AUTO = "auto"


class Cache(StrEnum):
    """Where the state of a run is kept for the next one."""

    AUTO = "auto"
    ACTIONS = "actions"
    DIRECTORY = "directory"
    OFF = "off"


class Verify(StrEnum):
    """What happens to a reference that the commit does not bear out."""

    STRICT = "strict"
    WARN = "warn"
    OFF = "off"


class Publish(StrEnum):
    """Where the finished site goes."""

    NONE = "none"
    ARTIFACT = "artifact"
    PAGES = "pages"
    BRANCH = "branch"


class Versions(StrEnum):
    """Whether sites of several versions stand beside each other."""

    OFF = "off"
    TAGS = "tags"


class Preview(StrEnum):
    """How the documentation of a pull request is shown."""

    AUTO = "auto"
    ARTIFACT = "artifact"
    BRANCH = "branch"
    OFF = "off"


class Comment(StrEnum):
    """Whether a pull request gets a comment."""

    AUTO = "auto"
    OFF = "off"


class Phase(StrEnum):
    """The part of a run that this job does."""

    ALL = "all"
    PLAN = "plan"
    WRITE = "write"
    ASSEMBLE = "assemble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Part `index` (from 1) of `count` parts of the pages to write."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


WHOLE = Shard(index=1, count=1)


def shard(value: object) -> Shard:
    """`2/4` as a shard."""
    if isinstance(value, Shard):
        return value
    match = _SHARD.match(str(value))
    if match is None:
        raise ValueError("write it as i/n, for example 2/4")
    index, count = int(match[1]), int(match[2])
    if not 1 <= count <= MAX_SHARDS:
        raise ValueError(f"there are 1 to {MAX_SHARDS} shards")
    if not 1 <= index <= count:
        raise ValueError(f"the first number counts from 1 to {count}")
    return Shard(index=index, count=count)


def printable(value: str) -> str:
    """A text of one line without control characters and without white space at its ends."""
    if not value.isprintable() or value != value.strip():
        raise ValueError("it holds a line break or a control character")
    return value


def web_address(value: str) -> str:
    """An absolute http or https address without credentials, query and fragment; a slash at the end is taken off."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("it is not a valid address") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError("it does not start with https:// or http://")
    if not parts.hostname or not value.isprintable() or " " in value:
        raise ValueError("it is not a valid address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address that is published must not hold a user name or a password")
    if parts.query or parts.fragment:
        raise ValueError("leave out what follows ? or #")
    return value.rstrip("/")


def clone_address(value: str) -> str:
    """An address git can clone, over a network or from disk. Transports that run programs (`ext::`) are refused."""
    if not value.isprintable() or " " in value or value.startswith("-"):
        raise ValueError("it is not an address that git can clone")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("it is not a valid address") from None
    if "://" not in value:
        if "::" in value or not _SCP_ADDRESS.match(value):
            raise ValueError("it is not an address that git can clone")
        return value
    if parts.scheme not in {"https", "http", "ssh", "git", "file"}:
        raise ValueError("its transport is not allowed")
    if parts.scheme != "file" and (not parts.hostname or parts.hostname.startswith("-")):
        raise ValueError("it names no host")
    if parts.password is not None or (parts.username is not None and parts.scheme != "ssh"):
        raise ValueError("it must not hold a user name or a password; give a token as github-token")
    return value


def git_ref(value: str) -> str:
    """A branch, tag or commit as git allows it to be called."""
    if _BAD_REF.search(value) or len(value) > 250:
        raise ValueError("git does not allow such a name")
    return value


def language_tag(value: str) -> str:
    """A language tag of BCP 47 in its usual case: `en`, `pt-BR`, `zh-Hans`."""
    if not _LANGUAGE.match(value):
        raise ValueError("it is not a language tag")
    first, *rest = value.split("-")
    cased = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in rest]
    return "-".join([first.lower(), *cased])


def project_name(value: str) -> str:
    """A name that can stand in a path and in a heading."""
    if not _PROJECT.match(value) or value.endswith((" ", ".")):
        raise ValueError("it starts with a letter or digit and holds only letters, digits, blanks, dots, _ and -")
    return value


def repository_file(value: str) -> str:
    """The path of a file inside the documented repository, with `/`, relative and without `..`."""
    path = PurePosixPath(value)
    if not value.isprintable() or "\\" in value or _DRIVE.match(value):
        raise ValueError("write the path inside the repository with / between folders")
    if path.is_absolute() or ".." in path.parts or value.endswith("/") or not path.parts:
        raise ValueError("it must be the path of a file inside the repository")
    if any(part.lower() == ".git" for part in path.parts):
        raise ValueError("files below .git are not part of the repository's content")
    return path.as_posix()


def yaml_file(value: str) -> str:
    """The path of a YAML file inside the documented repository."""
    if not value.endswith((".yml", ".yaml")):
        raise ValueError("it must end in .yml or .yaml")
    return repository_file(value)
