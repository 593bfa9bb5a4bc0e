"""The text of `docsfy-action --help`, made from the inputs' own descriptions and laid out for 80 columns."""

import textwrap
from collections.abc import Iterator

from docsfy_action.inputs.about import Group
from docsfy_action.inputs.catalog import InputSpec, specs

_WIDTH = 79
_COLUMN = 26

_INTRODUCTION = (
    "Writes and keeps up to date the documentation site of a repository. Without options it documents the repository "
    "in the current folder with the embedded writer, which needs no key and no network, and puts the site into "
    "_docsfy/site."
)

_EXAMPLES = (
    ("docsfy-action", "document the current folder"),
    ("docsfy-action --dry-run", "only plan, and say why"),
    ("docsfy-action --provider claude --max-cost-usd 2", "let a model write"),
    ("docsfy-action --repository-url https://example.com/project.git", ""),
)

_NOTES = (
    (
        "Where values come from",
        (
            "An option wins over an input of the action (INPUT_ and its name in capital letters), which wins over "
            ".docsfy.yml in the documented repository, which wins over the default. An empty value counts as not given."
        ),
    ),
    (
        "Environment",
        (
            "Keys: ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN, GEMINI_API_KEY, CURSOR_API_KEY, OPENAI_API_KEY. "
            "Addresses: ANTHROPIC_BASE_URL, GOOGLE_GEMINI_BASE_URL, OPENAI_BASE_URL. Colours: NO_COLOR, FORCE_COLOR."
        ),
    ),
    ("Exit status", "0 ready, 1 error, 2 unusable options or inputs, 130 cancelled."),
)


def help_text() -> str:
    """The whole text, ending in a line break."""
    blocks = ["Usage: docsfy-action [OPTION]...", _wrapped(_INTRODUCTION, "")]
    blocks.append("Examples:\n" + "\n".join(_example(command, says) for command, says in _EXAMPLES))
    for group in Group:
        members = [spec for spec in specs() if spec.about.group is group]
        blocks.append("\n".join([f"{group}:", *(line for spec in members for line in _option(spec))]))
    general = [("-h, --help", "Show this text."), ("--version", "Show the version.")]
    blocks.append("\n".join(["General:", *(line for name, says in general for line in _entry(name, says))]))
    blocks.extend(f"{title}:\n{_wrapped(text, '  ')}" for title, text in _NOTES)
    return "\n\n".join(blocks) + "\n"


def _option(spec: InputSpec) -> Iterator[str]:
    if spec.is_flag:
        name = f"--{spec.name}, --no-{spec.name}"
    else:
        name = f"--{spec.name} {spec.about.metavar or spec.name.upper().replace('-', '_')}"
    parts = [spec.description]
    if spec.choices:
        parts.append(f"One of: {', '.join(spec.choices)}.")
    parts.append(f"[default: {spec.default}]")
    return _entry(name, " ".join(parts).replace("`", ""))


def _entry(name: str, text: str) -> Iterator[str]:
    """A name and beside it its text; a long name has a line of its own."""
    indent = " " * _COLUMN
    lines = textwrap.wrap(text, _WIDTH - _COLUMN, break_long_words=False, break_on_hyphens=False)
    head = f"  {name}"
    if len(head) + 2 > _COLUMN:
        yield head
    else:
        yield head.ljust(_COLUMN) + lines.pop(0)
    yield from (indent + line for line in lines)


def _example(command: str, says: str) -> str:
    return f"  {command:<49} {says}".rstrip()


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
