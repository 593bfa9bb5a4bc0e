"""Tables in doc comments: Markdown's, and the simple and grid tables of reStructuredText."""

import re
from collections.abc import Sequence
from itertools import pairwise

from docsfy_action.facts.docstrings.blocks import Block, Fence, Paragraph, Table
from docsfy_action.facts.docstrings.inline import Dialect, convert

_PIPE_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_SIMPLE_RULE = re.compile(r"=+(?:\s+=+)+\s*$")
_GRID_RULE = re.compile(r"\+(?:[-=]+\+)+\s*$")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|(?=(?:[^`]*`[^`]*`)*[^`]*$)")


def read_table(lines: Sequence[str], start: int, dialect: Dialect) -> tuple[Block, int] | None:
    """The table that begins at a line, and the line behind it; None where there is none.

    A table with cells that span others stays as it is drawn, as plain text.
    """
    line = lines[start]
    following = lines[start + 1] if start + 1 < len(lines) else ""
    if line.startswith("|") and _PIPE_RULE.match(following) and "-" in following:
        return _pipes(lines, start, dialect)
    if _SIMPLE_RULE.match(line):
        return _simple(lines, start, dialect)
    if _GRID_RULE.match(line):
        return _grid(lines, start, dialect)
    return None


def _pipes(lines: Sequence[str], start: int, dialect: Dialect) -> tuple[Block, int]:
    end = start
    while end < len(lines) and lines[end].strip().startswith("|"):
        end += 1
    rows = [_cells(line, dialect) for index, line in enumerate(lines[start:end]) if index != 1]
    return _table(rows[0], rows[1:]), end


def _cells(line: str, dialect: Dialect) -> list[str]:
    inner = line.strip().strip("|")
    return [convert(cell.strip().replace("\\|", "|"), dialect) for cell in _UNESCAPED_PIPE.split(inner)]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    if not rows:
        # Readers disagree on tables without rows.
        return Paragraph(" · ".join(filter(None, header)))
    width = max(len(header), *(len(row) for row in rows)) if rows else len(header)

    def padded(row: Sequence[str]) -> tuple[str, ...]:
        return (*row, *[""] * (width - len(row)))

    return Table(padded(header), tuple(padded(row) for row in rows))


def _simple(lines: Sequence[str], start: int, dialect: Dialect) -> tuple[Block, int] | None:
    """Columns under a line of `=`; the header stands between the first two such lines."""
    columns = [match.span() for match in re.finditer(r"=+", lines[start])]
    rules = [start]
    end = start + 1
    while end < len(lines):
        if _SIMPLE_RULE.match(lines[end]):
            rules.append(end)
            closing = end + 1 >= len(lines) or not lines[end + 1].strip()
            if closing or len(rules) == 3:
                break
        end += 1
    if len(rules) < 2:
        return None
    head = lines[rules[0] + 1 : rules[1]] if len(rules) == 3 else []
    body = lines[rules[-2] + 1 : rules[-1]]
    whole = lines[start : rules[-1] + 1]
    if any(_crosses(line, columns) for line in (*head, *body)):
        return Fence("text", "\n".join(whole)), rules[-1] + 1
    header = [" ".join(parts) for parts in zip(*(_split(line, columns) for line in head), strict=True)] if head else []
    rows: list[list[str]] = []
    for line in body:
        cells = _split(line, columns)
        if not any(cells):
            continue
        if not cells[0] and rows:
            rows[-1] = [f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    converted = [[convert(cell, dialect) for cell in row] for row in rows]
    shown = [convert(cell, dialect) for cell in header] or [""] * len(columns)
    return _table(shown, converted), rules[-1] + 1


def _crosses(line: str, columns: Sequence[tuple[int, int]]) -> bool:
    """Whether text stands between two columns."""
    return any(line[end:following].strip() for (_, end), (following, _) in pairwise(columns))


def _split(line: str, columns: Sequence[tuple[int, int]]) -> list[str]:
    ends = [start for start, _ in columns[1:]] + [len(line) + 1]
    return [line[start:end].strip() for (start, _), end in zip(columns, ends, strict=True)]


def _grid(lines: Sequence[str], start: int, dialect: Dialect) -> tuple[Block, int] | None:
    end = start
    while end < len(lines) and lines[end][:1] in ("+", "|") and lines[end].strip():
        end += 1
    whole = lines[start:end]
    columns = [match.start() for match in re.finditer(r"\+", lines[start])]
    rows: list[list[str]] = []
    header: list[str] = []
    current = [""] * (len(columns) - 1)
    for line in whole[1:]:
        if _GRID_RULE.match(line):
            if [match.start() for match in re.finditer(r"\+", line)] != columns:
                return Fence("text", "\n".join(whole)), end
            rows.append(current)
            current = [""] * (len(columns) - 1)
            if "=" in line:
                header, rows = rows[-1], rows[:-1]
            continue
        if any(line[column : column + 1] != "|" for column in columns):
            return Fence("text", "\n".join(whole)), end
        cells = [line[left + 1 : right].strip() for left, right in pairwise(columns)]
        current = [f"{old} {new}".strip() for old, new in zip(current, cells, strict=True)]
    if not rows:
        return None
    converted = [[convert(cell, dialect) for cell in row] for row in rows]
    return _table([convert(cell, dialect) for cell in header] or [""] * (len(columns) - 1), converted), end
