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
_LONGEST_LINE = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """A command as typed, continued lines joined; `line` counts from 0 within the fence."""

    text: str
    line: int


def command_lines(text: str) -> tuple[CommandLine, ...]:
    """The commands in a fence. Where lines have a prompt, only those are commands and the others their output."""
    lines = text.split("\n")
    prompted = any(_PROMPT.match(line) is not None for line in lines)
    found: list[CommandLine] = []
    at = 0
    while at < len(lines):
        start = at
        line = lines[at]
        at += 1
        prompt = _PROMPT.match(line)
        if prompted and prompt is None:
            continue
        command = line[prompt.end() :] if prompt is not None else line.strip()
        while at < len(lines) and (command.endswith(("\\", "`")) or _is_open(command)) and at - start < 50:
            command = (
                f"{command.removesuffix(chr(92)).removesuffix('`').rstrip()} {lines[at].strip().removeprefix('> ')}"
            )
            at += 1
        here = _HEREDOC.search(command)
        if here is not None:
            while at < len(lines) and lines[at].strip() != here[2]:
                at += 1
            at += 1
        if command.strip() and not command.lstrip().startswith("#"):
            found.append(CommandLine(text=command.strip(), line=start))
    return tuple(found)


def _is_open(command: str) -> bool:
    """Whether a quotation mark is still open at the end of the line."""
    try:
        _tokens(command[:_LONGEST_LINE])
    except ValueError:
        return len(command) <= _LONGEST_LINE
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
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)
