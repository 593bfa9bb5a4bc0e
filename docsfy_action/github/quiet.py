"""Foreign text in a comment: besides staying text, it notifies nobody and refers to nothing.

GitHub looks for mentions and references in what Markdown became, so that entities alone do not keep them out: a character
without width stands behind what begins one. Inside code it looks for none.
"""

import re

from docsfy_action.github import markdown
from docsfy_action.github.commands import one_line, visible

_NOTHING = "&#8203;"
# `@name` and `name@host`, `#1` and `owner/name#1`, `https://…`, `www.…`, as `markdown.text` writes them.
_STARTS = re.compile(r"&#(?:64|35);|(?<=[a-zA-Z])&#(?:58|46);")
_ADDRESS = re.compile(r"(:)(?=//)|(?i:(?<=www)(\.))")
_ISSUE = re.compile(r"(?i)\b(gh)-(?=\d)")
_CODE = re.compile(r"`[^`]*`|<code>.*?</code>")


def text(value: str, limit: int = 300) -> str:
    """One line of text for a paragraph or a table cell, at most `limit` characters of it. `code` between single backticks
    stays code."""
    return _outside_code(markdown.text(shortened(value, limit)))


def code(value: str, limit: int = 200) -> str:
    """One line of text as code."""
    return markdown.code(shortened(value, limit))


def fenced(lines: list[str], language: str) -> str:
    """Lines as a block of code which none of them can end."""
    runs = [len(run) for line in lines for run in re.findall(r"`{3,}|~{3,}", line)]
    fence = "`" * max([3, *(run + 1 for run in runs)])
    return "\n".join([f"{fence}{language}", *lines, fence])


def shortened(value: str, limit: int) -> str:
    """The text on one line, cut at a word where it is longer, with no code left open."""
    line = one_line(value)
    if len(line) <= limit:
        return line
    cut = line[:limit].rpartition(" ")[0] or line[:limit]
    return f"{cut}{'`' if cut.count('`') % 2 else ''} …"


def _outside_code(line: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _CODE.finditer(line):
        parts += [_silenced(line[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, _silenced(line[end:])])


def _silenced(part: str) -> str:
    for pattern in (_STARTS, _ADDRESS):
        part = pattern.sub(lambda match: f"{match[0]}{_NOTHING}", part)
    return _ISSUE.sub(rf"\1{_NOTHING}-", part)


def shortened_line(value: str, limit: int) -> str:
    """A line of code, its white space as it is, cut where it is longer."""
    line = visible(value).replace("\n", " ")
    return line if len(line) <= limit else f"{line[: limit - 2]} …"
