"""Which languages a fence may name."""

import re
from functools import cache

from pygments.lexers import get_all_lexers  # type: ignore[import-untyped]  # published without type information

from docsfy_action.verify.diagrams import is_diagram

_WORD = re.compile(r"[{.\s]*(?:\.|language-)?([\w#+.-]+)")
# Names that GitHub knows and Pygments does not, or knows by another name.
_OTHER_NAMES = {
    **dict.fromkeys(("plaintext", "txt", "plain", "none", "output", "log", "tree", "csv", "regexp"), "text"),
    **dict.fromkeys(("gitignore", "dockerignore"), "text"),
    **dict.fromkeys(("shellsession", "shell-session", "terminal"), "console"),
    **dict.fromkeys(("dotenv", "env"), "bash"),
    **dict.fromkeys(("mjs", "cjs"), "javascript"),
    **dict.fromkeys(("mts", "cts"), "typescript"),
    **dict.fromkeys(("python3", "py3", "ipython"), "python"),
    **dict.fromkeys(("jsonc", "json5"), "json"),
    **dict.fromkeys(("svelte", "vue"), "html"),
    "yml": "yaml",
    "cmd": "batch",
    "mdx": "markdown",
    "conf": "ini",
    "doctest": "pycon",
    "tf": "terraform",
    "golang": "go",
}


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
    for written in (word, *re.split(r"[^\w#+-]", word)[:1]):
        name = _OTHER_NAMES.get(written, written)
        if name == "mermaid":
            return name if is_diagram(text) else "text"
        if name in languages():
            return name
    return "text"
