"""Read-only tools over the export, for models in process: confined to it, and bounded in output and time."""

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

MAX_ANSWER = 24_000  # characters of one answer
MAX_ANSWERS = 240_000  # characters of all answers of one call; part of what a call is expected to cost
_MAX_LINE = 1_000
_MAX_FILE = 4_000_000  # bytes; what is larger is data
_MAX_FILES = 100_000
_MAX_LISTED = 400
_MAX_HITS = 80
_MAX_SHOWN = 240  # characters of a line that search shows
SEARCH_SECONDS = 4.0
_LINE_SECONDS = 0.5  # for one line: a pattern that needs longer never ends

Arguments = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A tool as it is described to a model; `parameters` maps a name to its JSON type and what it is."""

    name: str
    description: str
    parameters: Mapping[str, tuple[str, str]]
    required: tuple[str, ...] = ()

    def schema(self) -> dict[str, object]:
        """The JSON Schema of the arguments."""
        properties = {name: {"type": kind, "description": about} for name, (kind, about) in self.parameters.items()}
        return {
            "type": "object",
            "properties": properties,
            "required": list(self.required),
            "additionalProperties": False,
        }


TOOLS = (
    ToolSpec(
        name="list_files",
        description="Lists the files of the repository, or of one of its folders.",
        parameters=MappingProxyType(
            {
                "folder": ("string", "a folder, from the root of the repository; empty for all"),
                "pattern": ("string", "only paths that match this, for example *.py or src/*/index.ts"),
            }
        ),
    ),
    ToolSpec(
        name="read_file",
        description="Reads a text file of the repository, with line numbers; a long one in parts.",
        parameters=MappingProxyType(
            {
                "path": ("string", "the file, from the root of the repository"),
                "first_line": ("integer", "where to begin, from 1"),
                "last_line": ("integer", "the last line to read"),
            }
        ),
        required=("path",),
    ),
    ToolSpec(
        name="search",
        description="Finds lines in the files of the repository that hold a text or match a regular expression.",
        parameters=MappingProxyType(
            {
                "text": ("string", "what to look for; capitals matter"),
                "regex": ("boolean", "whether the text is a regular expression"),
                "folder": ("string", "only below this folder"),
                "pattern": ("string", "only in paths that match this, for example *.py"),
            }
        ),
        required=("text",),
    ),
)


class _Denied(Exception):
    """What is asked for cannot be given; the text is the tool's answer."""


