"""What many manifests have in common: lists of keywords, tables of addresses, values that must not come twice."""

import re
from collections.abc import Iterable
from typing import TypeVar

from docsfy_action.facts.formats.syntax.text import is_name
from docsfy_action.facts.formats.syntax.tree import Node

T = TypeVar("T")

_HOSTS = {
    "github": "https://github.com/",
    "gitlab": "https://gitlab.com/",
    "bitbucket": "https://bitbucket.org/",
    "gist": "https://gist.github.com/",
}
_SHORTHAND = re.compile(r"(?:(github|gitlab|bitbucket|gist):)?([\w.-]+(?:/[\w.-]+)?)(?:#.*)?")
_SSH = re.compile(r"(?:ssh://)?git@([\w.-]+)[:/](.+)")


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """The values without repetition, in order."""
    return tuple(dict.fromkeys(values))


def keywords(node: Node) -> tuple[str, ...]:
    """A list of keywords, or one string of them with commas between."""
    said = node.texts if node.items else node.text.split(",")
    return unique(word.strip() for word in said if is_name(word.strip()))


def urls(table: Node) -> tuple[tuple[str, str], ...]:
    """(label, address) of a table of addresses."""
    return tuple((label, node.text) for label, node in table.pairs() if is_name(label) and is_address(node.text))


def is_address(text: str) -> bool:
    """Whether `text` is an address of the web."""
    return text.startswith(("https://", "http://")) and is_name(text, 500) and " " not in text


def repository_address(said: str) -> str:
    """The web address behind the ways in which manifests name a git repository: `git+https://…/x.git`, `git@host:o/r`,
    `github:o/r`, `o/r`; empty where there is none."""
    if ssh := _SSH.fullmatch(said):
        said = f"https://{ssh[1]}/{ssh[2]}"
    said = said.removeprefix("git+")
    said = re.sub(r"^(?:git|ssh)://(?:git@)?", "https://", said)
    if is_address(said):
        return said.partition("#")[0].removesuffix("/").removesuffix(".git")
    short = _SHORTHAND.fullmatch(said)
    if short is None or ("/" not in short[2] and short[1] != "gist"):
        return ""
    return _HOSTS[short[1] or "github"] + short[2]
