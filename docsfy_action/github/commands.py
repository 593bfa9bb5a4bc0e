"""The runner's workflow commands: how ours are written, and how foreign text is kept from being one.

The runner reads standard output and standard error line by line. It obeys `::name::` after white space and `##[name]`
anywhere in a line (actions/runner, ActionCommand.cs).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MESSAGE_LIMIT = 4_096  # what the web page shows of an annotation, in UTF-16 units

_LINE_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# A colour or cursor sequence of a terminal, whole, so that taking it off leaves no rubbish behind.
_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_COMMAND_START = re.compile(r"^(\s*)::")
_OLD_COMMAND = re.compile(r"##(?=\[)")


class Level(StrEnum):
    """The kinds of annotations, in the words of the runner."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A message on the run's page. `path` (relative to the workspace) and `line` (from 1, 0 for none) name its file."""

    level: Level
    message: str
    title: str = ""
    path: str = ""
    line: int = 0


def visible(text: str) -> str:
    r"""The text without terminal sequences; what else a terminal would obey, and bytes that were no UTF-8, as `\x1b`.

    Tabs and line breaks stay, every kind of line break as `\n`.
    """
    text = _LINE_BREAKS.sub("\n", _ESCAPE_SEQUENCE.sub("", text))
    if text.isprintable():
        return text
    return "".join(character if _is_visible(character) else _code(character) for character in text)


def one_line(text: str) -> str:
    """The visible text on one line."""
    return " ".join(visible(text).split())


def inert(text: str) -> str:
    """The visible text, every line of it such that the runner takes it for text."""
    return "\n".join(_inert_line(line) for line in visible(text).split("\n"))


def command(name: str, message: str = "", properties: Mapping[str, str] | None = None) -> str:
    """One workflow command as a line; foreign text is safe in `message` and in the values of `properties`."""
    values = ",".join(f"{key}={_property(value)}" for key, value in (properties or {}).items() if value)
    return f"::{name} {values}::{_data(message)}" if values else f"::{name}::{_data(message)}"


def annotation_command(annotation: Annotation) -> str:
    """The command of an annotation, cut to what is shown."""
    properties = {
        "title": one_line(annotation.title),
        "file": visible(annotation.path),
        "line": str(annotation.line) if annotation.line and annotation.path else "",
    }
    return command(annotation.level, cut(inert(annotation.message), MESSAGE_LIMIT), properties)


def cut(text: str, limit: int) -> str:
    """The text, shortened with an ellipsis where it has more than `limit` UTF-16 units."""
    units = 0
    for index, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return text[: max(index - 1, 0)] + "…"
    return text


def _inert_line(line: str) -> str:
    return _OLD_COMMAND.sub("## ", _COMMAND_START.sub(r"\1: :", line))


def _is_visible(character: str) -> bool:
    # Format characters (category Cf) are not printable for Python either: they reorder or hide what is read.
    return character in "\n\t" or character.isprintable() or unicodedata.category(character) == "Zs"


def _code(character: str) -> str:
    code = ord(character)
    # Surrogate escapes stand for one byte each (PEP 383).
    byte = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
    return f"\\x{byte:02x}" if byte <= 0xFF else f"\\u{byte:04x}"


def _data(text: str) -> str:
    return _old_commands_off(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _old_commands_off(text: str) -> str:
    return _OLD_COMMAND.sub("## ", text)