def _text(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    if value is not None and not isinstance(value, str):
        raise _Denied(f"error: '{name}' must be a string")
    return value or ""


def _number(arguments: Arguments, name: str, default: int) -> int:
    value = arguments.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise _Denied(f"error: '{name}' must be a number")
    return default if value is None else value


def _shortened(line: str, limit: int) -> str:
    return line if len(line) <= limit else f"{line[:limit]}… (line of {len(line)} characters)"


class Explorer:
    """The tools of one call. `opened` are the paths that were read, in their order, each once.

    `stop` is asked again and again during a search; when it says so, the search ends early.
    """

    def __init__(self, export: Path, *, stop: Callable[[], bool]) -> None:
        self._root = export.resolve()
        self._stop = stop
        self._opened: dict[str, None] = {}
        self._paths: tuple[str, ...] | None = None
        self._left = MAX_ANSWERS

    @property
    def opened(self) -> tuple[str, ...]:
        """What `read_file` gave out."""
        return tuple(self._opened)

    def use(self, name: str, arguments: Arguments) -> str:
        """Calls a tool; whatever is wrong with the call is said in the answer, so that the model can do better."""
        uses = {"list_files": self._list, "read_file": self._read, "search": self._search}
        use = uses.get(name)
        if use is None:
            return f"error: there is no tool '{name}'; there are {', '.join(uses)}"
        if self._left <= 0:
            return "error: enough has been read for one answer; write it from what you know now"
        try:
            answer = use(arguments)
        except _Denied as denied:
            answer = str(denied)
        except OSError as error:
            answer = f"error: it cannot be read: {error.strerror}"
        answer = answer[: self._left]
        self._left -= len(answer)
        return answer

    # --- places -----------------------------------------------------------------------------------------------------

    def _place(self, path: str) -> Path:
        """A path of the export. A link anywhere on the way, and a way out, resolve to another place."""
        parts = [part for part in path.replace("\\", "/").strip().strip("/").split("/") if part not in {"", "."}]
        place = self._root.joinpath(*parts)
        try:
            inside = "\0" not in path and place.resolve() == place
        except OSError:
            inside = False
        if not inside:
            raise _Denied(f"error: '{_shortened(path, 200)}' is not a path of the repository")
        return place

    def _files(self) -> tuple[str, ...]:
        if self._paths is None:
            self._paths = tuple(sorted(self._walk()))
        return self._paths

    def _walk(self) -> Iterator[str]:
        found = 0
        for folder, folders, names in os.walk(self._root):  # does not follow links
            folders[:] = sorted(name for name in folders if name != ".git")
            for name in sorted(names):
                path = Path(folder) / name
                if path.is_symlink() or not path.is_file():
                    continue
                found += 1
                if found > _MAX_FILES:
                    return
                yield path.relative_to(self._root).as_posix()

    def _chosen(self, arguments: Arguments) -> list[str]:
        """The paths that `folder` and `pattern` leave."""
        place = self._place(_text(arguments, "folder"))
        folder = place.relative_to(self._root).as_posix()
        within = "" if folder == "." else f"{folder}/"
        pattern = _text(arguments, "pattern")
        return [
            path
            for path in self._files()
            if (path.startswith(within) or path == folder)
            and (not pattern or fnmatchcase(path, pattern) or fnmatchcase(path.rpartition("/")[2], pattern))
        ]

    # --- tools ------------------------------------------------------------------------------------------------------

    def _list(self, arguments: Arguments) -> str:
        paths = self._chosen(arguments)
        if not paths:
            return "no files"
        if len(paths) > _MAX_LISTED:
            return self._by_folder(paths, _text(arguments, "folder"))
        return _whole_lines(paths, "more files are left out: list a folder")

    def _by_folder(self, paths: list[str], folder: str) -> str:
        depth = len([part for part in folder.split("/") if part not in {"", "."}])
        counts: dict[str, int] = {}
        for path in paths:
            parts = path.split("/")
            name = path if len(parts) == depth + 1 else "/".join(parts[: depth + 1]) + "/"
            counts[name] = counts.get(name, 0) + 1
        lines = [f"{name} ({count} files)" if name.endswith("/") else name for name, count in sorted(counts.items())]
        return _whole_lines([f"{len(paths)} files; list a folder to see more", *lines], "more are left out")

    def _lines(self, place: Path) -> list[str]:
        status = place.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise _Denied("error: it is not a file")
        if status.st_size > _MAX_FILE:
            raise _Denied(f"error: the file is too large to be read ({status.st_size} bytes)")
        data = place.read_bytes()
        if b"\0" in data[:8_000]:
            raise _Denied(f"error: the file is binary ({len(data)} bytes)")
        lines = data.decode("utf-8", errors="replace").split("\n")
        return lines[:-1] if lines[-1] == "" else lines

    def _read(self, arguments: Arguments) -> str:
        path = _text(arguments, "path")
        place = self._place(path)
        if not place.exists():
            raise _Denied(f"error: there is no file '{_shortened(path, 200)}'; list_files shows what there is")
        lines = self._lines(place)
        self._opened[place.relative_to(self._root).as_posix()] = None
        first = max(1, _number(arguments, "first_line", 1))
        last = min(len(lines), max(first, _number(arguments, "last_line", len(lines))))
        if first > len(lines):
            return f"the file has {len(lines)} lines"
        numbered = [
            f"{number}\t{_shortened(line.rstrip(chr(13)), _MAX_LINE)}"
            for number, line in enumerate(lines[first - 1 : last], first)
        ]
        note = f"cut off here; the file has {len(lines)} lines: read on with first_line"
        return _whole_lines(numbered, note)

    def _search(self, arguments: Arguments) -> str:
        text = _text(arguments, "text")
        if not text:
            raise _Denied("error: 'text' is empty")
        regex = arguments.get("regex") in (True, "true", "True")
        holds = _matcher(text, regex=regex)
        hits: list[str] = []
        end = time.monotonic() + SEARCH_SECONDS
        for path in self._chosen(arguments):
            if self._stop() or time.monotonic() > end:
                return _whole_lines([*hits, "the search took too long and was ended: look in a folder"], "")
            try:
                lines = self._lines(self._root / path)
            except (_Denied, OSError):
                continue
            for number, line in enumerate(lines, 1):
                if number % 64 == 0 and (self._stop() or time.monotonic() > end):
                    break
                if not holds(line):
                    continue
                hits.append(f"{path}:{number}: {_shortened(line.strip(), _MAX_SHOWN)}")
                if len(hits) >= _MAX_HITS:
                    return _whole_lines([*hits, "there are more: narrow the search"], "there are more")
        return _whole_lines(hits, "there are more") if hits else "nothing found"


def _whole_lines(lines: list[str], note: str) -> str:
    """As many lines as one answer may hold, and the note where some are left out."""
    size = 0
    for index, line in enumerate(lines):
        size += len(line) + 1
        if size > MAX_ANSWER:
            return "\n".join([*lines[:index], f"({note})"])
    return "\n".join(lines)


def _matcher(text: str, *, regex: bool) -> Callable[[str], bool]:
    if not regex:
        return lambda line: text in line
    # The standard library's expressions cannot be interrupted, and a model may write one that never ends.
    import regex as expressions

    try:
        pattern = expressions.compile(text)
    except (expressions.error, RecursionError, OverflowError) as error:
        raise _Denied(f"error: the regular expression cannot be used: {_shortened(str(error), 200)}") from None

    def holds(line: str) -> bool:
        try:
            return pattern.search(line[:_MAX_FILE], timeout=_LINE_SECONDS) is not None
        except TimeoutError:
            raise _Denied("error: the regular expression takes too long; write a simpler one") from None

    return holds


def tool_names() -> frozenset[str]:
    """What `use` knows."""
    return frozenset(tool.name for tool in TOOLS)
