"""Imports of a Go file, and which import path a package name in the code stands for."""

import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from docsfy_action.facts.model import Import
from docsfy_action.facts.treesitter import line, text

_MAJOR_VERSION = re.compile(r"v\d+")
_VERSION_SUFFIX = re.compile(r"\.v\d+$")


def imports(root: Node) -> tuple[Import, ...]:
    """Imports in source order; the local name is an alias of `*` where it is written out."""
    return tuple(_imports(root))


def _imports(root: Node) -> Iterator[Import]:
    for declaration in root.children:
        if declaration.type != "import_declaration":
            continue
        holders = [child for child in declaration.named_children if child.type in ("import_spec", "import_spec_list")]
        specs = [s for h in holders for s in (h.named_children if h.type == "import_spec_list" else [h])]
        for spec in specs:
            path = text(spec.child_by_field_name("path"))[1:-1]
            name = spec.child_by_field_name("name")
            if spec.type != "import_spec" or not path:
                continue
            if name is not None and name.type == "dot":
                yield Import(module=path, line=line(spec), names=("*",))
            elif name is not None and name.type != "blank_identifier":
                yield Import(module=path, line=line(spec), aliases=(("*", text(name)),))
            else:
                yield Import(module=path, line=line(spec))


def local_names(found: tuple[Import, ...]) -> Mapping[str, str]:
    """Package name in the code → import path; without an alias the name is taken from the path, as Go's tools do."""
    return {(item.aliases[0][1] if item.aliases else default_name(item.module)): item.module for item in found}


def default_name(path: str) -> str:
    """The package name that an import path leads one to expect: `cli` for `github.com/urfave/cli/v2`."""
    parts = path.split("/")
    last = parts.pop()
    if _MAJOR_VERSION.fullmatch(last) and parts:
        last = parts.pop()
    last = _VERSION_SUFFIX.sub("", last)
    return last.removeprefix("go-").removesuffix("-go").removesuffix(".go").replace("-", "_")
