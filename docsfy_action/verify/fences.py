"""Which languages a fence may name."""

import re
from functools import cache

from pygments.lexers import get_all_lexers

from docsfy_action.verify.diagrams import is_diagram

_WORD = re.compile(r"[{.\s]*(?:\.|language-)?([\w#+.-]+)")
# Names that GitHub knows and Pygments does not, or knows by another name.
_OTHER_NAMES = {
    "yml": "yaml", "jsonc": "json", "json5": "json", "plaintext": "text", "txt": "text", "plain": "text", "shellsession": "console",
    "shell-session": "console", "terminal": "console", "cmd": "batch", "mjs": "javascript", "cjs": "javascript", "dotenv": "bash",
    "env": "bash", "mdx": "markdown", "svelte": "html", "gitignore": "text", "conf": "ini", "python3": "python", "py3": "python",
    "ipython": "python", "doctest": "pycon", "tf": "terraform", "none": "text", "output": "text", "log": "text", "mts": "typescript",
    "cts": "typescript", "fish-shell": "fish", "golang": "go", "dockerignore": "text", "properties": "properties", "vue": "html",
    "http-request": "http", "regexp": "text", "csv": "text", "tree": "text", "env-file": "bash",
}  # fmt: skip


@cache
def languages() -> frozenset[str]:
    """Every language name that the site can highlight, `text`, and `mermaid`."""
    aliases = {alias.lower() for _, names, _, _ in get_all_lexers(plugins=False) for alias in names}
    return frozenset(aliases | {"text", "console", "mermaid"})


def known_language(info: str, text: str) -> str:
    """The language that an info string (`js:app.js`, `{.python title="x"}`) means, `text` where there is none.

    Diagrams that are not of the form that is checked are shown as text.
    """
    match = _WORD.match(info)
    word = match[1].lower() if match is not None else ""
    for name in (word, *re.split(r"[^\w#+-]", word)[:1]):
        name = _OTHER_NAMES.get(name, name)
        if name == "mermaid":
            return name if is_diagram(text) else "text"
        if name in languages():
            return name
    return "text"
