"""Python requirements as they are written in every Python manifest, and the entry points that installing gives."""

import re
from collections.abc import Iterable, Iterator

from docsfy_action.facts.formats.syntax.text import is_name, one_line
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import Dependency, EntryPoint

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_REST = re.compile(r"\s*(?:\[[^\]]*\])?\s*(?:$|[<>=!~@;(\[*^])")
_LICENCE_CLASSIFIER = "License ::"
_NO_LICENCE = ("OSI Approved", "Other/Proprietary License")


def requirement(text: str, *, line: int, group: str = "runtime") -> Dependency | None:
    """A requirement such as `name[extra]>=1; python_version < "3.12"`; the extras stay in front of the constraint."""
    text = one_line(text)
    name = _NAME.match(text)
    if name is None or not is_name(name.group()) or not _REST.match(text, name.end()):
        return None
    constraint = text[name.end() :].strip()
    if constraint.startswith("@"):
        # In a direct reference a semicolon belongs to the address unless a blank stands before it.
        constraint, _, marker = constraint.partition(" ;")
    else:
        constraint, _, marker = constraint.partition(";")
    constraint = constraint.strip()
    if constraint.startswith("(") and constraint.endswith(")"):
        constraint = constraint[1:-1]
    return Dependency(name=name.group(), line=line, constraint=constraint, group=group, marker=marker.strip())


def requirements(nodes: Iterable[Node], group: str = "runtime") -> Iterator[Dependency]:
    """The requirements among the strings of a list."""
    for node in nodes:
        found = requirement(node.text, line=node.line, group=group)
        if found is not None:
            yield found


def entry_point(text: str, line: int) -> EntryPoint | None:
    """One line `name = package.module:function [extra]` of `console_scripts`."""
    name, equals, target = one_line(text).partition("=")
    target = target.partition("[")[0]
    if not equals or not is_name(name.strip()) or not target.strip():
        return None
    return EntryPoint(name=name.strip(), line=line, target=target.strip())


def licence_of(said: str, classifiers: Iterable[str]) -> str:
    """The licence a manifest names: what it says in few words, else what its classifiers say."""
    if said and len(said) <= 80:
        return said
    named = [text.rpartition("::")[2].strip() for text in classifiers if text.startswith(_LICENCE_CLASSIFIER)]
    return next((name for name in named if name not in _NO_LICENCE), "")


def is_published(classifiers: Iterable[str]) -> bool:
    """False where a classifier keeps the package from being uploaded to an index."""
    return not any(text.startswith("Private ::") for text in classifiers)
