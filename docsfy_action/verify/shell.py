"""Takes fences with shell commands apart into command lines and simple commands."""

import re
import shlex
from dataclasses import dataclass

SHELL_LANGUAGES = frozenset(
    {"console", "bash", "sh", "shell", "zsh", "shell-session", "bash-session", "powershell", "pwsh"}
)

_PROMPT = re.compile(
    r"^\s*(?:\([\w.@/-]+\)\s*)?(?:[\w.-]+@[\w.-]+[:\s][^\s$%#]*\s?)?(?:[$%❯]|PS[^>]*>|[A-Z]:\\[^>]*>)\s+(?=\S)"
)
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_OPERATORS = frozenset({"&&", "||", ";", "|", "&", "|&", "(", ")", ";;", "()"})
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "esac", "{", "}", "!", "time", "exec"}
)
_COMPOUND = frozenset({"for", "case", "function", "select"})
_REDIRECTION = re.compile(r"[<>&|]*[<>][<>&|]*")
_COMMENT = re.compile(r"(?:^|\s)#.*", re.MULTILINE)
_LONGEST_LINE = 4_000
_MOST_LINES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """A command as typed: `text` with continued lines joined, `lines` as they stand; `line` counts from 0 in the fence."""

    text: str
    line: int
    lines: tuple[str, ...]


def command_lines(text: str) -> tuple[CommandLine, ...]:
    """The commands in a fence. Where lines have a prompt, only those are commands and the others their output."""
    lines = text.split("\n")
    prompted = any(_PROMPT.match(line) is not None for line in lines)
    found: list[CommandLine] = []
    at = 0
    while at < len(lines):
        start = at
        prompt = _PROMPT.match(lines[at])
        written = [lines[at][prompt.end() if prompt is not None else 0 :].strip()]
        at += 1
        if prompted and prompt is None:
            continue
        while at < len(lines) and len(written) < _MOST_LINES and _goes_on(written):
            written.append(lines[at].strip().removeprefix("> "))
            at += 1
        at = _after_heredoc(written[0], lines, at)
        command = " ".join(part.removesuffix("\\").removesuffix("`").rstrip() for part in written).strip()
        if command and not command.startswith("#"):
            found.append(CommandLine(text=command, line=start, lines=tuple(filter(None, written))))
    return tuple(found)


def _goes_on(written: list[str]) -> bool:
    """Whether a command is not at its end: its line is continued, or a quotation mark is open."""
    if written[-1].endswith(("\\", "`")):
        return True
    command = "\n".join(written)
    return not command.startswith("#") and len(command) <= _LONGEST_LINE and _is_open(command)


def _after_heredoc(command: str, lines: list[str], at: int) -> int:
    here = _HEREDOC.search(command)
    if here is None:
        return at
    while at < len(lines) and lines[at].strip() != here[2]:
        at += 1
    return at + 1


def _is_open(command: str) -> bool:
    try:
        _tokens(command)
    except ValueError:
        return True
    return False


def simple_commands(line: str) -> tuple[tuple[str, ...], ...] | None:
    """The simple commands of a line, each as its words with the assignments before it; None where it cannot be read."""
    if len(line) > _LONGEST_LINE:
        return None
    try:
        tokens = _tokens(line)
    except ValueError:
        return None
    commands: list[list[str]] = [[]]
    skip = False
    for token in tokens:
        if token.startswith("#"):
            break
        if skip:
            skip = False
        elif token in _OPERATORS:
            commands.append([])
        elif _REDIRECTION.fullmatch(token) is not None:
            skip = True
        elif commands[-1] or token not in _KEYWORDS:
            commands[-1].append(token)
    return tuple(tuple(command) for command in commands if command and command[0] not in _COMPOUND)


def _tokens(line: str) -> list[str]:
    try:
        return _split(line)
    except ValueError:
        # An apostrophe in a comment opens nothing.
        return _split(_COMMENT.sub("", line))


def _split(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)
