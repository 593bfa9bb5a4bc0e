"""From a blob's bytes to text, and the one way in which reading fails: `Unreadable`, kept as `BlobFacts.error`."""

import re
from collections.abc import Callable
from dataclasses import replace

from docsfy_action.facts.extractor import MAX_BLOB_BYTES, MAX_NAME_LENGTH
from docsfy_action.facts.model import BlobFacts

MAX_DEPTH = 64
MAX_NODES = 100_000
MAX_LINE_OF_TEXT = 2_000

# Control characters and halves of surrogate pairs: no page may hold them, and the latter cannot be written as UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_BLANK = re.compile(r"\s+")


class Unreadable(Exception):
    """A blob that is not what its name says; the message is shown to the user beside the path."""


def decoded(data: bytes) -> str:
    """The text of a blob with line feeds between lines; bytes that are no UTF-8 become replacement characters.

    Lines are what git and forges count: separated by line feeds alone, so that other characters that some parsers take
    for line ends become blanks.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        text = data.decode("utf-8-sig", errors="replace")
    return _LINE_ENDS.sub(" ", text.replace("\r\n", "\n"))


def clean(text: str) -> str:
    """`text` without characters that cannot be shown or stored."""
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """`text` with every run of white space folded to one blank, cut where nobody would read on."""
    folded = _BLANK.sub(" ", clean(text)).strip()
    return folded if len(folded) <= MAX_LINE_OF_TEXT else folded[: MAX_LINE_OF_TEXT - 1].rstrip() + "…"


def is_name(text: str, limit: int = MAX_NAME_LENGTH) -> bool:
    """Whether `text` can be the name of something: not empty, one line, and of a length that a person would type."""
    return 0 < len(text) <= limit and text.isprintable() and text == text.strip()


def command_lines(script: str) -> tuple[str, ...]:
    """The commands of a script as written: one item a command, continued lines kept together, comments left out."""
    found: list[str] = []
    pending: list[str] = []
    for line in clean(script).split("\n"):
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        pending.append(line.rstrip())
        if not line.rstrip().endswith("\\"):
            found.append(_outdented(pending))
            pending = []
    if pending:
        found.append(_outdented(pending))
    return tuple(found)


def _outdented(lines: list[str]) -> str:
    if len(lines) == 1:
        return lines[0].strip()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines).strip()


def reader(read: Callable[[str], BlobFacts]) -> Callable[[bytes], BlobFacts]:
    """Make `read`, which takes text and may raise `Unreadable`, into an extractor's `extract`."""

    def extract(data: bytes) -> BlobFacts:
        lines = data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
        if len(data) > MAX_BLOB_BYTES:
            return BlobFacts(lines=lines, error="larger than 1 MB, not read")
        try:
            facts = read(clean(decoded(data)))
        except Unreadable as problem:
            return BlobFacts(lines=lines, error=one_line(str(problem)))
        return replace(facts, lines=lines)

    return extract
