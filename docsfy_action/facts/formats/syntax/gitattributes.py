"""`.gitattributes`: which of linguist's attributes a path has, by git's own rules for patterns."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docsfy_action.facts.formats.syntax.text import decoded

_ATTRIBUTES = ("linguist-vendored", "linguist-generated", "linguist-documentation")
_ANY_FOLDERS = re.compile(r"\*{2,}")
_CLASS = re.compile(r"\[:(?P<name>[a-z]+):\]")
_CLASSES = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "xdigit": "0-9A-Fa-f",
    "space": r"\s",
    "punct": r"!-/:-@\[-`{-~",
}
_NEVER = "(?!)"
_MAX_RULES = 2_000
_MAX_PATTERN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRule:
    """A line of a `.gitattributes` file: below `folder`, paths that `pattern` matches get `states`, in which True is
    set, False is unset, and None is back to unspecified."""

    folder: str
    pattern: re.Pattern[str]
    by_name: bool
    states: tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """The linguist attributes of a repository; of the rules that match a path, the last one wins."""

    rules: tuple[AttributeRule, ...] = ()

    def states(self, path: str) -> dict[str, bool]:
        """The linguist attributes that are set or unset for `path`."""
        found: dict[str, bool | None] = {}
        name = path.rpartition("/")[2]
        for rule in self.rules:
            if not path.startswith(rule.folder):
                continue
            if rule.pattern.fullmatch(name if rule.by_name else path[len(rule.folder) :]):
                found.update(rule.states)
        return {attribute: state for attribute, state in found.items() if state is not None}


def parse_gitattributes(files: Mapping[str, bytes]) -> Attributes:
    """The linguist attributes in all `.gitattributes` files, given by path; of two, the one nearer to a file wins."""
    rules: list[AttributeRule] = []
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        folder = path.rpartition("/")[0]
        rules.extend(_rules(decoded(files[path]), f"{folder}/" if folder else ""))
    return Attributes(rules=tuple(rules[:_MAX_RULES]))


def _rules(text: str, folder: str) -> Iterator[AttributeRule]:
    for line in text.split("\n"):
        said = line.strip(" \t")
        if not said or said.startswith(("#", "[attr]")):
            continue
        pattern, words = _pattern_and_words(said)
        states = tuple(state for word in words if (state := _state(word)) is not None)
        # Git itself refuses patterns that negate here, and none that ends in a slash can match a file.
        if not states or pattern.startswith("!") or pattern.endswith("/") or not 0 < len(pattern) <= _MAX_PATTERN:
            continue
        by_name = "/" not in pattern
        yield AttributeRule(
            folder=folder, pattern=re.compile(_wildmatch(pattern.removeprefix("/"))), by_name=by_name, states=states
        )


def _pattern_and_words(line: str) -> tuple[str, list[str]]:
    if line.startswith('"') and (quoted := re.match(r'"((?:[^"\\]|\\.)*)"', line)):
        return re.sub(r'\\(["\\])', r"\1", quoted[1]), line[quoted.end() :].split()
    pattern, *words = line.split()
    return pattern, words


def _state(word: str) -> tuple[str, bool | None] | None:
    name, equals, value = word.partition("=")
    bare = name.lstrip("-!")
    if bare not in _ATTRIBUTES:
        return None
    if name.startswith("!"):
        return bare, None
    return bare, not name.startswith("-") and (not equals or value.lower() not in ("false", "0", "no"))


def _wildmatch(pattern: str) -> str:
    """Git's pattern as a regular expression. Stars inside a name give back nothing once the text after them was found,
    which decides the same and cannot take exponential time."""
    *folders, last = pattern.split("/")
    parts = ["(?:.*/)?" if _ANY_FOLDERS.fullmatch(folder) else f"{_name_match(folder)}/" for folder in folders]
    return "".join(parts) + (".*" if _ANY_FOLDERS.fullmatch(last) else _name_match(last))


def _name_match(name: str) -> str:
    pieces = [""]
    at = 0
    while at < len(name):
        letter = name[at]
        if letter == "*":
            if pieces[-1] or len(pieces) == 1:
                pieces.append("")
        elif letter == "?":
            pieces[-1] += "[^/]"
        elif letter == "[":
            closing = _bracket_end(name, at)
            pieces[-1] += _bracket(name[at + 1 : closing]) if closing else _NEVER
            at = closing or len(name)
        elif letter == "\\":
            at += 1
            pieces[-1] += re.escape(name[at]) if at < len(name) else _NEVER
        else:
            pieces[-1] += re.escape(letter)
        at += 1
    first, *rest = pieces
    if not rest:
        return first
    middle = "".join(f"(?>[^/]*?{piece})" for piece in rest[:-1] if piece)
    return f"{first}{middle}[^/]*{rest[-1]}"


def _bracket_end(name: str, start: int) -> int:
    """The place of the bracket that closes the one at `start`; 0 where there is none."""
    at = start + 1
    if name[at : at + 1] in ("!", "^"):
        at += 1
    at += name[at : at + 1] == "]"
    while at < len(name) and name[at] != "]":
        if named := _CLASS.match(name, at):
            at = named.end()
        else:
            at += 2 if name[at] == "\\" else 1
    return at if at < len(name) else 0


def _bracket(inside: str) -> str:
    negated = inside[:1] in ("!", "^")
    letters = inside[negated:]
    allowed = ""
    at = 0
    is_range = False
    while at < len(letters):
        if named := _CLASS.match(letters, at):
            allowed += _CLASSES.get(named["name"], "")
            at = named.end()
            continue
        if letters[at] == "\\" and at + 1 < len(letters):
            at += 1
            is_range = False
            allowed += re.escape(letters[at])
        else:
            # A hyphen after the one that makes a range is the range's end.
            is_range = letters[at] == "-" and 0 < at < len(letters) - 1 and not is_range
            allowed += letters[at] if is_range else re.escape(letters[at])
        at += 1
    try:
        re.compile(f"[{allowed}]")
    except re.error:  # a range that runs backwards, or nothing at all
        return _NEVER
    return f"(?:(?!/)[{'^' if negated else ''}{allowed}])"
