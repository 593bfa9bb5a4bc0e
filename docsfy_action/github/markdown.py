"""Foreign text in Markdown that GitHub shows: names and reasons stay text, whatever they hold."""

import re

from docsfy_action.github.commands import one_line

_CODE = re.compile(r"`([^`]+)`")
# Everything that can start markup, an entity, a table cell, a formula, a mention or a reference.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|&#~@$]|^(?:[-+=]|\d+(?=[.)]))")
_AUTOLINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")


def text(value: str) -> str:
    """One line of text for a paragraph, a heading or a table cell. `code` between single backticks stays code."""
    parts: list[str] = []
    end = 0
    line = one_line(value)
    for match in _CODE.finditer(line):
        parts += [_plain(line[end : match.start()]), code(match[1])]
        end = match.end()
    parts.append(_plain(line[end:]))
    return "".join(parts)


def code(value: str) -> str:
    """One line of text as code, also inside a table cell, where GitHub takes a bar for the cell's end even in code."""
    line = one_line(value).replace("`", "'")
    if "|" in line:
        return f"<code>{_plain(line)}</code>"
    return f"`{line}`" if line else ""


def _plain(line: str) -> str:
    escaped = _SPECIAL.sub(lambda match: "".join(f"&#{ord(character)};" for character in match[0]), line)
    return _AUTOLINK.sub(lambda match: f"{match[1] or match[3]}&#{ord(match[2] or match[4])};", escaped)
