"""What a bare code span claims, read off its text alone: a path, a flag, an environment variable, names, or nothing."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from docsfy_action.verify.common_words import COMMON, FILE_EXTENSIONS

ClaimKind: TypeAlias = Literal["path", "pattern", "flag", "environment", "name"]
Parts: TypeAlias = tuple[str, ...]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|mailto:|(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?=[:/]|$)")
# `3.11`, `>=1.2.*`, `v2.0.0-rc.1`, `10MB`, `3.x`.
_VALUE = re.compile(r"-?[<>=~^!]{0,3}v?\d+(?:\.(?:\d+|\*|x))*\+?(?:[-+.]?[A-Za-z%]{1,8}(?:[.-]?\d+)?)?", re.IGNORECASE)
# `1.0.0-rc.1+build.5`, and Go's `v0.0.0-20180428030007-95032a82bc51`.
_VERSION = re.compile(r"v?\d+(?:\.\d+){1,3}[-+][0-9A-Za-z.+-]+")
_NUMBER = re.compile(r"-?(?:0x[0-9A-Fa-f_]+|0[ob][0-7_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?j?|(?:\d+[dhmsMGkB]{1,2})+)")
_LITERAL_NUMBER = re.compile(r"(?<![\w.-])\d[\d_]*(?![\w-])")
# `SHOP_*`: whatever begins so.
_PATTERN = re.compile(r"(?<!\w)\w+\*+(?:\w[\w*]*)?|(?<!\w)\*+\w+\*[\w*]*")
_HASH = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9]*[a-f])[0-9a-f]{7,64}")
_PLACEHOLDER = re.compile(r"<[^<>]*>|\$\{\{[^{}]*\}\}|\{\{?[^{}]*\}\}?|\[[A-Z][A-Z_ .]*\]|…|\.\.\.")
_FLAG = re.compile(r"(?<![\w.-])-{1,2}(?:\[no-\])?[A-Za-z0-9][\w-]*(?:\.[\w-]+)*")
_IS_FLAG = re.compile(r"\[?-{1,2}(?:\[no-\])?[A-Za-z0-9]")
_ENVIRONMENT = re.compile(r"\$?\{?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\}?(?:[:=].*)?", re.DOTALL)
_QUOTED = re.compile(r"""(["'`])([^"'`]*)\1""", re.DOTALL)
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`""")
_JOINT = r"(?:\.|::|\?\.)"
_WORD = r"(?:[^\W\d]|\$)[\w$]*"
_NAME = re.compile(rf"(?<![\w$]){_WORD}(?:{_JOINT}{_WORD})*")
_KEBAB = re.compile(rf"(?<![\w$-]){_WORD}(?:-[\w$]+)+")
_FILE = re.compile(r"[\w@+.-]*\.(?P<extension>[A-Za-z0-9]{1,10})")
_HIDDEN = re.compile(r"\.[A-Za-z][\w.-]*")
_LINES = re.compile(r":\d+(?:[:-]\d+)?$")
_NO_PATH = re.compile(r"[()=\"\\\s,;|&]")
_PATH_WORDS = re.compile(r"[/*?\[\]~@:]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a code span says exists. `words` are the names in it, each as the parts between its dots.

    `path` is a path, or a pattern with `*` for placeholders. For flags, `words` are the flags.
    """

    kind: ClaimKind
    text: str
    path: str = ""
    words: tuple[Parts, ...] = ()


def read_claim(text: str) -> Claim | None:
    """The claim of a code span; None where it claims nothing that could be looked up, as values and addresses do."""
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
    return _path(text) or _names(text)


def is_value(text: str) -> bool:
    """Whether `text` is a number, version, version constraint, size, duration, date or hash."""
    if _HASH.fullmatch(text) is not None:
        return True
    pieces = [piece for piece in re.split(r"[,\s|:/]+", text) if piece.strip("<>=~^!*-.")]
    return bool(pieces) and all(
        any(pattern.fullmatch(piece) is not None for pattern in (_NUMBER, _VALUE, _VERSION)) for piece in pieces
    )


def _flags(text: str) -> Claim:
    flags: dict[Parts, None] = {}
    for found in _FLAG.findall(re.sub(r"[/,=|]", " ", text)):
        # `--[no-]color` is two flags.
        forms = ("", "no-") if "[no-]" in found else ("",)
        flags.update({(found.replace("[no-]", form),): None for form in forms})
    return Claim(kind="flag", text=text, words=tuple(flags))


def _path(text: str) -> Claim | None:
    """A path or pattern: something with a slash, with the extension of a file, or hidden."""
    place = _PLACEHOLDER.sub("*", _LINES.sub("", text.partition("::")[0]))
    if _NO_PATH.search(place) is not None or place.startswith("@") or not re.search(r"\w", place):
        return None
    if place.startswith("*") and not place.startswith(("*.", "*/", "**/")):
        return None
    file = _FILE.fullmatch(place.rpartition("/")[2].replace("*", "x"))
    is_file = file is not None and file["extension"].lower() in FILE_EXTENSIONS
    if "/" not in place and not is_file and _HIDDEN.fullmatch(place) is None:
        return None
    kind: ClaimKind = "pattern" if any(mark in place for mark in "*?[") else "path"
    words = tuple((part,) for part in _PATH_WORDS.split(place) if re.search(r"\w", part) is not None)
    return Claim(kind=kind, text=text, path=place, words=words)


def _names(text: str) -> Claim | None:
    """Every name in a piece of code; strings, numbers and the words of the languages themselves left out."""
    bare = _STRING.sub(" ", text)
    found: dict[Parts, None] = {}
    for string in _STRING.findall(text):
        if (variable := _ENVIRONMENT.fullmatch(string[1:-1])) is not None:
            found[(variable[1],)] = None
    for nothing in (_PLACEHOLDER, _LITERAL_NUMBER, _PATTERN):
        bare = nothing.sub(" ", bare)
    for pattern in (_FLAG, _KEBAB):
        found.update({(whole,): None for whole in pattern.findall(bare) if whole not in COMMON})
        bare = pattern.sub(" ", bare)
    for name in _NAME.findall(bare):
        parts = tuple(part.strip("$") for part in re.split(_JOINT, name))
        if all(parts) and not (len(parts) == 1 and parts[0] in COMMON):
            found[parts] = None
    return Claim(kind="name", text=text, words=tuple(found)) if found else None
