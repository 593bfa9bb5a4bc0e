"""What a bare code span claims, read off its text alone: a path, a flag, an environment variable, names, or nothing."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from docsfy_action.verify.common_words import COMMON, FILE_EXTENSIONS

ClaimKind: TypeAlias = Literal["path", "pattern", "flag", "environment", "name"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|mailto:|(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?=[:/]|$)")
_VALUE = re.compile(
    r"-?[<>=~^!]{0,3}v?\d+(?:\.(?:\d+|\*|x))*\+?(?:[-+.]?(?:[A-Za-z%]{1,8}|\d+)(?:[.-]?\d+)?)?", re.IGNORECASE
)
_NUMBER = re.compile(
    r"-?(?:0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?j?|(?:\d+[dhmsMGkB]{1,2})+)"
)
_HASH = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{7,64}")
_PLACEHOLDER = re.compile(r"<[^<>]*>|\{\{?[^{}]*\}\}?|\[[A-Z][A-Z_ .]*\]|…|\.\.\.")
_FLAG = re.compile(r"(?<![\w.-])-{1,2}(?:\[no-\])?[A-Za-z0-9][\w-]*(?:\.[\w-]+)*")
_IS_FLAG = re.compile(r"\[?-{1,2}(?:\[no-\])?[A-Za-z0-9]")
_ENVIRONMENT = re.compile(r"\$?\{?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\}?(?:[:=].*)?", re.DOTALL)
_DOLLAR = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
_QUOTED = re.compile(r"""(["'`])(.*)\1""", re.DOTALL)
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`""")
_IDENTIFIER = re.compile(r"[^\W\d]|[$@#]")
_NAME = re.compile(r"(?:[^\W\d]|\$)[\w$]*(?:(?:\.|::|\?\.)(?:[^\W\d]|\$)[\w$]*)*")
_KEBAB = re.compile(r"(?:[^\W\d]|\$)[\w$]*(?:-[\w$]+)+")
_FILE = re.compile(r"(?:[\w@+.-]*\.)(?P<extension>[A-Za-z0-9]{1,10})")
_SPACED_OPERATOR = re.compile(r"\s")
_JOINTS = re.compile(r"\.|::|\?\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a code span says exists. `words` are the single names in it, each dotted name as a tuple of its parts.

    `path` is the path or pattern with placeholders as `*`. For flags, `words` are the flags.
    """

    kind: ClaimKind
    text: str
    path: str = ""
    words: tuple[tuple[str, ...], ...] = ()


def read_claim(text: str) -> Claim | None:
    """The claim of a code span, or None where it claims nothing that could be looked up: values, punctuation, addresses."""
    text = " ".join(text.split())
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        text = quoted[2].strip()
        if " " in text:
            return None
    if not any(character.isalnum() for character in text) or _URL.match(text) is not None or is_value(text):
        return None
    if _IS_FLAG.match(text) is not None:
        return _flags(text)
    found = _ENVIRONMENT.fullmatch(text)
    if found is not None:
        return Claim(kind="environment", text=text, words=((found[1],),))
    if " " not in text and (path := _path(text)) is not None:
        return path
    return _names(text)


def is_value(text: str) -> bool:
    """Whether `text` is a number, version, version constraint, size, duration, date or hash."""
    if _HASH.fullmatch(text) is not None:
        return True
    pieces = [piece for piece in re.split(r"[,\s|:/]+", text) if piece.strip("<>=~^!*-.")]
    return bool(pieces) and all(
        _NUMBER.fullmatch(piece) is not None or _VALUE.fullmatch(piece) is not None for piece in pieces
    )


def _flags(text: str) -> Claim:
    flags = []
    for found in _FLAG.findall(text.replace("/", " ").replace(",", " ").replace("=", " ").replace("|", " ")):
        for flag in (found.replace("[no-]", ""), found.replace("[no-]", "no-")) if "[no-]" in found else (found,):
            flags.append((flag,))
    return Claim(kind="flag", text=text, words=tuple(dict.fromkeys(flags)))


def _path(text: str) -> Claim | None:
    bare = text.partition("::")[0].rstrip(":")
    bare = re.sub(r":\d+(?:[:-]\d+)?$", "", bare)
    pattern = _PLACEHOLDER.sub("*", bare)
    if "(" in pattern or "=" in pattern or '"' in pattern or "\\" in pattern or pattern.startswith(("*", "@")):
        if not pattern.startswith(("*.", "*/", "**/")):
            return None
    file = _FILE.fullmatch(pattern.replace("*", "x").rpartition("/")[2])
    known = file is not None and file["extension"].lower() in FILE_EXTENSIONS
    hidden = re.fullmatch(r"\.[A-Za-z][\w.-]*", pattern) is not None
    if "/" not in pattern and not known and not hidden:
        return None
    if pattern.strip("*/.") == "" or (
        known and pattern[0] == "*" and pattern.count("*") == 1 and "/" not in pattern and False
    ):
        return None
    kind: ClaimKind = "pattern" if any(mark in pattern for mark in "*?[") else "path"
    return Claim(kind=kind, text=text, path=pattern, words=_words_of_path(pattern))


def _words_of_path(pattern: str) -> tuple[tuple[str, ...], ...]:
    return tuple((part,) for part in re.split(r"[/*?\[\]~@:]+", pattern) if re.search(r"\w", part))


def _names(text: str) -> Claim | None:
    """Every name in a piece of code; strings, numbers and the words of the languages themselves left out."""
    kinds: list[tuple[str, ...]] = []
    flags = _FLAG.findall(_STRING.sub(" ", text)) if " -" in text else []
    for string in _STRING.findall(text):
        inner = string[1:-1]
        if _ENVIRONMENT.fullmatch(inner) is not None:
            kinds.append((inner,))
    rest = _PLACEHOLDER.sub(" ", _STRING.sub(" ", text))
    for flag in flags:
        rest = rest.replace(flag, " ", 1)
        kinds.append((flag,))
    for kebab in _KEBAB.findall(rest):
        kinds.append((kebab,))
    rest = _KEBAB.sub(" ", rest)
    for name in _NAME.findall(rest):
        parts = tuple(_JOINTS.split(name.strip("$") if "." not in name else name))
        if not (len(parts) == 1 and parts[0] in COMMON):
            kinds.append(parts)
    words = tuple(dict.fromkeys(parts for parts in kinds if all(parts)))
    return Claim(kind="name", text=text, words=words) if words else None
