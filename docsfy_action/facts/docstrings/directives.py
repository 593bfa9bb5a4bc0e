"""reStructuredText's explicit markup: directives, and the link targets and comments that show nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from docsfy_action.facts.docstrings.blocks import Block, Fence, Items, Note, Paragraph, Table, guess_language, render
from docsfy_action.facts.docstrings.inline import Dialect, convert, strong

_DIRECTIVE = re.compile(r"([A-Za-z][\w.:+-]*?)\s?::(?:\s+(.*))?$")
_OPTION = re.compile(r":([\w-]+):\s*(.*)$")
_NAMED = re.compile(r"_(?:`([^`]+)`|([^:\s][^:]*)):\s*(\S.*)?$")
_SUBSTITUTION = re.compile(r"\|([^|]+)\|\s+(\w+)::\s*(.*)$")
_CITATION = re.compile(r"\[([#*]?[\w.-]*)\]\s+(.*)$")
_CODE = frozenset(
    {
        "code-block",
        "code",
        "sourcecode",
        "parsed-literal",
        "ipython",
        "testcode",
        "doctest",
        "prompt",
        "testoutput",
        "highlight",
    }
)
_NOTES = {
    "note": "Note", "warning": "Warning", "caution": "Caution", "danger": "Danger", "attention": "Attention",
    "error": "Error", "hint": "Hint", "important": "Important", "tip": "Tip", "seealso": "See also",
}  # fmt: skip
_VERSIONS = {
    "versionadded": "Added in version", "versionchanged": "Changed in version", "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version", "deprecated-removed": "Deprecated since version",
}  # fmt: skip
_WITHOUT_VERSION = {
    "versionadded": "Added", "versionchanged": "Changed", "deprecated": "Deprecated", "versionremoved": "Removed",
    "deprecated-removed": "Deprecated",
}  # fmt: skip
LABELS = {name: (*known[name].lower().split(), *_WITHOUT_VERSION.get(name, "").lower().split())
          for known in (_NOTES, _VERSIONS) for name in known}  # fmt: skip
"""The words that a directive is shown as, by its name."""
# These show something that a doc comment does not hold, or nothing at all.
_SILENT = frozenset(
    "autoclass autofunction automethod automodule autodata autoattribute autosummary autoexception module currentmodule "
    "py:currentmodule py:module index include literalinclude toctree contents sectnum sectionauthor codeauthor raw todo "
    "image plot graphviz highlight tabularcolumns cssclass meta default-role role testsetup testcleanup nodoctest "
    "bibliography target-notes class no-index skip".split()
)

_TITLED = frozenset({"admonition", "topic", "sidebar"})
_VERBATIM = frozenset({"math", "csv-table"})

Read = Callable[[Sequence[str]], list[Block]]


@dataclass(frozen=True, slots=True)
class Directive:
    """`.. name:: argument` with its options and its content."""

    name: str
    argument: str
    options: Mapping[str, str]
    content: list[str]


def read_explicit(head: str, body: list[str], dialect: Dialect, read: Read) -> list[Block]:
    """The blocks of `.. head` with its indented lines; nothing for comments, targets and definitions."""
    directive = _DIRECTIVE.match(head)
    if directive is not None:
        options, content = split_options(body)
        call = Directive(directive[1].lower(), (directive[2] or "").strip(), options, content)
        return _shown(call, dialect, read)
    citation = _CITATION.match(head)
    if citation is None:
        return []
    text = " ".join([citation[2], *(line.strip() for line in body)])
    return [Paragraph(f"\\[{citation[1].lstrip('#')}\\] {convert(text, dialect)}")]


def _shown(call: Directive, dialect: Dialect, read: Read) -> list[Block]:
    name, argument, content = call.name, call.argument, call.content
    if name in _CODE:
        return _code(name, argument, content)
    if name in _VERSIONS:
        return [_version(name, argument, content, read)]
    if name in _NOTES:
        return [Note(_NOTES[name], tuple(read([argument, *content] if argument else content)))]
    if name in _TITLED:
        return [Note(convert(argument, dialect), tuple(read(content)))]
    if name in _VERBATIM:
        text = "\n".join(filter(None, [argument if name == "math" else "", *content]))
        return [Fence("text", text)] if text else []
    if name == "list-table":
        return _list_table(argument, call.options, read(content))
    if name in ("rubric", "centered"):
        content = [f"**{argument}**"] if argument else []
    return [] if name in _SILENT or name.startswith("auto") else read(content)


def split_options(body: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The `:option: value` lines at the top of a directive, and its content."""
    options: dict[str, str] = {}
    index = 0
    while index < len(body) and (match := _OPTION.match(body[index])):
        options[match[1]] = match[2]
        index += 1
    content = dedent(body[index:])
    while content and not content[0].strip():
        content.pop(0)
    return options, content


def dedent(lines: Sequence[str]) -> list[str]:
    """Lines without the indentation that they share."""
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    margin = min(indents, default=0)
    return [line[margin:] if line.strip() else "" for line in lines]


def definitions(lines: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """(link targets, substitutions) that the lines define, by lower-case name."""
    targets: dict[str, str] = {}
    substitutions: dict[str, str] = {}
    for line in lines:
        stripped = line.strip()
        if not stripped.startswith(".. "):
            continue
        named = _NAMED.match(stripped[3:])
        if named is not None and named[3]:
            targets.setdefault((named[1] or named[2]).lower().replace("\\:", ":"), named[3].strip())
        replaced = _SUBSTITUTION.match(stripped[3:])
        if replaced is not None and replaced[2] == "replace":
            substitutions.setdefault(replaced[1].lower(), replaced[3].strip())
    return targets, substitutions


def _code(name: str, argument: str, content: Sequence[str]) -> list[Block]:
    if name == "highlight" or not any(line.strip() for line in content):
        return []
    text = "\n".join(content)
    language = {"doctest": "pycon", "testcode": "python", "prompt": "console", "parsed-literal": "text"}.get(
        name, argument
    )
    return [Fence(language or guess_language(text), text)]


def _version(name: str, argument: str, content: Sequence[str], read: Read) -> Note:
    """`.. versionchanged:: 2.0` with its explanation on the same line or below."""
    version, _, rest = argument.partition(" ")
    if version and not re.search(r"\d|next|unreleased|NEXT", version):
        version, rest = "", argument
    title = f"{_VERSIONS[name]} {version}" if version else _WITHOUT_VERSION[name]
    if name == "deprecated-removed" and rest:
        removed, _, rest = rest.partition(" ")
        title += f", removed in version {removed}"
    lines = [rest, *content] if rest else list(content)
    return Note(title.rstrip(":,."), tuple(read(lines)))


def _list_table(title: str, options: Mapping[str, str], blocks: list[Block]) -> list[Block]:
    """A table written as a list of lists."""
    rows: list[tuple[str, ...]] = []
    for block in blocks:
        for item in block.items if isinstance(block, Items) else ():
            cells = (inner.items for inner in item if isinstance(inner, Items))
            rows.extend(tuple(" ".join(render(cell).split()) for cell in row) for row in cells)
    if not rows or len({len(row) for row in rows}) != 1:
        return blocks
    headed = options.get("header-rows", "0") not in ("", "0")
    header, body = (rows[0], rows[1:]) if headed else (("",) * len(rows[0]), rows)
    lead: list[Block] = [Paragraph(strong(convert(title)))] if title else []
    return [*lead, Table(header, tuple(body))]
